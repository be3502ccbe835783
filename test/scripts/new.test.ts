/** `npm run new`: what it makes of every kind compiles, is clean, and runs on the local platform, or nothing is made. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { withRow } from "../../scripts/new-edits";
import { carryOut } from "../../scripts/new-files";
import { partsOfKind } from "../../scripts/new-kinds";
import { KINDS } from "../../scripts/new-options";
import { pasteNames } from "../helpers/built";
import { type Command, openCommand } from "../helpers/command";
import { projectCopy } from "../helpers/project-copy";

const TARGETS = join("functions", "targets.ts");
const LISTS = ["cloudbaserc.json", TARGETS, join("functions", "sync-api", "routes.ts")];
const nameOf = (kind: string) => (kind === "api" ? "demo/orders/create" : `try-${kind}`);
const testOf = (kind: string) =>
  kind === "api"
    ? join("test", "local", "sync-api", "demo-orders-create.test.ts")
    : join("test", "local", "methods", `${nameOf(kind)}.test.ts`);

const copy = projectCopy();
const cwd = copy.folder;
let command: Command;
beforeAll(async () => {
  command = await openCommand("new");
});
afterAll(() => {
  command.close();
  copy.remove();
});

it("tells its usage, as a process of its own", () => {
  expect(command.help).toMatchObject({ stdout: expect.stringMatching(/^npm run new /), stderr: "" });
});

describe("what is refused", () => {
  afterEach(() => {
    // Whatever was wrong: nothing is half written.
    expect(LISTS.map(copy.read)).toEqual(LISTS.map((file) => readFileSync(file, "utf8")));
    expect(existsSync(join(cwd, "functions", "try-it"))).toBe(false);
  });
  const refusal = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await command.run(args, { cwd });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    return stderr;
  };

  it("a kind or a name that is none", async () => {
    expect(await refusal()).toContain("which kind; there are:");
    expect(await refusal("wedaa", "try-it")).toContain("no such kind; there are:");
    expect(await refusal("weda")).toContain("no name");
    for (const name of ["Try", "../x", "a", "try_it", "try--it", "-try", "x".repeat(61), "try/it", "__proto__"]) {
      expect(await refusal("weda", name)).toMatch(/no such name can be given|Unknown option/);
    }
    for (const name of ["weda-x", "lowcode-datasource", "cloudbase-x"]) {
      expect(await refusal("method", name)).toContain("the platform's own");
    }
    for (const name of ["delete", "form", "export"])
      expect(await refusal("weda", name)).toContain("word of the language");
    for (const name of ["define-method", "apaas-flow", "corehr-process"]) {
      expect(await refusal("apaas", name)).toContain("what the new file imports");
    }
    for (const name of ["orders", "demo/orders", "demo/../x", "a/b/c/d"]) {
      expect(await refusal("api", name)).toContain("space/module/function");
    }
  });

  it("a name that is taken: by a function, a row, dropped-in code, a route", async () => {
    expect(await refusal("weda", "start-leave")).toContain("start-leave is taken: functions/start-leave");
    expect(await refusal("method", "official-sample")).toContain("local/weda/code/official-sample.js is there already");
    expect(await refusal("weda", "targets")).toContain("functions/targets.ts is there already");
    expect(await refusal("api", "demo/leave/start")).toContain("routes.ts has it");
  });

  it("a title with a line break, two names, an option that is none", async () => {
    expect(await refusal("weda", "try-it", "--title-en", "a\nb")).toContain("--title-en: one line of text");
    expect(await refusal("weda", "try-it", "--title-zh", " ")).toContain("--title-zh");
    expect(await refusal("weda", "try-it", "again")).toContain("one name at a time");
    expect(await refusal("weda", "try-it", "--force")).toContain("Unknown option '--force'");
  });
});

describe("the files it writes to", () => {
  it("that have no list are left alone", async () => {
    const before = copy.read(TARGETS);
    copy.write(TARGETS, "export const TARGETS = [];\n");
    const { exitCode, stderr } = await command.run(["weda", "try-it"], { cwd });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "new: functions/targets.ts has no list METHODS\n" });
    expect(existsSync(join(cwd, "functions", "try-it"))).toBe(false);
    expect(copy.read("cloudbaserc.json")).toBe(readFileSync("cloudbaserc.json", "utf8"));
    copy.write(TARGETS, before);
  });

  it.each(["no canary", "null", "{}"])("are left alone where cloudbaserc.json is %j", async (text) => {
    const before = copy.read("cloudbaserc.json");
    copy.write("cloudbaserc.json", text);
    const { exitCode, stderr } = await command.run(["method", "try-it"], { cwd });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("cloudbaserc.json cannot be read")]);
    expect(stderr).not.toContain("canary");
    copy.write("cloudbaserc.json", before);
  });

  it("are all written, or none", () => {
    const folder = mkdtempSync(join(tmpdir(), "startflow-new-"));
    const [made, blocked] = [join(folder, "a", "b", "made.ts"), join(folder, "none", "there.json")];
    const plan = { create: new Map([[made, "1"]]), change: new Map([[blocked, "2"]]) };
    expect(() => carryOut(plan)).toThrow();
    expect(existsSync(join(folder, "a"))).toBe(false);
    rmSync(folder, { recursive: true });
  });

  it("keep their own line ends and indentation", () => {
    const tabs = '{\r\n\t"functions": [\r\n\t\t{\r\n\t\t\t"name": "a]}"\r\n\t\t}\r\n\t],\r\n\t"x": 1\r\n}\r\n';
    const parts = partsOfKind({ kind: "workflow", name: "b" });
    const after = withRow(tabs, "b", parts);
    expect(after.startsWith('{\r\n\t"functions": [\r\n\t\t{\r\n\t\t\t"name": "a]}"\r\n\t\t},\r\n\t\t{\r\n')).toBe(true);
    expect(after.endsWith('\r\n\t\t}\r\n\t],\r\n\t"x": 1\r\n}\r\n')).toBe(true);
    expect((JSON.parse(after) as { functions: object[] }).functions).toHaveLength(2);
    expect(() => withRow('{"functions":[]}', "b", parts)).toThrow("no row");
    expect(() => withRow("{}", "b", parts)).toThrow("no list of functions");
  });
});

describe("all kinds in one project", () => {
  /** What it said that it has written. */
  const written = new Set<string>();
  it.each(KINDS)("makes one of the kind %s, and says what to do next", async (kind) => {
    const titles = kind === "weda" ? ["--title-zh", '出差*/"`审批\\', "--title-en", "Trip */ approval"] : [];
    // One of them in a process of its own.
    const make = kind === "api" ? command.start : command.run;
    const { exitCode, stdout, stderr } = await make([kind, nameOf(kind), ...titles], { cwd });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(`new:     ${testOf(kind)}`);
    expect(stdout).toContain("Next:\n  1. npm start");
    for (const [, file = ""] of stdout.matchAll(/^(?:new|changed): +(\S+)$/gm)) written.add(file);
  });

  it("adds rows to cloudbaserc.json, and leaves every line that was there as it was", () => {
    const before = readFileSync("cloudbaserc.json", "utf8").split("\n");
    const after = copy.read("cloudbaserc.json").split("\n");
    // The last row's brace gets a comma.
    const at = before.length - 4;
    expect(after.slice(0, at)).toEqual(before.slice(0, at));
    expect(after[at]).toBe(`${before[at]},`);
    expect(after.slice(-3)).toEqual(before.slice(-3));
  });

  it("is clean, and compiles", async () => {
    expect([...written]).toEqual(expect.arrayContaining([...LISTS, ...KINDS.map(testOf)]));
    expect(await copy.program("biome", ["ci", "--error-on-warnings", ...written])).toMatchObject({ exitCode: 0 });
    // What they import is compiled with them; the rest of the project is what it was.
    copy.write("tsconfig.new.json", JSON.stringify({ extends: "./tsconfig.json", include: ["functions", ...written] }));
    const compiled = await copy.program("tsc", ["--noEmit", "--checkers", "1", "-p", "tsconfig.new.json"]);
    expect(compiled).toMatchObject({ exitCode: 0, stdout: "" });
  });

  it("is built within the sizes by the first npm run paste, and what was there is built as it was", async () => {
    // Packages that are built once and kept.
    cpSync(join("dist", "cache"), join(cwd, "dist", "cache"), { recursive: true });
    const { exitCode, stdout, stderr } = await copy.script("paste", ["try-weda"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("Paste the whole of dist/paste/try-weda.js.");
    for (const name of pasteNames) {
      const file = join("dist", "paste", `${name}.js`);
      expect([name, copy.read(file) === readFileSync(file, "utf8")]).toEqual([name, true]);
    }
  });

  it("runs: the tests that it made, and the contract of every function that it made or changed", async () => {
    const files = [...KINDS.map(testOf), join("test", "contract", "functions.test.ts")];
    const methods = KINDS.filter((kind) => kind !== "api").map(nameOf);
    // Those that the lists are part of are changed.
    const others = `(?!(function|paste file) (?!(${[...methods, "sync-api", "sweep", "submission-status"].join("|")}) ))`;
    // One worker, which reads the platform once for all files; and no limit that a slow machine could reach.
    const once = ["--no-isolate", "--maxWorkers=1", "--testTimeout=600000", "--hookTimeout=600000"];
    const args = ["run", ...once, "--silent", "--reporter=json", "-t", `^${others}`];
    const { exitCode, stdout } = await copy.program("vitest", [...args, ...files]);
    const { testResults } = JSON.parse(stdout.slice(stdout.indexOf("{"))) as {
      testResults: { assertionResults: { status: string; fullName: string }[] }[];
    };
    const all = testResults.flatMap(({ assertionResults }) => assertionResults);
    const run = all.filter(({ status }) => status !== "skipped");
    expect(run.filter(({ status }) => status !== "passed").map(({ fullName }) => fullName)).toEqual([]);
    expect(testResults).toHaveLength(files.length);
    const pasted = ["try-weda", "try-workflow", "try-method"].map((name) => `paste file ${name} `);
    for (const name of [...methods.map((method) => `function ${method} `), ...pasted])
      expect([name, run.some(({ fullName }) => fullName.startsWith(name))]).toEqual([name, true]);
    expect({ exitCode, isMany: run.length > 50 }).toEqual({ exitCode: 0, isMany: true });
  });

  it("of a second one of the same name is refused, and nothing of the first is changed", async () => {
    const before = LISTS.map(copy.read);
    for (const kind of KINDS) {
      const { exitCode, stderr } = await command.run([kind, nameOf(kind)], { cwd });
      expect(exitCode).toBe(1);
      expect(stderr).toContain("is taken");
    }
    expect(LISTS.map(copy.read)).toEqual(before);
  });
});
