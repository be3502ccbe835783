/**
 * At most one process for one submission: look up, prepare, claim, send, record.
 *
 *   lookup ──> started ───────────────> duplicate
 *     │  └──> dispatched, unknown ────> in_progress, unknown: nothing is sent
 *     └─ none, free ─> prepare ─> claim (insert, or compare-and-set) ─> send ─> started | free | unknown
 *
 * A call that dies after its claim leaves `dispatched`, which becomes `unknown` when its lease is over: it may have sent.
 */
import { randomBytes } from "node:crypto";
import { now } from "../clock";
import { StartflowError } from "../errors";
import { describeError, log } from "../log";
import type { PreparedStart, Started } from "../targets/target";
import { isLeaseOver, ONCE, recordId, type SubmissionRecord } from "./record";
import { expireLease, type LedgerStore, type NewRecord, type RecordChange } from "./store";
import { backoffMs, type Deadline, sleep, within } from "./time";

/** What is known of a submission before anything is asked of the engine. */
export interface Claim {
  submissionId: string;
  /** The id was made from the content: it stands for one submission only for a short window. */
  isDerived: boolean;
  environment: "preview" | "production";
  target: string;
  processKey: string;
  /** Where the start carries the submission's id; absent where it does not. */
  stamp?: string;
  userId: string;
  contentHash: string;
}

export interface OnceParts {
  store: LedgerStore;
  deadline: Deadline;
  /** Longest wait for the engine's answer to a send. */
  sendTimeoutMs: number;
  /** How long a derived id stands for one submission. Default `ONCE.derivedWindowMs`. */
  windowMs?: number;
}

export interface OnceAnswer extends Started {
  outcome: "started" | "duplicate";
}

/** @throws StartflowError: every failure but these two outcomes, with what is known of the process */
export async function startOnce(
  parts: OnceParts,
  claim: Claim,
  prepare: () => Promise<PreparedStart>,
): Promise<OnceAnswer> {
  const id = recordId(claim.environment, claim.submissionId);
  const found = await attempts(() => parts.store.find(id));
  if (found !== undefined) {
    const known = await answerOf(parts, found, claim);
    if (known !== undefined) return known;
  }
  const prepared = await prepare();
  const owner = await claimed(parts, id, claim, found);
  if ("outcome" in owner) return owner;
  return await dispatch(parts, owner, prepared);
}

/** What a record says of a repeat; `undefined` where it may be claimed. */
async function answerOf(parts: OnceParts, record: SubmissionRecord, claim: Claim): Promise<OnceAnswer | undefined> {
  // Nothing was started for a free one: its form may be corrected, and keeps its id.
  const isOther = record.contentHash !== claim.contentHash && record.state !== "free";
  if (isOther || record.userId !== claim.userId) throw new StartflowError("SUBMISSION_REUSED");
  const ageMs = now() - record.claimedAt.getTime();
  switch (record.state) {
    case "free":
      return undefined;
    case "started": {
      if (claim.isDerived && ageMs > (parts.windowMs ?? ONCE.derivedWindowMs)) return undefined;
      const { processId, output } = record;
      return { outcome: "duplicate", processId, ...(output === null ? {} : { output }) };
    }
    case "dispatched":
      if (!isLeaseOver(record, now())) throw new StartflowError("SUBMISSION_IN_PROGRESS");
      // That it cannot be written down changes nothing of what is known.
      await expireLease(parts.store, record).catch(() => false);
      throw new StartflowError("OUTCOME_UNKNOWN");
    case "unknown":
      throw new StartflowError("OUTCOME_UNKNOWN");
  }
}

interface Owner {
  id: string;
  token: string;
  /** Says whether the lease still covers a send and its record. */
  mayStillSend: () => boolean;
}

async function claimed(
  parts: OnceParts,
  id: string,
  claim: Claim,
  found: SubmissionRecord | undefined,
): Promise<Owner | OnceAnswer> {
  const { store, deadline, sendTimeoutMs } = parts;
  const neededMs = sendTimeoutMs + ONCE.recordMs;
  if (deadline.remainingMs() < neededMs + ONCE.storeTimeoutMs) throw new StartflowError("TOO_LATE");
  const token = randomBytes(16).toString("hex");
  const leaseMs = Math.ceil(deadline.remainingMs());
  const { isDerived: _, ...known } = claim;
  const state = {
    state: "dispatched" as const,
    token,
    leaseMs,
    generation: (found?.generation ?? 0) + 1,
    processId: null,
    output: null,
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
      : store.change(id, { token: found.token, states: [found.state] }, state, true),
  );
  const owner = { id, token, mayStillSend: () => deadline.remainingMs() >= neededMs };
  if (won) return owner;
  // Lost to another call, or to this very call, whose first answer was lost.
  const winner = await attempts(() => store.find(id));
  if (winner === undefined) throw new StartflowError("STORE_UNREACHABLE");
  if (winner.token === token) return owner;
  const answer = await answerOf(parts, winner, claim);
  if (answer !== undefined) return answer;
  throw new StartflowError("SUBMISSION_IN_PROGRESS");
}

async function dispatch(parts: OnceParts, owner: Owner, prepared: PreparedStart): Promise<OnceAnswer> {
  try {
    const started = await send(owner, prepared, parts.sendTimeoutMs);
    const { processId, output = null } = started;
    await record(parts, owner, { state: "started", processId, output });
    return { outcome: "started", ...started };
  } catch (error) {
    const failure = error instanceof StartflowError ? error : new StartflowError("OUTCOME_UNKNOWN", { cause: error });
    await record(parts, owner, { state: failure.outcome === "rejected" ? "free" : "unknown", reason: failure.code });
    throw failure;
  }
}

/** Again only where it is known that nothing was started, and only while there is time to write down what comes of it. */
async function send(owner: Owner, prepared: PreparedStart, timeoutMs: number): Promise<Started> {
  for (let attempt = 0; ; attempt += 1) {
    if (!owner.mayStillSend()) throw new StartflowError("TOO_LATE");
    try {
      return await within(timeoutMs, prepared.send(), () => new StartflowError("OUTCOME_UNKNOWN"));
    } catch (error) {
      const mayRetry = error instanceof StartflowError && error.outcome === "rejected" && error.retryable;
      if (!mayRetry || attempt + 1 >= ONCE.sendTries) throw error;
      await sleep(backoffMs(attempt));
      if (!owner.mayStillSend()) throw error;
    }
  }
}

/** What was found out is true also where it cannot be written down: then the record becomes `unknown` by itself. */
async function record({ store }: OnceParts, { id, token }: Owner, change: RecordChange): Promise<void> {
  try {
    await attempts(() => store.change(id, { token, states: ["dispatched", "unknown"] }, change));
  } catch (error) {
    log("error", "outcome not recorded", { id, state: change.state, error: describeError(error) });
  }
}

/**
 * Every call of the store is safe to repeat: a read changes nothing, an insert finds its own token, a compare-and-set that
 * was done finds nothing to do. @throws StartflowError STORE_UNREACHABLE: nothing is started where it is not known what was
 */
async function attempts<Result>(call: () => Promise<Result>): Promise<Result> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (attempt + 1 >= ONCE.storeTries) throw new StartflowError("STORE_UNREACHABLE", { cause: error });
      await sleep(backoffMs(attempt));
    }
  }
}
