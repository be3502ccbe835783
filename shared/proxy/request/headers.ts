/** Headers that a call may carry, with errors that say what is wrong before node's own cryptic ones do. */
import { paramProblem, type Where } from "../problem";
import { scalarText } from "./text";

/** https://datatracker.ietf.org/doc/html/rfc9110#section-5.6.2 */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]{1,200}$/;
/** What node writes to the wire as it is, and servers take no space off: https://datatracker.ietf.org/doc/html/rfc9110#section-5.5 */
const VALUE = /^([\x21-\x7e\xa1-\xff]([\t\x20-\x7e\xa0-\xff]*[\x21-\x7e\xa1-\xff])?)?$/;

/** They belong to the connection, or lead it elsewhere. */
const RESERVED = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "upgrade",
  "te",
  "trailer",
  "expect",
  "keep-alive",
  "cookie",
  "cookie2",
  "set-cookie",
  "__proto__",
]);

/** Why a header's name cannot be used. */
export function headerNameProblem(name: string, taken: ReadonlySet<string>): { zh: string; en: string } | undefined {
  if (!TOKEN.test(name)) {
    return { zh: "请求头的名称只能有字母、数字和 -", en: "a header's name has letters, digits and - only" };
  }
  if (RESERVED.has(name) || name.startsWith("proxy-")) {
    return { zh: `请求头 ${name} 由连接自己设置，不能填写`, en: `the header ${name} is set by the connection itself` };
  }
  if (taken.has(name)) {
    return { zh: `请求头 ${name} 由平台的鉴权填写`, en: `the header ${name} is filled in by the authentication` };
  }
  return undefined;
}

/** @throws InterfaceError param */
export function checkedHeaderName(where: Where, name: string, taken: ReadonlySet<string>): string {
  const lower = name.toLowerCase();
  const problem = headerNameProblem(lower, taken);
  if (problem === undefined) return lower;
  throw paramProblem(where, `${problem.zh}。`, `${problem.en}.`);
}

/** @throws InterfaceError param */
export function headerText(where: Where, name: string, value: unknown): string {
  const text = scalarText(where, name, value);
  if (VALUE.test(text)) return text;
  if (/[^\0-\xff]/.test(text)) {
    throw paramProblem(
      where,
      `请求头「${name}」里有中文等字符，请求头装不下。请先编码，例如 encodeURIComponent(值)。`,
      `the header "${name}" has Chinese or other characters that headers cannot carry. Encode it first, as with encodeURIComponent(value).`,
    );
  }
  throw paramProblem(
    where,
    `请求头「${name}」里不能有换行等控制字符，首尾不能有空格。`,
    `the header "${name}" must have no line break or other control character, and no space at its ends.`,
  );
}
