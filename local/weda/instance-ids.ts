/** Ids of process instances: 19 digits that grow, as WeDa's own do; too long for a JavaScript number. */

/** WeDa's published examples are of this form: milliseconds since this instant, and 22 bits. */
const ID_EPOCH_MS = 1_288_834_974_657;
const LOW_BITS = 22n;
const SMALLEST = 10n ** 18n;
const LARGEST = 2n ** 63n - 1n;

/** The next id: never less than what was given out before, also where the clock was moved back. */
export function nextInstanceId(last: string | undefined, nowMs: number): string {
  const byClock = BigInt(Math.max(0, Math.trunc(nowMs) - ID_EPOCH_MS)) << LOW_BITS;
  const floor = last === undefined ? SMALLEST : BigInt(last) + 1n;
  return String(byClock > floor && byClock <= LARGEST ? byClock : floor);
}
