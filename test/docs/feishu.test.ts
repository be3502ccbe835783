/** docs/feishu.md and its Chinese twin against the tables that are in force, and against each other. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { apaasVariableProblem } from "../../shared/engines/apaas/params";
import { APAAS_LIMITS } from "../../shared/engines/apaas/wire";
import { corehrVariableProblem } from "../../shared/engines/corehr/fields";
import { COREHR_LIMITS, PROCESS_STATUSES } from "../../shared/engines/corehr/wire";
import { FEISHU_CODES } from "../../shared/feishu/codes";

const DOCS = ["docs/feishu.md", "docs/feishu.zh-CN.md"] as const;
const read = (file: string) => readFileSync(file, "utf8");
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, part = ""]) => part);

/** The kinds that a problem's text lists. */
const kindsOf = (problem = "") => problem.replace(/^.*none of /, "").split(", ");
const APAAS = kindsOf(apaasVariableProblem({ variable: "a", kind: "?" as "text" }));
const COREHR = [...kindsOf(corehrVariableProblem({ variable: "a", kind: "?" as "text" })), "flowData"];

describe.each(DOCS)("%s", (file) => {
  const doc = read(file);
  const sectionOf = (title: string) => doc.split(/^## /m).find((section) => section.startsWith(title)) ?? "";
  const kindsIn = (title: string) => {
    const table =
      sectionOf(title)
        .split(/\n\n/)
        .filter((part) => part.startsWith("| "))
        .at(-1) ?? "";
    return found(table, /^\| `(\w+)`/gm);
  };

  it("prints every error code with its class and its text", () => {
    const rows = Object.entries(FEISHU_CODES).map(
      ([code, { is, zh, en }]) => `| \`${code}\` | \`${is}\` | ${zh} ${en} |`,
    );
    expect(doc.split("\n").filter((line) => /^\| `\d+`/.test(line))).toEqual(rows);
  });

  it("lists every kind of a variable", () => {
    expect(kindsIn("apaasFlow").sort()).toEqual([...APAAS].sort());
    expect(kindsIn("corehrProcess").sort()).toEqual([...COREHR].sort());
  });

  it("prints the limits and the process' codes", () => {
    const { flowData, listValues, fileBytes, startsPerMinute } = COREHR_LIMITS;
    for (const number of [flowData, listValues]) expect(doc).toContain(number.toLocaleString("en-US"));
    expect(doc).toContain(`${fileBytes / 1_048_576} MB`);
    for (const number of [startsPerMinute, APAAS_LIMITS.callsPerMinute])
      expect(doc).toMatch(new RegExp(`\\b${number}\\b`));
    for (const code of Object.keys(PROCESS_STATUSES)) expect(doc).toMatch(new RegExp(`\\b${code} `));
  });
});

it("the two have the same sections, code blocks and names in their tables", () => {
  const [english, chinese] = DOCS.map(read) as [string, string];
  for (const pattern of [/^(#+) /gm, /^```\w*\n([\s\S]*?)^```$/gm, /^\| `([^`]+)`/gm])
    expect(found(chinese, pattern)).toEqual(found(english, pattern));
});
