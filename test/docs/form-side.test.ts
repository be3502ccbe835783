/** docs/form-side.md and its Chinese twin quote the very snippets that the console's page shows. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FORM_OUTCOMES, FORM_SIDE } from "../../local/console/page/form-side";

const DOCS = [
  ["docs/form-side.md", "en"],
  ["docs/form-side.zh-CN.md", "zh"],
] as const;

describe.each(DOCS)("%s", (file, language) => {
  const doc = readFileSync(file, "utf8");
  const blocks = [...doc.matchAll(/^```\w+\n([\s\S]*?)\n```$/gm)].map(([, code]) => code);

  it("has every snippet as a block of its own, verbatim and in the page's order, and no other", () => {
    expect(blocks).toEqual(FORM_SIDE.flatMap(({ code }) => (code === undefined ? [] : [code])));
  });

  it("has every step under its title", () => {
    const titles = [...doc.matchAll(/^## (\d\. .+)$/gm)].map(([, title]) => title);
    expect(titles).toEqual(FORM_SIDE.map(({ title }) => title[language]));
  });

  it("says what every outcome shows, and what becomes of the button", () => {
    const rows = doc.split("\n").filter((line) => line.startsWith("| `"));
    const cells = rows.map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    expect(cells).toEqual(
      FORM_OUTCOMES.map(({ outcome, shows, button }) => [`\`${outcome}\``, shows[language], button[language]]),
    );
  });

  it("lists every assumption of the steps", () => {
    const assumed = FORM_SIDE.flatMap((step) => (step.assumed === undefined ? [] : [step.assumed[language]]));
    expect(assumed.filter((text) => !doc.includes(`- ${text}\n`))).toEqual([]);
  });
});
