/** The ledger on the real database: at most one process for one submission, whatever goes wrong around it. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deadlineIn } from "../../../shared/base/deadline";
import { StartflowError } from "../../../shared/base/errors";
import type { PreparedStart } from "../../../shared/engines/engine";
import { recordId } from "../../../shared/engines/submission";
import type { Claim, OnceParts } from "../../../shared/once/claim";
import { startOnce } from "../../../shared/once/ledger";
import { ONCE, SUBMISSIONS, type SubmissionRecord } from "../../../shared/once/record";
import { createLedgerStore } from "../../../shared/once/store";
import { type TestStore, testStore } from "../../helpers/database";
import { unhurried } from "../../helpers/still-clock";

let store: TestStore;
let sent: number;
beforeEach(() => {
  store = testStore();
  sent = 0;
});
afterEach(() => {
  store.faults.set({});
  vi.useRealTimers();
});

const claim: Claim = {
  submissionId: "5f3b1c2e-8d54-4a43-9d53-1a5b9f0c7e21",
  isDerived: false,
  environment: "preview",
  target: "weda-process",
  processKey: "flow_012",
  userId: "user-1",
  contentHash: "hash-1",
};

function partsOf(limitMs = 20_000): OnceParts {
  return { store: createLedgerStore(store.database), deadline: deadlineIn(limitMs), sendTimeoutMs: 1_000 };
}

function preparing(send: () => Promise<{ processId: string }> = async () => ({ processId: `p-${sent}` })) {
  return async (): Promise<PreparedStart> => ({
    request: {},
    send: () => {
      sent += 1;
      return send();
    },
  });
}

const start = (change: Partial<Claim> = {}, send?: () => Promise<{ processId: string }>) =>
  startOnce(partsOf(), { ...claim, ...change }, preparing(send));
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof StartflowError ? error.code : String(error)),
  );
async function record(id = claim.submissionId): Promise<SubmissionRecord> {
  const { data } = (await store.database.collection(SUBMISSIONS).doc(recordId("preview", id)).get()) as {
    data: SubmissionRecord[];
  };
  return data[0] as SubmissionRecord;
}
const failing = (code: ConstructorParameters<typeof StartflowError>[0]) => async () => {
  throw new StartflowError(code);
};

describe("a submission", () => {
  it("starts one process, and its repeat answers with that one", async () => {
    expect(await start()).toEqual({ outcome: "started", processId: "p-1" });
    expect(await start()).toEqual({ outcome: "duplicate", processId: "p-1" });
    expect(sent).toBe(1);
    expect(await record()).toMatchObject({ state: "started", processId: "p-1", generation: 1, userId: "user-1" });
  });

  it("costs three calls of the store, and its repeat one", async () => {
    await start({ submissionId: "makes-the-collection" });
    const before = store.calls();
    await start();
    expect(store.calls() - before).toBe(3);
    await start();
    expect(store.calls() - before).toBe(4);
  });

  it("prepares nothing where it is a repeat", async () => {
    await start();
    const prepare = vi.fn(preparing());
    await startOnce(partsOf(), claim, prepare);
    expect(prepare).not.toHaveBeenCalled();
  });

  it("that 50 calls send at once starts one process", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () =>
        start().then(
          ({ outcome }) => outcome,
          (error: StartflowError) => error.code,
        ),
      ),
    );
    expect(sent).toBe(1);
    expect(outcomes.filter((outcome) => outcome === "started")).toHaveLength(1);
    expect(outcomes.every((outcome) => ["started", "duplicate", "SUBMISSION_IN_PROGRESS"].includes(outcome))).toBe(
      true,
    );
  });

  it("is refused with other content, or by another user, without a word about the first", async () => {
    await start();
    expect(await codeOf(start({ contentHash: "hash-2" }))).toBe("SUBMISSION_REUSED");
    expect(await codeOf(start({ userId: "user-2" }))).toBe("SUBMISSION_REUSED");
    expect(sent).toBe(1);
  });

  it("of one environment says nothing of the other", async () => {
    await start();
    expect((await start({ environment: "production" })).outcome).toBe("started");
  });

  it("keeps no content, only its hash", async () => {
    await start();
    expect(Object.keys(await record()).sort()).toEqual(
      [
        "_id",
        "changedAt",
        "claimedAt",
        "contentHash",
        "environment",
        "generation",
        "leaseMs",
        "openedAt",
        "output",
        "problem",
        "processId",
        "processKey",
        "progress",
        "reason",
        "stamp",
        "state",
        "status",
        "submissionId",
        "target",
        "token",
        "userId",
      ].sort(),
    );
  });
});

describe("a failure", () => {
  it("that is known to have started nothing leaves the submission free, to be sent again", async () => {
    expect(await codeOf(start({}, failing("ENGINE_REFUSED")))).toBe("ENGINE_REFUSED");
    expect(await record()).toMatchObject({ state: "free", reason: "ENGINE_REFUSED" });
    expect(await start()).toMatchObject({ outcome: "started" });
    expect(await record()).toMatchObject({ state: "started", generation: 2, reason: null });
  });

  it("that is known to have started nothing lets the form be corrected under the same id, by its own user", async () => {
    await codeOf(start({}, failing("ENGINE_REFUSED")));
    expect(await codeOf(start({ contentHash: "hash-2", userId: "user-2" }))).toBe("SUBMISSION_REUSED");
    expect(await start({ contentHash: "hash-2" })).toMatchObject({ outcome: "started" });
    expect(await record()).toMatchObject({ contentHash: "hash-2", generation: 2 });
    expect(await codeOf(start())).toBe("SUBMISSION_REUSED");
  });

  it("that may be repeated is tried again, a few times", async () => {
    expect(await codeOf(start({}, failing("ENGINE_BUSY")))).toBe("ENGINE_BUSY");
    expect(sent).toBe(ONCE.sendTries);
  });

  it("of an unknown outcome is never sent again", async () => {
    expect(await codeOf(start({}, failing("OUTCOME_UNKNOWN")))).toBe("OUTCOME_UNKNOWN");
    expect(await codeOf(start())).toBe("OUTCOME_UNKNOWN");
    expect(sent).toBe(1);
    expect(await record()).toMatchObject({ state: "unknown", reason: "OUTCOME_UNKNOWN" });
  });

  it("that nobody foresaw, once the call may have left, is unknown", async () => {
    const send = async () => {
      throw new TypeError("x is not a function");
    };
    expect(await codeOf(start({}, send))).toBe("OUTCOME_UNKNOWN");
    expect(await record()).toMatchObject({ state: "unknown" });
  });

  it("of an engine that never answers is unknown after the send's own time", async () => {
    expect(await codeOf(start({}, () => new Promise(() => undefined)))).toBe("OUTCOME_UNKNOWN");
  });

  it("while nothing was claimed leaves no record", async () => {
    const prepare = async () => {
      throw new StartflowError("NOT_CONFIGURED");
    };
    expect(await codeOf(startOnce(partsOf(), claim, prepare))).toBe("NOT_CONFIGURED");
    expect(await start()).toMatchObject({ outcome: "started" });
  });
});

describe("a call that died after its claim", () => {
  async function claimedBy(state: Partial<SubmissionRecord>): Promise<void> {
    await start();
    await store.database
      .collection(SUBMISSIONS)
      .where({ _id: recordId("preview", claim.submissionId) })
      .update({ state: "dispatched", processId: null, ...state });
    sent = 0;
  }

  it("is in progress while its lease runs", async () => {
    await claimedBy({ leaseMs: 20_000 });
    expect(await codeOf(start())).toBe("SUBMISSION_IN_PROGRESS");
  });

  it("is unknown after it, for everybody, and nothing is sent", async () => {
    await claimedBy({ leaseMs: 20_000, claimedAt: new Date(Date.now() - 20_000 - ONCE.clockMarginMs - 1_000) });
    expect(await codeOf(start())).toBe("OUTCOME_UNKNOWN");
    expect(await record()).toMatchObject({ state: "unknown", reason: "LEASE_EXPIRED" });
    expect(sent).toBe(0);
  });

  it("and comes back after its lease finishes its own submission only", async () => {
    const { late, release } = await startThatWaits();
    await change({ state: "unknown" });
    release({ processId: "p-late" });
    expect(await late).toEqual({ outcome: "started", processId: "p-late" });
    expect(await record()).toMatchObject({ state: "started", processId: "p-late" });
  });

  it.each(["dispatched", "unknown", "started"] as const)(
    "and was overtaken by a new claim that is %s changes nothing of it",
    async (state) => {
      const { late, release } = await startThatWaits();
      const other = { state, token: "another", processId: null };
      await change(other);
      release({ processId: "p-late" });
      await late;
      expect(await record()).toMatchObject(other);
    },
  );

  const change = (members: object) =>
    store.database
      .collection(SUBMISSIONS)
      .where({ _id: recordId("preview", claim.submissionId) })
      .update(members);

  /** A start whose send has left and is not answered yet. */
  async function startThatWaits() {
    unhurried();
    let release = (_: { processId: string }): void => undefined;
    const answered = new Promise<{ processId: string }>((resolve) => {
      release = resolve;
    });
    const late = startOnce(
      { ...partsOf(), sendTimeoutMs: 5_000 },
      claim,
      preparing(() => answered),
    );
    await expect.poll(() => sent).toBe(1);
    return { late, release };
  }
});

describe("the store", () => {
  it.each(["down", "error-before", "reject", "rate-limit"] as const)(
    "that is %s: nothing is started, and later it can be",
    async (kind) => {
      store.faults.set({ store: { kind, rate: 1 } });
      expect(await codeOf(start())).toBe("STORE_UNREACHABLE");
      expect(sent).toBe(0);
      store.faults.set({});
      expect(await start()).toMatchObject({ outcome: "started" });
    },
  );

  it.each(["lost-after", "error-after"] as const)(
    "that takes the claim and then answers %s: the claim is known for its own",
    async (kind) => {
      await start({ submissionId: "makes-the-collection" });
      sent = 0;
      // The look-up is the first call, the claim the second.
      const send = preparing();
      const prepare = async () => {
        store.faults.set({ store: { kind, rate: 1, times: 1 } });
        return send();
      };
      expect(await startOnce(partsOf(), claim, prepare)).toMatchObject({ outcome: "started" });
      expect(sent).toBe(1);
      expect(await record()).toMatchObject({ state: "started", generation: 1 });
    },
  );

  it("that loses the answer to the record has it all the same", async () => {
    const send = async () => {
      store.faults.set({ store: { kind: "lost-after", rate: 1, times: 1 } });
      return { processId: "p-1" };
    };
    expect(await start({}, send)).toMatchObject({ outcome: "started", processId: "p-1" });
    expect(await record()).toMatchObject({ state: "started", processId: "p-1" });
  });

  it("that cannot record what was started: the form is told the truth, and a repeat sends nothing", async () => {
    const send = async () => {
      store.faults.set({ store: { kind: "down", rate: 1 } });
      return { processId: "p-1" };
    };
    expect(await start({}, send)).toMatchObject({ outcome: "started", processId: "p-1" });
    store.faults.set({});
    expect(await record()).toMatchObject({ state: "dispatched" });
    expect(await codeOf(start())).toBe("SUBMISSION_IN_PROGRESS");
    expect(sent).toBe(1);
  });
});

describe("an id made from the content", () => {
  const derived = { isDerived: true, submissionId: "d-0123456789" };

  it("is one submission within its window, and a new one after it", async () => {
    expect(await start(derived)).toMatchObject({ outcome: "started", processId: "p-1" });
    expect(await start(derived)).toMatchObject({ outcome: "duplicate", processId: "p-1" });
    await store.database
      .collection(SUBMISSIONS)
      .where({ _id: recordId("preview", derived.submissionId) })
      .update({ claimedAt: new Date(Date.now() - ONCE.derivedWindowMs - 1_000) });
    const [first, second] = await Promise.all([codeOf(start(derived)), codeOf(start(derived))]);
    expect([first, second].filter((code) => code === "none").length).toBeGreaterThanOrEqual(1);
    expect(sent).toBe(2);
    expect(await record(derived.submissionId)).toMatchObject({ state: "started", generation: 2, processId: "p-2" });
  });

  it("has the window that is configured", async () => {
    const parts = () => ({ ...partsOf(), windowMs: 0 });
    await startOnce(parts(), { ...claim, ...derived }, preparing());
    store.clock.set({ offsetMs: 5 });
    expect(await startOnce(parts(), { ...claim, ...derived }, preparing())).toMatchObject({ outcome: "started" });
  });

  it("whose outcome is unknown stays so after its window", async () => {
    await codeOf(start(derived, failing("OUTCOME_UNKNOWN")));
    await store.database
      .collection(SUBMISSIONS)
      .where({ _id: recordId("preview", derived.submissionId) })
      .update({ claimedAt: new Date(Date.now() - 86_400_000) });
    expect(await codeOf(start(derived))).toBe("OUTCOME_UNKNOWN");
    expect(sent).toBe(1);
  });
});

describe("the function's time", () => {
  it("that is too short for a send and its record: nothing is claimed or sent", async () => {
    await start({ submissionId: "makes-the-collection" });
    sent = 0;
    expect(await codeOf(startOnce(partsOf(3_000), claim, preparing()))).toBe("TOO_LATE");
    expect(sent).toBe(0);
    expect(await record()).toBeUndefined();
  });

  it("that ran out between claim and send: nothing is sent, and the submission is free", async () => {
    let remaining = 20_000;
    const parts = { ...partsOf(), deadline: { remainingMs: () => remaining } };
    const slow = {
      ...parts.store,
      insert: async (...args: Parameters<typeof parts.store.insert>) => {
        const won = await parts.store.insert(...args);
        remaining = 0;
        return won;
      },
    };
    expect(await codeOf(startOnce({ ...parts, store: slow }, claim, preparing()))).toBe("TOO_LATE");
    expect(sent).toBe(0);
    expect(await record()).toMatchObject({ state: "free" });
  });
});
