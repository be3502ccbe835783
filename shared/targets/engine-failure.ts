/** An engine's failure -> the product's error: its class from the table, its own words as far as they are safe to show. */
import { ERRORS, StartflowError } from "../errors";
import { classify } from "../failures";
import { maskText } from "../log";

const MAX_SHOWN = 200;
/** Shorter texts occur in any message by chance. */
const MIN_TYPED = 2;

/** @param sent what went out: an engine's message that repeats any of it is not shown */
export function engineFailure(failure: unknown, sent: unknown): StartflowError {
  if (failure instanceof StartflowError) return failure;
  const { code, message, cause } = (failure ?? {}) as { code?: unknown; message?: unknown; cause?: { code?: unknown } };
  const is = classify(code ?? cause?.code, message);
  const shownCode = /^[\w.:-]{1,80}$/.test(String(code)) && code !== undefined && code !== null ? String(code) : "";
  const shownText = safeWords(message, sent);
  const detail = [shownCode, shownText].filter((part) => part !== "");
  const row = ERRORS[is];
  if (detail.length === 0) return new StartflowError(is, { cause: failure });
  return new StartflowError(is, {
    message: { zh: `${row.zh}（引擎：${detail.join("，")}）`, en: `${row.en} (Engine: ${detail.join(", ")})` },
    cause: failure,
  });
}

/** An engine's message as far as it may be shown: nothing where it repeats any of what was sent. */
export function safeWords(message: unknown, sent: unknown): string {
  return typeof message === "string" && !repeats(message, sent) ? maskText(message).slice(0, MAX_SHOWN) : "";
}

/** Whether any text or number that was sent stands in the message. */
function repeats(message: string, sent: unknown): boolean {
  if (typeof sent === "string") return sent.length >= MIN_TYPED && message.includes(sent);
  if (typeof sent === "number") return String(sent).length > MIN_TYPED && message.includes(String(sent));
  if (typeof sent !== "object" || sent === null) return false;
  return Object.keys(sent).some(
    (key) => !OWN_WORDS.has(key) && repeats(message, (sent as Record<string, unknown>)[key]),
  );
}

/** Members of a start parameter, or of a Feishu variable, that the developer wrote, not the user. */
const OWN_WORDS = new Set(["paramCode", "fieldType", "entityCode", "name", "variable_api_name", "wk_api_name"]);
