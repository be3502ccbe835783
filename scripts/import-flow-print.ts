/** The text of a `fields` table: entries that stay as they were written, new ones formatted as the others are. */
import { formatted } from "./biome";
import type { Row } from "./import-flow-match";
import type { FieldsTable } from "./import-flow-source";
import { type FlowVariable, shownText } from "./import-flow-variable";
import { json } from "./interface-write";

/** What the import writes above an entry, and writes anew each time. */
const MARK = "// start variable";
const OWN_LINE = new RegExp(`^[ \\t]*${MARK}[^\\n]*\\n?`, "gm");
/** Of a variable that no form field is for: named, so that it is not new the next time. */
const WITHOUT = `${MARK} without a form field: `;

/** Codes that the table names without a field. */
export function notedCodes(inner: string): Set<string> {
  const lines = [...inner.matchAll(new RegExp(`${WITHOUT}.*\\[([\\w.-]+)\\]\\s*$`, "gm"))];
  return new Set(lines.map(([, code = ""]) => code));
}

const NOTHING: Pick<FieldsTable, "entries" | "below"> = { entries: [], below: "" };

/** Not yet formatted. What people wrote between the entries stays. */
export function tableText(
  rows: readonly Row[],
  without: readonly FlowVariable[],
  { entries, below } = NOTHING,
): string {
  const lines = rows.flatMap(({ field, entry, isKept, variable }) => {
    const written = entries.find(({ key }) => key === field);
    const text = isKept && written !== undefined ? written.text : json(entry);
    return [
      (written?.above ?? "").replace(OWN_LINE, "").trim(),
      variable === undefined ? "" : `${MARK}: ${variable.label} (${variable.typeLabel})`,
      `${json(field)}: ${text}, ${written?.behind ?? ""}`,
    ];
  });
  const noted = without.map(({ label, typeLabel, code }) => `${WITHOUT}${label} (${typeLabel}) [${shownText(code)}]`);
  return [...lines, below.replace(OWN_LINE, "").trim(), ...noted].filter((line) => line !== "").join("\n");
}

/** `fields: {…},` as it would stand in a method, without what stands around it. */
export function formattedTable(text: string): string {
  const [, ...lines] = formatted(`defineMethod({\nfields: {\n${text}\n},\n});\n`).trimEnd().split("\n");
  return lines.slice(0, -1).join("\n");
}

/** Everything outside of the braces stays as it is, byte for byte. */
export function replaced(source: string, { start, end }: FieldsTable, text: string): string {
  const lines = formattedTable(text).split("\n").slice(1, -1);
  const newline = source.includes("\r\n") ? "\r\n" : "\n";
  const closing = /[ \t]*$/.exec(source.slice(0, end))?.[0] ?? "";
  const inner =
    lines.length === 0
      ? ""
      : `${newline}${lines.join(newline)}${newline}${source.slice(start, end).includes("\n") ? closing : "  "}`;
  return source.slice(0, start) + inner + source.slice(end);
}
