/** The ledger's document: one submission, its state, and who may change it. */

import { now } from "../base/clock";
import { BACKOFF } from "../base/deadline";
import type { Problem, Progress } from "../engines/engine";
import { STORE_TIMEOUT_MS } from "../platform/database";

/**
 * (none) -> dispatched -> started | free | unknown. Nothing goes from `unknown` to a second send, except after the engine
 * said that there is none, or a person did.
 */
export type SubmissionState = "dispatched" | "started" | "free" | "unknown";

/** The payload is kept as a hash only; times are the store's own. */
export interface SubmissionRecord {
  /** `<environment>:<submission id>` */
  _id: string;
  submissionId: string;
  environment: "preview" | "production";
  /** The kind of target, and what it starts. */
  target: string;
  processKey: string;
  /** Who submitted; "" where nobody was signed in. */
  userId: string;
  contentHash: string;
  state: SubmissionState;
  /** Of the call that holds the claim: every later change names it. */
  token: string;
  /** Counts the starts: a derived id opens a new one after its window. */
  generation: number;
  claimedAt: Date;
  /** When this start was first claimed: a repeat that finds out what became of it claims it again. */
  openedAt?: Date;
  /** How long after `claimedAt` its owner may still send. */
  leaseMs: number;
  changedAt: Date;
  /** Of `started`: the engine's id, null where only the fact is known. */
  processId: string | null;
  /** Of `started`: the engine's own words for how the process stood then, and for what went wrong in it. */
  status?: string | null;
  problem?: Problem | null;
  /** Of `started`: how the run stood when it was last looked at, as JSON text. */
  progress?: string | null;
  /** The route of the sync API that it came by, `space/module/function`. */
  api?: string;
  /** Of a run that was answered before it is started: its input, as JSON text; taken away when it is claimed. */
  input?: string | null;
  /** Where its end is to be told, how far that is, and how often it was tried. */
  callbackUrl?: string;
  callbackState?: "pending" | "sent" | "given_up";
  callbackTries?: number;
  callbackTriedAt?: Date | null;
  /** Of `started`: what the engine gave back, as JSON text, which no database changes; null where it gave nothing. */
  output: string | null;
  /** Of `free` and `unknown`: the code of the failure. */
  reason: string | null;
  /** Where the start carried the submission's id, so that its process can be found; null where it did not. */
  stamp?: string | null;
  /** When a sweep last looked at it. */
  sweptAt?: Date | null;
  /** When an operator was told of it: counts for the claim before it only. */
  noticedAt?: Date | null;
  /** Decisions by people and by the sweep: who, when, what. */
  decisions?: { at: Date; by: string; to: SubmissionState; processId?: string | null }[];
}

export const SUBMISSIONS = "startflow_submissions";
/** docs/submissions.md prints these; a test holds the two together. */
export const ONCE = {
  /** A derived id stands for one submission for this long, unless configured; after it, equal content is a new one. */
  derivedWindowMs: 60_000,
  /** Longest wait for one answer of the store. */
  storeTimeoutMs: STORE_TIMEOUT_MS,
  /** Room after the send's own timeout to write down what came of it. */
  recordMs: 3_000,
  /** Readers wait this much longer than the lease: their clock is not the store's. */
  clockMarginMs: 5_000,
  /** Tries of a send that is known to have started nothing. */
  sendTries: 3,
  backoffBaseMs: BACKOFF.baseMs,
  backoffCapMs: BACKOFF.capMs,
  /** Tries of one store call whose answer was lost. */
  storeTries: 3,
} as const;

/** `reason` of an unknown send to which nothing came back: with a key, sending again tells what became of it. */
export const NO_ANSWER = "NO_ANSWER";

/** More than an answer to a form should be; it is given to this call, and not kept for a repeat. */
const MAX_OUTPUT = 100_000;

export function keptOutput(output: unknown): string | null {
  const text = output === undefined ? undefined : JSON.stringify(output);
  return text === undefined || text.length > MAX_OUTPUT ? null : text;
}

/** What a record says of a process of which nothing is known. */
export const NO_PROCESS = { processId: null, status: null, problem: null, progress: null, output: null } as const;

/** `reason` of a `free` record: answered, and not yet started. */
export const QUEUED = "QUEUED";
/** `reason` of a `free` record: taken back before it was started. */
export const CANCELLED = "CANCELLED";

export function progressOf({ progress = null }: Pick<SubmissionRecord, "progress">): Progress | undefined {
  return progress === null ? undefined : (JSON.parse(progress) as Progress);
}

/** `reason` of a record that a reader, not its owner, found to be unknown. */
export const LEASE_EXPIRED = "LEASE_EXPIRED";

/** Whether a `dispatched` record has become unknown: the one rule of the ledger, of `submission-status` and of the lists. */
export function isLeaseOver({ claimedAt, leaseMs }: SubmissionRecord, nowMs: number): boolean {
  return nowMs - claimedAt.getTime() > leaseMs + ONCE.clockMarginMs;
}

/** The state as it counts now, whether or not somebody has written it down. */
export function stateAt(record: SubmissionRecord, nowMs: number): SubmissionState {
  return record.state === "dispatched" && isLeaseOver(record, nowMs) ? "unknown" : record.state;
}

/**
 * Whether sending again would tell what became of an unknown start: an answer that said nothing certain would say it again.
 * When it is claimed, the store's clock has the last word.
 */
export function mayRepeat({ state, reason, openedAt }: SubmissionRecord, windowMs = 0): boolean {
  if (state === "unknown" && reason !== NO_ANSWER && reason !== LEASE_EXPIRED) return false;
  return openedAt !== undefined && now() - openedAt.getTime() < windowMs;
}
