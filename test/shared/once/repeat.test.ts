/** The ledger with an engine that takes a key of ours, and with one that says how long to wait. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deadlineIn } from "../../../shared/base/deadline";
import { StartflowError } from "../../../shared/base/errors";
import type { Started } from "../../../shared/engines/engine";
import { recordId } from "../../../shared/engines/submission";
import type { Claim, OnceParts } from "../../../shared/once/claim";
import { startOnce } from "../../../shared/once/ledger";
import { SUBMISSIONS, type SubmissionRecord } from "../../../shared/once/record";
import { createLedgerStore } from "../../../shared/once/store";
import { type TestStore, testStore } from "../../helpers/database";
import { unhurried } from "../../helpers/still-clock";

let store: TestStore;
let sent: number;
beforeEach(() => {
  store = testStore();
  sent = 0;
});
afterEach(() => vi.useRealTimers());

const claim: Claim = {
  submissionId: "5f3b1c2e-8d54-4a43-9d53-1a5b9f0c7e21",
  isDerived: false,
  environment: "preview",
  target: "apaas-flow",
  processKey: "flow",
  userId: "user-1",
  contentHash: "hash-1",
};

function partsOf(limitMs = 20_000): OnceParts {
  return { store: createLedgerStore(store.database), deadline: deadlineIn(limitMs), sendTimeoutMs: 1_000 };
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof StartflowError ? error.code : String(error)),
  );
async function record(): Promise<SubmissionRecord> {
  const call = store.database.collection(SUBMISSIONS).doc(recordId("preview", claim.submissionId)).get();
  return ((await call) as { data: SubmissionRecord[] }).data[0] as SubmissionRecord;
}
type Send = () => Promise<Started>;
const failing =
  (code: ConstructorParameters<typeof StartflowError>[0], retryAfterMs?: number): Send =>
  async () => {
    throw new StartflowError(code, retryAfterMs === undefined ? {} : { retryAfterMs });
  };
const answers =
  (processId: string | null): Send =>
  async () => ({ processId });
const lost: Send = async () => {
  throw new StartflowError("OUTCOME_UNKNOWN", { isUnanswered: true });
};
const generations: number[] = [];

/** Each send does what comes next in the list. */
function once(sends: Send[], parts: OnceParts = partsOf()) {
  generations.length = 0;
  return startOnce(parts, claim, async (generation) => {
    generations.push(generation);
    return {
      request: {},
      send: () => {
        sent += 1;
        const next = sends.shift();
        if (next === undefined) throw new Error("sent too often");
        return next();
      },
    };
  });
}

describe("an engine that takes a key and refuses its repeat", () => {
  const keyed = (limitMs?: number): OnceParts => ({ ...partsOf(limitMs), repeatWindowMs: 60_000 });
  /** So often that a call gives up. */
  const lostForGood = () => once([lost, lost, lost], keyed());

  it("is asked again at once, under the same key: started now", async () => {
    expect(await once([lost, answers("p-2")], keyed())).toEqual({ outcome: "started", processId: "p-2" });
    expect(generations).toEqual([1]);
  });

  it("is asked again at once, and its refusal of the key says that it had started", async () => {
    expect(await once([lost, answers(null)], keyed())).toEqual({ outcome: "started", processId: null });
    expect(await record()).toMatchObject({ state: "started", processId: null, generation: 1 });
    expect(await once([], keyed())).toEqual({ outcome: "duplicate", processId: null });
  });

  it.each(["ENGINE_BUSY", "ENGINE_REFUSED", "ENGINE_UNREACHABLE"] as const)(
    "that answers the repeat with %s leaves it unknown, and never free",
    async (code) => {
      expect(await codeOf(once([lost, failing(code), failing(code)], keyed()))).toBe("OUTCOME_UNKNOWN");
      expect(await record()).toMatchObject({ state: "unknown", generation: 1 });
      // The next repeat is of the same start: its key must be the same.
      expect(await once([answers("p-9")], keyed())).toEqual({ outcome: "started", processId: "p-9" });
      expect(generations).toEqual([1]);
    },
  );

  it("finds out with a later submission what became of the first", async () => {
    expect(await codeOf(lostForGood())).toBe("OUTCOME_UNKNOWN");
    expect(await once([answers(null)], keyed())).toEqual({ outcome: "started", processId: null });
  });

  it("is not relied on after its window, counted from the first send", async () => {
    await codeOf(lostForGood());
    expect(await codeOf(lostForGood())).toBe("OUTCOME_UNKNOWN");
    const { openedAt, claimedAt } = await record();
    expect(openedAt?.getTime()).toBeLessThanOrEqual(claimedAt.getTime());
    vi.useFakeTimers({ toFake: ["Date"], now: (openedAt?.getTime() ?? 0) + 60_001 });
    const before = sent;
    expect(await codeOf(once([answers("p-late")], keyed()))).toBe("OUTCOME_UNKNOWN");
    expect(sent).toBe(before);
  });

  it("that cannot be reached for the repeat leaves it unknown: the form must not take it for not started", async () => {
    await codeOf(lostForGood());
    const unreachable = startOnce(keyed(), claim, async () => {
      throw new StartflowError("ENGINE_UNREACHABLE");
    });
    expect(await codeOf(unreachable)).toBe("OUTCOME_UNKNOWN");
    expect(await record()).toMatchObject({ state: "unknown" });
  });

  it("is not asked again after an answer that said nothing certain: it would say the same", async () => {
    const unclear = failing("OUTCOME_UNKNOWN");
    expect(await codeOf(once([unclear], keyed()))).toBe("OUTCOME_UNKNOWN");
    expect(await codeOf(once([], keyed()))).toBe("OUTCOME_UNKNOWN");
    expect(sent).toBe(1);
    expect(await record()).toMatchObject({ state: "unknown", reason: "OUTCOME_UNKNOWN" });
  });

  it("is told which send is a repeat: only then a key that was used was used by this start", async () => {
    const told: (boolean | undefined)[] = [];
    const send = (isRepeat?: boolean) => {
      told.push(isRepeat);
      return lost();
    };
    const prepared = { request: {}, send };
    await codeOf(startOnce(keyed(), claim, async () => prepared));
    await codeOf(startOnce(keyed(), claim, async () => prepared));
    expect(told).toEqual([false, true, true, true, true, true]);
  });

  it("whose window is over by the store's clock is not asked, whatever this instance's clock says", async () => {
    await codeOf(lostForGood());
    store.clock.set({ offsetMs: 3_600_000 });
    const before = sent;
    expect(await codeOf(once([answers("p-late")], keyed()))).toBe("OUTCOME_UNKNOWN");
    store.clock.set({ offsetMs: 0 });
    expect(sent).toBe(before);
  });

  it("is asked by one of two repeats at once", async () => {
    await codeOf(lostForGood());
    unhurried();
    let open = () => {};
    const refused = new Promise<void>((done) => {
      open = done;
    });
    const slow = () => refused.then(() => ({ processId: "p-2" }));
    const calls = [once([slow], keyed()), once([slow], keyed())];
    for (const call of calls) call.catch(open);
    const both = await Promise.allSettled(calls);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(sent).toBe(4);
  });

  it("gets another key once it is known that nothing was started", async () => {
    await codeOf(once([failing("ENGINE_REFUSED")], keyed()));
    await once([answers("p-1")], keyed());
    expect(generations).toEqual([2]);
  });

  it("is not sent to again where no window is configured", async () => {
    expect(await codeOf(once([lost], partsOf()))).toBe("OUTCOME_UNKNOWN");
    expect(await codeOf(once([], partsOf()))).toBe("OUTCOME_UNKNOWN");
    expect(sent).toBe(1);
  });
});

describe("an engine that says how long to wait", () => {
  it("is not asked again before that, and not at all where the time does not suffice", async () => {
    const startedMs = performance.now();
    await once([failing("ENGINE_BUSY", 700), answers("p-1")]);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(690);
    store = testStore();
    expect(await codeOf(once([failing("ENGINE_BUSY", 19_000)]))).toBe("ENGINE_BUSY");
    expect(sent).toBe(3);
  });

  it("gives way to what it started: status, problem and output are kept for a repeat", async () => {
    const told = { processId: "p", status: "failed", problem: { code: "k_ec_1", message: "x" }, output: { a: 1 } };
    expect(await once([async () => told])).toEqual({ outcome: "started", ...told });
    expect(await once([])).toEqual({ outcome: "duplicate", ...told });
  });
});
