/** How a WeDa process stands, and its revocation, by every answer and failure that `callWorkflow` may give. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { wedaProcess } from "../../../../shared/engines/weda";
import { FAIL_MEMBERS, WEDA_STATES } from "../../../../shared/engines/weda/status";
import { recordingContext } from "../../../helpers/context";
import { failureOf } from "../../../helpers/failure";

const target = wedaProcess({ connector: { ConnectorName: "api", FunctionName: "method" }, processKey: "flow_012" });
const ID = "1542109022301507586";
const WAITING = {
  InstanceId: ID,
  FlowCode: "flow_012",
  FlowVersion: "5.0",
  IsCompleted: false,
  CurrentApprover: "主管",
  CurrentNodeId: "Task_manager",
  CurrentNodeName: "主管审批",
};
const ended = (Status: unknown, more: object = {}) => ({ InstanceId: ID, IsCompleted: true, Status, ...more });

beforeEach(() => vi.spyOn(console, "log").mockImplementation(() => undefined));
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const look = async (answer: unknown) =>
  await target.status?.(
    ID,
    recordingContext(() => answer),
  );
const throwing = (code: unknown, message = "failed") =>
  recordingContext(() => {
    throw Object.assign(new Error(message), { code });
  });

describe("a look at a WeDa process", () => {
  it("asks by its id with the documented action", async () => {
    const context = recordingContext(() => WAITING);
    await target.status?.(ID, context);
    expect(context.calls).toEqual([{ action: "DescribeProcessInstanceDetails", data: { ProcessInstanceId: ID } }]);
  });

  it("says where it waits and for whom, in every envelope and with small first letters too", async () => {
    const small = Object.fromEntries(
      Object.entries(WAITING).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value]),
    );
    for (const answer of [
      WAITING,
      small,
      { data: WAITING },
      { code: 0, data: { Data: WAITING } },
      { Response: small },
    ]) {
      expect(await look(answer)).toEqual({
        code: 0,
        state: "running",
        text: { zh: "审批中", en: "in approval" },
        progress: { phase: "waiting", places: [{ id: "Task_manager", name: "主管审批", assignees: ["主管"] }] },
      });
    }
  });

  it("tells several approvers apart, and a node without any", async () => {
    const several = await look({ ...WAITING, CurrentApprover: "主管, 人事,," });
    expect(several?.progress.places).toEqual([{ id: "Task_manager", name: "主管审批", assignees: ["主管", "人事"] }]);
    const none = await look({ ...WAITING, CurrentApprover: "", CurrentNodeId: undefined });
    expect(none?.progress).toEqual({ phase: "waiting", places: [{ id: "", name: "主管审批" }] });
  });

  it("says of one that waits for nobody that it is running", async () => {
    for (const members of [
      {},
      { CurrentApprover: "", CurrentNodeId: "", CurrentNodeName: "" },
      { CurrentApprover: null },
    ])
      expect((await look({ InstanceId: ID, IsCompleted: false, ...members }))?.progress).toEqual({ phase: "running" });
  });

  it.each([
    [1, "terminated", "cancelled"],
    [2, "rejected", "declined"],
    [4, "discarded", "cancelled"],
    [3, "passed", "completed"],
    [0, "passed", "completed"],
    [9, "passed", "completed"],
    ["2", "rejected", "declined"],
  ] as const)("reads the status %j of an ended one as %s", async (status, state, phase) => {
    const { zh, en } = WEDA_STATES[state];
    expect(await look(ended(status, { CurrentNodeId: "Task_manager" }))).toEqual({
      code: Number(status),
      state,
      text: { zh, en },
      progress: { phase },
    });
  });

  it("takes a terminated one with the members of a failure for failed, with its place and its reason", async () => {
    const { nodeId, nodeName, reason } = FAIL_MEMBERS;
    const failed = ended(1, { [nodeId]: "g", [nodeName]: "金额？", [reason]: "no way out of <g>, call 13812345678" });
    expect(await look(failed)).toEqual({
      code: 1,
      state: "failed",
      text: { zh: "运行失败", en: "failed" },
      progress: {
        phase: "failed",
        places: [{ id: "g", name: "金额？" }],
        reason: "no way out of <g>, call 138****5678",
      },
    });
    expect((await look(ended(1, { [reason]: "x" })))?.progress).toEqual({ phase: "failed", reason: "x" });
    expect((await look(ended(1, { [nodeId]: "", [nodeName]: "", [reason]: "" })))?.progress.phase).toBe("cancelled");
    expect((await look(ended(2, { [nodeId]: "g" })))?.progress).toEqual({ phase: "declined" });
  });

  it.each([
    ["that does not say whether it has ended", { InstanceId: ID, Status: 2 }],
    ["that says it in a way of its own", { ...WAITING, IsCompleted: "no" }],
    ["of an ended one without a status", ended(undefined)],
    ["of an ended one with an empty status", ended(null)],
    ["of an ended one with a status that is no number", ended({ done: true })],
  ])("says of an answer %s that nothing is known", async (_, answer) => {
    expect(await look(answer)).toMatchObject({ code: 0, state: "other", progress: { phase: "other" } });
  });

  it.each([undefined, null, "ok", 1, {}, { data: [] }])("cannot read %j, and may ask again", async (answer) => {
    const failure = await failureOf(look(answer));
    expect([failure.code, failure.retryable]).toEqual(["ENGINE_UNREACHABLE", true]);
  });

  it.each([
    ["ResourceNotFound", "ENGINE_REFUSED"],
    ["InnerError.AuthFailure", "ENGINE_REFUSED"],
    ["FailedOperation", "ENGINE_REFUSED"],
    ["RequestLimitExceeded", "ENGINE_BUSY"],
    ["InternalError", "ENGINE_UNREACHABLE"],
    ["ECONNREFUSED", "ENGINE_UNREACHABLE"],
    ["ECONNRESET", "ENGINE_UNREACHABLE"],
    [undefined, "ENGINE_UNREACHABLE"],
  ] as const)("that fails with %s is %s, thrown or answered, with the engine's words", async (code, is) => {
    const thrown = await failureOf(target.status?.(ID, throwing(code, "没有这个流程实例")));
    const answered = await failureOf(look({ code: code ?? "x", message: "没有这个流程实例", data: { ...WAITING } }));
    for (const failure of [thrown, answered]) {
      expect(failure.code).toBe(is);
      expect(failure.text.zh).toContain("没有这个流程实例");
      expect(failure.message).not.toMatch(/没有发起|was started|no process began/);
    }
    if (code !== undefined) expect(thrown.text.en).toContain(code);
  });

  it("gives up on an engine that never answers", async () => {
    vi.useFakeTimers();
    const silent = { ...recordingContext(), callWorkflow: () => new Promise<never>(() => undefined) };
    const looked = failureOf(target.status?.(ID, silent));
    await vi.advanceTimersByTimeAsync(5_000);
    expect((await looked).code).toBe("ENGINE_UNREACHABLE");
  });
});

describe("a cancellation on WeDa", () => {
  const answering = (revoked: unknown, described: unknown = WAITING) =>
    recordingContext(({ action }) => {
      const answer = action === "Revoke" ? revoked : described;
      if (answer instanceof Error) throw answer;
      return answer;
    });

  it("is the revocation that WeDa's own page sends: by the starter, with the flow and its version", async () => {
    const context = answering({ Status: true });
    expect(await target.cancel?.(ID, context)).toBeUndefined();
    expect(context.calls.at(-1)).toEqual({
      action: "Revoke",
      data: { FlowCode: "flow_012", AppVersion: "5.0", InstanceId: ID, RevokeType: 2 },
    });
  });

  it("names the method's own flow where the engine does not", async () => {
    const context = answering({ Status: true }, { InstanceId: ID, IsCompleted: false });
    await target.cancel?.(ID, context);
    expect(context.calls.at(-1)?.data).toEqual({ FlowCode: "flow_012", InstanceId: ID, RevokeType: 2 });
  });

  it.each([
    ["FailedOperation", "ENGINE_REFUSED"],
    ["InnerError.AuthFailure", "ENGINE_REFUSED"],
    ["UnsupportedOperation", "ENGINE_REFUSED"],
    ["RequestLimitExceeded", "ENGINE_BUSY"],
    ["ECONNREFUSED", "ENGINE_UNREACHABLE"],
    ["ECONNRESET", "OUTCOME_UNKNOWN"],
    ["InternalError", "OUTCOME_UNKNOWN"],
    [undefined, "OUTCOME_UNKNOWN"],
  ] as const)("that fails with %s is %s, in words of a cancellation", async (code, is) => {
    const refused = Object.assign(new Error("流程实例已经结束。"), { code });
    const failure = await failureOf(target.cancel?.(ID, answering(refused)));
    expect(failure.code).toBe(is);
    expect(failure.text.zh).toContain("流程实例已经结束。");
    expect(failure.text).toEqual({ zh: expect.stringContaining("取消"), en: expect.stringContaining("cancel") });
    expect(failure.message).not.toMatch(/没有发起|was started|no process began/);
  });

  it("that is answered with a false status is refused", async () => {
    expect((await failureOf(target.cancel?.(ID, answering({ Status: false })))).code).toBe("ENGINE_REFUSED");
  });

  it("of a process that is not known revokes nothing", async () => {
    const context = answering({ Status: true }, Object.assign(new Error("none"), { code: "ResourceNotFound" }));
    expect((await failureOf(target.cancel?.(ID, context))).code).toBe("ENGINE_REFUSED");
    expect(context.calls.map(({ action }) => action)).toEqual(["DescribeProcessInstanceDetails"]);
  });
});
