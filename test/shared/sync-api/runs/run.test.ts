/** One run on the real ledger: started once, answered at its first end or wait, and never later than its caller waits. */

import { beforeEach, describe, expect, it, vi } from "vitest";
import { deadlineIn } from "../../../../shared/base/deadline";
import { StartflowError } from "../../../../shared/base/errors";
import type { Progress, Started } from "../../../../shared/engines/engine";
import type { Submission } from "../../../../shared/engines/submission";
import { NO_ANSWER } from "../../../../shared/once/record";
import { performRun, type RunRequest } from "../../../../shared/sync-api/runs/run";
import { WAIT_OVER } from "../../../../shared/sync-api/runs/run-state";
import { newUid } from "../../../../shared/sync-api/runs/uid";
import { type TestStore, testStore } from "../../../helpers/database";
import { failureOf } from "../../../helpers/failure";
import { unhurried } from "../../../helpers/still-clock";
import { contextOf, gate, openEngine, routeOf, type TriedEngine } from "../calls";
import { findRun } from "../records";

let store: TestStore;
let uid: string;
beforeEach(() => {
  store = testStore();
  uid = newUid();
});

const started = (phase: Progress["phase"], more: Partial<Started> = {}): Started => ({
  processId: "p-1",
  progress: { phase },
  ...more,
});
const status = (progress: Progress) => ({ code: 1, state: "x", text: { zh: "", en: "" }, progress });
const never = () => new Promise<never>(() => {});

/** With 20 seconds for the function, and a second for the caller. */
function perform(engine: TriedEngine, change: Partial<RunRequest> = {}, limitMs = 20_000) {
  const parts = { context: contextOf(store), environment: "preview" as const, deadline: deadlineIn(limitMs) };
  const entry = { whole: true } as unknown as never;
  const fields = [{ name: "body", value: { name: "x" }, entry }];
  return performRun(parts, { route: routeOf(engine), uid, fields, contentHash: "hash", waitMs: 1_000, ...change });
}
async function timed<Result>(work: Promise<Result>): Promise<[Result, number]> {
  const startedMs = performance.now();
  return [await work, performance.now() - startedMs];
}

describe("a run whose engine answers at its end", () => {
  it.each([
    ["completed", "succeeded"],
    ["waiting", "waiting"],
    ["declined", "declined"],
    ["cancelled", "cancelled"],
    ["failed", "failed"],
  ] as const)("with %s is answered as %s, and its repeat alike", async (phase, state) => {
    const engine = openEngine(() => started(phase, { output: { a: 1 } }));
    const run = { uid, state, output: { a: 1 } };
    expect(await perform(engine)).toEqual({ run, isRepeat: false });
    expect(await perform(engine)).toEqual({ run, isRepeat: true });
    expect(engine.sent).toEqual([{ name: "x" }]);
    expect(await findRun(store, uid)).toMatchObject({ state: "started", api: "demo/flows/hello", target: "scripted" });
  });

  it("that outlasts the wait is answered when the wait is over: it may go on, and nobody can be asked", async () => {
    const engine = openEngine(never);
    const [answer, ms] = await timed(perform(engine, { waitMs: 700 }));
    expect(answer).toEqual({ run: { uid, state: "unknown", isWaitOver: true }, isRepeat: false });
    expect(ms).toBeGreaterThanOrEqual(690);
    expect(ms).toBeLessThan(10_000);
    expect(await findRun(store, uid)).toMatchObject({ state: "unknown", reason: WAIT_OVER });
  });

  it("whose wait was over is not sent again: its repeat is answered alike, and at once", async () => {
    const engine = openEngine(never);
    await perform(engine, { waitMs: 300 });
    const [answer, ms] = await timed(perform(engine, { waitMs: 10_000 }));
    expect(answer).toEqual({ run: { uid, state: "unknown", isWaitOver: true }, isRepeat: true });
    expect(ms).toBeLessThan(8_000);
    expect(engine.sent).toHaveLength(1);
  });

  it("is waited for no longer than the function lives, with the time to write it down; that is a wait that is over", async () => {
    const engine = openEngine(never);
    const [answer, ms] = await timed(perform(engine, { waitMs: 60_000 }, 8_500));
    expect(answer.run).toEqual({ uid, state: "unknown", isWaitOver: true });
    expect(ms).toBeLessThan(10_000);
    expect(await findRun(store, uid)).toMatchObject({ state: "unknown", reason: WAIT_OVER });
  });
});

describe("an output that is too large to be kept", () => {
  it("is given to the call that started the run; its repeat says that it was left out", async () => {
    const output = { text: "x".repeat(200_000) };
    const engine = openEngine(() => started("completed", { output }));
    expect(await perform(engine)).toEqual({ run: { uid, state: "succeeded", output }, isRepeat: false });
    expect(await perform(engine)).toEqual({
      run: { uid, state: "succeeded", isOutputLeftOut: true },
      isRepeat: true,
    });
    expect(engine.sent).toHaveLength(1);
  });
});

describe("a uid that was made for a request", () => {
  it("is looked up no more than it must be, and yet starts nothing twice", async () => {
    await perform(openEngine(() => started("completed")));
    uid = newUid();
    const engine = openEngine(() => started("completed"));
    const before = store.calls();
    await perform(engine, { isNew: true });
    expect(store.calls() - before).toBe(2);
    // Two instances have made one id: what is there already is not run again.
    expect(await perform(engine, { isNew: true })).toMatchObject({ isRepeat: true });
    expect(await failureOf(perform(engine, { isNew: true, contentHash: "other" }))).toMatchObject({
      code: "SUBMISSION_REUSED",
    });
    expect(engine.sent).toHaveLength(1);
  });
});

describe("a run whose engine can be asked", () => {
  it("is asked until it rests, and answered then", async () => {
    let looks = 0;
    const engine = openEngine(() => started("running"), {
      async status(processId) {
        expect(processId).toBe("p-1");
        looks += 1;
        return status(looks < 4 ? { phase: "running" } : { phase: "waiting", places: [{ id: "n", name: "审批" }] });
      },
    });
    const [answer, ms] = await timed(perform(engine, { waitMs: 10_000 }));
    expect(answer.run).toEqual({ uid, state: "waiting", places: [{ id: "n", name: "审批" }] });
    expect(looks).toBe(4);
    expect(ms).toBeLessThan(8_000);
    expect((await findRun(store, uid))?.progress).toContain('"waiting"');
  });

  it("is not asked where its start tells its end", async () => {
    const look = vi.fn(never);
    expect(await perform(openEngine(() => started("completed"), { status: look }))).toMatchObject({
      run: { state: "succeeded" },
    });
    expect(look).not.toHaveBeenCalled();
  });

  it("is asked once at least, however short the wait", async () => {
    const engine = openEngine(() => started("running"), { status: async () => status({ phase: "completed" }) });
    expect(await perform(engine, { waitMs: 1 })).toMatchObject({ run: { state: "succeeded" } });
  });

  it("is not asked where it is not to be waited for", async () => {
    const look = vi.fn(never);
    const engine = openEngine(() => started("running"), { status: look });
    expect(await perform(engine, { waitMs: 0 })).toEqual({ run: { uid, state: "running" }, isRepeat: false });
    expect(look).not.toHaveBeenCalled();
  });

  it("is asked as seldom as its engine wants", async () => {
    const look = vi.fn(async () => status({ phase: "running" }));
    await perform(openEngine(() => started("running"), { status: look, pollMs: 400 }));
    expect(look.mock.calls.length).toBeLessThanOrEqual(4);
    expect(look.mock.calls.length).toBeGreaterThanOrEqual(2);
  });

  it("that goes on to the end of the wait is running, whatever its engine calls that", async () => {
    for (const phase of ["running", "other"] as const) {
      uid = newUid();
      const engine = openEngine(() => started("running"), { status: async () => status({ phase }) });
      const [answer, ms] = await timed(perform(engine, { waitMs: 400 }));
      expect(answer).toEqual({ run: { uid, state: "running" }, isRepeat: false });
      expect(ms).toBeGreaterThanOrEqual(390);
      expect(ms).toBeLessThan(10_000);
    }
  });

  it("is asked again where a look fails, and waited for no longer where a look hangs", async () => {
    let looks = 0;
    const engine = openEngine(() => started("running"), {
      async status() {
        looks += 1;
        if (looks === 1) throw new StartflowError("ENGINE_UNREACHABLE");
        return status({ phase: "completed" });
      },
    });
    expect(await perform(engine)).toMatchObject({ run: { state: "succeeded" } });
    uid = newUid();
    const hanging = openEngine(() => started("running"), { status: never });
    const [answer, ms] = await timed(perform(hanging, { waitMs: 400 }));
    expect(answer.run).toEqual({ uid, state: "running" });
    expect(ms).toBeLessThan(10_000);
  });

  it("keeps the output of its start", async () => {
    const engine = openEngine(() => started("running", { output: "o" }), {
      status: async () => status({ phase: "completed" }),
    });
    expect(await perform(engine)).toEqual({ run: { uid, state: "succeeded", output: "o" }, isRepeat: false });
  });
});

describe("a start", () => {
  it.each(["ENGINE_REFUSED", "NOT_CONFIGURED", "NOT_SIGNED_IN"] as const)(
    "that is refused with %s is a failure, and the run may be started by a repeat",
    async (code) => {
      let isRefused = true;
      const engine = openEngine(() => {
        if (isRefused) throw new StartflowError(code);
        return started("completed");
      });
      expect(await failureOf(perform(engine))).toMatchObject({ code, outcome: "rejected" });
      expect(await findRun(store, uid)).toMatchObject({ state: "free", reason: code });
      isRefused = false;
      expect(await perform(engine)).toEqual({ run: { uid, state: "succeeded" }, isRepeat: false });
    },
  );

  it("of which no answer came is not known, and not sent again", async () => {
    const engine = openEngine(() => {
      throw new StartflowError("OUTCOME_UNKNOWN", { isUnanswered: true });
    });
    expect((await perform(engine)).run).toEqual({ uid, state: "unknown" });
    expect(await findRun(store, uid)).toMatchObject({ state: "unknown", reason: NO_ANSWER });
    expect(await perform(engine)).toEqual({ run: { uid, state: "unknown" }, isRepeat: true });
    expect(engine.sent).toHaveLength(1);
  });

  it("is sent by one of twenty calls at once", async () => {
    const { opened, open } = gate();
    const engine = openEngine(async () => {
      await opened;
      return started("completed");
    });
    unhurried();
    let ended = 0;
    const calls = Array.from({ length: 20 }, () =>
      perform(engine, { waitMs: 5_000 })
        .then(
          ({ isRepeat }) => (isRepeat ? "repeat" : "started"),
          ({ code }: StartflowError) => code,
        )
        .finally(() => {
          ended += 1;
        }),
    );
    await expect.poll(() => ended).toBe(19);
    open();
    const ends = await Promise.all(calls);
    expect(ends.filter((end) => end === "started")).toHaveLength(1);
    expect(
      ends.filter((end) => end !== "started").every((end) => end === "SUBMISSION_IN_PROGRESS" || end === "repeat"),
    ).toBe(true);
    expect(engine.sent).toHaveLength(1);
  });

  it("with another content than its run was given is refused", async () => {
    const engine = openEngine(() => started("completed"));
    await perform(engine);
    expect(await failureOf(perform(engine, { contentHash: "other" }))).toMatchObject({ code: "SUBMISSION_REUSED" });
  });

  it("is not sent where the function has too little time left to write it down", async () => {
    const engine = openEngine();
    expect(await failureOf(perform(engine, {}, 6_000))).toMatchObject({ code: "TOO_LATE", outcome: "rejected" });
    expect(engine.sent).toEqual([]);
  });

  it("is not sent where the database is down", async () => {
    const engine = openEngine();
    store.faults.set({ store: { kind: "down", rate: 1 } });
    const failure = await failureOf(perform(engine));
    store.faults.set({});
    expect(failure).toMatchObject({ code: "STORE_UNREACHABLE", outcome: "rejected" });
    expect(engine.sent).toEqual([]);
  });
});

describe("what an engine is given", () => {
  async function submissionFor(answersAtEnd: boolean, change: Partial<RunRequest>, limitMs?: number) {
    const seen: Submission<unknown>[] = [];
    const engine = openEngine(undefined, {
      answersAtEnd,
      async prepare(submission) {
        seen.push(submission);
        return { request: {}, send: async () => started("completed") };
      },
    });
    await perform(engine, change, limitMs);
    return seen[0] as Submission<unknown>;
  }

  it("is the run's id, its environment and nobody's name", async () => {
    expect(await submissionFor(true, {})).toMatchObject({ id: uid, environment: "preview", userId: "", generation: 1 });
  });

  it("is as long as its caller waits where it answers at the end, and else as long as any start has", async () => {
    expect((await submissionFor(true, { waitMs: 3_210 })).sendTimeoutMs).toBe(3_210);
    uid = newUid();
    expect((await submissionFor(false, { waitMs: 1 })).sendTimeoutMs).toBe(8_000);
    uid = newUid();
    const cut = (await submissionFor(true, { waitMs: 60_000 }, 20_000)).sendTimeoutMs ?? 0;
    // Of 20 seconds: 3 to write it down, 4 for a slow database, half a one to answer.
    expect(cut).toBeLessThanOrEqual(12_500);
    expect(cut).toBeGreaterThan(6_000);
  });
});
