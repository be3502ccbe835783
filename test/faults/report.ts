/** The rows of the report as a table in Markdown: what `npm run faults` prints, and docs/faults.md shows. */
import type { Row } from "./result";
import type { StepRow } from "./steps";

export const COLUMNS = [
  "scenario",
  "submits",
  "keys",
  "kills",
  "processes",
  "duplicates",
  "lost",
  "unknown",
  "seconds",
] as const satisfies readonly (keyof Row)[];

export function cellsOf(row: Row): string[] {
  return COLUMNS.map((name) => (name === "seconds" ? row.seconds.toFixed(1) : String(row[name])));
}

/** docs/faults.md has this table; a test holds it to what was found. */
export function stepTable(rows: readonly StepRow[]): string[][] {
  const head = ["killed", "ledger then", "processes then", "answer once the lease is over", "processes in the end"];
  const cells = rows.map(({ step, ledger, processes, resubmitted, inTheEnd }) => [
    step,
    ledger,
    processes,
    resubmitted,
    inTheEnd,
  ]);
  return [head, head.map(() => "---"), ...cells];
}

export function table(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
