/** An engine's failure -> the product's error: its class from the table, its own words as far as they are safe to show. */
import { ERRORS, StartflowError } from "../base/errors";
import { classify } from "../base/failure-codes";
import { safeFailure } from "../base/safe-words";

/** @param typed what a user typed of what went out: an engine's message that repeats any of it is not shown */
export function engineFailure(failure: unknown, typed: unknown): StartflowError {
  if (failure instanceof StartflowError) return failure;
  const { code, message, cause } = (failure ?? {}) as { code?: unknown; message?: unknown; cause?: { code?: unknown } };
  const is = classify(code ?? cause?.code, message);
  const shown = safeFailure(failure, typed);
  const detail = [shown.code, shown.words].filter((part) => part !== "");
  const { zh, en } = ERRORS[is];
  const told = { message: { zh: `${zh}（引擎：${detail.join("，")}）`, en: `${en} (Engine: ${detail.join(", ")})` } };
  return new StartflowError(is, { ...(detail.length === 0 ? {} : told), cause: shown.cause });
}
