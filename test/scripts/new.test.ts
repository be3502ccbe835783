/** `npm run new`: what it makes of every kind compiles, is clean, and runs on the local platform, or nothing is made. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { withRow } from "../../scripts/new-edits";
import { carryOut } from "../../scripts/new-files";
import { partsOfKind } from "../../scripts/new-kinds";
import { KINDS } from "../../scripts/new-options";
import { temporaryFolder } from "../helpers/platform";
import { type ProjectCopy, projectCopy } from "../helpers/project-copy";

const LISTS = ["cloudbaserc.json", join("functions", "targets.ts"), join("functions", "sync-api", "routes.ts")];
const nameOf = (kind: string) => (kind === "api" ? "demo/orders/create" : `try-${kind}`);
const testOf = (kind: string) =>
  kind === "api"
    ? join("test", "local", "sync-api", "demo-orders-create.test.ts")
    : join("test", "local", "methods", `${nameOf(kind)}.test.ts`);

describe("all kinds in one project", () => {
  const copy = projectCopy();
  afterAll(() => copy.remove());

  it.each(KINDS)("makes one of the kind %s, and says what to do next", async (kind) => {
    const titles = kind === "weda" ? ["--title-zh", '出差*/"`审批\\', "--title-en", "Trip */ approval"] : [];
    const { exitCode, stdout, stderr } = await copy.script("new", [kind, nameOf(kind), ...titles]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(`new:     ${testOf(kind)}`);
    expect(stdout).toContain("Next:\n  1. npm start");
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

  it("is clean, compiles, and builds within the sizes", async () => {
    expect(await copy.program("biome", ["ci", "--error-on-warnings", "."])).toMatchObject({ exitCode: 0 });
    expect(await copy.program("tsc", ["--noEmit"])).toMatchObject({ exitCode: 0, stdout: "" });
    expect(await copy.script("build", [])).toMatchObject({ exitCode: 0, stderr: "" });
  }, 180_000);

  it("runs: the tests that it made, and the contract of every function", async () => {
    const files = [...KINDS.map(testOf), join("test", "contract", "functions.test.ts")];
    const config = join("test", "vitest.config.mts");
    const { exitCode, stdout } = await copy.program("vitest", ["run", "--config", config, "--reporter=json", ...files]);
    const { numPassedTests, testResults } = JSON.parse(stdout.slice(stdout.indexOf("{"))) as {
      numPassedTests: number;
      testResults: { status: string; assertionResults: { status: string; fullName: string }[] }[];
    };
    const all = testResults.flatMap(({ assertionResults }) => assertionResults);
    expect(all.filter(({ status }) => status !== "passed").map(({ fullName }) => fullName)).toEqual([]);
    expect(testResults).toHaveLength(files.length);
    expect({ exitCode, isMany: numPassedTests > 50 }).toEqual({ exitCode: 0, isMany: true });
  }, 240_000);

  it("of a second one of the same name is refused, and nothing of the first is changed", async () => {
    const before = LISTS.map(copy.read);
    for (const kind of KINDS) {
      const { exitCode, stderr } = await copy.script("new", [kind, nameOf(kind)]);
      expect(exitCode).toBe(1);
      expect(stderr).toContain("is taken");
    }
    expect(LISTS.map(copy.read)).toEqual(before);
  });
});

describe("what is refused", () => {
  let copy: ProjectCopy;
  beforeEach(() => {
    copy = projectCopy();
  });
  afterEach(() => {
    // Whatever was wrong: nothing is half written.
    expect(LISTS.map(copy.read)).toEqual(LISTS.map((file) => readFileSync(file, "utf8")));
    expect(existsSync(join(copy.folder, "functions", "try-it"))).toBe(false);
    copy.remove();
  });
  const refusal = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await copy.script("new", args);
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
    const copy = projectCopy();
    copy.write(join("functions", "targets.ts"), "export const TARGETS = [];\n");
    const { exitCode, stderr } = await copy.script("new", ["weda", "try-it"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "new: functions/targets.ts has no list METHODS\n" });
    expect(existsSync(join(copy.folder, "functions", "try-it"))).toBe(false);
    expect(copy.read("cloudbaserc.json")).toBe(readFileSync("cloudbaserc.json", "utf8"));
    copy.remove();
  });

  it.each(["no canary", "null", "{}"])("are left alone where cloudbaserc.json is %j", async (text) => {
    const copy = projectCopy();
    copy.write("cloudbaserc.json", text);
    const { exitCode, stderr } = await copy.script("new", ["method", "try-it"]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("cloudbaserc.json cannot be read")]);
    expect(stderr).not.toContain("canary");
    copy.remove();
  });

  it("are all written, or none", () => {
    const folder = temporaryFolder();
    const [made, blocked] = [join(folder, "a", "b", "made.ts"), join(folder, "none", "there.json")];
    const plan = { create: new Map([[made, "1"]]), change: new Map([[blocked, "2"]]) };
    expect(() => carryOut(plan)).toThrow();
    expect(existsSync(join(folder, "a"))).toBe(false);
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
