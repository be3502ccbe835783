/** What must not compile; `tsc` runs over this file, and an expected error that does not come is an error. */
import * as z from "zod";
import { wedaProcess } from "../../shared/engines/weda";
import { date, number } from "../../shared/form/fields";
import { defineMethod } from "../../shared/method";

const start = wedaProcess({ connector: { ConnectorName: "a", FunctionName: "m" }, processKey: "f" });
const title = { zh: "", en: "" };
const input = z.strictObject({ days: number(), on: date() });
const sample = { days: 1, on: "2026-12-01" };

defineMethod({ title, input, sample, start, fields: { days: { paramCode: "1", fieldType: "number" } } });

// @ts-expect-error a field that is not in the form
defineMethod({ title, input, sample, start, fields: { dyas: { paramCode: "1", fieldType: "number" } } });

// @ts-expect-error an entry of another target
defineMethod({ title, input, sample, start, fields: { days: { variable: "days" } } });

// @ts-expect-error a fieldType that there is not
defineMethod({ title, input, sample, start, fields: { days: { paramCode: "1", fieldType: "date" } } });

// @ts-expect-error a sample of the wrong type
defineMethod({ title, input, sample: { days: "one", on: "2026-12-01" }, start, fields: {} });

// @ts-expect-error a sample without a required field
defineMethod({ title, input, sample: { days: 1 }, start, fields: {} });
