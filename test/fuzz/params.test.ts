/** Any input at all, to every built function: only the product's own errors escape, and nothing invalid starts anything. */
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type * as z from "zod";
import { ERRORS } from "../../shared/base/errors";
import { startProcessSchema } from "../../shared/engines/weda/wire";
import type { Method } from "../../shared/method";
import type { MethodContext, WorkflowCall } from "../../shared/platform/context";
import type { Database } from "../../shared/platform/database";
import { startingMethods } from "../helpers/built";
import { counted } from "../helpers/counts";
import { keptLog } from "../helpers/kept-log";
import { nearDatabase } from "../helpers/near-database";
import { must } from "./must";

type AnyMethod = Method<z.ZodType, unknown>;
const require = createRequire(import.meta.url);

const log = keptLog();
beforeAll(() => {
  vi.stubEnv("STARTFLOW_FEISHU_APP_ID", "cli_test");
  vi.stubEnv("STARTFLOW_FEISHU_APP_SECRET", "canary-secret");
  vi.stubEnv("STARTFLOW_APAAS_OPERATOR_ID", "1111");
  vi.stubEnv("STARTFLOW_COREHR_INITIATOR_ID", "ou_91791271921729102012");
});
beforeEach(() => void log.take());
afterAll(() => void vi.unstubAllEnvs());

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
  // No text can be made of it.
  { toString: 1, valueOf: 1 },
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

interface Recorder extends MethodContext {
  calls: WorkflowCall[];
}

function recorder(
  database: Database = nearDatabase(),
  answer: unknown = { InstanceId: "1542109022301507586" },
): Recorder {
  const calls: WorkflowCall[] = [];
  const callWorkflow = async (call: WorkflowCall) => {
    calls.push(structuredClone(call));
    return answer;
  };
  return { calls, callWorkflow, auth: { getUserInfo: () => ({ uid: "user-1" }) }, database };
}

const built = (name: string) => require(resolve("dist", "functions", name, "index.js")) as AnyMethod;
const caught = (work: Promise<object>) => work.catch((error: unknown) => error);

describe.each(startingMethods)("function %s, given anything", (name, kind) => {
  const method = built(name);
  /** Where the engine is not asked through the context, as far as a start goes without one. */
  const start = (params: unknown, context: Recorder) =>
    caught(kind === "weda-process" ? method(params, context) : method.dryRun(params, context));

  it("starts a process from a valid form, or fails with a code of the table and starts nothing", async () => {
    await fc.assert(
      fc.asyncProperty(formValues(method.definition.sample), async (params) => {
        const context = recorder();
        const outcome = await start(params, context);
        if (!(outcome instanceof Error)) {
          if (kind !== "weda-process") return;
          must(context.calls.length === 1, "one start", context.calls);
          must(startProcessSchema.safeParse(context.calls[0]?.data).success, "of the engine's shape", context.calls);
          return;
        }
        const { code, issues = [] } = outcome as unknown as { code: string; issues?: unknown[] };
        must(outcome.name === "StartflowError", "an error of the product", outcome);
        must(ERRORS[code as keyof typeof ERRORS]?.outcome === "rejected" && code !== "INTERNAL", "a refusal", code);
        must(issues.length <= 20, "at most twenty issues", issues);
        must(context.calls.length === 0, "nothing started", context.calls);
      }),
      { numRuns: counted(50_000) },
    );
  });

  it("never lets a text that was typed into an error, or into the log", async () => {
    const typed = fc.string({ minLength: 6, maxLength: 30 }).filter((text) => /\S{4}/.test(text));
    await fc.assert(
      fc.asyncProperty(typed, formValues(method.definition.sample), async (canary, params) => {
        const marked = `canary-${canary}`;
        const form = typeof params === "object" && params !== null ? { ...params } : {};
        for (const key of Object.keys(form)) (form as Record<string, unknown>)[key] = [marked, marked];
        const error = await start(form, recorder());
        const told = error instanceof Error ? `${error.message}${JSON.stringify(error)}` : "";
        const logged = log.take();
        must(!told.includes(marked) && !logged.includes(marked), "nothing that was typed", marked, told, logged);
      }),
      { numRuns: counted(10_000) },
    );
  });
});

/** Anything, also where an engine's answer has its parts: an envelope, a code, an id. */
const anything = fc.anything({ maxDepth: 4 });
const oneOf = (names: string[]) =>
  fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.constantFrom("", 0, "1"), anything), { minKeys: 1, maxKeys: 2 });
const part = oneOf(["InstanceId", "processInstanceId", "code", "errCode", "Error", "message", "success"]);
const wrapped = fc
  .tuple(fc.constantFrom("Response", "data", "Result"), part, part)
  .map(([name, inner, outer]) => ({ ...outer, [name]: inner }));
const answers = fc.oneof(
  { weight: 2, arbitrary: anything },
  { weight: 1, arbitrary: part },
  { weight: 1, arbitrary: wrapped },
);

describe.each(startingMethods.filter(([, kind]) => kind === "weda-process"))("function %s", (name) => {
  it("reads any engine's answer as a start with an id, or as a failure", async () => {
    const method = built(name);
    const database = nearDatabase();
    const seen = new Set<unknown>();
    await fc.assert(
      fc.asyncProperty(answers, async (answer) => {
        const params = { ...(method.definition.sample as object), submissionId: randomUUID() };
        const outcome = (await caught(method(params, recorder(database, answer)))) as { outcome: unknown };
        seen.add(outcome.outcome);
        must(
          outcome instanceof Error ? outcome.name === "StartflowError" : outcome.outcome === "started",
          "an outcome",
          outcome,
        );
      }),
      { numRuns: counted(20_000) },
    );
    expect([...seen]).toEqual(expect.arrayContaining(["started", "unknown"]));
  });
});
