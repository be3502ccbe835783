/**
 * What became of one submission of which nobody knows: the engine is asked, and only what it says counts.
 *
 *   dispatched (lease over), unknown ──> found: started
 *     │  └──> none, and the claim is older than the settle time: free, a repeat may send
 *     └─ cannot tell: unknown, and after the settle time an operator is told; not now: the next sweep asks again
 */

import { within } from "../base/deadline";
import { integerSetting } from "../base/environment";
import { describeError, log } from "../base/log";
import type { Found } from "../engines/engine";
import { DERIVED_ID } from "../engines/submission";
import { sendTimeoutMs, timeLimitMs } from "../platform/time-limits";
import { isLeaseOver, keptOutput, ONCE, type SubmissionRecord } from "./record";
import { expireLease } from "./store";
import type { SweepStore, SweptRecord } from "./sweep-store";

/** `waiting`: too young for a "none" to count. `moved_on`: others changed it, or look at it now. */
export type Reconciled = "started" | "freed" | "in_progress" | "waiting" | "unknown" | "moved_on";

export interface ReconcileParts {
  store: SweepStore;
  /** Asks the engine, in the record's own environment. */
  find: (record: SubmissionRecord) => Promise<Found>;
  findTimeoutMs: number;
  settleMs: number;
  sendTimeoutMs: number;
}

const SETTLE_MS = { fallback: 120_000, max: 86_400_000 };

/**
 * How old a claim must be for "there is no process" to be the last word: no call can send any more, and no request that
 * was sent can still be on its way. @throws StartflowError NOT_CONFIGURED where STARTFLOW_SETTLE_MS is too short for that
 */
export function settleMs(): number {
  const min = timeLimitMs(undefined) + sendTimeoutMs() + ONCE.clockMarginMs;
  const { fallback, max } = SETTLE_MS;
  return integerSetting("STARTFLOW_SETTLE_MS", { min, max: Math.max(max, min), fallback: Math.max(fallback, min) });
}

/** What it finds out is written by compare-and-set: a late owner, a person or another sweep that was first stays right. */
export async function reconcile(parts: ReconcileParts, listed: SubmissionRecord): Promise<[Reconciled, SweptRecord?]> {
  // The store's clock is read before the engine is asked: "none" was said at this age or later.
  const record = await parts.store.take(listed);
  if (record === undefined) return ["moved_on"];
  const sweptMs = record.sweptAt.getTime();
  if (record.state === "dispatched" && !isLeaseOver(record, sweptMs)) return ["in_progress"];
  const ageMs = sweptMs - record.claimedAt.getTime();
  // The call that claimed it may have had more time than this function is configured for.
  const ownMs = record.leaseMs + parts.sendTimeoutMs + ONCE.clockMarginMs;
  const isSettled = ageMs > Math.max(parts.settleMs, ownMs);
  const found = await look(parts, record);
  if (typeof found === "object") return [await decide(parts.store, record, found)];
  if (found === "none" && isSettled) return [await decide(parts.store, record, found)];
  if (record.state === "dispatched" && !(await expireLease(parts.store, record))) return ["moved_on"];
  // An engine that is too busy is asked again by the next sweep: no reason to call anybody.
  return [isSettled && found !== "not-now" ? "unknown" : "waiting", record];
}

async function look({ find, findTimeoutMs }: ReconcileParts, record: SweptRecord): Promise<Found> {
  try {
    const found = await within(findTimeoutMs, find(record), () => new Error(`no answer within ${findTimeoutMs} ms`));
    // An earlier submission of equal content had the same id: a process that is found may be that one's.
    const isAmbiguous = record.generation > 1 && DERIVED_ID.test(record.submissionId);
    return typeof found === "object" && isAmbiguous ? "cannot-tell" : found;
  } catch (error) {
    log("warn", "engine could not be asked", { id: record._id, error: describeError(error) });
    return "cannot-tell";
  }
}

async function decide(
  store: SweepStore,
  record: SweptRecord,
  found: Exclude<Found, "cannot-tell" | "not-now">,
): Promise<Reconciled> {
  const isFree = found === "none";
  const to = isFree ? ("free" as const) : ("started" as const);
  const { processId, output } = isFree ? { processId: null, output: undefined } : found;
  const made = { at: record.sweptAt, by: "sweep", to, ...(isFree ? {} : { processId }) };
  const change = {
    state: to,
    processId,
    status: null,
    problem: null,
    output: keptOutput(output),
    reason: isFree ? "NOT_FOUND" : null,
    decisions: [...(record.decisions ?? []), made],
  };
  const isDone = await store.change(record._id, { token: record.token, states: ["dispatched", "unknown"] }, change);
  if (!isDone) return "moved_on";
  log("info", "submission settled", { id: record._id, to, processId });
  return isFree ? "freed" : "started";
}
