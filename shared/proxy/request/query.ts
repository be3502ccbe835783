/** The query of a call: fixed members first, then the declared ones, then what else the caller gave. */
import { shownKey } from "../../base/objects";
import { paramProblem, type Where } from "../problem";
import { encoded, scalarTexts, wellFormed } from "./text";

/** @returns with its question mark; empty where there is none. @throws InterfaceError param */
export function queryOf(where: Where, members: ReadonlyMap<string, unknown>, taken: ReadonlySet<string>): string {
  const pairs: string[] = [];
  for (const [name, value] of members) {
    const shown = shownKey(name);
    if (taken.has(name)) {
      throw paramProblem(
        where,
        `查询参数「${shown}」由平台的鉴权填写，请删除。`,
        `the query member "${shown}" is filled in by the authentication. Remove it.`,
      );
    }
    const key = encoded(wellFormed(where, shown, name));
    for (const text of scalarTexts(where, shown, value)) pairs.push(`${key}=${encoded(text)}`);
  }
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}
