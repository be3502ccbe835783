/** How much time a call has left, and how long to wait before a retry. */
import { after, monotonicMs } from "./clock";

/** Counts down from the function's own limit, on a clock that no one sets. */
export interface Deadline {
  remainingMs(): number;
}

export function deadlineIn(limitMs: number): Deadline {
  const startedMs = monotonicMs();
  return { remainingMs: () => limitMs - (monotonicMs() - startedMs) };
}

/** Bounds of the wait before a retry. */
export const BACKOFF = { baseMs: 200, capMs: 2_000 } as const;

/** Full jitter: somewhere between nothing and a bound that doubles. @param attempt from 0 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(BACKOFF.capMs, BACKOFF.baseMs * 2 ** attempt);
}

/** @throws what `late` makes, where `work` takes longer; the work itself goes on */
export async function within<Result>(ms: number, work: Promise<Result>, late: () => Error): Promise<Result> {
  let end = () => {};
  const timeout = new Promise<never>((_, reject) => {
    end = after(ms, () => reject(late()));
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    end();
  }
}
