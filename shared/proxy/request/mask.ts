/** A call as it will be sent, without its secrets: what a dry run and the console show. */
import { parseExactJson } from "../../base/exact-json";
import { mask, maskText } from "../../base/log";
import type { PreparedCall } from "../call";
import { shownCredentials } from "../send/auth/apply";
import { type Masker, maskedBy } from "../send/secrets";
import { withQuery } from "./query-text";

/** Deep enough for any body. */
const LEVELS = 64;

export function maskedCall(call: PreparedCall): unknown {
  const { platform, instance, definition, target, headers, body } = call;
  const masker = maskedBy(instance);
  const shown = shownCredentials(platform.auth);
  const type = body === undefined ? {} : { "content-type": body.type };
  return {
    method: definition.method,
    url: maskText(masker(withQuery(instance.baseUrl + target, shown.query))),
    headers: { ...(maskedDeep(mask({ ...headers, ...type }, LEVELS), masker) as object), ...shown.headers },
    ...(body === undefined ? {} : { body: shownBody(body, masker) }),
  };
}

function shownBody({ type, content }: NonNullable<PreparedCall["body"]>, masker: Masker): unknown {
  if (typeof content !== "string") return `<${content.reduce((sum, { length }) => sum + length, 0)} bytes>`;
  const value = /\bjson\b/i.test(type) ? parsed(content) : undefined;
  return value === undefined ? maskText(masker(content)) : maskedDeep(mask(value, LEVELS), masker);
}

function parsed(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}

/** Names too: nobody keeps a caller from using a secret as one. */
function maskedDeep(value: unknown, masker: Masker): unknown {
  if (typeof value === "string") return masker(value);
  if (typeof value === "number") return masker(String(value)) === String(value) ? value : masker(String(value));
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => maskedDeep(member, masker));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [masker(key), maskedDeep(member, masker)]));
}
