/** The errors of a catalogue and of a caller, before anything is sent: where, what is wrong, and how to mend it. */
import type { Text } from "../base/errors";
import { shownKey } from "../base/objects";
import { InterfaceError, type InterfaceErrorKind } from "./error";

/** Whose call it is. */
export interface Where {
  platform: string;
  interface?: string | undefined;
  instance?: string | undefined;
  caller?: string | undefined;
}

/** The catalogue or the environment is wrong. */
export function configProblem(where: Where, zh: string, en: string, cause?: unknown): InterfaceError {
  return problem("config", where, { zh, en }, cause);
}

/** The caller is wrong. */
export function paramProblem(where: Where, zh: string, en: string): InterfaceError {
  return problem("param", where, { zh, en });
}

function problem(kind: InterfaceErrorKind, where: Where, text: Text, cause?: unknown): InterfaceError {
  const at = where.interface === undefined ? where.platform : `${where.platform}.${where.interface}`;
  return new InterfaceError({ ...where, kind, text: { zh: `${at}：${text.zh}`, en: `${at}: ${text.en}` }, cause });
}

/** More names are not listed: nobody reads them. */
const MAX_LISTED = 20;

/** A name that does not exist: what does, and which is nearest. @param name from outside: shown only where it looks like a name */
export function notThere(what: Text, name: unknown, known: readonly string[]): Text {
  const shown = typeof name === "string" ? shownKey(name) : typeof name;
  const near = typeof name === "string" ? nearest(name, known) : undefined;
  const rest = known.length > MAX_LISTED ? "…" : "";
  const listed = known.length === 0 ? undefined : known.slice(0, MAX_LISTED);
  return {
    zh:
      `没有${what.zh}「${shown}」。${near === undefined ? "" : `是不是「${near}」？`}` +
      (listed === undefined ? "这里一个也没有。" : `已有：${listed.join("、")}${rest}。`),
    en:
      `there is no ${what.en} "${shown}". ${near === undefined ? "" : `Did you mean "${near}"? `}` +
      (listed === undefined ? "There is none at all." : `There are: ${listed.join(", ")}${rest}.`),
  };
}

/** Of names that could be meant, the nearest one. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  // What is longer than any name is none, and would take its time.
  if (name.length > 100) return undefined;
  const bound = Math.max(1, Math.floor(name.length / 3));
  let best: { name: string; distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance <= bound && (best === undefined || distance < best.distance)) best = { name: candidate, distance };
  }
  return best?.name;
}

/** Characters to put in, take out or replace (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] as number) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[to.length] as number;
}
