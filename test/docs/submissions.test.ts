/** docs/submissions.md and its Chinese twin against the tables that are in force. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { settleMs } from "../../shared/once/reconcile";
import { ONCE, SUBMISSIONS } from "../../shared/once/record";
import { NEXT, NEXT_REPEAT } from "../../shared/once/status";
import { SWEEP } from "../../shared/once/sweep";
import { sendTimeoutMs, timeLimitMs } from "../../shared/platform/time-limits";

const DOCS = ["docs/submissions.md", "docs/submissions.zh-CN.md"] as const;
const read = (file: string) => readFileSync(file, "utf8");

/** The rows whose first cell is one of `names`, with their first two cells. */
function rowsOf(doc: string, names: readonly string[]): string[][] {
  const rows = doc.split("\n").filter((line) => line.startsWith("| `"));
  const cells = rows.map((row) => row.split("|").map((cell) => cell.trim().replace(/^`|`$/g, "")));
  return cells.map(([, name = "", value = ""]) => [name, value]).filter(([name = ""]) => names.includes(name));
}

describe.each(DOCS)("%s", (file) => {
  const doc = read(file);

  it.each([
    ["the ledger", ONCE],
    ["the sweep", SWEEP],
  ])("prints every number of %s", (_, table) => {
    const numbers = Object.entries(table).map(([name, value]) => [name, String(value)]);
    expect(rowsOf(doc, Object.keys(table))).toEqual(numbers);
  });

  it("prints what submission-status says to do next", () => {
    const rows = Object.entries(NEXT).map(([outcome, { zh, en }]) => `| \`${outcome}\` | ${zh} ${en} |`);
    expect(rows.filter((row) => !doc.includes(row))).toEqual([]);
    expect(doc).toContain(`${NEXT_REPEAT.zh} ${NEXT_REPEAT.en}`);
  });

  it("names the window of a derived id, the collection, and every state", () => {
    expect(doc).toContain(`${ONCE.derivedWindowMs / 1_000} `);
    expect(doc).toContain(`\`${SUBMISSIONS}\``);
    for (const state of ["dispatched", "started", "free", "unknown"]) expect(doc).toContain(`| \`${state}\``);
  });

  it("never promises more than at most once", () => {
    expect(doc).not.toMatch(/exactly[ -]once|恰好一次|精确一次|有且仅有一次/i);
  });
});

it("the two have the same sections, code blocks and names in their tables", () => {
  const [english, chinese] = DOCS.map(read) as [string, string];
  const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, part]) => part);
  for (const pattern of [/^(#+) /gm, /^```\w*\n([\s\S]*?)^```$/gm, /^\| `([^`]+)`/gm])
    expect(all(chinese, pattern)).toEqual(all(english, pattern));
});

describe.each([
  ["README.md", "seconds more"],
  ["docs/README.zh-CN.md", "秒时才会占用"],
])("%s", (file, unit) => {
  const doc = read(file);

  it("prints the defaults of the times", () => {
    for (const [name, value] of [
      ["STARTFLOW_SEND_TIMEOUT_MS", sendTimeoutMs()],
      ["STARTFLOW_TIME_LIMIT_MS", timeLimitMs(undefined)],
      ["STARTFLOW_SETTLE_MS", settleMs()],
    ]) {
      const row = doc.split("\n").find((line) => line.startsWith(`| \`${name}\``));
      expect(row?.split("|").map((cell) => cell.trim())).toContain(String(value));
    }
  });

  it("says how much time a claim needs beside the send", () => {
    expect(doc).toContain(`${(ONCE.recordMs + ONCE.storeTimeoutMs) / 1_000} ${unit}`);
  });
});
