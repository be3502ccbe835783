/** The docs against the project: commands, links, paths, environment variables, and the two READMEs against each other. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { sdkVariables } from "../../local/functions/environment";
import type { Bundled } from "../../scripts/bundled";
import { SETTING_NAMES } from "../../shared/base/environment";

const READMES = ["README.md", join("docs", "README.zh-CN.md")];
const DOCS = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...readdirSync("docs")
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];

const read = (file: string) => readFileSync(file, "utf8");
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, part = ""]) => part);

const BLOCK = /^```\w*\n[\s\S]*?^```$/gm;
const blocksOf = (file: string) => read(file).match(BLOCK) ?? [];
const proseOf = (file: string) => read(file).replace(BLOCK, "");

/** What the five-minute examples make: there only after a reader has followed them. */
const EXAMPLE = /start-trip|flow_trip|platforms\/(stock|<key>)\.ts/;
/** Text in backticks that begins with a folder or names a file of this repository. */
const FOLDERS = /^(functions|shared|local|scripts|test|bench|docs|dist|\.ci)\//;
const isPath = (text: string) => FOLDERS.test(text) || /^[\w-]+\.(md|json)$/.test(text);

/** `<name>` stands for any method, `<platform>/<case>` for any fixture. */
const concrete = (path: string) =>
  path.replace("<name>", "start-leave").replace("<platform>/<case>", "weda/start-process-sample");

describe.each(DOCS)("%s", (file) => {
  it("links only to files that are there", () => {
    const links = found(proseOf(file), /\]\(([^)\s]+)\)/g).filter((link) => !/^(https?:|#)/.test(link));
    expect(links.filter((link) => !existsSync(join(dirname(file), link.replace(/#.*$/, ""))))).toEqual([]);
  });

  it("names only paths that are there", () => {
    const paths = found(proseOf(file), /`([^`\n]+)`/g).filter((text) => isPath(text) && !EXAMPLE.test(text));
    expect(paths.filter((path) => !existsSync(concrete(path)))).toEqual([]);
  });

  it("names only npm scripts that are there", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const text = read(file);
    const named = [...found(text, /\bnpm run ([\w:-]+)/g), ...found(text, /\bnpm (start|test)\b/g)];
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it("ends with one line break", () => {
    expect(read(file)).toMatch(/[^\n]\n$/);
  });
});

describe.each(READMES)("%s", (file) => {
  it("names every npm script", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const missing = Object.keys(scripts).filter(
      (name) => !read(file).includes(`\`npm run ${name}\``) && !read(file).includes(`\`npm ${name}\``),
    );
    expect(missing).toEqual([]);
  });

  it("names every environment variable that deployed code reads", () => {
    expect(SETTING_NAMES.filter((name) => !read(file).includes(`| \`${name}\``))).toEqual([]);
  });
});

describe("the two READMEs", () => {
  const [english = "", chinese = ""] = READMES;

  it("have the same sections", () => {
    const levels = (file: string) => found(proseOf(file), /^(#+) /gm);
    expect(levels(chinese)).toEqual(levels(english));
  });

  it("have the same code blocks", () => {
    expect(blocksOf(english).length).toBeGreaterThan(5);
    expect(blocksOf(chinese)).toEqual(blocksOf(english));
  });

  it("have the same paths, options and codes in their tables", () => {
    const names = (file: string) => found(proseOf(file), /^\| +`([^`]+)`/gm);
    expect(names(chinese)).toEqual(names(english));
  });

  it("give the real SDK the variables of the local platform", () => {
    const values = Object.entries(sdkVariables("http://127.0.0.1:4000/admin"));
    const lines = values.map(([name, value]) => `  ${name}: ${value.includes('"') ? `'${value}'` : `"${value}"`},`);
    expect(lines.filter((line) => !blocksOf(english).join("\n").includes(line))).toEqual([]);
  });
});

it("NOTICE names what is bundled in the functions, and nothing else, with its licence", () => {
  const bundled = JSON.parse(read(join("dist", "bundled.json"))) as Bundled;
  const [, ...sections] = read("NOTICE").split(/^In dist\//m);
  for (const [file, packages] of Object.entries(bundled)) {
    const section = sections.find((text) => text.slice(0, text.indexOf("\n")).includes(`/${file}`)) ?? "";
    const rows = found(section, /^ {2}(\S.*)$/gm);
    const named = packages.map(
      ({ name, version, licence }) => `${name} ${version}: ${licence || "none stated in the package"}`,
    );
    // Behind the licence stands whose copyright it is.
    expect(rows.map((row, at) => (row.startsWith(`${named[at]}. `) ? named[at] : row))).toEqual(named);
  }
});

it("NOTICE names what is bundled at the version that is installed", () => {
  const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<string, Record<string, string>>;
  const versions = { ...dependencies, ...devDependencies };
  const bundled = ["zod", "@cloudbase/node-sdk", "node-fetch", "preact", "bpmn-js"];
  const notice = read("NOTICE");
  expect(bundled.filter((name) => !notice.includes(`  ${name} ${versions[name]}: `))).toEqual([]);
});
