/** A method's source text: where the braces of its `fields` are, and which entries stand in them. */
import { ImportRefused } from "./interface-draft";

const OPAQUE: readonly [kind: "comment" | "text", pattern: RegExp][] = [
  ["comment", /\/\/[^\n]*/y],
  ["comment", /\/\*[\s\S]*?\*\//y],
  ["text", /"(?:[^"\\\n]|\\[\s\S])*"/y],
  ["text", /'(?:[^'\\\n]|\\[\s\S])*'/y],
  ["text", /`(?:[^`\\]|\\[\s\S])*`/y],
];
const REGEX = /\/(?![*/])(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
/** After one of these a slash begins a pattern, and divides after anything else. */
const BEFORE_REGEX = "(,=:[!&|?{};+-*%<>~^";

/** As long as the source: comments are blank, texts and patterns one sign each, so that only the code's own braces count. */
export function skeleton(source: string): string {
  let shown = "";
  let last = "(";
  while (shown.length < source.length) {
    const at = shown.length;
    const opaque = opaqueAt(source, at, last);
    if (opaque === undefined) {
      const sign = source[at] as string;
      if (/\S/.test(sign)) last = sign;
      shown += sign;
    } else {
      shown += (opaque.kind === "comment" ? " " : '"').repeat(opaque.length);
      if (opaque.kind === "text") last = '"';
    }
  }
  return shown;
}

function opaqueAt(source: string, at: number, last: string): { kind: "comment" | "text"; length: number } | undefined {
  if (!"/\"'`".includes(source[at] as string)) return undefined;
  const patterns = BEFORE_REGEX.includes(last) ? [...OPAQUE, ["text", REGEX] as const] : OPAQUE;
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (found !== null) return { kind, length: found[0].length };
  }
  return undefined;
}

export interface SourceEntry {
  key: string;
  /** The entry's value, as it is written. */
  text: string;
  /** Comments above it, and behind it in its line. */
  above: string;
  behind: string;
}
export interface FieldsTable {
  /** Of what stands between the braces. */
  start: number;
  end: number;
  entries: SourceEntry[];
  /** Comments below the last one. */
  below: string;
}

/** @throws ImportRefused where the table is not written out in the declaration */
export function fieldsTable(source: string): FieldsTable {
  const code = skeleton(source);
  const calls = [...code.matchAll(/\bdefineMethod\s*(?:<[^()]*>)?\(\s*\{/g)];
  if (calls.length !== 1) throw new ImportRefused("the file has no defineMethod({…}), or more than one");
  const [call] = calls as [RegExpExecArray];
  const open = call.index + call[0].length;
  const parts = partsOf(code, open);
  const part = parts.find(({ from, to }) => /^\s*fields\s*:/.test(code.slice(from, to)));
  const head = part === undefined ? null : /^\s*fields\s*:\s*\{/.exec(code.slice(part.from, part.to));
  if (part === undefined || head === null) {
    throw new ImportRefused("the method's fields are not written out as fields: {…} in defineMethod({…})");
  }
  const start = part.from + head[0].length;
  const inner = partsOf(code, start);
  const entries: SourceEntry[] = [];
  let below = "";
  for (const { from, to } of inner) {
    const first = code.slice(from, to).search(/\S/);
    const at = first === -1 ? to : from + first;
    const [behind = "", above] = withBehind(source.slice(from, at));
    const before = entries[entries.length - 1];
    if (before !== undefined) before.behind = behind.trim();
    if (first === -1) below = above.trim();
    else entries.push({ ...entryAt(source, at, to), above: above.trim(), behind: "" });
  }
  return { start, end: inner[inner.length - 1]?.to ?? start, entries, below };
}

/** A comment in the line of the comma belongs to what stands before it. */
function withBehind(between: string): [behind: string, above: string] {
  const line = /^[ \t]*(?:\/\/[^\n]*|\/\*[^\n]*?\*\/)[ \t]*(?=\n|$)/.exec(between)?.[0] ?? "";
  return [line, between.slice(line.length)];
}

/** What stands between the commas, up to the brace that closes; the last part may be empty. */
export function partsOf(code: string, open: number): { from: number; to: number }[] {
  const parts: { from: number; to: number }[] = [];
  let from = open;
  let depth = 0;
  for (let at = open; at < code.length; at += 1) {
    const sign = code[at] as string;
    if ("([{".includes(sign)) depth += 1;
    else if (")]}".includes(sign)) {
      if (depth === 0) return [...parts, { from, to: at }];
      depth -= 1;
    } else if (sign === "," && depth === 0) {
      parts.push({ from, to: at });
      from = at + 1;
    }
  }
  throw new ImportRefused("the file's braces do not close");
}

const KEY = /^(?:"([^"\\]+)"|'([^'\\]+)'|([\p{ID_Start}$_][\p{ID_Continue}$]*))\s*:\s*/u;

function entryAt(source: string, at: number, to: number): { key: string; text: string } {
  const found = KEY.exec(source.slice(at, to));
  if (found === null) throw new ImportRefused("an entry of fields is not written as name: {…}; nothing was changed");
  const [head, double, single, plain] = found;
  return { key: (double ?? single ?? plain) as string, text: source.slice(at + head.length, to).trim() };
}
