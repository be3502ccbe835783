/**
 * At most one process for one submission: look up, prepare, claim, send, record.
 *
 *   lookup ──> started ───────────────> duplicate
 *     │  └──> dispatched, unknown ────> in_progress, unknown: nothing is sent
 *     └─ none, free ─> prepare ─> claim (insert, or compare-and-set) ─> send ─> started | free | unknown
 *
 * A call that dies after its claim leaves `dispatched`, which becomes `unknown` when its lease is over: it may have sent.
 */
import { now } from "../base/clock";
import { StartflowError } from "../base/errors";
import { randomHex } from "../base/random";
import type { PreparedStart, Started } from "../engines/engine";
import { recordId } from "../engines/submission";
import type { Claim, OnceAnswer, OnceParts } from "./claim";
import { attempts, dispatch, type Owner } from "./dispatch";
import { CANCELLED, isLeaseOver, mayRepeat, NO_PROCESS, ONCE, progressOf, type SubmissionRecord } from "./record";
import { type Expected, expireLease, type NewRecord } from "./store";

/**
 * @param prepare gets the generation of the claim: with the submission's id it makes the key of this very start
 * @throws StartflowError: every failure but these two outcomes, with what is known of the process
 */
export async function startOnce(
  parts: OnceParts,
  claim: Claim,
  prepare: (generation: number) => Promise<PreparedStart>,
): Promise<OnceAnswer> {
  const id = recordId(claim.environment, claim.submissionId);
  const found = claim.isNew === true ? undefined : await attempts(() => parts.store.find(id));
  if (found !== undefined) {
    const known = await answerOf(parts, found, claim);
    if (known !== undefined) return known;
  }
  const isRepeat = found !== undefined && found.state !== "free" && found.state !== "started";
  try {
    const prepared = await prepare(generationOf(found, isRepeat));
    const owner = await claimed(parts, id, claim, found, isRepeat);
    return "outcome" in owner ? owner : await dispatch(parts, owner, prepared);
  } catch (error) {
    throw isRepeat ? stillUnknown(error) : error;
  }
}

/** A repeat that finds out what became of an earlier send is the same start; any other claim is a new one. */
function generationOf(found: SubmissionRecord | undefined, isRepeat: boolean): number {
  return (found?.generation ?? 0) + (isRepeat ? 0 : 1);
}

/** That this repeat started nothing says nothing of the send before it. */
function stillUnknown(error: unknown): unknown {
  const isKnown = error instanceof StartflowError && error.outcome !== "rejected";
  return isKnown ? error : new StartflowError("OUTCOME_UNKNOWN", { isUnanswered: true, cause: error });
}

/** What a record says of a repeat; `undefined` where it may be claimed. */
async function answerOf(parts: OnceParts, record: SubmissionRecord, claim: Claim): Promise<OnceAnswer | undefined> {
  // Nothing was started for a free one: its form may be corrected, and keeps its id.
  const isOther = record.contentHash !== claim.contentHash && record.state !== "free";
  if (isOther || record.userId !== claim.userId) throw new StartflowError("SUBMISSION_REUSED");
  const ageMs = now() - record.claimedAt.getTime();
  switch (record.state) {
    case "free":
      if (record.reason !== CANCELLED) return undefined;
      return { outcome: "duplicate", processId: null, progress: { phase: "cancelled" } };
    case "started": {
      if (claim.isDerived && ageMs > (parts.windowMs ?? ONCE.derivedWindowMs)) return undefined;
      return { outcome: "duplicate", ...startedOf(record) };
    }
    case "dispatched":
      if (!isLeaseOver(record, now())) throw new StartflowError("SUBMISSION_IN_PROGRESS");
      if (mayRepeat(record, parts.repeatWindowMs)) return undefined;
      // That it cannot be written down changes nothing of what is known.
      await expireLease(parts.store, record).catch(() => false);
      throw new StartflowError("OUTCOME_UNKNOWN");
    case "unknown":
      if (mayRepeat(record, parts.repeatWindowMs)) return undefined;
      throw new StartflowError("OUTCOME_UNKNOWN");
  }
}

export function startedOf(record: SubmissionRecord): Started {
  const { processId, status = null, problem = null, output } = record;
  const progress = progressOf(record);
  return {
    processId,
    ...(progress === undefined ? {} : { progress }),
    ...(status === null ? {} : { status }),
    ...(problem === null ? {} : { problem }),
    ...(output === null ? {} : { output: JSON.parse(output) as unknown }),
  };
}

function expectedOf({ repeatWindowMs }: OnceParts, { token, state }: SubmissionRecord, isRepeat: boolean): Expected {
  return { token, states: [state], ...(isRepeat ? { openedWithinMs: repeatWindowMs } : {}) };
}

async function claimed(
  parts: OnceParts,
  id: string,
  claim: Claim,
  found: SubmissionRecord | undefined,
  isRepeat: boolean,
): Promise<Owner | OnceAnswer> {
  const { store, deadline, sendTimeoutMs } = parts;
  const neededMs = sendTimeoutMs + ONCE.recordMs;
  if (deadline.remainingMs() < neededMs + ONCE.storeTimeoutMs) throw new StartflowError("TOO_LATE");
  const token = randomHex(16);
  const leaseMs = Math.ceil(deadline.remainingMs());
  const { isDerived: _, isNew: __, ...known } = claim;
  const state = {
    state: "dispatched" as const,
    token,
    leaseMs,
    generation: generationOf(found, isRepeat),
    ...NO_PROCESS,
    ...(found?.input === undefined ? {} : { input: null }),
    reason: null,
    target: claim.target,
    processKey: claim.processKey,
    stamp: claim.stamp ?? null,
    contentHash: claim.contentHash,
  };
  const record: NewRecord = { _id: id, ...known, ...state };
  const won = await attempts(() =>
    found === undefined
      ? store.insert(record)
      : store.change(id, expectedOf(parts, found, isRepeat), state, isRepeat ? "repeats" : "opens"),
  );
  const mayStillSend = (waitMs = 0) => deadline.remainingMs() - waitMs >= neededMs;
  const owner = { id, token, mayStillSend, isRepeat };
  if (won) return owner;
  // Lost to another call, or to this very call, whose first answer was lost.
  const winner = await attempts(() => store.find(id));
  if (winner === undefined) throw new StartflowError("STORE_UNREACHABLE");
  if (winner.token === token) return owner;
  // Nobody else has it: by the store's clock the key is no longer relied on.
  if (isRepeat && winner.token === found?.token) throw new StartflowError("OUTCOME_UNKNOWN");
  const answer = await answerOf(parts, winner, claim);
  if (answer !== undefined) return answer;
  throw new StartflowError("SUBMISSION_IN_PROGRESS");
}
