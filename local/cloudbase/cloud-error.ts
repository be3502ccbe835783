/** A failure as CloudBase answers it: HTTP 200 with `{code, message, requestId}`. */

/**
 * The codes that the local platform answers. https://docs.cloudbase.net/error-code/
 * Assumption: DATABASE_COLLECTION_ALREADY_EXIST and the texts; the pages give codes and causes, not the literal answers.
 */
export type CloudCode =
  | "INVALID_PARAM"
  | "INVALID_ENV"
  | "SIGN_PARAM_INVALID"
  | "INVALID_ACTION"
  | "FUNCTION_NOT_FOUND"
  | "FUNCTIONS_EXECUTE_FAIL"
  | "FUNCTIONS_TIME_LIMIT_EXCEEDED"
  | "DATABASE_REQUEST_FAILED"
  | "DATABASE_COLLECTION_NOT_EXIST"
  | "DATABASE_COLLECTION_ALREADY_EXIST"
  | "DATABASE_TRANSACTION_CONFLICT"
  | "DATABASE_TRANSACTION_NOT_EXIST"
  | "STORAGE_FILE_NONEXIST"
  | "STORAGE_EXCEED_AUTHORITY"
  | "EXCEED_REQUEST_LIMIT"
  | "EXCEED_REQUEST_SIZE_LIMIT"
  | "SYS_ERR";

export class CloudError extends Error {
  override readonly name = "CloudError";
  constructor(
    readonly code: CloudCode | (string & {}),
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
