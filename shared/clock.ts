/** The instance's clock, in epoch milliseconds: the one place that reads the time in deployed code. */
const offsetMs = Number(process.env.STARTFLOW_CLOCK_OFFSET_MS ?? 0) || 0;

/** Epoch milliseconds, shifted by `STARTFLOW_CLOCK_OFFSET_MS` where a test skews one function process. */
export function now(): number {
  return Date.now() + offsetMs;
}

/** Milliseconds that only ever grow, for measuring how long something takes. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1e6;
}
