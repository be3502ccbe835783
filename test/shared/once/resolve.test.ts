/** What a person decides about the ledger, on the real database. */
import { beforeEach, describe, expect, it } from "vitest";
import { deadlineIn } from "../../../shared/base/deadline";
import { recordId } from "../../../shared/engines/submission";
import type { Claim } from "../../../shared/once/claim";
import { startOnce } from "../../../shared/once/ledger";
import { SUBMISSIONS, type SubmissionRecord } from "../../../shared/once/record";
import {
  type Decision,
  findSubmissions,
  type ListedSubmission,
  listSubmissions,
  type OperatorDatabase,
  resolveSubmission,
} from "../../../shared/once/resolve";
import { createLedgerStore } from "../../../shared/once/store";
import { type TestStore, testStore } from "../../helpers/database";

let store: TestStore;
let database: OperatorDatabase;
let sent: number;
beforeEach(() => {
  store = testStore();
  database = store.database as unknown as OperatorDatabase;
  sent = 0;
});

const claim: Claim = {
  submissionId: "submission-1",
  isDerived: false,
  environment: "preview",
  target: "weda-process",
  processKey: "flow_012",
  userId: "user-1",
  contentHash: "hash-1",
};
const LEASE_OVER = { state: "dispatched", leaseMs: 20_000, claimedAt: new Date(Date.now() - 60_000) } as const;

async function start(change: Partial<Claim> = {}) {
  const parts = { store: createLedgerStore(store.database), deadline: deadlineIn(20_000), sendTimeoutMs: 1_000 };
  return startOnce(parts, { ...claim, ...change }, async () => ({
    request: {},
    send: async () => {
      sent += 1;
      return { processId: `p-${sent}` };
    },
  }));
}
async function put(state: Partial<SubmissionRecord>, change: Partial<Claim> = {}): Promise<void> {
  await start(change);
  const { environment, submissionId } = { ...claim, ...change };
  await store.database
    .collection(SUBMISSIONS)
    .where({ _id: recordId(environment, submissionId) })
    .update(state);
}
async function found(submissionId = claim.submissionId): Promise<ListedSubmission> {
  const [record] = await findSubmissions(database, submissionId);
  if (record === undefined) throw new Error(`no record ${submissionId}`);
  return record;
}
const decide = async (decision: Partial<Decision>, record?: ListedSubmission) =>
  resolveSubmission(database, record ?? (await found()), { to: "started", processId: null, by: "Li", ...decision });

describe("the list", () => {
  it("is empty where nothing was ever submitted", async () => {
    expect(await listSubmissions(database, { limit: 10 })).toEqual([]);
  });

  it("has the newest first, as many as are asked for, of one state and environment", async () => {
    const at = (minute: number) => new Date(Date.now() - minute * 60_000);
    await put({ claimedAt: at(3) }, { submissionId: "oldest-1" });
    await put({ claimedAt: at(2), state: "unknown" }, { submissionId: "unknown-1" });
    await put({ ...LEASE_OVER, claimedAt: at(1) }, { submissionId: "expired-1", environment: "production" });
    await put({ state: "dispatched", leaseMs: 20_000 }, { submissionId: "running-1" });
    const ids = async (query: object) =>
      (await listSubmissions(database, { limit: 10, ...query })).map(({ submissionId }) => submissionId);
    expect(await ids({})).toEqual(["running-1", "expired-1", "unknown-1", "oldest-1"]);
    expect(await ids({ limit: 1 })).toEqual(["running-1"]);
    expect(await ids({ state: "unknown" })).toEqual(["expired-1", "unknown-1"]);
    expect(await ids({ state: "unknown", environment: "preview" })).toEqual(["unknown-1"]);
    expect(await ids({ state: "dispatched" })).toEqual(["running-1"]);
    expect(await ids({ state: "free" })).toEqual([]);
  });
});

describe("a decision", () => {
  it("that it started is kept with who, when and what, and a repeat answers duplicate", async () => {
    await put({ state: "unknown", reason: "OUTCOME_UNKNOWN", processId: null });
    await decide({ processId: "p-found" });
    const decisions = [{ at: expect.any(Date), by: "Li", to: "started", processId: "p-found" }];
    expect(await found()).toMatchObject({ state: "started", processId: "p-found", reason: null, decisions });
    expect(await start()).toEqual({ outcome: "duplicate", processId: "p-found" });
    expect(sent).toBe(1);
  });

  it("that it did not start leaves it free, and the next submission starts it", async () => {
    await put({ state: "unknown" });
    await decide({ to: "free" });
    expect(await found()).toMatchObject({ state: "free", processId: null, reason: "DECIDED" });
    expect(await start()).toEqual({ outcome: "started", processId: "p-2" });
    expect((await found()).decisions).toMatchObject([{ by: "Li", to: "free" }]);
  });

  it("has the store's time", async () => {
    await put({ state: "unknown" });
    store.clock.set({ offsetMs: 3_600_000, rate: 1 });
    await decide({});
    store.clock.set({ offsetMs: 0, rate: 1 });
    const { decisions = [], changedAt } = await found();
    expect(decisions[0]?.at).toEqual(changedAt);
    expect(changedAt.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
  });

  it("can be made of one whose call died, once its lease is over", async () => {
    await put(LEASE_OVER);
    await decide({ to: "free" });
    expect(await found()).toMatchObject({ state: "free" });
  });

  it.each([
    ["started", {}, "has started a process (p-1)"],
    ["free", { state: "free", reason: "ENGINE_BUSY" }, "nothing was started for it (ENGINE_BUSY)"],
    ["at work", { state: "dispatched", leaseMs: 20_000 }, "a call is at work on it until"],
  ] as const)("is refused of one that is %s", async (_, state, words) => {
    await put(state);
    const before = await found();
    await expect(decide({ to: "free" })).rejects.toThrow(words);
    expect(await found()).toEqual(before);
  });

  it("is refused where the lease is over only by this computer's clock", async () => {
    await put({ state: "dispatched", leaseMs: 20_000 });
    await expect(decide({ to: "free" }, { ...(await found()), state: "unknown" })).rejects.toThrow(
      "on the store's clock",
    );
    expect((await found()).decisions).toBeUndefined();
  });

  it("is refused where a reader whose clock is ahead wrote the lease off", async () => {
    await put({ state: "unknown", reason: "LEASE_EXPIRED", leaseMs: 20_000 });
    await expect(decide({ to: "free" })).rejects.toThrow("its lease still runs on the store's clock");
    store.clock.set({ offsetMs: 60_000, rate: 1 });
    await decide({ to: "free" });
    store.clock.set({ offsetMs: 0, rate: 1 });
    expect(await found()).toMatchObject({ state: "free" });
  });

  it("is refused where the record changed after it was shown", async () => {
    await put({ state: "unknown" });
    const shown = await found();
    await decide({ processId: "p-first" });
    await expect(decide({ to: "free" }, shown)).rejects.toThrow("changed meanwhile");
    expect(await found()).toMatchObject({ state: "started", processId: "p-first" });
  });

  it("is made once where two persons make it at the same moment", async () => {
    await put({ state: "unknown" });
    const shown = await found();
    const made = await Promise.allSettled([
      ...Array.from({ length: 5 }, () => decide({ to: "free" }, shown)),
      ...Array.from({ length: 5 }, () => decide({ processId: "p-found" }, shown)),
    ]);
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await found()).decisions).toHaveLength(1);
  });

  it("is not undone by the call that comes back late", async () => {
    await put({ ...LEASE_OVER });
    const { token, _id } = await found();
    await decide({ to: "free" });
    const change = { state: "unknown" as const, reason: "OUTCOME_UNKNOWN" };
    const ledger = createLedgerStore(store.database);
    expect(await ledger.change(_id, { token, states: ["dispatched", "unknown"] }, change)).toBe(false);
    expect(await found()).toMatchObject({ state: "free" });
  });
});
