/** What of a route must not compile; `tsc` runs over this file, and an expected error that does not come is an error. */
import * as z from "zod";
import { wedaProcess } from "../../shared/engines/weda";
import { cloudbaseWorkflow } from "../../shared/engines/workflow";
import { number } from "../../shared/form/fields";
import { defineMethod } from "../../shared/method";
import { defineRoutes, type Route } from "../../shared/sync-api/routes/route";
import { runsFunction, runsMethod, runsProcess, runsWhole } from "../../shared/sync-api/runs/runnable";
import { RUN_CODES } from "../../shared/sync-api/wire/codes";
import { refusal } from "../../shared/sync-api/wire/envelope";

const start = wedaProcess({ connector: { ConnectorName: "a", FunctionName: "m" }, processKey: "f" });
const workflow = cloudbaseWorkflow({ workflow: "wf_hello" });
const input = z.strictObject({ days: number(), reason: z.string() });
const title = { zh: "", en: "" };

runsProcess({ input, start, fields: { days: { paramCode: "1", fieldType: "number" } } });
runsProcess({ input, start: workflow, fields: { days: { name: "days" }, reason: { name: "why" } } });
// @ts-expect-error a field that is no field of the input
runsProcess({ input, start, fields: { dyas: { paramCode: "1", fieldType: "number" } } });
// @ts-expect-error an entry of another target
runsProcess({ input, start, fields: { days: { name: "days" } } });
// @ts-expect-error an entry of a third target
runsProcess({ input, start: workflow, fields: { days: { variable: "days", kind: "number" } } });
// @ts-expect-error a fieldType that there is not
runsProcess({ input, start, fields: { days: { paramCode: "1", fieldType: "date" } } });

runsWhole({ start: workflow, whole: { whole: true } });
runsWhole({ start: workflow, whole: { whole: true }, input });
// @ts-expect-error an entry of another target
runsWhole({ start: workflow, whole: { paramCode: "1", fieldType: "string" } });
// @ts-expect-error the whole of what takes no whole
runsWhole({ start, whole: { whole: true } });

runsFunction("lookup-customer", input);
const method = defineMethod({ title, input, sample: { days: 1, reason: "x" }, start, fields: {} });
runsMethod("start-it", method);
// @ts-expect-error a method is given, not its definition
runsMethod("start-it", method.definition);

const route: Route = {
  space: "demo",
  module: "flows",
  function: "hello",
  title,
  method: "POST",
  auth: "token",
  credentials: { token: "STARTFLOW_SYNC_TOKEN" },
  enabled: true,
  run: runsFunction("lookup-customer"),
  debug: {},
};
defineRoutes([{ ...route, output: null, raw: true, mode: "async", allowFrom: ["::1"] }]);
// @ts-expect-error a method that there is not
defineRoutes([{ ...route, method: "PUT" }]);
// @ts-expect-error a kind of authentication that there is not
defineRoutes([{ ...route, auth: "basic" }]);
// @ts-expect-error a mode that there is not
defineRoutes([{ ...route, mode: "later" }]);
// @ts-expect-error a secret of another name
defineRoutes([{ ...route, credentials: { secret: "STARTFLOW_SYNC_TOKEN" } }]);
// @ts-expect-error a rate without its window
defineRoutes([{ ...route, rateLimit: { calls: 10 } }]);
// @ts-expect-error a target in place of what is run
defineRoutes([{ ...route, run: start }]);
// @ts-expect-error a member that there is not
defineRoutes([{ ...route, timeoutMs: 1_000 }]);

const { enabled: _, ...undecided } = route;
// @ts-expect-error whether it is enabled is said
defineRoutes([undecided]);

// @ts-expect-error a refusal that is not in the table
refusal("teapot");
// @ts-expect-error an end of a run that is not in the table
RUN_CODES.paused;
