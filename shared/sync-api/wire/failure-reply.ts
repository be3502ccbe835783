/** A failure from which it is known that nothing was run -> the answer of the API. One table. */
import type { ErrorCode, StartflowError } from "../../base/errors";
import type { RefusalKind } from "./codes";
import { type Reply, refusal } from "./envelope";

const KINDS: Record<ErrorCode, RefusalKind> = {
  INVALID_PARAMS: "invalidParams",
  PARAMS_NOT_OBJECT: "invalidParams",
  PARAMS_TOO_LARGE: "payloadTooLarge",
  IDENTITY_IN_FORM: "invalidParams",
  SUBMISSION_REUSED: "keyReused",
  SUBMISSION_IN_PROGRESS: "inProgress",
  NOT_SIGNED_IN: "notConfigured",
  NOT_CONFIGURED: "notConfigured",
  STORE_UNREACHABLE: "unavailable",
  TOO_LATE: "unavailable",
  ENGINE_REFUSED: "refused",
  ENGINE_BUSY: "unavailable",
  ENGINE_UNREACHABLE: "unavailable",
  OUTCOME_UNKNOWN: "unavailable",
  INTERFACE_FAILED: "refused",
  INTERFACE_UNAVAILABLE: "unavailable",
  INTERNAL: "internal",
};

/** Those whose own words say more to the caller than the table: which field, or what the engine says. */
const IN_OWN_WORDS: ReadonlySet<ErrorCode> = new Set(["INVALID_PARAMS", "IDENTITY_IN_FORM", "ENGINE_REFUSED"]);

/** Longest wait that a caller is asked for, in seconds; shortest 1. */
const MAX_RETRY_SECONDS = 60;

export function failureReply(failure: StartflowError, uid?: string): Reply {
  const { code, text, issues, retryable, retryAfterMs = 1_000 } = failure;
  const seconds = Math.min(MAX_RETRY_SECONDS, Math.max(1, Math.ceil(retryAfterMs / 1_000)));
  return refusal(KINDS[code], {
    ...(IN_OWN_WORDS.has(code) ? { message: trimmed(text) } : {}),
    ...(issues === undefined ? {} : { issues }),
    ...(retryable ? { headers: { "retry-after": String(seconds) } } : {}),
    ...(uid === undefined ? {} : { uid }),
  });
}

/** The envelope ends its sentences itself. */
function trimmed({ zh, en }: { zh: string; en: string }) {
  return { zh: zh.replace(/。$/, ""), en: en.replace(/\.$/, "") };
}
