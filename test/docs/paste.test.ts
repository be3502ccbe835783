/** docs/paste.md and its Chinese twin against what the commands really do, and against each other. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pasteParts } from "../../local/console/page/paste-parts";
import { PASTE_CONTROLS } from "../../local/console/page/paste-schema";
import type { MethodRow } from "../../local/console/wire";
import { wedaVariables } from "../../scripts/import-flow-weda";

const DOCS = ["docs/paste.md", "docs/paste.zh-CN.md"] as const;
const read = (file: string) => readFileSync(file, "utf8");
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, part = ""]) => part);
const rowsOf = (doc: string) =>
  doc
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

describe.each(DOCS)("%s", (file) => {
  const doc = read(file);

  it("quotes the input parameters of start-leave as they are made", () => {
    const methods = JSON.parse(read(join("dist", "methods.json"))) as MethodRow[];
    const leave = methods.find(({ name }) => name === "start-leave") as MethodRow;
    const [quoted] = found(doc, /^```json\n([\s\S]*?)^```$/gm);
    expect(JSON.parse(quoted ?? "")).toEqual(pasteParts({ ...leave, pasted: true })?.inParams);
  });

  it("has a row for every control, with its type and format", () => {
    const rows = rowsOf(doc);
    for (const [control, { type, format, items }] of Object.entries(PASTE_CONTROLS)) {
      expect(rows).toContainEqual([`\`${control}\``, type, format ?? items?.format ?? ""]);
    }
  });

  it("maps WeDa's types as the import does", () => {
    const rows = rowsOf(doc).filter(([, type = ""]) => /^(string|number|boolean|object|objectList)$/.test(type));
    const types = rows.filter((row) => row.length === 2);
    expect(types).toHaveLength(6);
    for (const [cell = "", fieldType] of types) {
      const value = { rightId: "1", name: "a", type: cell.replaceAll("`", "") };
      expect(wedaVariables([{ value, text: "" }], undefined)).toMatchObject([{ entry: { fieldType } }]);
    }
  });
});

it("the two have the same sections, code blocks and names in their tables", () => {
  const [english, chinese] = DOCS.map(read) as [string, string];
  for (const pattern of [/^(#+) /gm, /^```\w*\n([\s\S]*?)^```$/gm, /^\| `([^`]+)`/gm]) {
    expect(found(chinese, pattern)).toEqual(found(english, pattern));
  }
});
