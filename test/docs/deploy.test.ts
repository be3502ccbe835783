/** docs/deploy.md and its Chinese twin against the tables that are in force. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FINDINGS } from "../../scripts/check-texts";
import { DEPLOY_LIMITS } from "../../scripts/deploy-limits";
import { ADVICE, adviceFor } from "../../scripts/deploy-texts";

const DOCS = ["docs/deploy.md", "docs/deploy.zh-CN.md"] as const;
const read = (file: string) => readFileSync(file, "utf8");
const rowsOf = (file: string) =>
  [...read(file).matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(([, name = "", rest = ""]) => [
    name,
    ...rest.split(" | "),
  ]);

describe.each(DOCS)("%s", (file) => {
  const rows = rowsOf(file);

  it("lists every kind of finding with its level", () => {
    const listed = rows.filter(([name = ""]) => Object.hasOwn(FINDINGS, name)).map(([name, level]) => [name, level]);
    expect(listed).toEqual(Object.entries(FINDINGS).map(([code, { level }]) => [code, level]));
  });

  it("prints what to do about every cause, word for word", () => {
    const language = file.includes("zh-CN") ? "zh" : "en";
    const printed = rows.filter((row) => row.length === 2 && ADVICE.some((one) => one[language] === row[1]));
    expect(printed.map(([, text]) => text)).toEqual(ADVICE.map((one) => one[language]));
    for (const [cause = "", text] of printed) expect(adviceFor(`${cause}: x`)[language]).toBe(text);
  });

  it("prints every limit", () => {
    const limits = Object.entries(DEPLOY_LIMITS).map(([name, value]) => [name, String(value)]);
    for (const limit of limits) expect(rows.map((row) => row.slice(0, 2))).toContainEqual(limit);
  });

  it("names the version of the CLI that is installed", () => {
    const { devDependencies } = JSON.parse(read("package.json")) as { devDependencies: Record<string, string> };
    expect(read(file)).toContain(`\`@cloudbase/cli\` ${devDependencies["@cloudbase/cli"]}`);
  });
});

it("the two have the same sections, code blocks and names in their tables", () => {
  const [english, chinese] = DOCS.map(read) as [string, string];
  const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, part]) => part);
  for (const pattern of [/^(#+) /gm, /^```\w*\n([\s\S]*?)^```$/gm, /^\| `([^`]+)`/gm])
    expect(all(chinese, pattern)).toEqual(all(english, pattern));
});
