/** The text of an answer in its own character set, and the JSON in it. */
import { parseExactJson } from "../../base/exact-json";
import { type HttpAnswer, textOf } from "../../http/request";

export const NOT_JSON = Symbol("not JSON");

/** By the charset of its type: older systems answer in GBK. What nobody names or knows is UTF-8. */
export function decodedText(answer: HttpAnswer): string {
  const [, label = "utf-8"] = /;\s*charset\s*=\s*"?([\w.:-]{1,40})/i.exec(answer.header("content-type") ?? "") ?? [];
  if (/^utf-?8$/i.test(label)) return textOf(answer);
  try {
    return new TextDecoder(label).decode(Buffer.concat(answer.pieces));
  } catch {
    return textOf(answer);
  }
}

/** No body is `undefined`. Integers of 16 digits and more are text, as they would lose digits. */
export function jsonIn(answer: HttpAnswer): unknown {
  const text = decodedText(answer).replace(/^\ufeff/, "");
  if (text.trim() === "") return undefined;
  try {
    const value = parseExactJson(text);
    return PROTO.test(text) ? withoutProto(value) : value;
  } catch {
    return NOT_JSON;
  }
}

/** Says that it is JSON, or looks like an object of it. */
export function maybeJson({ header, pieces }: HttpAnswer): boolean {
  return /\bjson\b/i.test(header("content-type") ?? "") || pieces[0]?.[0] === OPENING_BRACE;
}

const OPENING_BRACE = 0x7b;

/** A proxy's way to change what every object has, if the value is ever copied member by member; any letter may be escaped. */
const PROTO = /__proto__|\\u00[567]/i;

function withoutProto(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutProto);
  const members = Object.entries(value).filter(([key]) => key !== "__proto__");
  return Object.fromEntries(members.map(([key, member]) => [key, withoutProto(member)]));
}
