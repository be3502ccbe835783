/** How a method's failure leaves it: one line in the log, then thrown in custom code or returned by a cloud function. */
import { StartflowError } from "./errors";
import { describeError, log } from "./log";

/** What nobody foresaw is INTERNAL: nothing has been sent where this is called. */
export function asFailure(error: unknown): StartflowError {
  if (error instanceof StartflowError) return error;
  log("error", "unexpected error before the start", { error: describeError(error) });
  return new StartflowError("INTERNAL", { cause: error });
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

declare const TCBError: (new (code: string, message: string) => Error) | undefined;

/** `TCBError` is a global of custom code. https://cloud.tencent.com/document/product/1301/68440 */
export function asPlatformError(error: StartflowError): Error {
  if (typeof TCBError !== "function") return error;
  return Object.assign(new TCBError(error.code, error.fullText), { details: error.toBody(), cause: error });
}
