/** The fault switches of the engine "workflow": what a caller gets, what the target makes of it, and whether anything ran. */
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { type FaultKind, faultKindSchema } from "../../../local/faults";
import { StartflowError } from "../../../shared/base/errors";
import { cloudbaseWorkflow } from "../../../shared/engines/workflow";
import { labelsOf } from "../../../shared/form/labels";
import type { MethodContext } from "../../../shared/platform/context";
import { openWorkflows } from "./open-workflows";

const { platform, app, run, fault, requests, clock } = await openWorkflows();
const context = { callWorkflow: async () => undefined, app } as unknown as MethodContext;

const started = async () => (await platform.instances()).length;

/** By the target: what a method of the bundle would see. */
async function sent(workflow: string, sendTimeoutMs = 20_000): Promise<unknown> {
  const start = await cloudbaseWorkflow({ workflow }).prepare(
    {
      id: "s-12345678",
      environment: "preview",
      userId: "",
      generation: 1,
      sendTimeoutMs,
      labels: labelsOf(z.unknown()),
      fields: [{ name: "body", value: { reason: "探亲" }, entry: { whole: true } }],
    },
    context,
  );
  return await start.send().catch((error: unknown) => error);
}

const SWITCHED: Record<FaultKind, { code: string; isUnanswered: boolean; ran: number; status: number }> = {
  reject: { code: "ENGINE_REFUSED", isUnanswered: false, ran: 0, status: 200 },
  "flow-disabled": { code: "ENGINE_REFUSED", isUnanswered: false, ran: 0, status: 200 },
  "rate-limit": { code: "ENGINE_BUSY", isUnanswered: false, ran: 0, status: 200 },
  "token-revoked": { code: "ENGINE_REFUSED", isUnanswered: false, ran: 0, status: 200 },
  "no-scope": { code: "ENGINE_REFUSED", isUnanswered: false, ran: 0, status: 200 },
  "error-before": { code: "OUTCOME_UNKNOWN", isUnanswered: false, ran: 0, status: 200 },
  "error-after": { code: "OUTCOME_UNKNOWN", isUnanswered: false, ran: 1, status: 200 },
  "lost-before": { code: "OUTCOME_UNKNOWN", isUnanswered: true, ran: 0, status: 0 },
  down: { code: "OUTCOME_UNKNOWN", isUnanswered: true, ran: 0, status: 0 },
  "lost-after": { code: "OUTCOME_UNKNOWN", isUnanswered: true, ran: 1, status: 0 },
  stall: { code: "OUTCOME_UNKNOWN", isUnanswered: true, ran: 1, status: 0 },
  slow: { code: "", isUnanswered: false, ran: 1, status: 200 },
};

describe("a call under the fault", () => {
  it.each(faultKindSchema.options)("%s comes to what is known of it, and only that call is hit", async (kind) => {
    const { code, isUnanswered, ran, status } = SWITCHED[kind];
    await fault(kind);
    const from = Date.now();
    const came = await sent("wf_hello", kind === "stall" ? 500 : undefined);
    if (kind === "slow") {
      expect(came).toMatchObject({ progress: { phase: "completed" }, output: { name: "hello world" } });
      expect(Date.now() - from).toBeGreaterThanOrEqual(1_900);
    } else {
      expect(came).toBeInstanceOf(StartflowError);
      expect(came).toMatchObject({ code, isUnanswered });
    }
    expect(await started()).toBe(ran);
    expect((await requests())[0]).toMatchObject({ engine: "workflow", status, body: { name: "wf_hello" } });
    // The switch went off by itself.
    expect(await platform.get("/_local/faults")).toEqual({});
    expect((await run("wf_hello", {})).result).toEqual({ name: "hello world" });
  });

  it.each<[FaultKind, string]>([
    ["reject", "WORKFLOW_DISABLED"],
    ["flow-disabled", "WORKFLOW_DISABLED"],
  ])("%s has the result %s", async (kind, code) => {
    await fault(kind);
    expect((await run("wf_hello", {})).result).toEqual({ code, message: expect.any(String) });
  });

  it.each<[FaultKind, string]>([
    ["rate-limit", "EXCEED_REQUEST_LIMIT"],
    ["token-revoked", "SIGN_PARAM_INVALID"],
    ["no-scope", "PERMISSION_DENIED"],
    ["error-before", "SYS_ERR"],
    ["error-after", "SYS_ERR"],
    ["lost-before", "ECONNRESET"],
  ])("%s makes the SDK throw %s", async (kind, code) => {
    await fault(kind);
    await expect(run("wf_hello", {})).rejects.toMatchObject({ code });
  });

  it("is not hit where it is a call of something else, or is no call of a workflow", async () => {
    await fault("reject");
    await expect(run("", {})).rejects.toMatchObject({ code: "INVALID_PARAM" });
    await app.callFunction({ name: "submission-status", data: {} });
    expect(await platform.get("/_local/faults")).toMatchObject({ workflow: { times: 1 } });
  });
});

describe("the target on the stand-in", () => {
  it.each([
    ["wf_hello", { processId: null, progress: { phase: "completed" }, output: { name: "hello world" } }],
    ["wf_quiet", { processId: null, progress: { phase: "completed" } }],
  ])("gives %s's output", async (workflow, answer) => {
    expect(await sent(workflow)).toEqual(answer);
  });

  it("tells of wf_broken where it failed, and why", async () => {
    expect(await sent("wf_broken")).toMatchObject({
      processId: null,
      problem: { code: "WORKFLOW_RUN_FAILED", message: expect.stringContaining("Gateway_broken") },
      progress: {
        phase: "failed",
        places: [{ id: "Gateway_broken", name: "没有出口" }],
        reason: expect.stringContaining("Gateway_broken"),
      },
    });
  });

  it("tells of wf_approval where it waits, and for whom", async () => {
    const places = [{ id: "Task_manager", name: "主管审批", assignees: ["主管"] }];
    expect(await sent("wf_approval")).toEqual({ processId: null, progress: { phase: "waiting", places } });
  });

  it("waits for wf_slow as long as it is told to, and does not know what became of it after that", async () => {
    expect(await sent("wf_slow", 200)).toMatchObject({ code: "OUTCOME_UNKNOWN", isUnanswered: true });
    expect(await started()).toBe(1);
    await clock({ rate: 1_000 });
    expect(await sent("wf_slow")).toMatchObject({ progress: { phase: "completed" }, output: "done" });
  });

  it("is refused for a workflow that there is not", async () => {
    const came = await sent("wf_nothing");
    expect(came).toMatchObject({ code: "ENGINE_REFUSED" });
    expect((came as StartflowError).message).toContain("WORKFLOW_NOT_FOUND");
  });
});
