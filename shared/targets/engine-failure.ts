/** An engine's failure -> the product's error: its class from the table, its own words as far as they are safe to show. */
import { ERRORS, StartflowError } from "../errors";
import { classify } from "../failures";
import { maskText } from "../log";

const MAX_SHOWN = 500;
/** Shorter texts occur in any message by chance. */
const MIN_TYPED = 2;
const MIN_DIGITS = 3;

/** @param sent what went out: an engine's message that repeats any of it is not shown */
export function engineFailure(failure: unknown, sent: unknown): StartflowError {
  if (failure instanceof StartflowError) return failure;
  const { code, message, cause } = (failure ?? {}) as { code?: unknown; message?: unknown; cause?: { code?: unknown } };
  const is = classify(code ?? cause?.code, message);
  const shownCode = /^[\w.:-]{1,80}$/.test(String(code)) && code !== undefined && code !== null ? String(code) : "";
  const shownText = safeWords(message, sent, WEDA_WORDS);
  const detail = [shownCode, shownText].filter((part) => part !== "");
  const row = ERRORS[is];
  if (detail.length === 0) return new StartflowError(is, { cause: failure });
  return new StartflowError(is, {
    message: { zh: `${row.zh}（引擎：${detail.join("，")}）`, en: `${row.en} (Engine: ${detail.join(", ")})` },
    cause: failure,
  });
}

/**
 * An engine's message as far as it may be shown: nothing where it repeats any of what was sent, whole or in part.
 * @param ownWords members whose values the developer wrote, not the user
 */
export function safeWords(message: unknown, sent: unknown, ownWords: ReadonlySet<string> = FEISHU_WORDS): string {
  if (typeof message !== "string" || message === "") return "";
  const typed = typedTexts(sent, ownWords);
  return typed === undefined || typed.some((text) => repeats(message, text))
    ? ""
    : maskText(message).slice(0, MAX_SHOWN);
}

/** Of a start parameter, and of a Feishu variable. */
const WEDA_WORDS: ReadonlySet<string> = new Set(["paramCode", "fieldType", "entityCode", "name"]);
const FEISHU_WORDS: ReadonlySet<string> = new Set(["variable_api_name", "wk_api_name"]);

/** More is not searched: then the message is not shown at all. */
const MAX_TYPED = { characters: 200_000, depth: 64 };

/** All texts and numbers; `undefined` for too much of it. */
function typedTexts(sent: unknown, ownWords: ReadonlySet<string>): string[] | undefined {
  const texts: string[] = [];
  const open = [{ value: sent, depth: 0 }];
  let characters = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value === "string" || typeof value === "number") {
      texts.push(String(value));
      characters += String(value).length;
    } else if (typeof value === "object" && value !== null) {
      for (const key of Object.keys(value)) {
        const isOwn = ownWords.has(key) && !Array.isArray(value);
        if (!isOwn) open.push({ value: (value as Record<string, unknown>)[key], depth: depth + 1 });
      }
    }
    if (characters > MAX_TYPED.characters || depth > MAX_TYPED.depth) return undefined;
  }
  return texts;
}

/** So many characters in a row are no chance; of Chinese, half as many say as much. Shorter ones would hide too much. */
const RUN = 12;
const CHINESE_RUN = /^[\u4e00-\u9fff]{6}$/;

/** Whole, as JSON escapes it, or a long run of it: an engine may cut what it repeats. */
function repeats(message: string, typed: string): boolean {
  const least = /^\d+$/.test(typed) ? MIN_DIGITS : MIN_TYPED;
  if (typed.length < least) return false;
  const escaped = JSON.stringify(typed).slice(1, -1);
  if (message.includes(typed) || message.includes(escaped)) return true;
  for (let at = 0; at < message.length; at += 1) {
    const [run, chinese] = [message.slice(at, at + RUN), message.slice(at, at + RUN / 2)];
    if (run.length === RUN && typed.includes(run)) return true;
    if (CHINESE_RUN.test(chinese) && typed.includes(chinese)) return true;
  }
  return false;
}
