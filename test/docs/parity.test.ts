/** docs/parity.md has a row for everything that the local platform answers, and names where each assumption is. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DATABASE_ACTIONS } from "../../local/cloudbase/database";
import { MAX_LIMIT } from "../../local/cloudbase/database-schemas";
import { ACTIONS } from "../../local/weda/actions";

const doc = readFileSync("docs/parity.md", "utf8");
const rows = doc.split("\n").filter((line) => line.startsWith("| "));
const firstCells = rows.map((row) => row.split("|")[1] ?? "");
const hasRow = (name: string) => firstCells.some((cell) => cell.includes(`\`${name}\``));

describe("docs/parity.md", () => {
  it("has a row for every action of callWorkflow that is emulated", () => {
    expect(Object.keys(ACTIONS).filter((name) => !hasRow(name))).toEqual([]);
  });

  it("has a row for every action of the document database", () => {
    expect(Object.keys(DATABASE_ACTIONS).filter((name) => !hasRow(name))).toEqual([]);
  });

  it("prints the number of documents that one query gives at most", () => {
    expect(doc).toContain(`${MAX_LIMIT} at most`);
  });

  it("names a file in every row that says assumption", () => {
    const assumed = rows.filter((row) => /\bassumption\b/.test(row));
    const inFile = /\(`(?:shared|local|scripts|functions)\/[\w./-]+\.ts`\)|same file\)|\(see "/;
    expect(assumed.length).toBeGreaterThan(20);
    expect(assumed.filter((row) => !inFile.test(row))).toEqual([]);
  });
});
