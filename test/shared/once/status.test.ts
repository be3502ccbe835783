/** What became of a submission, on the real database: every state, and who may see it. */
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deadlineIn } from "../../../shared/base/deadline";
import type { ProcessStatus } from "../../../shared/engines/engine";
import { derivedId, recordId } from "../../../shared/engines/submission";
import type { Claim } from "../../../shared/once/claim";
import { startOnce } from "../../../shared/once/ledger";
import { ONCE, SUBMISSIONS, type SubmissionRecord } from "../../../shared/once/record";
import { type Engines, isOperatorKey, type StatusQuestion, statusOf } from "../../../shared/once/status";
import { createLedgerStore } from "../../../shared/once/store";
import { type TestStore, testStore } from "../../helpers/database";

let store: TestStore;
beforeEach(() => {
  store = testStore();
});
afterEach(() => {
  store.faults.set({});
  vi.restoreAllMocks();
});

const question: StatusQuestion = {
  submissionId: "5f3b1c2e-8d54-4a43-9d53-1a5b9f0c7e21",
  environment: "preview",
  userId: "user-1",
  isOperator: false,
};
const look = (change: Partial<StatusQuestion> = {}) =>
  statusOf(createLedgerStore(store.database), { ...question, ...change });

async function submitted(change: Partial<Claim> = {}, state: Partial<SubmissionRecord> = {}): Promise<void> {
  const { isOperator: _, ...from } = question;
  const claim: Claim = {
    ...from,
    isDerived: false,
    target: "weda-process",
    processKey: "flow_012",
    contentHash: "hash-1",
    ...change,
  };
  const parts = { store: createLedgerStore(store.database), deadline: deadlineIn(20_000), sendTimeoutMs: 1_000 };
  await startOnce(parts, claim, async () => ({ request: {}, send: async () => ({ processId: "p-1" }) }));
  if (Object.keys(state).length === 0) return;
  const query = { _id: recordId(claim.environment, claim.submissionId) };
  await store.database.collection(SUBMISSIONS).where(query).update(state);
}

const none = (submissionId: string) => ({
  outcome: "none",
  submissionId,
  next: { zh: expect.any(String), en: expect.any(String) },
});

describe("the answer", () => {
  it("to a started one names its process, its target, and since when", async () => {
    await submitted();
    const answer = await look();
    expect(answer).toEqual({
      outcome: "started",
      submissionId: question.submissionId,
      processId: "p-1",
      target: "weda-process",
      since: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      next: { zh: expect.any(String), en: expect.any(String) },
    });
  });

  it("to a started one has how its engine says that it stands, with places and timeline, and nothing where it fails", async () => {
    await submitted();
    const process: ProcessStatus = {
      code: 0,
      state: "running",
      text: { zh: "审批中", en: "running" },
      progress: { phase: "waiting", places: [{ id: "n", name: "主管审批", assignees: ["主管"] }] },
      timeline: [{ at: "2026-01-01T00:00:00.000Z", node: "主管审批", what: "entered" }],
    };
    const asked = (statusNow: Engines["statusNow"]) =>
      statusOf(createLedgerStore(store.database), question, { statusNow, repeatWindowMs: () => 0 });
    expect(await asked(async ({ processId }) => (processId === "p-1" ? process : undefined))).toMatchObject({
      process,
    });
    vi.spyOn(console, "log").mockImplementation(() => undefined);
    const failed = await asked(async () => {
      throw new Error("down");
    });
    expect(failed).toMatchObject({ outcome: "started", processId: "p-1" });
    expect(failed).not.toHaveProperty("process");
  });

  it.each([
    ["in_progress", { state: "dispatched", leaseMs: 20_000 }],
    ["unknown", { state: "unknown", reason: "OUTCOME_UNKNOWN" }],
  ] as const)("is %s, without a process", async (outcome, state) => {
    await submitted({}, state);
    const answer = await look();
    expect(answer.outcome).toBe(outcome);
    expect(answer).not.toHaveProperty("processId");
  });

  it("to a free one is rejected, with the reason", async () => {
    await submitted({}, { state: "free", reason: "ENGINE_BUSY" });
    expect(await look()).toMatchObject({ outcome: "rejected", reason: "ENGINE_BUSY" });
  });

  it("to one whose lease is over is unknown, and nothing is written down", async () => {
    const claimedAt = new Date(Date.now() - 20_000 - ONCE.clockMarginMs - 1_000);
    await submitted({}, { state: "dispatched", leaseMs: 20_000, claimedAt });
    expect((await look()).outcome).toBe("unknown");
    const { data } = (await store.database
      .collection(SUBMISSIONS)
      .doc(recordId("preview", question.submissionId))
      .get()) as { data: SubmissionRecord[] };
    expect(data[0]?.state).toBe("dispatched");
  });

  it("costs one call of the store", async () => {
    await submitted();
    const before = store.calls();
    await look();
    expect(store.calls() - before).toBe(1);
  });

  it("to a store that fails says that nothing is known, never that nothing was started", async () => {
    await submitted();
    store.faults.set({ store: { kind: "down", rate: 1 } });
    await expect(look()).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN", outcome: "unknown" });
  });
});

describe("somebody else's submission", () => {
  it("is none: to another user, to nobody, and in the other environment", async () => {
    await submitted();
    const ofOthers = [{ userId: "user-2" }, { userId: "" }, { environment: "production" as const }];
    const missing = await look({ submissionId: question.submissionId.replace("5f", "6f") });
    for (const change of ofOthers) {
      const answer = await look(change);
      expect(answer).toEqual(none(question.submissionId));
      expect(JSON.stringify(answer)).toBe(JSON.stringify({ ...missing, submissionId: question.submissionId }));
    }
  });

  it("is seen by an operator", async () => {
    await submitted();
    expect(await look({ userId: "", isOperator: true })).toMatchObject({ outcome: "started", processId: "p-1" });
  });
});

describe("the submission of nobody", () => {
  it("is seen by nobody in particular who has its random id", async () => {
    const submissionId = randomUUID();
    await submitted({ submissionId, userId: "" });
    expect(await look({ submissionId, userId: "" })).toMatchObject({ outcome: "started" });
    expect(await look({ submissionId, userId: "user-1" })).toEqual(none(submissionId));
  });

  it.each([
    ["worked out from its content", derivedId("preview", "", "hash-1")],
    ["tried", "12345678"],
    ["a UUID of another version, which can be worked out too", "c232ab00-9414-11ec-b3c8-9e6bdeced846"],
  ])("is none where its id can be %s", async (_, submissionId) => {
    await submitted({ submissionId, userId: "" });
    expect(await look({ submissionId, userId: "" })).toEqual(none(submissionId));
  });
});

describe("an operator key", () => {
  const [key, next] = ["k".repeat(16), "n".repeat(32)];

  it("is the configured one, or one of the two", () => {
    expect(isOperatorKey(key, key)).toBe(true);
    expect(isOperatorKey(key, `${key}, ${next}`)).toBe(true);
    expect(isOperatorKey(next, `${key},${next}`)).toBe(true);
  });

  it.each([undefined, "", key.slice(1), `${key}x`, `${key},${next}`, "K".repeat(16)])("is not %j", (given) => {
    expect(isOperatorKey(given, `${key},${next}`)).toBe(false);
  });

  it("is none where none is configured", () => {
    for (const configured of [undefined, ""])
      for (const given of [undefined, "", key]) expect(isOperatorKey(given, configured)).toBe(false);
  });

  it.each([
    ["is short", "short"],
    ["is a template that nobody filled in", "{{env.STARTFLOW_OPERATOR_KEY}}"],
    ["ends with a comma", `${key},`],
    ["is one of three", `${key},${next},${key}`],
  ])("is refused where what is configured %s, and the log does not repeat it", (_, configured) => {
    const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
    for (const given of [configured, key, ""]) expect(isOperatorKey(given, configured)).toBe(false);
    expect(error.mock.calls.join()).toContain("STARTFLOW_OPERATOR_KEY is not used");
    expect(error.mock.calls.join()).not.toContain(configured);
  });
});
