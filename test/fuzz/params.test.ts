/** Any input at all, to every built function: only the product's own errors escape, and nothing invalid starts anything. */
import { createRequire } from "node:module";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type * as z from "zod";
import { ERRORS } from "../../shared/errors";
import type { Method } from "../../shared/method";
import { startProcessSchema } from "../../shared/weda/wire";
import { startingNames } from "../helpers/built";
import { recordingContext } from "../helpers/context";
import { counted } from "../helpers/counts";

type AnyMethod = Method<z.ZodType, unknown>;
const require = createRequire(import.meta.url);

/** Keys that matter more than random ones. */
const KEYS = [
  "data",
  "_id",
  "submissionId",
  "userInfo",
  "UserId",
  "__proto__",
  "constructor",
  "toString",
  "length",
  "filter",
];
const ODD = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -0,
  2 ** 53,
  1e21,
  "\ud800",
  "\0",
  "",
  " ",
  "{}",
  "[]",
  "2023-02-30",
  "cloud://",
  null,
  undefined,
];

function formValues(sample: unknown): fc.Arbitrary<unknown> {
  const odd = fc.oneof(
    fc.constantFrom(...ODD),
    fc.anything({ maxDepth: 3, withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
  );
  if (typeof sample !== "object" || sample === null)
    return fc.oneof({ weight: 3, arbitrary: fc.constant(sample) }, { weight: 1, arbitrary: odd });
  if (Array.isArray(sample))
    return fc.oneof(
      { weight: 4, arbitrary: fc.array(formValues(sample[0]), { maxLength: 4 }) },
      { weight: 1, arbitrary: odd },
    );
  const members: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [key, value] of Object.entries(sample)) members[key] = formValues(value);
  const extra = fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string()), odd, { maxKeys: 2 });
  const whole = fc.record(members);
  const form = fc.oneof(
    { weight: 2, arbitrary: whole },
    { weight: 1, arbitrary: fc.record(members, { requiredKeys: [] }) },
  );
  return fc.oneof(
    { weight: 6, arbitrary: form },
    { weight: 2, arbitrary: fc.tuple(form, extra).map(([known, more]) => ({ ...known, ...more })) },
    { weight: 1, arbitrary: form.map((data) => ({ data })) },
    { weight: 1, arbitrary: odd },
  );
}

describe.each(startingNames)("function %s, given anything", (name) => {
  const method = require(resolve("dist", "functions", name, "index.js")) as AnyMethod;

  it("starts a process from a valid form, or fails with a code of the table and starts nothing", async () => {
    await fc.assert(
      fc.asyncProperty(formValues(method.definition.sample), async (params) => {
        const context = recordingContext();
        const outcome = await method(params, context).catch((error: unknown) => error);
        if (!(outcome instanceof Error)) {
          expect(context.calls).toHaveLength(1);
          expect(startProcessSchema.safeParse(context.calls[0]?.data).success).toBe(true);
          return;
        }
        const { code, issues = [] } = outcome as unknown as { code: string; issues?: unknown[] };
        expect(outcome.name).toBe("StartflowError");
        expect(ERRORS[code as keyof typeof ERRORS]?.outcome).toBe("rejected");
        expect(code).not.toBe("INTERNAL");
        expect(issues.length).toBeLessThanOrEqual(20);
        expect(context.calls).toHaveLength(0);
      }),
      { numRuns: counted(50_000) },
    );
  });

  it("never lets a text that was typed into an error", async () => {
    const typed = fc.string({ minLength: 6, maxLength: 30 }).filter((text) => /\S{4}/.test(text));
    await fc.assert(
      fc.asyncProperty(typed, formValues(method.definition.sample), async (canary, params) => {
        const marked = `canary-${canary}`;
        const form = typeof params === "object" && params !== null ? { ...params } : {};
        for (const key of Object.keys(form)) (form as Record<string, unknown>)[key] = [marked, marked];
        const error = await method(form, recordingContext()).catch((thrown: unknown) => thrown);
        if (error instanceof Error) expect(`${error.message}${JSON.stringify(error)}`).not.toContain(marked);
      }),
      { numRuns: counted(10_000) },
    );
  });

  it("reads any engine's answer as a start with an id, or as a failure", async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything({ maxDepth: 4 }), async (answer) => {
        const outcome = await method(
          method.definition.sample,
          recordingContext(() => answer),
        ).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome.name).toBe("StartflowError");
        else expect(outcome).toMatchObject({ outcome: "started" });
      }),
      { numRuns: counted(20_000) },
    );
  });
});
