/** What is known of a run, in the words that callers get: of every phase of an engine, and of every record of the ledger. */
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ProcessStatus, Started } from "../../../../shared/engines/engine";
import { recordId } from "../../../../shared/engines/submission";
import { LEASE_EXPIRED, NO_ANSWER, SUBMISSIONS, type SubmissionRecord } from "../../../../shared/once/record";
import { createLedgerStore } from "../../../../shared/once/store";
import {
  type Askable,
  isEnded,
  noteProgress,
  noteWaitOver,
  runAt,
  runOf,
  runOfRecord,
  WAIT_OVER,
} from "../../../../shared/sync-api/runs/run-state";
import { RUN_CODES } from "../../../../shared/sync-api/wire/codes";
import { testStore } from "../../../helpers/database";
import { recordOf } from "../records";

const UID = "379206788450353152";
const silent: Askable = {};
const askable: Askable = { status: async () => expect.fail("not to be asked") };
const PHASES = [
  ["waiting", "waiting"],
  ["completed", "succeeded"],
  ["declined", "declined"],
  ["cancelled", "cancelled"],
  ["failed", "failed"],
] as const;

afterEach(() => vi.useRealTimers());

describe("a start that was answered", () => {
  it.each(PHASES)("with the phase %s is %s, whether or not its engine can be asked", (phase, state) => {
    for (const target of [silent, askable])
      expect(runOf(UID, { processId: "p", progress: { phase } }, target)).toEqual({ uid: UID, state });
  });

  it.each([undefined, { phase: "running" as const }, { phase: "other" as const }])(
    "with the progress %j goes on where the engine can be asked, and is not known where it cannot",
    (progress) => {
      const started: Started = { processId: "p", ...(progress === undefined ? {} : { progress }) };
      expect(runOf(UID, started, askable)).toEqual({ uid: UID, state: "running" });
      expect(runOf(UID, started, silent)).toEqual({ uid: UID, state: "unknown", isWaitOver: true });
    },
  );

  it("has its output, also one that is empty, and where it waits or failed", () => {
    for (const output of ["", 0, false, null, { a: 1 }])
      expect(runOf(UID, { processId: null, progress: { phase: "completed" }, output }, silent)).toMatchObject({
        output,
      });
    const places = [{ id: "n", name: "主管审批" }];
    const failed = { phase: "failed" as const, places, reason: "no way out" };
    expect(runOf(UID, { processId: null, progress: failed }, silent)).toEqual({
      uid: UID,
      state: "failed",
      places,
      reason: "no way out",
    });
  });

  it("says what went wrong in it, in the words of its progress or else of its problem", () => {
    const problem = { code: "k", message: "of the problem" };
    const progress = { phase: "failed" as const };
    expect(runOf(UID, { processId: null, problem, progress }, silent).reason).toBe("of the problem");
    const told = { ...progress, reason: "of the progress" };
    expect(runOf(UID, { processId: null, problem, progress: told }, silent).reason).toBe("of the progress");
  });
});

describe("an output that was too large to be kept", () => {
  it("is left out of what a record tells, which says so", () => {
    const progress = JSON.stringify({ phase: "completed", isOutputLeftOut: true });
    expect(runOfRecord(recordOf(UID, { progress }), silent)).toEqual({
      uid: UID,
      state: "succeeded",
      isOutputLeftOut: true,
    });
    expect(runOfRecord(recordOf(UID, { progress: '{"phase":"completed"}' }), silent)).not.toHaveProperty(
      "isOutputLeftOut",
    );
  });
});

describe("a process that was looked at", () => {
  const status = (progress: ProcessStatus["progress"]): ProcessStatus => ({
    code: 1,
    state: "x",
    text: { zh: "", en: "" },
    progress,
  });

  it.each([...PHASES, ["running", "running"], ["other", "running"]] as const)(
    "in the phase %s is %s",
    (phase, state) => {
      expect(runAt(UID, status({ phase }), { processId: "p" })).toEqual({ uid: UID, state });
    },
  );

  it("keeps the output that its start gave", () => {
    expect(runAt(UID, status({ phase: "completed" }), { processId: "p", output: 7 })).toMatchObject({ output: 7 });
  });
});

describe("a record", () => {
  const run = (change: Partial<SubmissionRecord>, target = silent) => runOfRecord(recordOf(UID, change), target);

  it("that waits for its turn is queued, and one that was taken back is cancelled", () => {
    expect(run({ state: "free", reason: "QUEUED" })).toEqual({ uid: UID, state: "queued" });
    expect(run({ state: "free", reason: "CANCELLED" })).toEqual({ uid: UID, state: "cancelled" });
  });

  it.each([
    ["ENGINE_REFUSED", "refused"],
    ["constructor", "nothing was started"],
    [null, "nothing was started"],
  ])("of which nothing was started because of %s has failed, and says so", (reason, words) => {
    const found = run({ state: "free", reason });
    expect(found.state).toBe("failed");
    expect(found.reason).toContain(words);
  });

  it("that is being sent is running, as long as its lease is not over", () => {
    expect(run({ state: "dispatched", leaseMs: 20_000 })).toEqual({ uid: UID, state: "running" });
    const late = recordOf(UID, { state: "dispatched", leaseMs: 20_000 });
    vi.useFakeTimers({ toFake: ["Date"], now: late.claimedAt.getTime() + 26_000 });
    expect(runOfRecord(late, silent)).toEqual({ uid: UID, state: "unknown" });
  });

  it.each([NO_ANSWER, LEASE_EXPIRED, "OUTCOME_UNKNOWN", null])("that is unknown because of %s is unknown", (reason) => {
    expect(run({ state: "unknown", reason })).toEqual({ uid: UID, state: "unknown" });
  });

  it("whose wait was over says that", () => {
    expect(run({ state: "unknown", reason: WAIT_OVER })).toEqual({ uid: UID, state: "unknown", isWaitOver: true });
  });

  it("that was started is as its engine said last", () => {
    const progress = JSON.stringify({ phase: "waiting", places: [{ id: "n", name: "审批" }] });
    const started = { state: "started", processId: "p-1", progress, output: '{"a":1}' } as const;
    expect(run(started)).toEqual({
      uid: UID,
      state: "waiting",
      places: [{ id: "n", name: "审批" }],
      output: { a: 1 },
    });
    expect(run({ state: "started", processId: "p-1" }, askable)).toEqual({ uid: UID, state: "running" });
    expect(run({ state: "started", processId: "p-1" })).toMatchObject({ state: "unknown", isWaitOver: true });
  });
});

describe("the end of a run", () => {
  it("is what nothing more will become of", () => {
    const ended = (Object.keys(RUN_CODES) as (keyof typeof RUN_CODES)[]).filter((state) => isEnded({ state }));
    expect(ended.sort()).toEqual(["cancelled", "declined", "failed", "succeeded"]);
  });
});

describe("a note in the record", () => {
  const store = testStore();
  const id = recordId("preview", UID);
  const put = async (change: Partial<SubmissionRecord>) => {
    await store.database.createCollection(SUBMISSIONS).catch(() => undefined);
    const records = store.database.collection(SUBMISSIONS);
    await (records.where({ _id: id }) as unknown as { remove(): Promise<unknown> }).remove();
    await records.add({ ...recordOf(UID, change) });
  };
  const found = () => createLedgerStore(store.database).find(id);

  it("of how it stands is made in one that was started, and in no other", async () => {
    const progress = { phase: "completed" as const };
    for (const state of ["free", "dispatched", "unknown", "started"] as const) {
      await put({ state });
      await noteProgress(store.database, id, progress);
      const text = state === "started" ? JSON.stringify(progress) : null;
      expect(await found()).toMatchObject({ state, progress: text });
    }
  });

  it("that its wait was over is made in one that is unknown, and in no other", async () => {
    for (const state of ["free", "dispatched", "started", "unknown"] as const) {
      await put({ state, reason: NO_ANSWER });
      await noteWaitOver(store.database, id);
      expect(await found()).toMatchObject({ state, reason: state === "unknown" ? WAIT_OVER : NO_ANSWER });
    }
  });

  it("may be lost", async () => {
    await put({ state: "started" });
    store.faults.set({ store: { kind: "down", rate: 1 } });
    await noteProgress(store.database, id, { phase: "completed" });
    await noteWaitOver(store.database, id);
    store.faults.set({});
    expect(await found()).toMatchObject({ progress: null });
  });
});
