/** How a CoreHR process stands, and its cancellation, by the target on the stand-in: who may, what is refused, what is unknown. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { InstanceView, RequestRow } from "../../../local/console/wire";
import { StartflowError } from "../../../shared/base/errors";
import { type CorehrProcessOptions, corehrProcess } from "../../../shared/engines/corehr";
import { WITHDRAW_REASON } from "../../../shared/engines/corehr/cancel";
import type { ProcessStatus } from "../../../shared/engines/engine";
import type { UserInfo } from "../../../shared/platform/context";
import { recordingContext } from "../../helpers/context";
import { APP, DEFINITION, INITIATOR, openFeishuPlatform, startOf } from "./open-feishu";

const { platform, feishu } = await openFeishuPlatform({ limits: false });
const APPROVER = "ou_c57053dad6eea0aea4696c48433d8562";

beforeEach(() => {
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  vi.stubEnv("STARTFLOW_FEISHU_DOMAIN", platform.url);
  vi.stubEnv("STARTFLOW_FEISHU_APP_ID", APP.app_id);
  vi.stubEnv("STARTFLOW_FEISHU_APP_SECRET", APP.app_secret);
  vi.stubEnv("STARTFLOW_COREHR_INITIATOR_ID", INITIATOR);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const MINE = { system_initiator: false, initiator_id: INITIATOR };
const started = async (more: object = {}) => (await feishu.start(startOf([], more))).json.data.process_id as string;
const targetOf = (change: Partial<CorehrProcessOptions> = {}) =>
  corehrProcess({ flowDefinitionId: DEFINITION, systemInitiator: true, ...change });

async function looked(id: string): Promise<ProcessStatus> {
  const status = await targetOf().status?.(id, recordingContext());
  if (status === undefined) throw new Error("no status");
  return status;
}

async function decide(id: string, action: "agree" | "reject"): Promise<void> {
  const { tasks } = await platform.get<InstanceView>(`/_local/instances/${id}`);
  await platform.send("POST", `/_local/instances/${id}/tasks/${tasks[0]?.id}`, { action, comment: "好" });
}

const cancel = async (id: string, change: Partial<CorehrProcessOptions> = {}, user: UserInfo = {}) =>
  await targetOf(change).cancel?.(id, recordingContext(undefined, user));
async function refusalOf(work: Promise<unknown>): Promise<StartflowError> {
  const error = await work.catch((thrown: unknown) => thrown);
  if (error instanceof StartflowError) return error;
  throw new Error("not refused");
}
const withdrawals = async () =>
  (await platform.get<RequestRow[]>("/_local/requests")).filter(({ path }) => path.includes("process_withdraw"));

describe("a process", () => {
  it("waits for its approver, and its timeline says since when", async () => {
    const id = await started(MINE);
    const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(await looked(id)).toEqual({
      code: 1,
      state: "running",
      text: { zh: "审批中", en: "running" },
      progress: { phase: "waiting", places: [{ id: "Task_approve", name: "人事审批", assignees: [APPROVER] }] },
      timeline: [
        { at, node: expect.stringMatching(/./), what: "created", by: INITIATOR },
        { at, node: "人事审批", what: "entered" },
      ],
    });
  });

  it.each([
    ["agree", "completed", "done", "completed"],
    ["reject", "declined", "rejected", "rejected"],
  ] as const)("after %s is %s, and its timeline says who decided, and never what he wrote", async (...row) => {
    const [action, phase, what, state] = row;
    const id = await started();
    await decide(id, action);
    const { progress, timeline } = await looked(id);
    expect(progress).toEqual({ phase });
    expect(timeline?.map((step) => [step.what, step.by])).toEqual([
      ["created", undefined],
      ["entered", undefined],
      [what, APPROVER],
      [state, undefined],
    ]);
    expect(JSON.stringify(timeline)).not.toContain("好");
  });

  it("is looked at no more often than Feishu's limit allows", () => {
    expect(60_000 / (targetOf().pollMs ?? 0)).toBeLessThanOrEqual(100);
  });
});

describe("a cancellation", () => {
  it("of a process that the system started is the system's, with a reason", async () => {
    const id = await started();
    expect(await cancel(id)).toBeUndefined();
    expect(await looked(id)).toMatchObject({ code: 4, state: "withdrawn", progress: { phase: "cancelled" } });
    expect((await looked(id)).timeline?.map(({ what }) => what)).toEqual([
      "created",
      "entered",
      "canceled",
      "withdrawn",
    ]);
    const [{ query, body, status }] = (await withdrawals()) as [RequestRow];
    expect({ query, body, status }).toEqual({
      query: { user_id_type: "open_id" },
      body: { system_user: true, reason: WITHDRAW_REASON },
      status: 200,
    });
  });

  it("of a process that somebody started is his: the configured one, or the signed-in user", async () => {
    const own = { systemInitiator: false };
    const initiator = ({ customUserId }: UserInfo) => customUserId;
    const [first, second] = [await started(MINE), await started(MINE)];
    await cancel(first, own);
    await cancel(second, { ...own, initiator }, { customUserId: INITIATOR });
    for (const id of [first, second]) expect((await looked(id)).progress).toEqual({ phase: "cancelled" });
    for (const { body } of await withdrawals()) expect(body).toMatchObject({ user_id: INITIATOR });
  });

  it("is the system's where nobody is named any more", async () => {
    const initiator = ({ customUserId }: UserInfo) => customUserId;
    const id = await started(MINE);
    await cancel(id, { systemInitiator: false, initiator }, {});
    expect((await withdrawals())[0]?.body).toMatchObject({ system_user: true });
  });

  it("by somebody else, of what has ended, or of what is not there is refused in Feishu's words", async () => {
    const initiator = () => APPROVER;
    const [id, done] = [await started(MINE), await started()];
    await decide(done, "agree");
    const refusals = [
      await refusalOf(cancel(id, { systemInitiator: false, initiator })),
      await refusalOf(cancel(done)),
      await refusalOf(cancel("1")),
    ];
    expect(refusals.map(({ code }) => code)).toEqual(Array(3).fill("ENGINE_REFUSED"));
    const words = ["user_id is not the initiator", "not running", "process_id is not known"];
    for (const [at, { text }] of refusals.entries()) {
      expect(text.en).toContain(words[at]);
      expect(text.zh).toMatch(/流程引擎拒绝取消流程.*1161001.*log_id/);
      expect(text.en).not.toContain("was started");
    }
    expect((await looked(id)).progress.phase).toBe("waiting");
  });

  it.each([
    ["rate-limit", "ENGINE_BUSY"],
    ["no-scope", "ENGINE_REFUSED"],
    ["lost-before", "OUTCOME_UNKNOWN"],
    ["lost-after", "OUTCOME_UNKNOWN"],
    ["error-after", "OUTCOME_UNKNOWN"],
  ] as const)("under the fault %s is %s, in words of a cancellation", async (kind, is) => {
    const id = await started();
    await platform.send("PUT", "/_local/faults", { corehr: { kind, times: 1 } });
    const { code, text, retryAfterMs } = await refusalOf(cancel(id));
    expect([code, text.zh, text.en]).toEqual([is, expect.stringContaining("取消"), expect.stringContaining("cancel")]);
    expect(retryAfterMs !== undefined).toBe(is === "ENGINE_BUSY");
  });

  it("to an address where nothing listens was not done", async () => {
    const id = await started();
    await cancel(id);
    vi.stubEnv("STARTFLOW_FEISHU_DOMAIN", "http://127.0.0.1:1");
    const { code, text } = await refusalOf(cancel(id));
    expect([code, text.en]).toEqual(["ENGINE_UNREACHABLE", expect.stringContaining("was not cancelled")]);
  });

  it("without the app's secret names the variable", async () => {
    vi.stubEnv("STARTFLOW_FEISHU_APP_SECRET", "");
    await expect(cancel("1")).rejects.toThrow("STARTFLOW_FEISHU_APP_SECRET");
  });
});
