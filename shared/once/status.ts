/** What became of a submission, for the one who submitted it and for operators: reads the ledger, changes nothing. */
import { createHash, timingSafeEqual } from "node:crypto";
import { now } from "../base/clock";
import { StartflowError, type Text } from "../base/errors";
import { describeError, log } from "../base/log";
import type { Problem, ProcessStatus } from "../engines/engine";
import { recordId } from "../engines/submission";
import { mayRepeat, QUEUED, type SubmissionRecord, type SubmissionState, stateAt } from "./record";
import type { LedgerStore } from "./store";

export type StatusOutcome = "started" | "in_progress" | "rejected" | "unknown" | "none";

export interface StatusAnswer {
  outcome: StatusOutcome;
  submissionId: string;
  /** Of `started`: the engine's id, null where only the fact is known. */
  processId?: string | null;
  /** The kind of target. */
  target?: string;
  /** Of `started`: how the process stands now, where its engine can be asked and answers. */
  process?: ProcessStatus;
  /** Of `started`: what the engine said of the process when it answered the start. */
  status?: string;
  problem?: Problem;
  /** ISO time of the last claim. */
  since?: string;
  /** Of `rejected`: the code of the failure, or `DECIDED` where a person said so. */
  reason?: string | null;
  /** What to do now. */
  next: Text;
}

export interface StatusQuestion {
  submissionId: string;
  environment: "preview" | "production";
  /** "" where nobody is signed in. */
  userId: string;
  isOperator: boolean;
}

const OUTCOMES: Record<SubmissionState, StatusOutcome> = {
  started: "started",
  dispatched: "in_progress",
  free: "rejected",
  unknown: "unknown",
};

/** docs/submissions.md prints these; a test holds the two together. */
export const NEXT: Record<StatusOutcome, Text> = {
  started: { zh: "流程已经发起，不用再提交。", en: "The process has started. There is nothing to submit again." },
  in_progress: { zh: "正在处理，请等几秒再看。", en: "It is being handled. Wait a few seconds and look again." },
  rejected: {
    zh: "流程没有发起。请改正后用同一个提交编号再提交。",
    en: "Nothing was started. Correct the form and submit it again under the same submission id.",
  },
  unknown: {
    zh: "无法确认流程是否已经发起。请不要再次提交，把提交编号告诉管理员。",
    en: "It is not known whether the process started. Do not submit again: give the submission id to the administrator.",
  },
  none: {
    zh: "没有您的这份提交的记录。如果刚刚提交，请等几秒再看；还是没有，就用同一个提交编号再提交一次。",
    en: "There is no record of such a submission of yours. If you have just submitted, wait a few seconds and look again; if there is still none, submit again under the same submission id.",
  },
};

/** Of `unknown`, where the engine refuses a repeat: sending again tells. docs/submissions.md prints it. */
export const NEXT_REPEAT: Text = {
  zh: "还不能确认流程是否已经发起。请用同一份表单（同一个提交编号）再提交一次来确认，不会重复发起。",
  en: "It is not known yet whether the process started. Submit the very same form (the same submission id) again to find out; nothing is started twice.",
};

/** What the engines of the bundle can tell of a record. */
export interface Engines {
  /** How the process of a started submission stands now; `undefined` where its engine cannot be asked. */
  statusNow(record: SubmissionRecord): Promise<ProcessStatus | undefined>;
  /** How long after its first send a start may be repeated; 0 where its engine takes no key. */
  repeatWindowMs(record: SubmissionRecord): number;
}
const NO_ENGINES: Engines = { statusNow: async () => undefined, repeatWindowMs: () => 0 };

/**
 * One call of the store. Who may not see the record gets the very answer that there is where there is none.
 */
export async function statusOf(
  store: LedgerStore,
  question: StatusQuestion,
  engines: Engines = NO_ENGINES,
): Promise<StatusAnswer> {
  const { submissionId, environment } = question;
  const found = await reading(store, recordId(environment, submissionId), submissionId);
  if (found === undefined || !maySee(found, question)) return { outcome: "none", submissionId, next: NEXT.none };
  const { target, reason, claimedAt } = found;
  // One that was answered, and has not started yet, is no rejection.
  const outcome = reason === QUEUED ? "in_progress" : OUTCOMES[stateAt(found, now())];
  return {
    outcome,
    submissionId,
    ...(outcome === "started" ? await processOf(found, engines) : {}),
    ...(outcome === "rejected" ? { reason } : {}),
    target,
    since: claimedAt.toISOString(),
    next: outcome === "unknown" && mayRepeat(found, engines.repeatWindowMs(found)) ? NEXT_REPEAT : NEXT[outcome],
  };
}

/** An engine that does not answer takes nothing away from what the ledger knows. */
async function processOf(record: SubmissionRecord, { statusNow }: Engines) {
  const { processId, status = null, problem = null } = record;
  const process = await statusNow(record).catch((error: unknown) => {
    log("warn", "the process could not be looked at", { processId, error: describeError(error) });
    return undefined;
  });
  return {
    processId,
    ...(process === undefined ? {} : { process }),
    ...(status === null ? {} : { status }),
    ...(problem === null ? {} : { problem }),
  };
}

/** A failed look says nothing of the submission: the outcome of any other code would say that nothing was started. */
async function reading(store: LedgerStore, id: string, submissionId: string): Promise<SubmissionRecord | undefined> {
  try {
    return await store.find(id);
  } catch (cause) {
    const message = {
      zh: "提交记录暂时无法读取，不知道这份提交怎么样了。请稍后再看。",
      en: "The record of submissions cannot be read, so it is not known what became of this one. Look again a little later.",
    };
    throw new StartflowError("OUTCOME_UNKNOWN", { message, submissionId, cause });
  }
}

const RANDOM_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/**
 * Where nobody was signed in, the id itself is the proof, so it must be one that cannot be guessed: 122 random bits.
 * A derived id can be worked out from the content, and a short one can be tried.
 */
function maySee({ userId, submissionId }: SubmissionRecord, question: StatusQuestion): boolean {
  if (question.isOperator) return true;
  if (userId !== question.userId) return false;
  return userId !== "" || RANDOM_UUID.test(submissionId);
}

/** No comma, which parts two keys; no braces, which a template has that was not filled in. */
const OPERATOR_KEY = /^[^\s,{}]{16,200}$/;

/**
 * Compares hashes, each with every key, so that neither length nor place of a difference can be timed.
 * A wrong setting is no key, and no failure: whoever submitted may still look.
 * @param configured one key, or two while they are changed, separated by a comma
 */
export function isOperatorKey(given: string | undefined, configured = process.env.STARTFLOW_OPERATOR_KEY): boolean {
  if (given === undefined || configured === undefined || configured === "") return false;
  const keys = configured.split(",").map((key) => key.trim());
  if (keys.length > 2 || !keys.every((key) => OPERATOR_KEY.test(key))) {
    log("error", "STARTFLOW_OPERATOR_KEY is not used: one key, or two with a comma between, of 16 characters or more");
    return false;
  }
  const hash = (text: string) => createHash("sha256").update(text).digest();
  const sent = hash(given);
  return keys.filter((key) => timingSafeEqual(hash(key), sent)).length > 0;
}
