/** Paths: a value fills one segment, or a part of one, and never leads out of it. */

import { namesIn, type Part, partsOf } from "../catalogue/template";
import { configProblem, paramProblem, type Where } from "../problem";
import { encoded, scalarText } from "./text";

/** By segment; text in it is encoded. */
export interface PathTemplate {
  segments: readonly (readonly Part[])[];
  names: ReadonlySet<string>;
}

/** `.` and `..`, also as they can be encoded: https://url.spec.whatwg.org/#double-dot-path-segment */
const DOTS = /^(\.|%2e){1,2}$/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** @throws InterfaceError config where the path leads elsewhere than it seems */
export function pathTemplate(where: Where, path: string): PathTemplate {
  const texts = path.slice(1).split("/");
  const segments = texts.map((text, at) => {
    const isEmptyInside = text === "" && at < texts.length - 1;
    const parts = partsOf(text);
    const isOdd = parts.some((part) => typeof part === "string" && /[{}]|\p{Surrogate}|\p{Cc}/u.test(part));
    if (isEmptyInside || DOTS.test(text) || isOdd) {
      throw configProblem(
        where,
        `path 的第 ${at + 1} 段不对：不能为空、不能是 . 或 ..，花括号里只能是参数名。`,
        `segment ${at + 1} of its path is wrong: not empty, not . or .., and only an argument's name in braces.`,
      );
    }
    return parts.map((part) => (typeof part === "string" ? literal(part) : part));
  });
  return { segments, names: new Set(segments.flatMap(namesIn)) };
}

/** Text of the catalogue, which may be encoded already. */
function literal(text: string): string {
  return encodeURI(text).replace(/%25([0-9a-f]{2})/gi, "%$1");
}

/** @param valueFor what stands for a name. @throws InterfaceError param */
export function pathOf(where: Where, template: PathTemplate, valueFor: (name: string) => unknown): string {
  let path = "";
  for (const parts of template.segments) {
    let segment = "";
    for (const part of parts) {
      segment += typeof part === "string" ? part : pathValue(where, part.name, valueFor(part.name));
    }
    // Two values side by side can make up what neither is.
    if (DOTS.test(segment)) throw unusable(where, namesIn(parts)[0] ?? "");
    path += `/${segment}`;
  }
  return path;
}

/** @throws InterfaceError param */
export function pathValue(where: Where, name: string, value: unknown): string {
  if (value === undefined) {
    throw paramProblem(
      where,
      `缺少路径参数「${name}」，请填写。`,
      `the path parameter "${name}" is missing. Give it a value.`,
    );
  }
  const text = scalarText(where, name, value);
  if (text === "" || text === "." || text === ".." || CONTROL.test(text)) throw unusable(where, name);
  return encoded(text);
}

function unusable(where: Where, name: string) {
  return paramProblem(
    where,
    `路径参数「${name}」不能为空，不能是 . 或 ..，也不能含有控制字符。`,
    `the path parameter "${name}" must not be empty, . or .., nor have control characters in it.`,
  );
}
