/** What a caller has given so far: never changed, each step makes a new one. */

import { shownKey } from "../base/objects";
import { paramProblem, type Where } from "./problem";
import { copyOf, isPlain, mergedShallow } from "./request/data";

export type Values = ReadonlyMap<string, unknown>;

export interface Draft {
  /** By their names on the wire. */
  path: Values;
  query: Values;
  header: Values;
  body: unknown;
}

export const EMPTY_DRAFT: Draft = { path: new Map(), query: new Map(), header: new Map(), body: undefined };

/** `$path`, `$query` and `$header`: later values win; a member that is `undefined` is none. @throws InterfaceError param */
export function withMembers(where: Where, draft: Draft, place: "path" | "query" | "header", params: unknown): Draft {
  if (!isPlain(params)) {
    throw paramProblem(
      where,
      `$${place} 的参数应为对象，例如 { 名称: 值 }。`,
      `$${place} takes an object, as { name: value }.`,
    );
  }
  const members = new Map(draft[place]);
  for (const key of Object.keys(params)) {
    if (params[key] === undefined) continue;
    members.set(place === "header" ? key.toLowerCase() : key, copied(where, shownKey(key), params[key]));
  }
  return { ...draft, [place]: members };
}

/** `$body`: objects are merged on their first level, anything else replaces. @throws InterfaceError param */
export function withBody(where: Where, draft: Draft, data: unknown): Draft {
  if (data === undefined) return draft;
  return { ...draft, body: mergedShallow(draft.body, copied(where, "$body", data)) };
}

/** @throws InterfaceError param where it has no end */
export function copied(where: Where, name: string, value: unknown): unknown {
  try {
    return copyOf(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw paramProblem(
      where,
      `「${name}」的层次太深，或者包含了它自己。`,
      `"${name}" is nested too deep, or has itself in it.`,
    );
  }
}
