/** Values that become text in a path, a query, a header or a form: what would arrive as something else is refused. */
import { paramProblem, type Where } from "../problem";

/** Half of a character, which UTF-8 has no bytes for. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** By RFC 3986, as `encodeURIComponent` leaves five characters that some signatures and servers do not. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** @param name of a parameter, for the error. @throws InterfaceError param */
export function scalarText(where: Where, name: string, value: unknown): string {
  if (typeof value === "string") return wellFormed(where, name, value);
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "number" && Number.isFinite(value)) {
    if (!Number.isInteger(value) || Number.isSafeInteger(value)) return String(value);
    throw paramProblem(
      where,
      `「${name}」的数字太大，已经丢失位数，请改用文字。`,
      `the number in "${name}" is too long and has lost digits. Give it as text.`,
    );
  }
  throw paramProblem(
    where,
    `「${name}」应为文字、数字或 true / false。`,
    `"${name}" must be text, a number, or true / false.`,
  );
}

export function wellFormed(where: Where, name: string, text: string): string {
  if (!LONE_SURROGATE.test(text)) return text;
  throw paramProblem(
    where,
    `「${name}」里有半个字符（不成对的代理码），请检查文字是怎么截断的。`,
    `"${name}" has half a character in it (a lone surrogate). See how the text was cut.`,
  );
}

/** One value, or each of a list; `undefined` is none. */
export function scalarTexts(where: Where, name: string, value: unknown): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.map((member) => scalarText(where, name, member));
  return [scalarText(where, name, value)];
}
