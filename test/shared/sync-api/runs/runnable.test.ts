/** What a route runs, and how a request's input gets there: field by field, as it is, or not at all. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { StartflowError } from "../../../../shared/base/errors";
import { wedaProcess } from "../../../../shared/engines/weda";
import { label } from "../../../../shared/form/fields";
import { defineMethod } from "../../../../shared/method";
import {
  type Runnable,
  runsFunction,
  runsMethod,
  runsProcess,
  runsWhole,
} from "../../../../shared/sync-api/runs/runnable";
import { counted } from "../../../helpers/counts";
import { openEngine } from "../calls";

const input = z.strictObject({
  reason: z.string().min(1).meta(label("事由", "Reason")),
  days: z.number().max(60).optional().meta(label("天数", "Days")),
});
const start = wedaProcess({ connector: { ConnectorName: "api", FunctionName: "method" }, processKey: "flow_1" });
const fields = { reason: { paramCode: "1", fieldType: "string" } } as const;
const process = runsProcess({ input, start, fields });
const whole = runsWhole({ start: openEngine().target, whole: { whole: true } });
const wholeValue = (value: unknown) => {
  const { fields: found, values } = whole.read(value);
  expect(found).toEqual([{ name: "body", value: values, entry: { whole: true } }]);
  return values;
};
function refusalOf(runnable: Runnable, value: unknown): StartflowError {
  try {
    runnable.read(value);
  } catch (error) {
    if (error instanceof StartflowError) return error;
    throw error;
  }
  throw new Error("it was read");
}
const pathsOf = (error: StartflowError) => error.issues?.map(({ path }) => path).sort();

describe("a process", () => {
  it("is fed with the fields of its table, each as it was parsed", () => {
    expect(process.read({ reason: "探亲", days: 3 })).toEqual({
      fields: [{ name: "reason", value: "探亲", entry: { paramCode: "1", fieldType: "string" } }],
      values: { reason: "探亲", days: 3 },
    });
  });

  it("takes what a form container sends: its wrapping, and what was not filled in", () => {
    expect(process.read({ data: { reason: "x", days: null } }).values).toEqual({ reason: "x" });
    expect(process.read({ reason: "x", days: "" }).values).toEqual({ reason: "x" });
  });

  it("refuses an input that is wrong, field by field, with people's names for them", () => {
    const failure = refusalOf(process, { reason: "", days: 61 });
    expect(failure.code).toBe("INVALID_PARAMS");
    expect(pathsOf(failure)).toEqual(["days", "reason"]);
    expect(failure.text.zh).toContain("天数");
  });

  it.each([["text"], [7], [[1]], [null], [true]])("refuses %j, which is no object", (value) => {
    expect(refusalOf(process, value)).toMatchObject({ code: "INVALID_PARAMS", outcome: "rejected" });
  });

  it("has no id of a submission from its caller: a run has its own", () => {
    expect(pathsOf(refusalOf(process, { reason: "x", submissionId: "s-12345678" }))).toContain("submissionId");
  });

  it.each(["ExtraUserInfo", "UserId"])("is started by nobody whom the input names in %s", (name) => {
    expect(refusalOf(process, { reason: "x", [name]: "1" })).toMatchObject({ code: "IDENTITY_IN_FORM" });
  });
});

describe("what takes the whole input", () => {
  it.each([
    [{ a: [1, null, "", { _id: null }], b: {}, submissionId: "s-12345678", userInfo: {}, data: {} }],
    [{ data: { a: 1 } }],
    [{ ExtraUserInfo: { UserId: 1 } }],
    [[{ name: "botman.cc" }]],
    ["text"],
    [""],
    [0],
    [false],
    [null],
  ])("gets %j as it is", (value) => expect(wholeValue(value)).toStrictEqual(value));

  it("gets any JSON as it is", () => {
    const json = fc
      .jsonValue({ maxDepth: 5 })
      .filter((value) => !/\p{Cc}|\\u|__proto__|"constructor"|"prototype"/u.test(JSON.stringify(value)));
    const property = fc.property(json, (value) => {
      const text = JSON.stringify(value);
      const safe = JSON.parse(text, (_, member) =>
        typeof member === "number" && !Number.isSafeInteger(member) && Number.isInteger(member) ? 0 : member,
      ) as unknown;
      expect(wholeValue(safe)).toStrictEqual(safe);
    });
    fc.assert(property, { numRuns: counted(4_000) });
  });

  it.each([
    '{"__proto__":{"admin":true}}',
    '{"a":[{"__proto__":1}]}',
    '{"constructor":{"prototype":{"admin":true}}}',
    '{"a":{"prototype":1}}',
  ])("refuses %s", (text) => {
    expect(refusalOf(whole, JSON.parse(text))).toMatchObject({ code: "INVALID_PARAMS" });
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });

  it.each([["\ud800"], ["a\u0000b"], [{ a: ["\u001b[0m"] }], [Number.POSITIVE_INFINITY], [2 ** 60]])(
    "refuses %j, which changes on its way",
    (value) => {
      expect(refusalOf(whole, value)).toMatchObject({ code: "INVALID_PARAMS" });
    },
  );

  it("refuses what is nested too deep or too much, without a stack overflow", () => {
    const deep = JSON.parse("[".repeat(500_000) + "]".repeat(500_000)) as unknown;
    expect(refusalOf(whole, deep)).toMatchObject({ code: "PARAMS_TOO_LARGE" });
    expect(
      refusalOf(
        whole,
        Array.from({ length: 60_000 }, () => 0),
      ),
    ).toMatchObject({ code: "PARAMS_TOO_LARGE" });
    expect(refusalOf(process, { reason: deep })).toMatchObject({ code: "PARAMS_TOO_LARGE" });
  });

  it("is parsed by the schema that it declares, and gets what that makes of it", () => {
    const strict = runsWhole({
      start: openEngine().target,
      whole: { whole: true },
      input: z.strictObject({ name: z.string().trim(), days: z.number().default(1) }),
    });
    expect(strict.read({ name: " x " })).toMatchObject({ values: { name: "x", days: 1 } });
    expect(pathsOf(refusalOf(strict, { nam: "x" }))).toEqual(["nam", "name"]);
    expect(refusalOf(strict, "text")).toMatchObject({ code: "INVALID_PARAMS" });
  });
});

describe("a method of the bundle", () => {
  const common = { title: { zh: "", en: "" }, input, sample: { reason: "x" } };

  it("that starts a process is that process", () => {
    const runnable = runsMethod("start-it", defineMethod({ ...common, start, fields }));
    expect(runnable.target).toBe(start);
    expect(runnable.input).toBe(input);
    expect(runnable.read({ reason: "x" })).toEqual(process.read({ reason: "x" }));
  });

  it("that starts nothing is run with its whole input", () => {
    const run = async () => ({});
    const runnable = runsMethod("look-up", defineMethod({ ...common, run, secrets: ["CRM_KEY"] }));
    expect(runnable.target).toMatchObject({ kind: "bundle-method", processKey: "look-up", secrets: ["CRM_KEY"] });
    const values = { reason: "x", days: 2 };
    expect(runnable.read(values)).toEqual({
      values,
      fields: [{ name: "body", value: values, entry: { whole: true } }],
    });
    expect(pathsOf(refusalOf(runnable, { days: 61 }))).toEqual(["days", "reason"]);
    expect(refusalOf(runnable, { reason: "x", UserId: "1" })).toMatchObject({ code: "IDENTITY_IN_FORM" });
  });
});

describe("another function", () => {
  it("is called by its name, with any JSON or by the schema that is declared", () => {
    const open = runsFunction("lookup-customer");
    expect(open.target).toMatchObject({ kind: "cloud-function", processKey: "lookup-customer" });
    expect(open.read(["x"]).values).toEqual(["x"]);
    expect(pathsOf(refusalOf(runsFunction("lookup-customer", input), {}))).toEqual(["reason"]);
  });
});

describe("the end of a run", () => {
  it("can be waited for where its start is answered at the end, or its engine can be asked", () => {
    const can = (more: Parameters<typeof openEngine>[1]) =>
      runsWhole({ start: openEngine(undefined, more).target, whole: { whole: true } }).canBeWaitedFor;
    expect(can({ answersAtEnd: true })).toBe(true);
    expect(can({ status: async () => expect.fail() })).toBe(true);
    expect(can({})).toBe(false);
  });
});
