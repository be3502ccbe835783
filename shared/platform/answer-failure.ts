/** What an answer of CloudBase says where it is a failure, in every envelope that it is known to use. */
import { isObject } from "../base/objects";

/** What an answer that is a failure says. */
export interface AnswerFailure {
  code: unknown;
  message: unknown;
}

/** WeDa's envelope, a mini program's, SCF's. */
const CODE_NAMES = ["code", "errCode", "errcode", "errorCode"] as const;
const MESSAGE_NAMES = ["message", "errMsg", "errmsg", "errorMessage"] as const;

/** `undefined` where this part of an answer says nothing of a failure. */
export function failureIn(part: Record<string, unknown>): AnswerFailure | undefined {
  // The cloud API's own shape: {Response: {Error: {Code, Message}}}.
  if (isObject(part.Error)) return { code: part.Error.Code, message: part.Error.Message };
  const message = MESSAGE_NAMES.map((name) => part[name]).find((text) => typeof text === "string");
  for (const name of CODE_NAMES) {
    const code = part[name];
    if ((typeof code === "string" && code !== "" && code !== "0") || (typeof code === "number" && code !== 0)) {
      return { code, message };
    }
  }
  return part.success === false ? { code: undefined, message } : undefined;
}
