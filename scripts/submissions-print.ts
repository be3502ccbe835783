/** How `npm run submissions` prints: a table, one submission in full, and what of it goes into JSON. */
import type { ListedSubmission } from "../shared/once/resolve";

/** Without the owner's token and the hash, which tell a person nothing. */
export function shown({ token: _token, contentHash: _hash, ...rest }: ListedSubmission): object {
  return rest;
}

export function table(records: ListedSubmission[]): string {
  if (records.length === 0) return "no submissions";
  const rows = records.map((record) => [
    record.submissionId,
    record.environment,
    record.state,
    record.claimedAt.toISOString(),
    `${record.target} ${record.processKey}`,
    record.userId || "-",
    record.processId ?? record.reason ?? "-",
  ]);
  const all = [["submission id", "environment", "state", "since", "target", "user", "process or reason"], ...rows];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const line = (row: string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  return all.map((row) => line(row).trimEnd()).join("\n");
}

export function details(record: ListedSubmission): string {
  const { output: _output, decisions = [], ...rest } = shown(record) as ListedSubmission;
  const lines = Object.entries(rest).map(([name, value]) => `${name.padEnd(14)} ${cell(value)}`);
  const made = decisions.map(({ at, by, to, processId }) => {
    return `${"decided".padEnd(14)} ${cell(at)} by ${by}: ${to}${processId ? ` ${processId}` : ""}`;
  });
  return [...lines, ...made].join("\n");
}

function cell(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return value === null || value === "" ? "-" : typeof value === "object" ? JSON.stringify(value) : String(value);
}
