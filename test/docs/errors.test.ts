import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ERRORS } from "../../shared/base/errors";
import { FAILURES } from "../../shared/base/failure-codes";
import { ISSUE_TEXTS } from "../../shared/form/issue-texts";
import { PARAMS_LIMITS } from "../../shared/form/params";

const [codes = "", classes = "", issues = ""] = readFileSync("docs/errors.md", "utf8").split(/^## /m);

function rowsOf(section: string): string[][] {
  const lines = section.split("\n").filter((line) => line.startsWith("| `"));
  return lines.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`|`$/g, "")),
  );
}

describe("docs/errors.md", () => {
  it("lists exactly the codes of the table, with their outcome and whether they may be repeated", () => {
    const table = Object.entries(ERRORS).map(([code, { outcome, retryable }]) => [
      code,
      outcome,
      retryable ? "yes" : "no",
    ]);
    expect(rowsOf(codes).map((row) => row.slice(0, 3))).toEqual(table);
  });

  it("prints the limits that are in force", () => {
    const text = `more than ${PARAMS_LIMITS.depth} levels, ${PARAMS_LIMITS.nodes.toLocaleString("en-US")} values or ${PARAMS_LIMITS.textLength.toLocaleString("en-US")} characters`;
    expect(codes).toContain(text);
  });

  it("gives the reason of every failure class", () => {
    expect(rowsOf(classes)).toEqual(FAILURES.map(({ is, because }) => [is, because]));
  });

  it("prints every issue code with its text in both languages", () => {
    const facts = { limit: 1, choices: ["a", "b"], given: "A" };
    const table = Object.entries(ISSUE_TEXTS).map(([code, { zh, en }]) => [
      code,
      `${zh("字段", facts)} ${en("Field", facts)}`,
    ]);
    expect(rowsOf(issues)).toEqual(table);
  });
});

describe("the table of errors", () => {
  it.each(Object.entries(ERRORS))(
    "%s tells in both languages what happened, and ends with what to do",
    (_, { zh, en }) => {
      expect(zh.length).toBeGreaterThan(10);
      expect(en.length).toBeGreaterThan(20);
    },
  );

  it("calls nothing repeatable whose outcome is unknown", () => {
    for (const { outcome, retryable } of Object.values(ERRORS))
      expect(retryable && (outcome as string) === "unknown").toBe(false);
  });
});
