/** What a member may be called where somebody types: every identifier of the sources, and what no program would call it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const SHARED = readdirSync("shared", { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));

const textOfFiles = (files: readonly string[]) =>
  files.map((file) => readFileSync(join("shared", file), "utf8")).join("\n");
const sorted = (names: readonly string[]) => [...new Set(names)].sort();

/** Also words of comments, and names of types: more than any engine has. */
export const NAMES = sorted(textOfFiles(SHARED).match(/[A-Za-z_$][\w$]*/g) ?? []);

const WIRE = SHARED.filter((file) => /(^|\/)(wire|start-params)\.ts$/.test(file));
/** The members of the engines' own shapes: each of these costs a request where the engine is a server. */
export const WIRE_NAMES = sorted(
  [...textOfFiles(WIRE).matchAll(/\b([A-Za-z_]\w*)\??: /g)].map(([, name = ""]) => name),
);

/** The kinds of all engines that there are. */
export const KINDS = SHARED.map((file) => readFileSync(join("shared", file), "utf8"))
  .filter((source) => /^export function [^;]*?\): Engine</ms.test(source))
  .map((source) => /^ {4}kind: "([^"]+)",$/m.exec(source)?.[1] ?? "an engine without a kind");

export interface Typed {
  text: string;
  /** Under which member, and how deep. */
  at: string;
}

/** What is typed into one start. */
export interface Rows {
  first: Record<string, unknown>;
  rest: Record<string, unknown>[];
}

/** A text that stands nowhere else, and has none of the others in it. */
export const textOf = (count: number): string => `字${count.toString(36).padStart(4, "0")}印`;

/**
 * Rows in which every name stands in an object, in a list of objects, and two levels deep in both ways, each time with a text
 * of its own.
 */
export function rowsOf(names: readonly string[]): Rows & { places: Typed[][] } {
  const places = ["object", "list", "inner.deep", "rows[]"].map((shape, at) =>
    names.map((name, nth) => ({ text: textOf(at * names.length + nth), at: `${shape} ${name}` })),
  );
  const [first = {}, listed = {}, deep, row] = places.map((place) =>
    Object.fromEntries(names.map((name, nth) => [name, place[nth]?.text])),
  );
  return { first, rest: [listed, { inner: { deep } }, { rows: [row] }], places };
}

/** The same, with keys that were typed; the values say nothing. */
export function rowsOfKeys(): Rows & { typed: Typed[] } {
  const keys = ["张三的钥匙", "13812345678", "2031 年预算", "a/b c", "4711", "x".repeat(70)];
  const row = (prefix: string) => Object.fromEntries(keys.map((key) => [`${prefix}${key}`, true]));
  const typed = ["1", "2", "3"].flatMap((prefix) => keys.map((key) => ({ text: `${prefix}${key}`, at: "a key" })));
  return { first: row("1"), rest: [row("2"), { rows: [{ deep: row("3") }] }], typed };
}

export function inBatches<One>(all: readonly One[], size: number): One[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}
