/** The sweep on the real database: what the engine says is written down, what it cannot say is told to an operator. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { deadlineIn } from "../../../shared/base/deadline";
import type { Found } from "../../../shared/engines/engine";
import { recordId } from "../../../shared/engines/submission";
import type { OnceParts } from "../../../shared/once/claim";
import { startOnce } from "../../../shared/once/ledger";
import { type ReconcileParts, reconcile, settleMs } from "../../../shared/once/reconcile";
import { SUBMISSIONS, type SubmissionRecord } from "../../../shared/once/record";
import { createLedgerStore } from "../../../shared/once/store";
import { SWEEP, sweepDue } from "../../../shared/once/sweep";
import { createSweepStore, type SweepDatabase } from "../../../shared/once/sweep-store";
import { type TestStore, testStore } from "../../helpers/database";
import { openWebhook, type Webhook } from "../../helpers/notices";
import { stillClock } from "../../helpers/still-clock";

let store: TestStore;
let webhook: Webhook;
beforeAll(async () => {
  webhook = await openWebhook();
});
afterAll(() => webhook.close());
beforeEach(() => {
  store = testStore();
  Object.assign(webhook, { received: [], status: 200, location: "" });
});
afterEach(() => {
  store.clock.set({ offsetMs: 0 });
  store.faults.set({});
  vi.unstubAllEnvs();
});

const SETTLE_MS = 120_000;
const ID = "5f3b1c2e-8d54-4a43-9d53-1a5b9f0c7e21";
const later = (ms: number) => store.clock.set({ offsetMs: ms });
const sweepStore = () => createSweepStore(store.database as SweepDatabase);

async function record(id = ID): Promise<SubmissionRecord> {
  const found = await createLedgerStore(store.database).find(recordId("preview", id));
  if (found === undefined) throw new Error(`no record of ${id}`);
  return found;
}

/** A claim of the ledger's own, that stands as it is said. */
async function standing(change: Partial<SubmissionRecord> = {}, submissionId = ID): Promise<SubmissionRecord> {
  const claim = {
    isDerived: false,
    environment: "preview" as const,
    target: "weda-process",
    processKey: "flow_012",
    stamp: "165708798187000009",
    userId: "user-1",
    contentHash: "hash-1",
  };
  const parts: OnceParts = {
    store: createLedgerStore(store.database),
    deadline: deadlineIn(20_000),
    sendTimeoutMs: 1_000,
  };
  const send = async () => {
    throw new Error("lost");
  };
  await startOnce(parts, { ...claim, submissionId }, async () => ({ request: {}, send })).catch(() => undefined);
  const _id = recordId("preview", submissionId);
  if (Object.keys(change).length > 0) await store.database.collection(SUBMISSIONS).where({ _id }).update(change);
  return record(submissionId);
}

function parts(found: Found | (() => Promise<Found>)): ReconcileParts {
  const find = typeof found === "function" ? found : async () => found;
  return { store: sweepStore(), find, findTimeoutMs: 500, settleMs: SETTLE_MS, sendTimeoutMs: 10_000 };
}
const reconciled = async (found: Found | (() => Promise<Found>), listed: SubmissionRecord) =>
  (await reconcile(parts(found), listed))[0];
const swept = (found: Found | (() => Promise<Found>), more: object = {}) =>
  sweepDue({ ...parts(found), deadline: deadlineIn(60_000), noticeUrl: webhook.url, retentionDays: 0, ...more });

describe("a submission of which nobody knows", () => {
  it("whose process is found is started, with its id, and the decision is written down", async () => {
    expect(await reconciled({ processId: "p-1" }, await standing())).toBe("started");
    expect(await record()).toMatchObject({
      state: "started",
      processId: "p-1",
      reason: null,
      decisions: [{ at: expect.any(Date), by: "sweep", to: "started", processId: "p-1" }],
    });
  });

  it("that has no process stays as it is before the settle time, and is free after it", async () => {
    const listed = await standing();
    later(SETTLE_MS - 5_000);
    expect(await reconciled("none", listed)).toBe("waiting");
    expect(await record()).toMatchObject({ state: "unknown", reason: "OUTCOME_UNKNOWN" });
    later(SETTLE_MS + 5_000);
    expect(await reconciled("none", await record())).toBe("freed");
    expect(await record()).toMatchObject({ state: "free", decisions: [{ by: "sweep", to: "free" }] });
  });

  it("is judged by the store's clock alone, however wrong this instance's is", async () => {
    const listed = await standing();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 86_400_000 });
    expect(await reconciled("none", listed)).toBe("waiting");
    vi.useRealTimers();
    expect(await record()).toMatchObject({ state: "unknown" });
  });

  it("waits longer than the settle time where the call that claimed it had more time than that", async () => {
    const listed = await standing({ leaseMs: 300_000 });
    later(SETTLE_MS + 5_000);
    expect(await reconciled("none", listed)).toBe("waiting");
    later(320_000);
    expect(await reconciled("none", await record())).toBe("freed");
  });

  it.each([
    ["says that it cannot tell", async () => "cannot-tell" as const],
    ["throws", async () => Promise.reject(new Error("down"))],
    ["does not answer", () => new Promise<never>(() => undefined)],
  ])("stays unknown for good where the engine %s", async (_, find) => {
    const listed = await standing();
    later(86_400_000);
    expect(await reconciled(find, listed)).toBe("unknown");
    expect(await record()).toMatchObject({ state: "unknown" });
  });

  it("of a derived id's later generation is not taken for the process of an earlier one", async () => {
    const derived = `d-${"0".repeat(40)}`;
    const listed = await standing({ generation: 2 }, derived);
    later(SETTLE_MS + 5_000);
    expect(await reconciled({ processId: "p-earlier" }, listed)).toBe("unknown");
    expect(await reconciled("none", await record(derived))).toBe("freed");
  });
});

describe("a call that holds its claim", () => {
  it("is left alone within its lease, and unknown after it", async () => {
    const listed = await standing({ state: "dispatched" });
    expect(await reconciled("none", listed)).toBe("in_progress");
    expect(await record()).toMatchObject({ state: "dispatched" });
    later(30_000);
    expect(await reconciled("none", await record())).toBe("waiting");
    expect(await record()).toMatchObject({ state: "unknown", reason: "LEASE_EXPIRED" });
  });

  it("and finishes late, while the sweep looks, stays right", async () => {
    const listed = await standing();
    later(SETTLE_MS + 5_000);
    const find = async () => {
      const expected = { token: listed.token, states: ["unknown" as const] };
      await createLedgerStore(store.database).change(listed._id, expected, { state: "started", processId: "p-late" });
      return "none" as const;
    };
    expect(await reconciled(find, listed)).toBe("moved_on");
    expect(await record()).toMatchObject({ state: "started", processId: "p-late" });
    expect(await record()).not.toHaveProperty("decisions");
  });
});

describe("two sweeps at once", () => {
  it("settle each submission once, and tell of each once", async () => {
    for (let at = 0; at < 6; at += 1) await standing({}, `submission-${at}`);
    later(SETTLE_MS + 5_000);
    const find = async () => "none" as const;
    const answers = await Promise.all([swept(find), swept(find)]);
    expect(answers.reduce((sum, { freed }) => sum + freed, 0)).toBe(6);
    for (let at = 0; at < 6; at += 1) expect((await record(`submission-${at}`)).decisions).toHaveLength(1);
    for (let at = 0; at < 6; at += 1) await standing({}, `other-${at}`);
    later(2 * SETTLE_MS + 10_000);
    await Promise.all([swept("cannot-tell"), swept("cannot-tell")]);
    expect(webhook.received.map(({ submissionId }) => submissionId).sort()).toEqual(
      [0, 1, 2, 3, 4, 5].map((at) => `other-${at}`),
    );
  });

  it("take a record that both have listed once", async () => {
    const listed = await standing();
    const taken = await Promise.all([sweepStore().take(listed), sweepStore().take(listed)]);
    expect(taken.filter((one) => one !== undefined)).toHaveLength(1);
  });
});

describe("what stays unknown", () => {
  it("is told once, with what to do in both languages, after the settle time", async () => {
    await standing();
    expect(await swept("cannot-tell")).toEqual({ checked: 1, started: 0, freed: 0, noticed: 0, left: 1, expired: 0 });
    later(SETTLE_MS + 5_000);
    expect(await swept("cannot-tell")).toEqual({ checked: 1, started: 0, freed: 0, noticed: 1, left: 1, expired: 0 });
    expect(await swept("cannot-tell")).toEqual({ checked: 1, started: 0, freed: 0, noticed: 0, left: 1, expired: 0 });
    expect(webhook.received).toEqual([
      {
        event: "submission_unknown",
        submissionId: ID,
        environment: "preview",
        target: "weda-process",
        processKey: "flow_012",
        userId: "user-1",
        since: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        reason: "OUTCOME_UNKNOWN",
        next: { zh: expect.stringContaining(ID), en: expect.stringContaining(ID) },
      },
    ]);
  });

  it.each([
    ["that fails", { status: 500 }],
    ["that redirects", { status: 307, location: "http://127.0.0.1:9/" }],
    ["that does not answer", { status: 0 }],
  ])("is told again where the webhook is one %s", async (_, answer) => {
    await standing();
    await standing({}, "another-one");
    later(SETTLE_MS + 5_000);
    Object.assign(webhook, answer);
    const clock = stillClock();
    const first = swept("cannot-tell");
    await expect.poll(() => webhook.received.length).toBe(1);
    clock.pass(5_000);
    // One failure is enough for a sweep: the others are told by the next one.
    expect(await first).toMatchObject({ noticed: 0, left: 2 });
    expect(webhook.received).toHaveLength(1);
    Object.assign(webhook, { received: [], status: 204, location: "" });
    expect(await swept("cannot-tell")).toMatchObject({ noticed: 2 });
    expect(webhook.received).toHaveLength(2);
    expect(await swept("cannot-tell")).toMatchObject({ noticed: 0, left: 2 });
  });

  it("is told of a later claim again", async () => {
    const first = await standing();
    later(SETTLE_MS + 5_000);
    expect(await swept("cannot-tell")).toMatchObject({ noticed: 1 });
    const free = { token: first.token, states: ["unknown" as const] };
    await createLedgerStore(store.database).change(first._id, free, { state: "free" });
    await standing();
    later(2 * SETTLE_MS + 10_000);
    expect(await swept("cannot-tell")).toMatchObject({ noticed: 1 });
    expect((await record()).generation).toBe(2);
  });

  it("without a webhook is told by the log, once", async () => {
    await standing();
    later(SETTLE_MS + 5_000);
    const lines = vi.spyOn(console, "log").mockImplementation(() => undefined);
    await swept("cannot-tell", { noticeUrl: undefined });
    await swept("cannot-tell", { noticeUrl: undefined });
    const told = lines.mock.calls.filter(([line]) => String(line).includes("submission stays unknown"));
    lines.mockRestore();
    expect(told).toHaveLength(1);
    expect(String(told[0]?.[0])).toContain(ID);
  });
});

describe("a sweep", () => {
  it("of a store without submissions finds nothing to do", async () => {
    expect(await swept("none")).toEqual({ checked: 0, started: 0, freed: 0, noticed: 0, left: 0, expired: 0 });
  });

  it("looks at both environments, and gives each record to the engine's question", async () => {
    await standing();
    await standing({ environment: "production" }, "in-production");
    const asked: string[] = [];
    const find = async ({ environment }: SubmissionRecord) => {
      asked.push(environment);
      return "cannot-tell" as const;
    };
    await sweepDue({ ...parts("none"), find, deadline: deadlineIn(60_000), noticeUrl: undefined, retentionDays: 0 });
    expect(asked.sort()).toEqual(["preview", "production"]);
  });

  it("passes by the calls that are at work, whatever lease they have", async () => {
    await standing({ state: "dispatched", leaseMs: 900_000 }, "at-work-for-long");
    await standing({ state: "dispatched" }, "gone-already");
    later(30_000);
    const answer = await swept({ processId: "p-1" });
    expect(answer).toEqual({ checked: 1, started: 1, freed: 0, noticed: 0, left: 0, expired: 0 });
    expect(await record("at-work-for-long")).toMatchObject({ state: "dispatched" });
  });

  it("that has no time left leaves the rest, and says how much", async () => {
    await standing();
    await standing({}, "another-one");
    const answer = await swept({ processId: "p-1" }, { deadline: deadlineIn(SWEEP.stopBeforeMs - 1) });
    expect(answer).toEqual({ checked: 0, started: 0, freed: 0, noticed: 0, left: 2, expired: 0 });
  });

  it("takes those first that no sweep has looked at for longest, so that none waits for ever", async () => {
    await standing({}, "first-one");
    await swept("cannot-tell");
    await standing({}, "second-one");
    const due = await sweepStore().due("unknown", 10);
    expect(due.map(({ submissionId }) => submissionId)).toEqual(["second-one", "first-one"]);
  });

  it.each(["lost-after", "error-before", "reject"] as const)(
    "whose store is %s for one of them goes on with the others, and the next one has the rest",
    async (kind) => {
      await standing();
      await standing({}, "another-one");
      const found = { processId: "p-1" };
      let asked = 0;
      const find = async () => {
        asked += 1;
        if (asked === 1) store.faults.set({ store: { kind, rate: 1, times: 1 } });
        return found;
      };
      expect(await swept(find)).toEqual({ checked: 2, started: 1, freed: 0, noticed: 0, left: 1, expired: 0 });
      await swept(find);
      expect([await record(), await record("another-one")]).toMatchObject([{ state: "started" }, { state: "started" }]);
    },
  );

  it("whose store is down says so", async () => {
    store.faults.set({ store: { kind: "down", rate: 1 } });
    await expect(swept("none")).rejects.toMatchObject({ code: "STORE_UNREACHABLE" });
  });
});

describe("the settle time", () => {
  it("is two minutes unless told, and never shorter than a call and its send can last", () => {
    expect(settleMs()).toBe(SETTLE_MS);
    vi.stubEnv("STARTFLOW_SETTLE_MS", "33000");
    expect(settleMs()).toBe(33_000);
    vi.stubEnv("STARTFLOW_SETTLE_MS", "32999");
    expect(settleMs).toThrow("STARTFLOW_SETTLE_MS");
    vi.stubEnv("STARTFLOW_SETTLE_MS", "");
    vi.stubEnv("STARTFLOW_TIME_LIMIT_MS", "300000");
    expect(settleMs()).toBe(313_000);
  });
});
