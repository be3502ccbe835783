/** A call to Feishu that failed -> the product's error: what it says of the process, in Feishu's own codes and with its log id. */
import { ERRORS, StartflowError } from "../base/errors";
import { classify } from "../base/failure-codes";
import { describeError, log } from "../base/log";
import { safeWords } from "../base/safe-words";
import type { FeishuCall, Refusal } from "./call";
import { FEISHU_CODES } from "./codes";

/**
 * An undocumented refusal of a start says nothing certain: a flow that broke off half way may answer with one.
 * @param typed what a user typed of what went out: Feishu's own words are left out where they repeat any of it
 */
export function refusalFailure(refusal: Refusal, starts: boolean, typed: unknown): StartflowError {
  const { code, status, msg, logId, retryAfterMs } = refusal;
  const own = safeWords(msg, typed);
  log("warn", "Feishu refused a call", { code, status, logId, msg: own });
  const known = FEISHU_CODES[code];
  const isCertain = known !== undefined && !(starts && known.isInside === true);
  const is = isCertain ? known.is : starts ? "OUTCOME_UNKNOWN" : "ENGINE_REFUSED";
  const { zh, en } = isCertain ? known : ERRORS[is];
  const words = !isCertain || WITH_WORDS.has(code) ? own : "";
  const detail = [String(code), words, logId === undefined ? "" : `log_id ${logId}`].filter((part) => part !== "");
  const wait = retryAfterMs === undefined || is !== "ENGINE_BUSY" ? undefined : Math.max(1_000, retryAfterMs);
  const seconds = Math.ceil((wait ?? 0) / 1_000);
  return new StartflowError(is, {
    message: {
      zh: `${zh}${wait === undefined ? "" : `约 ${seconds} 秒后可以再试。`}（飞书：${detail.join("，")}）`,
      en: `${en}${wait === undefined ? "" : ` It can be tried again in about ${seconds} s.`} (Feishu: ${detail.join(", ")})`,
    },
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    cause: Object.assign(new Error(`Feishu answered ${code} with HTTP ${status}`), { code, requestId: logId }),
  });
}

/** Codes whose own words say more than the table can: which parameter, which scope. */
const WITH_WORDS = new Set([2320001, 1161001, 99991672, 99992402]);

/** The connection failed, or nothing came in time. */
export function noAnswer({ starts, method, path }: FeishuCall<unknown>, cause: unknown): StartflowError {
  const { code } = cause as { code?: unknown };
  const is = classify(code, undefined);
  log("warn", "Feishu gave no answer", { method, path: path.join("/"), error: describeError(cause) });
  return told(is === "OUTCOME_UNKNOWN" && !starts ? "ENGINE_UNREACHABLE" : is, [String(code)], cause);
}

/** An answer came, and it is none of Feishu's, or says that Feishu itself failed. */
export function unreadable(
  { starts, method, path }: FeishuCall<unknown>,
  { status, logId, length }: { status: number; logId: string | undefined; length: number },
): StartflowError {
  log("warn", "Feishu's answer cannot be read", { method, path: path.join("/"), status, logId, length });
  const cause = new Error(`Feishu answered HTTP ${status} with ${length} bytes that cannot be read`);
  const id = logId === undefined ? [] : [`log_id ${logId}`];
  return told(starts ? "OUTCOME_UNKNOWN" : "ENGINE_UNREACHABLE", [`HTTP ${status}`, ...id], cause);
}

function told(is: ReturnType<typeof classify>, detail: readonly string[], cause: unknown): StartflowError {
  const { zh, en } = ERRORS[is];
  const message = { zh: `${zh}（飞书：${detail.join("，")}）`, en: `${en} (Feishu: ${detail.join(", ")})` };
  return new StartflowError(is, { message, isUnanswered: is === "OUTCOME_UNKNOWN", cause });
}
