/** The clock of deployed code: the one place that reads the time, waits, and has timers. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds that only ever grow, for measuring how long something takes. */
  monotonicMs(): number;
  sleep(ms: number): Promise<void>;
  /** Calls once, so much later. @returns what ends that */
  after(ms: number, call: () => void): () => void;
}

const offsetMs = Number(process.env.STARTFLOW_CLOCK_OFFSET_MS ?? 0) || 0;

export const systemClock: Clock = {
  // Shifted where a test skews one function process.
  now: () => Date.now() + offsetMs,
  monotonicMs() {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1_000 + nanoseconds / 1e6;
  },
  sleep: (ms) => new Promise((awake) => setTimeout(awake, ms)),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

let clock = systemClock;

/** For tests, which wait for nothing: another clock, until it is called again. Default: the system's. */
export function useClock(other: Clock = systemClock): void {
  clock = other;
}

export function now(): number {
  return clock.now();
}

export function monotonicMs(): number {
  return clock.monotonicMs();
}

export function sleep(ms: number): Promise<void> {
  return clock.sleep(ms);
}

export function after(ms: number, call: () => void): () => void {
  return clock.after(ms, call);
}
