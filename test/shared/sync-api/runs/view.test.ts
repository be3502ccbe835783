/** How a run stands, and ending it: the record first, then its engine, and what was known where that is silent. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StartflowError } from "../../../../shared/base/errors";
import type { Engine, Progress } from "../../../../shared/engines/engine";
import type { WholeInput } from "../../../../shared/engines/function";
import { QUEUED, type SubmissionRecord } from "../../../../shared/once/record";
import { askedAtMs, newUid } from "../../../../shared/sync-api/runs/uid";
import { cancelRun, runNow, viewReply } from "../../../../shared/sync-api/runs/view";
import type { Run } from "../../../../shared/sync-api/wire/envelope";
import { type TestStore, testStore } from "../../../helpers/database";
import { failureOf } from "../../../helpers/failure";
import { stillClock } from "../../../helpers/still-clock";
import { contextOf, openEngine, routeOf } from "../calls";
import { findRun, putRun, recordOf } from "../records";

let store: TestStore;
let uid: string;
beforeEach(() => {
  store = testStore();
  uid = newUid();
  vi.spyOn(console, "log").mockImplementation(() => undefined);
});
afterEach(() => vi.restoreAllMocks());

const EARLIER = new Date("2026-11-01T00:00:00.000Z");
const statusOf =
  (progress: Progress, more: object = {}) =>
  async () => ({
    code: 1,
    state: "x",
    text: { zh: "", en: "" },
    progress,
    ...more,
  });
const route = (more: Partial<Engine<WholeInput>> = {}) => routeOf(openEngine(undefined, more));
async function record(change: Partial<SubmissionRecord> = {}): Promise<SubmissionRecord> {
  await putRun(store, recordOf(uid, { processId: "p-1", changedAt: EARLIER, ...change }));
  return (await findRun(store, uid)) ?? expect.fail("no record");
}
const now = async (more: Partial<Engine<WholeInput>>, change: Partial<SubmissionRecord> = {}) =>
  runNow(contextOf(store), route(more), await record(change));

describe("a run whose engine can be asked", () => {
  it("stands as its engine says now, with what happened so far", async () => {
    const timeline = [{ at: "2026-11-21T00:00:00.000Z", node: "主管审批", what: "agreed", by: "张三" }];
    const status = vi.fn(statusOf({ phase: "waiting", places: [{ id: "n", name: "人事" }] }, { timeline }));
    const beforeMs = Date.now();
    const found = await now({ status });
    expect(found).toEqual({
      run: { uid, state: "waiting", places: [{ id: "n", name: "人事" }] },
      processId: "p-1",
      timeline,
      asOf: expect.any(String),
    });
    expect(Date.parse(found.asOf)).toBeGreaterThanOrEqual(beforeMs);
    expect(Date.parse(found.asOf)).toBeLessThanOrEqual(Date.now());
    expect(status).toHaveBeenCalledExactlyOnceWith("p-1", expect.anything());
  });

  it("that has ended meanwhile is noted as such", async () => {
    const found = await now({ status: statusOf({ phase: "declined" }) }, { progress: '{"phase":"waiting"}' });
    expect(found.run).toEqual({ uid, state: "declined" });
    expect(await findRun(store, uid)).toMatchObject({ progress: '{"phase":"declined"}' });
  });

  it("that waits on is noted nowhere", async () => {
    await now({ status: statusOf({ phase: "waiting" }) });
    expect(await findRun(store, uid)).toMatchObject({ progress: null });
  });

  it.each([
    ["fails", () => Promise.reject(new StartflowError("ENGINE_UNREACHABLE"))],
    [
      "throws at once",
      () => {
        throw new Error("no");
      },
    ],
  ])("stands as it was known where its engine %s", async (_, status) => {
    const progress = '{"phase":"waiting","places":[{"id":"n","name":"审批"}]}';
    const found = await now({ status: status as never }, { progress });
    expect(found).toEqual({
      run: { uid, state: "waiting", places: [{ id: "n", name: "审批" }] },
      processId: "p-1",
      asOf: EARLIER.toISOString(),
    });
  });

  it("stands as it was known where its engine does not answer within five seconds", async () => {
    const clock = stillClock();
    const status = () => {
      // The limit begins when the engine is asked.
      setImmediate(() => clock.pass(5_000));
      return new Promise<never>(() => {});
    };
    const found = await now({ status }, { progress: '{"phase":"waiting"}' });
    expect(found).toMatchObject({ run: { state: "waiting" }, asOf: EARLIER.toISOString() });
  });

  it.each([
    ["free", QUEUED, "queued"],
    ["free", "CANCELLED", "cancelled"],
    ["free", "ENGINE_REFUSED", "failed"],
    ["dispatched", null, "running"],
    ["unknown", "NO_ANSWER", "unknown"],
  ] as const)("and that was not started (%s %s) is not asked about: %s", async (state, reason, expected) => {
    const status = vi.fn(statusOf({ phase: "completed" }));
    const change = { state, reason, claimedAt: new Date(), processId: state === "free" ? null : "p-1" };
    expect((await now({ status }, change)).run).toMatchObject({ state: expected });
    expect(status).not.toHaveBeenCalled();
  });

  it("of which the engine told no id is not asked about", async () => {
    const status = vi.fn(statusOf({ phase: "completed" }));
    expect((await now({ status }, { processId: null })).run).toMatchObject({ state: "running" });
    expect(status).not.toHaveBeenCalled();
  });
});

describe("the answer", () => {
  const view = (run: Run, output: unknown, more: object = {}) =>
    viewReply(recordOf(uid), { run, processId: "p-1", asOf: "2026-11-21T00:00:00.000Z", ...more }, output);

  it("has the members of the envelope, and which run it is of what, since when, as of when", () => {
    expect(view({ uid, state: "succeeded" }, { a: 1 })).toStrictEqual({
      status: 200,
      headers: {},
      body: {
        response: {
          uid,
          state: "succeeded",
          code: 0,
          msg: "",
          data: { a: 1 },
          api: "demo/flows/hello",
          processId: "p-1",
          startedAt: new Date(askedAtMs(uid)).toISOString(),
          asOf: "2026-11-21T00:00:00.000Z",
        },
      },
    });
  });

  it.each([
    ["failed", 1001],
    ["running", 1002],
    ["waiting", 1003],
    ["cancelled", 1004],
    ["unknown", 1005],
    ["declined", 1006],
    ["queued", 1002],
  ] as const)("to the question for a run that is %s has the code %i and the status 200", (state, code) => {
    expect(view({ uid, state }, undefined)).toMatchObject({ status: 200, body: { response: { state, code } } });
  });

  it("shows the node that failed, whom a run waits for, and the timeline where there is one", () => {
    const places = [{ id: "n", name: "审批", assignees: ["张三"] }];
    const timeline = [{ at: "2026-11-21T00:00:00.000Z", node: "n", what: "entered" }];
    expect(view({ uid, state: "waiting", places }, undefined, { timeline }).body).toMatchObject({
      response: { waiting: places, timeline },
    });
    expect(view({ uid, state: "failed", places }, undefined).body).toMatchObject({ response: { node: places[0] } });
    expect(view({ uid, state: "failed" }, undefined).body).not.toHaveProperty("response.timeline");
  });
});

describe("ending a run", () => {
  const cancel = async (more: Partial<Engine<WholeInput>>, change: Partial<SubmissionRecord> = {}) =>
    cancelRun(contextOf(store), route(more), await record(change));
  const open = { status: statusOf({ phase: "waiting" }) };

  it("that waits for its turn takes it back", async () => {
    expect(await cancel({}, { state: "free", reason: QUEUED, input: "{}", processId: null })).toBeUndefined();
    expect(await findRun(store, uid)).toMatchObject({ state: "free", reason: "CANCELLED", input: null });
  });

  it("that was taken on meanwhile is refused: it is not known how it stands", async () => {
    const listed = await record({ state: "free", reason: QUEUED, processId: null });
    const claimed = { state: "dispatched", token: "token-2", reason: null };
    await store.database.collection("startflow_submissions").where({ _id: listed._id }).update(claimed);
    expect(await cancelRun(contextOf(store), route(), listed)).toMatchObject({ status: 409 });
    expect(await findRun(store, uid)).toMatchObject(claimed);
  });

  it("is asked of its engine, by the engine's own id", async () => {
    const asked = vi.fn(async () => undefined);
    expect(await cancel({ ...open, cancel: asked })).toBeUndefined();
    expect(asked).toHaveBeenCalledExactlyOnceWith("p-1", expect.anything());
  });

  it.each(["completed", "declined", "cancelled", "failed"] as const)("that is %s is refused: 409", async (phase) => {
    const asked = vi.fn(async () => undefined);
    const reply = await cancel({ status: statusOf({ phase }), cancel: asked });
    expect(reply).toMatchObject({ status: 409, headers: { "x-run-uid": uid } });
    expect(asked).not.toHaveBeenCalled();
  });

  it("whose engine has no such way is refused: 501", async () => {
    expect(await cancel(open)).toMatchObject({ status: 501, headers: { "x-run-uid": uid } });
  });

  it.each([
    ["unknown", "NO_ANSWER"],
    ["dispatched", null],
  ] as const)("of which the engine's id is not known (%s) is refused: 409", async (state, reason) => {
    const asked = vi.fn(async () => undefined);
    const change = { state, reason, processId: null, claimedAt: new Date() };
    expect(await cancel({ ...open, cancel: asked }, change)).toMatchObject({ status: 409 });
    expect(asked).not.toHaveBeenCalled();
  });

  it("against which its engine says something is a failure in its words", async () => {
    const message = { zh: "不能撤回", en: "cannot be withdrawn" };
    const refused = () => Promise.reject(new StartflowError("ENGINE_REFUSED", { message }));
    expect(await failureOf(cancel({ ...open, cancel: refused }))).toMatchObject({
      code: "ENGINE_REFUSED",
      text: message,
    });
    uid = newUid();
    const broken = () => Promise.reject(new Error("socket hang up"));
    expect(await failureOf(cancel({ ...open, cancel: broken }))).toMatchObject({ code: "ENGINE_UNREACHABLE" });
  });
});
