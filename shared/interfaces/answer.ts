/** Reads what a platform answered: the value, or a failure by its status or by its own code. */
import { now } from "../clock";
import { parseExactJson } from "../exact-json";
import { type HttpAnswer, textOf } from "../http";
import { safeWords } from "../targets/engine-failure";
import { type Refused, refusal, unreadable } from "./answer-failure";
import type { PreparedCall } from "./call";
import { CallFailure, type Failure } from "./call-failure";
import type { Success } from "./catalogue";
import { memberAt } from "./data";
import { maskedBy } from "./secrets";
import { typedTexts } from "./typed";

/** Parsed JSON, text or bytes, as the interface declares. @param secrets fetched for this call. @throws CallFailure */
export function readAnswer(call: PreparedCall, answer: HttpAnswer, secrets: readonly string[]): unknown {
  const { definition, platform } = call;
  const isSuccess = answer.status >= 200 && answer.status < 300;
  const wantsJson = definition.response.type === "json";
  const json = wantsJson || !isSuccess || isJson(answer) ? parsed(answer) : undefined;
  const rule = definition.success ?? platform.success;
  // Text and bytes have a code only where a failure came in their place.
  const code = rule === undefined ? undefined : codeOf(json, rule);
  const isRefused = rule !== undefined && (code === undefined ? wantsJson : !rule.is.includes(code));
  if (!isSuccess || (isRefused && json !== NOT_JSON)) {
    throw new CallFailure(refusal(refusedOf(call, answer, { json, rule, code, isSuccess, secrets })));
  }
  if (definition.response.type === "bytes") return Buffer.concat(answer.pieces);
  if (!wantsJson) return textOf(answer);
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

function refusedOf(call: PreparedCall, answer: HttpAnswer, read: Read): Refused {
  const { json, rule, code, isSuccess, secrets } = read;
  const words = rule?.message === undefined ? undefined : memberAt(json, rule.message.split("."));
  const masked = typeof words === "string" ? maskedBy(call.instance, secrets)(words) : undefined;
  return {
    status: answer.status,
    isSuccess,
    code: shownCode(typeof code === "boolean" ? String(code) : code, call, secrets),
    member: rule?.code,
    words: safeWords(masked, typedTexts(call)),
    isExpired: isExpired(call, answer.status, code),
    retryAfterMs: retryAfterMs(answer.header("retry-after")),
  };
}

/** A code is a number or a short word; anything longer could be what somebody typed. */
function shownCode(
  code: string | number | undefined,
  { instance }: PreparedCall,
  secrets: readonly string[],
): Refused["code"] {
  if (typeof code !== "string") return code;
  return /^[\w.:-]{1,80}$/.test(code) ? maskedBy(instance, secrets)(code) : undefined;
}

function isExpired({ platform: { auth } }: PreparedCall, status: number, code: Code): boolean {
  if (auth.kind !== "oauth2" && auth.kind !== "twoStep") return false;
  return status === 401 || (code !== undefined && typeof code !== "boolean" && auth.expiredCodes.includes(code));
}

function codeOf(json: unknown, { code }: Success): Code {
  const value = json === NOT_JSON ? undefined : memberAt(json, code.includes(".") ? code.split(".") : [code]);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined;
}

const NOT_JSON = Symbol("not JSON");

function isJson({ header }: HttpAnswer): boolean {
  return /\bjson\b/i.test(header("content-type") ?? "");
}

/** A proxy's way to change what every object has, if the value is ever copied member by member. */
const PROTO = /__proto__|\\u005f/i;

/** No body is `undefined`. Integers of 16 digits and more are text, as they would lose digits. */
function parsed(answer: HttpAnswer): unknown {
  const text = textOf(answer).replace(/^\ufeff/, "");
  if (text.trim() === "") return undefined;
  try {
    const value = parseExactJson(text);
    return PROTO.test(text) ? withoutProto(value) : value;
  } catch {
    return NOT_JSON;
  }
}

function withoutProto(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutProto);
  const members = Object.entries(value).filter(([key]) => key !== "__proto__");
  return Object.fromEntries(members.map(([key, member]) => [key, withoutProto(member)]));
}

/** Seconds or a date. https://datatracker.ietf.org/doc/html/rfc9110#section-10.2.3 */
function retryAfterMs(text: string | undefined): Failure["retryAfterMs"] {
  if (text === undefined) return undefined;
  const waitMs = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now();
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}
