/** How a method's failure leaves it: as one of the product's errors, with one line in the log. */
import { StartflowError } from "./errors";
import { describeError, log } from "./log";

/** An error that knows what it is as one of the product's: itself, or what a call of `$proxy` comes to. */
export interface OwnFailure {
  toFailure(): StartflowError;
}

export function isOwnFailure(error: unknown): error is Error & OwnFailure {
  return error instanceof Error && "toFailure" in error;
}

/** What nobody foresaw is INTERNAL: nothing has been sent where this is called. */
export function asFailure(error: unknown): StartflowError {
  if (isOwnFailure(error)) return error.toFailure();
  log("error", "unexpected error before the start", { error: describeError(error) });
  return new StartflowError("INTERNAL", { cause: error });
}

/** How long the engine gets to be done with what it may be at. */
const ASK_AGAIN_MS = 3_000;

/** Nothing came back from an engine that refuses a repeat: the very form tells what became of it, and starts nothing twice. */
export function askAgain(failure: StartflowError): StartflowError {
  const message = {
    zh: "还不能确认流程是否已经发起。请过几秒，用同一份表单（同一个提交编号）再提交一次来确认，不会重复发起。",
    en: "It is not known yet whether the process started. Submit the very same form (the same submission id) again in a few seconds to find out; nothing is started twice.",
  };
  return new StartflowError(failure.code, { message, retryAfterMs: ASK_AGAIN_MS, cause: failure.cause ?? failure });
}

/** Every failure leaves one line in the log: its code, the fields' paths and codes, and the chain of causes. */
export function reported(error: unknown): StartflowError {
  const failure = asFailure(error);
  const { code, outcome, submissionId, issues } = failure;
  const fields = issues?.map((issue) => `${issue.path}: ${issue.code}`);
  const cause = failure.cause === undefined ? undefined : describeError(failure.cause);
  log("warn", "method failed", { code, outcome, submissionId, fields, cause });
  return failure;
}
