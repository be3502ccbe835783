/** Goes through what is due: settles what the engine can tell of, and tells an operator of the rest, so that nothing is lost. */

import type { Deadline } from "../base/deadline";
import { integerSetting } from "../base/environment";
import { StartflowError } from "../base/errors";
import { describeError, log } from "../base/log";
import { noticeOf, notify } from "./notice";
import { type Reconciled, type ReconcileParts, reconcile } from "./reconcile";
import type { SubmissionRecord } from "./record";
import type { DueState, SweepStore, SweptRecord } from "./sweep-store";

/** docs/submissions.md prints these. */
export const SWEEP = {
  /** Submissions of one sweep. */
  limit: 50,
  findTimeoutMs: 5_000,
  noticeTimeoutMs: 3_000,
  /** With less time left the rest is for the next sweep. A sweep that is cut off all the same has done nothing by halves. */
  stopBeforeMs: 8_000,
} as const;

export interface SweepParts extends Omit<ReconcileParts, "findTimeoutMs"> {
  deadline: Deadline;
  noticeUrl: string | undefined;
  /** 0 keeps every record. */
  retentionDays: number;
}

const RETENTION_DAYS = { min: 0, max: 3_650, fallback: 0 };
const DAY_MS = 86_400_000;

/** How long a settled record is kept: after it, its submission id could start a process again. */
export function retentionDays(): number {
  return integerSetting("STARTFLOW_RETENTION_DAYS", RETENTION_DAYS);
}

export interface SweepAnswer {
  /** Submissions that were looked at. */
  checked: number;
  started: number;
  /** Known not to have started: a repeat may send. */
  freed: number;
  /** Told to an operator now. */
  noticed: number;
  /** Due, and as unknown as before, those included that this sweep had no time for. */
  left: number;
  /** Settled records that were deleted because of their age. */
  expired: number;
}

/** @throws StartflowError STORE_UNREACHABLE where nothing can be listed */
export async function sweepDue(parts: SweepParts): Promise<SweepAnswer> {
  const { store, deadline } = parts;
  const answer: SweepAnswer = { checked: 0, started: 0, freed: 0, noticed: 0, left: 0, expired: 0 };
  // Both are listed first: what expires in this sweep is not looked at twice.
  const lists = [await dueOf(store, "dispatched"), await dueOf(store, "unknown")];
  let webhookFails = false;
  for (const list of lists) {
    for (const [at, listed] of list.entries()) {
      if (answer.checked >= SWEEP.limit || deadline.remainingMs() < SWEEP.stopBeforeMs) {
        answer.left += list.length - at;
        break;
      }
      const [result, record] = await settled(parts, listed);
      if (result === "in_progress") continue;
      count(answer, result);
      if (record === undefined || result !== "unknown" || isNoticed(record) || webhookFails) continue;
      if (await tell(parts, record)) answer.noticed += 1;
      else webhookFails = true;
    }
  }
  answer.expired = await expired(parts);
  return answer;
}

/** A chore: that it fails keeps nothing else from being told. */
async function expired({ store, deadline, retentionDays }: SweepParts): Promise<number> {
  if (retentionDays === 0 || deadline.remainingMs() < SWEEP.stopBeforeMs) return 0;
  try {
    return await store.expire(retentionDays * DAY_MS);
  } catch (error) {
    log("warn", "old submissions could not be deleted", { error: describeError(error) });
    return 0;
  }
}

async function dueOf(store: SweepStore, state: DueState): Promise<SubmissionRecord[]> {
  try {
    return await store.due(state, SWEEP.limit);
  } catch (cause) {
    throw new StartflowError("STORE_UNREACHABLE", { cause });
  }
}

/** One that cannot be settled now keeps no other from its turn. */
async function settled(parts: SweepParts, listed: SubmissionRecord): Promise<[Reconciled, SweptRecord?]> {
  try {
    return await reconcile({ ...parts, findTimeoutMs: SWEEP.findTimeoutMs }, listed);
  } catch (error) {
    log("error", "submission could not be swept", { id: listed._id, error: describeError(error) });
    return ["waiting"];
  }
}

function count(answer: SweepAnswer, result: Reconciled): void {
  answer.checked += 1;
  if (result === "started") answer.started += 1;
  if (result === "freed") answer.freed += 1;
  if (result === "waiting" || result === "unknown") answer.left += 1;
}

/** An earlier claim of the same submission may have been told of. Both times are the store's. */
function isNoticed({ noticedAt, claimedAt }: SweptRecord): boolean {
  return noticedAt instanceof Date && noticedAt.getTime() >= claimedAt.getTime();
}

/** Written down after it was told: better told twice than never. False where the webhook did not take it. */
async function tell({ store, noticeUrl }: SweepParts, record: SweptRecord): Promise<boolean> {
  if (!(await notify(noticeOf(record), noticeUrl, SWEEP.noticeTimeoutMs))) return false;
  try {
    await store.noticed(record);
  } catch (error) {
    log("warn", "notice not recorded, so it is sent again", { id: record._id, error: describeError(error) });
  }
  return true;
}
