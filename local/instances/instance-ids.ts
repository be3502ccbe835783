/** Ids of process instances: they grow, and no id is given out twice, by whichever engine. */

/** Which stand-in an instance belongs to. */
export type Engine = "weda" | "workflow" | "apaas" | "corehr";

/** WeDa's published examples are of this form: milliseconds since this instant, and 22 bits. CoreHR's have 19 digits too. */
const ID_EPOCH_MS = 1_288_834_974_657;
const LOW_BITS = 22n;
const SMALLEST = 10n ** 18n;
const LARGEST = 2n ** 63n - 1n;

/** 19 digits, too long for a JavaScript number. Never less than what was given out before, also where the clock was moved back. */
export function nextInstanceId(last: string | undefined, nowMs: number): string {
  const byClock = BigInt(Math.max(0, Math.trunc(nowMs) - ID_EPOCH_MS)) << LOW_BITS;
  return later(last, byClock, SMALLEST, LARGEST);
}

/** 16 digits that a number holds, as an aPaaS execution has: assumed to be microseconds. It is written as a number, too. */
export function nextExecutionId(last: string | undefined, nowMs: number): string {
  const byClock = BigInt(Math.max(0, Math.trunc(nowMs))) * 1_000n;
  return later(last, byClock, 10n ** 15n, BigInt(Number.MAX_SAFE_INTEGER));
}

function later(last: string | undefined, byClock: bigint, smallest: bigint, largest: bigint): string {
  const floor = last === undefined ? smallest : BigInt(last) + 1n;
  return String(byClock > floor && byClock <= largest ? byClock : floor);
}
