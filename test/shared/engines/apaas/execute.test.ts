/** What became of an aPaaS flow, from the answer to its start: Feishu has no API that tells it later. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { apaasFlow } from "../../../../shared/engines/apaas";
import { startedBy } from "../../../../shared/engines/apaas/execute";
import { FLOW_STATUSES, flowExecutionSchema } from "../../../../shared/engines/apaas/wire";

const started = (answer: object, sent: unknown = {}) =>
  startedBy(flowExecutionSchema.parse({ execution_id: "1816970091484211", ...answer }), sent);

let logged: string[] = [];
beforeEach(() => {
  logged = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => logged.push(line));
});
afterEach(() => vi.restoreAllMocks());

describe("the progress of a flow", () => {
  it.each([
    ["wait", "waiting"],
    ["in_process", "running"],
    ["end", "completed"],
    ["agreed", "completed"],
    ["rejected", "declined"],
    ["canceled", "cancelled"],
  ] as const)("%s is %s, and nothing is said of places", (status, phase) => {
    expect(started({ status })).toEqual({ processId: "1816970091484211", status, progress: { phase } });
    expect(logged).toEqual([]);
  });

  it("is known for every status of Feishu's own list", () => {
    expect(FLOW_STATUSES.map((status) => started({ status }).progress?.phase)).not.toContain("other");
  });

  it("of a flow that failed has Feishu's words, unless they repeat what was typed", () => {
    const failed = { status: "failed", code: "k_ec_000001", error_msg: "node 3: no such record 部门调动申请" };
    expect(started(failed).progress).toEqual({ phase: "failed", reason: failed.error_msg });
    expect(started(failed, { params: { reason: "部门调动申请" } }).progress).toEqual({ phase: "failed" });
    expect(started({ status: "failed" }).progress).toEqual({ phase: "failed" });
  });

  it("is failed where the answer has a code, whatever its status", () => {
    for (const status of ["end", "", "in_process"])
      expect(started({ status, code: "k_ec_000001", error_msg: "x" }).progress).toEqual({
        phase: "failed",
        reason: "x",
      });
    expect(started({ status: "end", code: "0" }).progress).toEqual({ phase: "completed" });
  });

  it.each(["paused", "END", "constructor", "__proto__"])(
    "is other for the status %s, and the log says so",
    (status) => {
      expect(started({ status }).progress).toEqual({ phase: "other" });
      expect(logged.join()).toContain("not known");
    },
  );

  it("is left out where the answer has no status", () => {
    expect(started({ status: "" })).toEqual({ processId: "1816970091484211" });
  });
});

it("a flow can neither be looked at nor cancelled: Feishu has no such API", () => {
  const target = apaasFlow({ namespace: "package_1__c", flowId: "flow_1" });
  expect([target.status, target.cancel, target.find]).toEqual([undefined, undefined, undefined]);
});
