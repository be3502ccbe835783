/** What somebody else said, as far as it may be shown: nothing of it that repeats what a user typed. */
import { isName, maskText } from "./log";

const MAX_SHOWN = 500;
/** Shorter texts occur in any message by chance. */
const MIN_TYPED = 2;
const MIN_DIGITS = 3;
/** In any code these too, unless they are all of it. */
const MIN_IN_CODE = 4;
const MAX_CAUSES = 3;

/**
 * An engine's message as far as it may be shown: nothing where it repeats any of what was typed, whole or in part.
 * @param typed the values that a user may have typed, and nothing else: what a developer called a variable is none of them
 */
export function safeWords(message: unknown, typed: unknown): string {
  return wordsBeside(message, textsIn(typed));
}

/** An engine's code that may be any text: a flow's or a function's own. */
export function anyCode(code: unknown, typed: unknown): string {
  const texts = textsIn(typed);
  return codeBeside(code, texts) || wordsBeside(code, texts);
}

/** What an engine threw or answered, as the log may have it: anew, because its causes too may repeat what was typed. */
export function safeCause(failure: unknown, typed: unknown): Error {
  return causeBeside(failure, textsIn(typed));
}

/** All of a failure that may be shown; its code is "" where it is none or repeats what was typed, which is gone through once. */
export function safeFailure(failure: unknown, typed: unknown): { code: string; words: string; cause: Error } {
  const { code, message } = (failure ?? {}) as { code?: unknown; message?: unknown };
  const texts = textsIn(typed);
  return { code: codeBeside(code, texts), words: wordsBeside(message, texts), cause: causeBeside(failure, texts) };
}

/** What was typed; `undefined` where it is too much to be searched: then nothing is shown. */
type Texts = readonly string[] | undefined;

function wordsBeside(message: unknown, texts: Texts): string {
  if (typeof message !== "string" || message === "") return "";
  const isSafe = texts !== undefined && !texts.some((text) => repeats(message, text));
  return isSafe ? maskText(message).slice(0, MAX_SHOWN) : "";
}

function codeBeside(code: unknown, texts: Texts): string {
  const shown = typeof code === "string" || typeof code === "number" ? String(code) : "";
  if (!/^[\w.:-]{1,80}$/.test(shown)) return "";
  const isIn = (text: string) => (text === shown || text.length >= MIN_IN_CODE) && repeats(shown, text);
  return texts === undefined || texts.some(isIn) ? "" : shown;
}

function causeBeside(failure: unknown, texts: Texts, depth = 0): Error {
  const thrown = typeof failure === "string" ? { message: failure } : (failure ?? {});
  const { name, code, requestId, message, cause } = thrown as Record<string, unknown>;
  const error: Error & Record<string, unknown> = Object.assign(new Error(wordsBeside(message, texts)));
  for (const [member, value] of Object.entries({ name, code, requestId })) {
    const shown = codeBeside(value, texts);
    if (shown !== "") error[member] = shown;
  }
  if (cause !== undefined && cause !== null && depth < MAX_CAUSES) error.cause = causeBeside(cause, texts, depth + 1);
  return error;
}

/** More is not searched. */
const MAX_TYPED = { characters: 200_000, depth: 64 };

/**
 * All texts and numbers, as JSON has them; `undefined` for too much of it. A key that looks like a program's name is taken
 * for the developer's, whatever it says; any other one (in Chinese, of digits, with spaces) for typed, like a value.
 */
function textsIn(typed: unknown): Texts {
  const texts: string[] = [];
  const open = [{ value: typed, depth: 0 }];
  let characters = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { depth } = next;
    const value = next.value instanceof Date ? next.value.toJSON() : next.value;
    if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") {
      texts.push(String(value));
      characters += String(value).length;
    } else if (Array.isArray(value)) {
      for (const member of value) open.push({ value: member, depth: depth + 1 });
    } else if (typeof value === "object" && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        if (!isName(key)) open.push({ value: key, depth });
        open.push({ value: member, depth: depth + 1 });
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
  if (message.includes(typed) || message.includes(JSON.stringify(typed).slice(1, -1))) return true;
  // It has no run but itself.
  if (typed.length <= RUN / 2) return false;
  for (let at = 0; at < message.length; at += 1) {
    const [run, chinese] = [message.slice(at, at + RUN), message.slice(at, at + RUN / 2)];
    if (run.length === RUN && typed.includes(run)) return true;
    if (CHINESE_RUN.test(chinese) && typed.includes(chinese)) return true;
  }
  return false;
}
