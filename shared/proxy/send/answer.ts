/** Reads what a platform answered: the value, or a failure by its status or by its own code. */

import { safeWords } from "../../base/safe-words";
import type { HttpAnswer } from "../../http/request";
import type { PreparedCall } from "../call";
import type { Success } from "../catalogue/catalogue";
import { memberAt } from "../request/data";
import { typedTexts } from "../request/typed";
import { type Refused, refusal, retryAfterMs, unreadable } from "./answer-failure";
import { decodedText, jsonIn, maybeJson, NOT_JSON } from "./answer-text";
import { CallFailure } from "./call-failure";
import { maskedBy, shownCode } from "./secrets";

/** Parsed JSON, text or bytes, as the interface declares. @param secrets fetched for this call. @throws CallFailure */
export function readAnswer(call: PreparedCall, answer: HttpAnswer, secrets: readonly string[]): unknown {
  const { definition, platform } = call;
  const isSuccess = answer.status >= 200 && answer.status < 300;
  const wantsJson = definition.response.type === "json";
  const rule = definition.success ?? platform.success;
  // The failure that comes in place of a file does not always say of itself that it is JSON.
  const json = wantsJson || !isSuccess || (rule !== undefined && maybeJson(answer)) ? jsonIn(answer) : undefined;
  // Text and bytes have a code only where a failure came in their place.
  const code = rule === undefined ? undefined : codeOf(json, rule);
  const isRefused = rule !== undefined && (code === undefined ? wantsJson : !rule.is.includes(code));
  if (!isSuccess || (isRefused && json !== NOT_JSON)) {
    throw new CallFailure(refusal(refusedOf(call, answer, { json, rule, code, isSuccess, secrets })));
  }
  if (definition.response.type === "bytes") return Buffer.concat(answer.pieces);
  if (!wantsJson) return decodedText(answer);
  if (json === NOT_JSON) throw new CallFailure(unreadable(answer.status, answer.length));
  return json;
}

interface Read {
  json: unknown;
  rule: Success | undefined;
  code: Code;
  isSuccess: boolean;
  secrets: readonly string[];
}

type Code = string | number | boolean | undefined;

/** Of longer words nothing behind this is shown or looked at: comparing them with what was sent takes its time. */
const MAX_WORDS = 2_000;

function refusedOf(call: PreparedCall, answer: HttpAnswer, read: Read): Refused {
  const { json, rule, code, isSuccess, secrets } = read;
  const masked = maskedBy(call.instance, secrets);
  const words = rule?.message === undefined ? undefined : memberAt(json, rule.message.split("."));
  const shown = typeof words === "string" ? masked(words).slice(0, MAX_WORDS) : undefined;
  return {
    status: answer.status,
    isSuccess,
    code: shownCode(typeof code === "boolean" ? String(code) : code, masked),
    member: rule?.code,
    words: safeWords(shown, typedTexts(call)),
    isExpired: isExpired(call, answer.status, code),
    retryAfterMs: retryAfterMs(answer.header("retry-after")),
  };
}

function isExpired({ platform: { auth } }: PreparedCall, status: number, code: Code): boolean {
  if (auth.kind !== "oauth2" && auth.kind !== "twoStep") return false;
  return status === 401 || (code !== undefined && typeof code !== "boolean" && auth.expiredCodes.includes(code));
}

function codeOf(json: unknown, { code }: Success): Code {
  const value = json === NOT_JSON ? undefined : memberAt(json, code.includes(".") ? code.split(".") : [code]);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined;
}
