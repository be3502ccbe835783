/** Reads what Feishu's open platform answered: a success, a refusal with its code, or nothing that can be read. */
import { parseExactJson } from "../base/exact-json";
import { type HttpAnswer, textOf } from "../http/request";
import type { FeishuCall, Refusal } from "./call";
import { unreadable } from "./failure";
import { type Envelope, envelopeSchema } from "./wire";

/** https://open.feishu.cn/document/server-docs/api-call-guide/frequency-control */
const RATE_LIMIT = 99991400;
/** Every documented limit is one of a minute, so no longer wait is announced. */
const MAX_RETRY_AFTER_MS = 60_000;

/**
 * @param secrets that went out: whoever answers may repeat them
 * @throws StartflowError for what is no answer of Feishu's, and for every failure on its side
 */
export function readAnswer(
  call: FeishuCall<unknown>,
  answer: HttpAnswer,
  secrets: readonly string[],
): { envelope: Envelope } | { refusal: Refusal } {
  const { status, length } = answer;
  const text = textOf(answer);
  const common = { status, logId: logIdOf(answer), retryAfterMs: retryAfterMsOf(answer) };
  // To an address without an API the gateway answers text, not JSON.
  if (status === 404 && text.startsWith("404 page not found")) return { refusal: { code: 404, msg: "", ...common } };
  const envelope = envelopeSchema.safeParse(parsedJson(text)).data;
  const msg = secrets.reduce((words, secret) => words.split(secret).join("***"), envelope?.msg ?? "");
  if (status === 429) return { refusal: { code: RATE_LIMIT, msg, ...common } };
  if (envelope === undefined || status >= 500) throw unreadable(call, { ...common, length });
  const logId = common.logId ?? shownLogId(envelope.error?.log_id);
  if (envelope.code !== 0) return { refusal: { code: envelope.code, msg, ...common, logId } };
  if (status !== 200) throw unreadable(call, { ...common, length });
  return { envelope };
}

/** What Feishu's support asks for; error bodies repeat it (larksuite/oapi-sdk-go, core/constants.go). */
export function logIdOf({ header }: HttpAnswer): string | undefined {
  return shownLogId(header("x-tt-logid") ?? header("x-request-id"));
}

function shownLogId(id: string | undefined): string | undefined {
  return id !== undefined && /^[\w-]{1,64}$/.test(id) ? id : undefined;
}

function retryAfterMsOf({ header }: HttpAnswer): number | undefined {
  const seconds = Number(header("x-ogw-ratelimit-reset") ?? Number.NaN);
  return seconds >= 0 ? Math.min(MAX_RETRY_AFTER_MS, seconds * 1_000) : undefined;
}

function parsedJson(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}
