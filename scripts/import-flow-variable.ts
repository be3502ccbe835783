/** One variable of a flow, whatever engine it is of, as far as the import needs to know it. */

export interface FlowVariable {
  /** By which the engine knows it. */
  code: string;
  /** What a form field for it may be called: its name, its title. */
  names: string[];
  /** For people, safe to show. */
  label: string;
  typeLabel: string;
  /** What the `fields` table takes; absent where the type is not known. */
  entry?: object;
  /** Why it has no entry. */
  problem?: string;
}

const LONGEST_SHOWN = 60;

/** A text from outside, for a comment or a terminal: one line, without what a terminal or a reader's eye obeys. */
export function shownText(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\s]+/gu, " ").trim();
  return line.length > LONGEST_SHOWN ? `${[...line].slice(0, LONGEST_SHOWN).join("")}…` : line;
}
