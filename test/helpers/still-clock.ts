/** A clock for tests that stands still: the code's own waits pass at once and move it, and time limits fire when a test lets time pass. */
import { onTestFinished } from "vitest";
import { type Clock, systemClock, useClock } from "../../shared/base/clock";

export interface StillClock extends Clock {
  /** Every wait that was asked for, in milliseconds. */
  readonly sleptMs: readonly number[];
  /** Lets so much time pass: whatever is due by then is called. */
  pass(ms: number): void;
  /** Lets time pass until the time limit that is due next. */
  expire(): void;
  /** Time limits that run. */
  limits(): number;
}

interface Limit {
  dueMs: number;
  call: () => void;
}

/** In place until the test that calls it ends. */
export function stillClock(startMs: number = Date.now()): StillClock {
  let passedMs = 0;
  const limits = new Set<Limit>();
  const sleptMs: number[] = [];
  const moveTo = (ms: number) => {
    passedMs = Math.max(passedMs, ms);
    for (const limit of [...limits].sort((a, b) => a.dueMs - b.dueMs)) {
      if (limit.dueMs <= passedMs && limits.delete(limit)) limit.call();
    }
  };
  const clock: StillClock = {
    sleptMs,
    now: () => Math.trunc(startMs + passedMs),
    monotonicMs: () => passedMs,
    async sleep(ms) {
      const dueMs = passedMs + ms;
      sleptMs.push(ms);
      // What others do at this moment comes first.
      await new Promise((next) => setImmediate(next));
      moveTo(dueMs);
    },
    after(ms, call) {
      const limit = { dueMs: passedMs + ms, call };
      limits.add(limit);
      return () => void limits.delete(limit);
    },
    pass: (ms) => moveTo(passedMs + ms),
    expire: () => moveTo(Math.min(...[...limits].map(({ dueMs }) => dueMs))),
    limits: () => limits.size,
  };
  useClock(clock);
  onTestFinished(() => useClock());
  return clock;
}

/** The system's clock without time limits, until the test that calls it ends: where many wait for one store, however slow the machine. */
export function unhurried(): void {
  useClock({ ...systemClock, after: () => () => {} });
  onTestFinished(() => useClock());
}
