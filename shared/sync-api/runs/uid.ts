/** Ids of runs: a decimal text that sorts by time, as the seed's product gives them (18 digits until the year 2030). */
import { now } from "../../base/clock";
import { randomHex } from "../../base/random";

/** 2023-01-01 in China: 22 bits further left it gives the very ids of the published screenshots. */
const EPOCH_MS = Date.UTC(2022, 11, 31, 16);
const LOW_BITS = 22n;
const LOW_MASK = (1 << Number(LOW_BITS)) - 1;

/** What `newUid` makes; also the `_id` of its record, so nothing else is looked up. */
export const UID = /^\d{15,20}$/;

let last = 0n;

/** Grows within one process; of two processes the same millisecond is told apart by 22 random bits. */
export function newUid(): string {
  const high = BigInt(Math.max(0, Math.trunc(now()) - EPOCH_MS)) << LOW_BITS;
  const next = high | BigInt(Number.parseInt(randomHex(3), 16) & LOW_MASK);
  last = next > last ? next : last + 1n;
  return String(last);
}

/** When a run was asked for, in epoch milliseconds. */
export function askedAtMs(uid: string): number {
  return Number(BigInt(uid) >> LOW_BITS) + EPOCH_MS;
}
