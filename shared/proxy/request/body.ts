/** The body of a call as it is sent: JSON, a form, parts of a form, or text. */
import { shownKey } from "../../base/objects";
import type { Body } from "../call";
import { paramProblem, type Where } from "../problem";
import { isPlain } from "./data";
import { multipartOf } from "./multipart";
import { encoded, scalarTexts, wellFormed } from "./text";

export type BodyKind = "json" | "form" | "multipart" | "text";

/** @throws InterfaceError param where something would arrive as something else */
export function bodyOf(where: Where, kind: BodyKind, value: unknown): Body {
  if (kind === "json") return { type: "application/json; charset=utf-8", content: jsonText(where, value) };
  if (kind === "text") return { type: "text/plain; charset=utf-8", content: plainText(where, value) };
  if (!isPlain(value)) {
    throw paramProblem(where, "请求体应为一组字段（对象）。", "the body must be a group of fields (an object).");
  }
  if (kind === "multipart") return multipartOf(where, value);
  return { type: "application/x-www-form-urlencoded", content: formText(where, value) };
}

function plainText(where: Where, value: unknown): string {
  if (typeof value === "string") return wellFormed(where, "$body", value);
  throw paramProblem(where, "请求体应为文字。", "the body must be text.");
}

/** https://url.spec.whatwg.org/#application/x-www-form-urlencoded, with `%20` for a space, which all read alike. */
function formText(where: Where, fields: Readonly<Record<string, unknown>>): string {
  const pairs: string[] = [];
  for (const name of Object.keys(fields)) {
    const shown = shownKey(name);
    const key = encoded(wellFormed(where, shown, name));
    for (const text of scalarTexts(where, shown, fields[name])) pairs.push(`${key}=${encoded(text)}`);
  }
  return pairs.join("&");
}

function jsonText(where: Where, value: unknown): string {
  const path: string[] = [];
  checkJson(where, value, path);
  return JSON.stringify(value);
}

/** What JSON would leave out or turn into `null` without a word is refused by name. */
function checkJson(where: Where, value: unknown, path: string[]): void {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return;
  if (typeof value === "number" && Number.isFinite(value)) return;
  if (Array.isArray(value)) {
    value.forEach((member, at) => {
      checkMember(where, member, String(at), path);
    });
    return;
  }
  if (isPlain(value) && typeof value.toJSON !== "function") {
    for (const key of Object.keys(value)) if (value[key] !== undefined) checkMember(where, value[key], key, path);
    return;
  }
  if (value instanceof Date && !Number.isNaN(value.getTime())) return;
  const shown = path.length === 0 ? "$body" : path.map(shownKey).join(".");
  throw paramProblem(
    where,
    `请求体的「${shown}」不能写成 JSON：只能是文字、有限的数字、true / false、null、列表和对象。`,
    `"${shown}" of the body cannot be JSON: only text, finite numbers, true / false, null, lists and objects can.`,
  );
}

function checkMember(where: Where, member: unknown, key: string, path: string[]): void {
  path.push(key);
  checkJson(where, member, path);
  path.pop();
}
