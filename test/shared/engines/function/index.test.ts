/** The target that calls another function: the one call that it makes, and what each answer to it says of the run. */
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Started } from "../../../../shared/engines/engine";
import { cloudFunction, type WholeInput } from "../../../../shared/engines/function";
import type { Submission } from "../../../../shared/engines/submission";
import type { MethodContext } from "../../../../shared/platform/context";
import { failureOf } from "../../../helpers/failure";
import { fixture } from "../../../helpers/fixtures";
import { submission as common, type Scripted, scripted } from "../workflow/scripted-workflow";

type Given = Submission<WholeInput>;
const INPUT = { customerId: "12345", note: "张三 13812345678" };
const submission = (change: Partial<Given> = {}): Given => ({
  ...common,
  fields: [{ name: "body", value: INPUT, entry: { whole: true } }],
  ...change,
});
async function prepared(one: Scripted = { answer: { result: null } }, change: Partial<Given> = {}) {
  const { context, calls } = scripted(one);
  return { calls, start: await cloudFunction("lookup-customer").prepare(submission(change), context) };
}
const sent = async (one: Scripted, change?: Partial<Given>): Promise<Started> =>
  (await prepared(one, change)).start.send();

afterEach(() => vi.unstubAllEnvs());

describe("a call of a function", () => {
  it("is by its name, with the whole input as its data", async () => {
    const { calls, start } = await prepared();
    expect(calls).toEqual([]);
    await start.send();
    expect(calls).toEqual([[{ name: "lookup-customer", data: INPUT }, { timeout: 8_000 }]]);
  });

  it.each([[{ a: [1, { b: null }] }], [[1, 2]], ["text"], [0], [false], [null], [""]])(
    "hands on %j as it is",
    async (value) => {
      const { calls, start } = await prepared(undefined, { fields: [{ name: "body", value, entry: { whole: true } }] });
      await start.send();
      expect(calls[0]?.[0]).toStrictEqual({ name: "lookup-customer", data: value });
    },
  );

  it("waits as long as the submission says, or else as long as is configured", async () => {
    vi.stubEnv("STARTFLOW_SEND_TIMEOUT_MS", "12000");
    for (const [change, timeout] of [
      [{}, 12_000],
      [{ sendTimeoutMs: 3_000 }, 3_000],
    ] as const) {
      const { calls, start } = await prepared(undefined, change);
      await start.send();
      expect(calls[0]?.[1]).toEqual({ timeout });
    }
  });

  it("is shown without secrets, and with nobody's whole number", async () => {
    const value = { token: "canary-secret", note: "13812345678" };
    const { start } = await prepared(undefined, { fields: [{ name: "body", value, entry: { whole: true } }] });
    expect(start.request).toEqual({ name: "lookup-customer", data: { token: "***", note: "138****5678" } });
  });

  it.each([
    ["no app", {}],
    ["an app without it", { app: { getTempFileURL: async () => ({}) } }],
  ] as [string, Partial<MethodContext>][])(
    "cannot be made in a context with %s: nothing was started",
    async (_, part) => {
      const context: MethodContext = { callWorkflow: async () => undefined, ...part };
      const failure = await failureOf(cloudFunction("lookup-customer").prepare(submission(), context));
      expect(failure).toMatchObject({ code: "NOT_CONFIGURED", outcome: "rejected" });
    },
  );
});

describe("an answer", () => {
  it.each([[{ id: "12345" }], [[1]], ["text"], [0], [false], [""]])(
    "with the result %j is a run that ended with it",
    async (result) => {
      expect(await sent({ answer: { result, requestId: "r-1" } })).toStrictEqual({
        processId: null,
        progress: { phase: "completed" },
        output: result,
      });
    },
  );

  it.each([{ result: null }, { result: undefined }])("%j is a run that ended without an output", async (answer) => {
    expect(await sent({ answer })).toStrictEqual({ processId: null, progress: { phase: "completed" } });
  });

  it.each([{ code: 0, data: 1 }, { code: "0" }, { code: "" }, { errCode: 0 }, { success: true }, { errorCode: 0 }])(
    "with the result %j is a success",
    async (result) => {
      expect(await sent({ answer: { result } })).toMatchObject({ progress: { phase: "completed" }, output: result });
    },
  );

  it.each([
    // What the methods of this bundle return.
    [{ code: "NOT_CONFIGURED", message: "not set", outcome: "rejected" }, "NOT_CONFIGURED", "not set"],
    [{ code: 404, message: "no such customer" }, "404", "no such customer"],
    [{ code: -1 }, "-1", ""],
    // What SCF makes of a throw.
    [{ errorCode: -1, errorMessage: '{"errorType":"Error"}', requestId: "r" }, "-1", '{"errorType":"Error"}'],
    [{ errCode: "E_X", errMsg: "no" }, "E_X", "no"],
    [{ Error: { Code: "InvalidParameter", Message: "no" } }, "InvalidParameter", "no"],
    [{ success: false, message: "no" }, "FAILED", "no"],
  ])("with the result %j is a run that failed, and says why", async (result, code, message) => {
    const started = await sent({ answer: { result } });
    expect(started).toStrictEqual({
      processId: null,
      problem: { code, message },
      progress: { phase: "failed", reason: message === "" ? code : message },
    });
  });

  it.each([
    "workflow-resolved-execute-fail",
    "workflow-output-nothing",
    "workflow-output-false",
    "workflow-output-list",
  ])("as in %s stands as with a workflow", async (name) => {
    const { answer, started } = fixture<Scripted & { started: Started }>(`cloudbase/${name}.json`);
    expect(await sent({ answer })).toStrictEqual(started);
  });

  it.each(["workflow-resolved-failure", "workflow-unreadable-empty", "workflow-unreadable-text"])(
    "without a result, as in %s, is no success",
    async (name) => {
      const { answer, failure } = fixture<Scripted & { failure: { code: string } }>(`cloudbase/${name}.json`);
      expect((await failureOf(sent({ answer }))).code).toBe(failure.code);
    },
  );

  it.each([null, undefined, "", 7, []])("that is %j is no success either: nobody knows what ran", async (answer) => {
    expect(await failureOf(sent({ answer }))).toMatchObject({ code: "OUTCOME_UNKNOWN", outcome: "unknown" });
  });

  it("whose words repeat what was sent has them left out", async () => {
    const started = await sent({ answer: { result: { code: 1, message: "no customer 张三 13812345678" } } });
    expect(started).toMatchObject({ problem: { code: "1", message: "" }, progress: { reason: "1" } });
  });
});

describe("a call that throws", () => {
  it.each(["FUNCTIONS_EXECUTE_FAIL", "FUNCTIONS_TIME_LIMIT_EXCEEDED", "FUNCTIONS_MEMORY_LIMIT_EXCEEDED"])(
    "because the function ended badly (%s) is a run that failed: it is not made again",
    async (code) => {
      expect(await sent({ thrown: { code, message: "Error: boom" } })).toStrictEqual({
        processId: null,
        problem: { code, message: "Error: boom" },
        progress: { phase: "failed", reason: "Error: boom" },
      });
    },
  );

  it("with words that repeat what was sent has them left out", async () => {
    const thrown = { code: "FUNCTIONS_EXECUTE_FAIL", message: "Error: no customer 张三 13812345678" };
    expect(await sent({ thrown })).toMatchObject({ problem: { message: "" } });
  });

  it.each([
    ["workflow-thrown-no-function"],
    ["workflow-thrown-rate-limit"],
    ["workflow-thrown-refused-connection"],
    ["workflow-thrown-connect-timeout"],
    ["workflow-thrown-reset"],
    ["workflow-thrown-timeout"],
    ["workflow-thrown-http-502"],
    ["workflow-thrown-sys-err"],
    ["workflow-thrown-no-json"],
  ])("as in %s is classed as with a workflow", async (name) => {
    const { thrown, failure } = fixture<Scripted & { failure: { code: string } }>(`cloudbase/${name}.json`);
    expect((await failureOf(sent({ ...(thrown === undefined ? {} : { thrown }) }))).code).toBe(failure.code);
  });

  it("is made once, whatever it says", async () => {
    for (const code of ["FUNCTIONS_EXECUTE_FAIL", "EXCEED_REQUEST_LIMIT", "ETIMEDOUT", "ECONNRESET", undefined]) {
      const { calls, start } = await prepared({ thrown: { code, message: "no" } });
      await start.send().catch(() => undefined);
      expect(calls).toHaveLength(1);
    }
  });
});

describe.each(["name", "variable_api_name", "wk_api_name", "paramCode"])(
  "what was typed into a member called %s",
  (member) => {
    const fields = [{ name: "body", value: { rows: [{ [member]: "李四光" }] }, entry: { whole: true as const } }];
    const message = `${member}: no customer 李四光`;

    it("is in no answer, whether the function returns it, throws it, or has it in its code", async () => {
      const hidden = {
        processId: null,
        problem: { code: "E_X", message: "" },
        progress: { phase: "failed", reason: "E_X" },
      };
      expect(await sent({ answer: { result: { code: "E_X", message } } }, { fields })).toStrictEqual(hidden);
      const thrown = { code: "FUNCTIONS_EXECUTE_FAIL", message };
      expect(await sent({ thrown }, { fields })).toMatchObject({ problem: { message: "" } });
      const started = await sent({ answer: { result: { code: "李四光", message: "no" } } }, { fields });
      expect(started).toMatchObject({ problem: { code: "FAILED", message: "no" } });
    });

    it("is in no failure of the platform's", async () => {
      const failure = await failureOf(sent({ thrown: { code: "INVALID_PARAM", message } }, { fields }));
      expect(failure.message).toContain("INVALID_PARAM");
      expect(failure.message + String(failure.cause)).not.toContain("李四光");
    });
  },
);

describe("a definition", () => {
  it("says what it calls, answers at the end, and needs no secret; it can be asked and ended nowhere", () => {
    const target = cloudFunction("lookup-customer");
    expect(target).toMatchObject({
      kind: "cloud-function",
      processKey: "lookup-customer",
      answersAtEnd: true,
      secrets: [],
    });
    expect(target.problemOf({ whole: true })).toBeUndefined();
    for (const member of ["status", "cancel", "find", "stamp", "repeatWindowMs"])
      expect(target).not.toHaveProperty(member);
  });

  it.each(["", "1a", "a b", "查询", "../x", "-a", "x".repeat(61)])("with the function %j is refused", (name) => {
    expect(() => cloudFunction(name)).toThrow(`cloudFunction: "${name}" is no function's name`);
  });
});
