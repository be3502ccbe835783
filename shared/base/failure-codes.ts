/** What a failed call says about the process: known not to have started, or unknown. One table for every target. */
import type { ErrorCode } from "./errors";

type FailureCode = Extract<
  ErrorCode,
  "ENGINE_BUSY" | "ENGINE_UNREACHABLE" | "ENGINE_REFUSED" | "NOT_SIGNED_IN" | "OUTCOME_UNKNOWN"
>;

interface FailureRow {
  is: FailureCode;
  codes: RegExp;
  /** Why such a failure is known to have started nothing. */
  because: string;
}

/** The first row that fits counts; a failure that fits none is OUTCOME_UNKNOWN. docs/errors.md prints this table. */
export const FAILURES: readonly FailureRow[] = [
  {
    is: "ENGINE_UNREACHABLE",
    codes:
      /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EPROTO|CERT_\w+|ERR_TLS_\w+|UND_ERR_CONNECT_TIMEOUT)$/,
    because: "no connection was made, so no request left",
  },
  {
    is: "ENGINE_BUSY",
    codes: /^(EXCEED_REQUEST_LIMIT|EXCEED_CONCURRENT_REQUEST_LIMIT|RequestLimitExceeded(\..*)?|429)$/,
    because: "a rate limit answers in place of the engine",
  },
  {
    is: "NOT_SIGNED_IN",
    codes:
      /^((InnerError\.)?AuthFailure(\..*)?|InvalidAccessToken|INVALID_ACCESS_TOKEN|unauthenticated|invalid_grant)$/,
    because: "the caller was refused before the action ran",
  },
  {
    is: "ENGINE_REFUSED",
    codes:
      /^((InvalidParameter|InvalidParameterValue|MissingParameter|UnknownParameter|ResourceNotFound|UnsupportedOperation|UnauthorizedOperation|InvalidAction)(\..*)?|PERMISSION_DENIED|FUNCTION_NOT_FOUND|INVALID_PARAM|INVALID_ENV|SIGN_PARAM_INVALID|DS_METHOD_NOT_FOUND)$/,
    because: "the platform's public code families name these as refusals of the request itself",
  },
];

/** An action that does not exist is told by its text alone (@cloudbase/weda-ui, utils/tcb.js). */
const NO_SUCH_ACTION = /Action不存在|接口不存在/;

/** @param code the platform's or the system's error code; @param message looked at only for "no such action" */
export function classify(code: unknown, message: unknown): FailureCode {
  const text = typeof code === "string" || typeof code === "number" ? String(code) : "";
  const row = FAILURES.find(({ codes }) => codes.test(text));
  if (row !== undefined) return row.is;
  return typeof message === "string" && NO_SUCH_ACTION.test(message) ? "ENGINE_REFUSED" : "OUTCOME_UNKNOWN";
}
