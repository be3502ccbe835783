/** `npm run import-flow`: what WeDa's console or Feishu says of a flow becomes a method's `fields`, and nothing else changes. */
import { readFileSync, rmSync, truncateSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fieldsTable, skeleton } from "../../scripts/import-flow-source";
import { type Command, openCommand } from "../helpers/command";
import { type PlatformHere, platformHere, temporaryFolder } from "../helpers/platform";
import { projectCopy } from "../helpers/project-copy";

const HAR = resolve("test", "fixtures", "weda", "console", "start-node.har");
const LEAVE = join("functions", "start-leave", "index.ts");
const COREHR = join("functions", "start-corehr-process", "index.ts");
const FLOW = "people_7023711013443944467_7437160904904494892";
const CANARIES = ["cookie-of-an-operator-1", "token-of-an-operator-1", "set-by-the-console-1", "1122334455"];

const copy = projectCopy();
const data = temporaryFolder();
let command: Command;
let platform: PlatformHere;
beforeAll(async () => {
  command = await openCommand("import-flow");
  platform = await platformHere(data);
});
afterAll(async () => {
  command.close();
  copy.remove();
  await platform.stop();
  rmSync(data, { recursive: true });
});
beforeEach(() => {
  for (const file of [LEAVE, COREHR]) copy.write(file, readFileSync(file, "utf8"));
});
const run = (...args: string[]) => command.run(args, { cwd: copy.folder });
const ofCorehr = (...args: string[]) => run("--corehr", FLOW, "--url", platform.url, ...args);

/** A saved answer with these variables. */
function answer(variables: unknown, name = "answer.json"): string {
  copy.write(name, JSON.stringify({ data: variables }));
  return join(copy.folder, name);
}
const variable = (rightId: string, name: string, type: string, title = name) => ({ rightId, name, title, type });

it("says and ends the same as a process of its own", async () => {
  expect(command.help).toMatchObject({ stdout: expect.stringMatching(/^npm run import-flow /), stderr: "" });
  const args = [HAR, "--method", "start-leave", "--check"];
  expect(await command.start(args, { cwd: copy.folder })).toEqual(await run(...args));
});

describe("a recording of WeDa's console", () => {
  it("is printed as a table, ids with all their digits, also where JSON stands in a text or in base64", async () => {
    const { exitCode, stdout } = await run(HAR);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      '// start variable: 天数 (数字)\n    days: { paramCode: "165708798187000102", fieldType: "number" },',
    );
    expect(stdout).toContain('other: { paramCode: "990000000000000001", fieldType: "boolean" }');
  });

  it("compared with a method names each code that changed; --check then ends with 1", async () => {
    const shown = await run(HAR, "--method", "start-leave");
    expect(shown.exitCode).toBe(0);
    expect(shown.stderr).toContain("changed: days: code 165708798187000002 -> 165708798187000102");
    // Found by its label: its name is another.
    expect(shown.stderr).toContain("changed: startsOn: code 165708798187000003 -> 165708798187000103");
    // The other flow of the recording is not this method's.
    expect(shown.stdout + shown.stderr).not.toContain("990000000000000001");
    expect((await run(HAR, "--method", "start-leave", "--check")).exitCode).toBe(1);
    expect(copy.read(LEAVE)).toBe(readFileSync(LEAVE, "utf8"));
  });

  it("with --write changes nothing outside of the braces, and nothing the second time", async () => {
    expect((await run(HAR, "--method", "start-leave", "--write")).exitCode).toBe(0);
    const [before, after] = [readFileSync(LEAVE, "utf8"), copy.read(LEAVE)];
    const [was, is] = [fieldsTable(before), fieldsTable(after)];
    expect(after.slice(0, is.start)).toBe(before.slice(0, was.start));
    expect(after.slice(is.end)).toBe(before.slice(was.end));
    expect(after).toContain('startsOn: { paramCode: "165708798187000103", fieldType: "string" },');
    expect((await copy.program("biome", ["check", LEAVE])).exitCode).toBe(0);
    expect(await run(HAR, "--method", "start-leave", "--check")).toMatchObject({
      exitCode: 0,
      stdout: expect.any(String),
    });
    await run(HAR, "--method", "start-leave", "--write");
    expect(copy.read(LEAVE)).toBe(after);
  });

  it("leaves its cookies and tokens where they are", async () => {
    for (const args of [[HAR], [HAR, "--method", "start-leave"], [HAR, "--method", "start-leave", "--write"]]) {
      const { stdout, stderr } = await run(...args);
      expect(CANARIES.filter((secret) => `${stdout}${stderr}${copy.read(LEAVE)}`.includes(secret))).toEqual([]);
    }
  });

  it("with a cookie in a variable's title is refused without it", async () => {
    copy.write("leak.har", readFileSync(HAR, "utf8").replaceAll("事由", "cookie-of-an-operator-1"));
    const { exitCode, stdout, stderr } = await run(join(copy.folder, "leak.har"));
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain("take it out");
    expect(stderr).not.toContain("cookie-of-an-operator-1");
  });

  it("with a token that is longer than what is shown of a title is refused, too", async () => {
    const token = `token-of-an-operator-1${"x".repeat(100)}`;
    const har = readFileSync(HAR, "utf8").replaceAll("token-of-an-operator-1", token).replaceAll("事由", token);
    copy.write("long.har", har);
    const { exitCode, stdout, stderr } = await run(join(copy.folder, "long.har"));
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).not.toContain("token-of-an-operator-1");
  });
});

describe("what has drifted", () => {
  const LEAVE_VARIABLES = [
    variable("165708798187000001", "reason", "短文本"),
    variable("165708798187000002", "days", "Integer"),
    variable("165708798187000003", "startsOn", "string"),
  ];

  it("is nothing where codes and types are the same", async () => {
    const { exitCode, stderr } = await run(answer(LEAVE_VARIABLES), "--method", "start-leave", "--check");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "start-leave: nothing has drifted\n" });
  });

  it("is a variable of another type, one that is gone, one that is new, and one of an unknown type", async () => {
    const file = answer([
      variable("165708798187000001", "reason", "布尔"),
      variable("165708798187000002", "days", "数字"),
      variable("165708798187000004", "amount", "数字", "金额"),
      variable("165708798187000005", "shape", "几何"),
    ]);
    const { exitCode, stderr } = await run(file, "--method", "start-leave", "--check");
    expect(exitCode).toBe(1);
    for (const said of [
      "changed: reason: type string -> boolean",
      "gone: startsOn (165708798187000003)",
      "new: 金额 (数字) 165708798187000004: no form field has its name or its label",
      "new: shape (几何) 165708798187000005: its type (几何) is none",
    ]) {
      expect(stderr).toContain(said);
    }
    await run(file, "--method", "start-leave", "--write");
    expect(copy.read(LEAVE)).toContain("// start variable without a form field: 金额 (数字) [165708798187000004]\n");
    expect(copy.read(LEAVE)).not.toContain("startsOn: {");
    // What is noted is new no longer; where it goes away, that is said.
    expect((await run(file, "--method", "start-leave", "--check")).exitCode).toBe(0);
    const without = answer(LEAVE_VARIABLES);
    expect((await run(without, "--method", "start-leave", "--check")).stderr).toContain("gone: 165708798187000004");
  });

  it("of an object keeps the name and the data model that the table has; the stamp needs no field", async () => {
    const file = answer([
      variable("165708798188000001", "contract", "对象"),
      variable("165708798188000002", "items", "对象列表"),
      variable("165708798188000003", "urgent", "布尔"),
      variable("165708798188000009", "submissionId", "短文本"),
    ]);
    expect(await run(file, "--method", "start-contract", "--check")).toMatchObject({ exitCode: 0 });
    const gone = await run(
      answer([variable("165708798188000001", "contract", "object")]),
      "--method",
      "start-contract",
    );
    expect(gone.stderr).toContain("gone: the stamp's 165708798188000009");
  });

  it.each([
    ["an empty one", "fields: {},"],
    ["one in a single line", 'fields: { reason: { paramCode: "165708798187000001", fieldType: "string" } },'],
  ])("fills %s, formatted as the others are", async (_, table) => {
    const source = readFileSync(LEAVE, "utf8");
    const { start, end } = fieldsTable(source);
    copy.write(LEAVE, source.slice(0, start - "fields: {".length) + table + source.slice(end + "},".length));
    await run(HAR, "--method", "start-leave", "--write");
    const filled = copy.read(LEAVE);
    copy.write(LEAVE, source);
    await run(HAR, "--method", "start-leave", "--write");
    expect(filled).toBe(copy.read(LEAVE));
  });

  it("is written, and taken back where the method does not load with it", async () => {
    const refuses = 'if (JSON.stringify(startLeave.definition).includes("000102")) throw new Error("not this code");';
    const source = readFileSync(LEAVE, "utf8").replace("export = startLeave;", `${refuses}\n$&`);
    copy.write(LEAVE, source);
    const { exitCode, stdout, stderr } = await run(HAR, "--method", "start-leave", "--write");
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain("the method does not load, so nothing was changed: not this code");
    expect(copy.read(LEAVE)).toBe(source);
  });

  it("keeps what people wrote between the entries, and the line ends of the file", async () => {
    const written = readFileSync(LEAVE, "utf8")
      .replace("    days: {", "    // Half days are 0.5.\n    days: {")
      .replace('fieldType: "string" },\n    //', 'fieldType: "string" }, // asked by HR\n    //')
      .replaceAll("\n", "\r\n");
    copy.write(LEAVE, written);
    await run(HAR, "--method", "start-leave", "--write");
    const after = copy.read(LEAVE);
    expect(after).toContain("// Half days are 0.5.\r\n");
    expect(after).toMatch(/000101", fieldType: "string" }, \/\/ asked by HR\r\n/);
    expect(after.replaceAll("\r\n", "")).not.toContain("\n");
  });
});

describe("a hostile or a wrong file", () => {
  it.each([
    ["an empty one", "", "no JSON that can be read"],
    ["one that is cut off", '{"log":{"entries":[', "no JSON that can be read"],
    ["one without variables", '{"log":{"entries":[]}}', "no variable was found"],
    ["a rightId that is no id", '[{"rightId":"1; drop","name":"a","type":"string"}]', "no variable was found"],
    ["a rightId with nothing beside it", '[{"rightId":"165708798187000001"}]', "no variable was found"],
  ])("%s is refused in words", async (_, text, said) => {
    copy.write("bad.json", text);
    const { exitCode, stdout, stderr } = await run(join(copy.folder, "bad.json"), "--method", "start-leave", "--write");
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain(said);
    expect(copy.read(LEAVE)).toBe(readFileSync(LEAVE, "utf8"));
  });

  it("puts no code of its own into the method, whatever its names say", async () => {
    const evil = '事由\n process.exit(7); //\u2028 require("child_process") */ $1 "';
    const file = answer([
      variable("165708798187000001", evil, "短文本"),
      { ...variable("165708798187000002", "days", "数字", evil), __proto__: { polluted: true } },
      variable("165708798187000003", "startsOn", "短文本", "\u001b[2J\u202e"),
      JSON.parse('{"rightId":"165708798187000004","name":"__proto__","type":"string","__proto__":{"title":"x"}}'),
    ]);
    const { exitCode, stderr, stdout } = await run(file, "--method", "start-leave", "--write");
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    expect(["\u001b", "\u202e"].filter((sign) => stderr.includes(sign))).toEqual([]);
    const after = copy.read(LEAVE);
    const { start, end } = fieldsTable(after);
    // Comments are blank in the skeleton: what is left is the table alone.
    const lines = skeleton(after)
      .slice(start, end)
      .split("\n")
      .map((line) => line.trim());
    expect(lines.filter((line) => line !== "").map((line) => line.replace(/".*?"+/g, '""'))).toEqual([
      'reason: { paramCode: "", fieldType: "" },',
      'days: { paramCode: "", fieldType: "" },',
      'startsOn: { paramCode: "", fieldType: "" },',
    ]);
    expect(["\u2028", "\u202e", "\u001b"].filter((sign) => after.includes(sign))).toEqual([]);
    const all = await run(file);
    expect(all.stdout).not.toContain("__proto__:");
    expect((await copy.program("biome", ["check", LEAVE])).exitCode).toBe(0);
  });

  it("of another flow, or for another kind of method, is refused", async () => {
    const other = answer([variable("990000000000000001", "other", "布尔")]);
    expect(await run(other, "--method", "start-leave", "--write")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("is this answer of another flow?"),
    });
    expect((await run(HAR, "--method", "start-apaas-flow")).stderr).toContain("is of the kind apaas-flow");
    expect((await run(HAR, "--method", "no-such")).stderr).toContain("there is no functions/no-such/index.ts");
    expect((await run(HAR, "--method", "../x")).stderr).toContain("--method");
    expect((await run("none.har")).stderr).toContain("there is no file none.har");
    expect((await run(HAR, "--write")).stderr).toContain("need --method");
  });

  it("that is larger than any recording is not read; one with much in it is read in time", async () => {
    const huge = join(copy.folder, "huge.har");
    copy.write("huge.har", "{");
    truncateSync(huge, 101_000_000);
    expect((await run(huge)).stderr).toContain("has 101 MB, at most 100");
    const rows = Array.from({ length: 2_000 }, (_, at) => variable(String(at + 1), `v${at}`, "string"));
    expect((await run(answer(rows))).stderr).toContain("more than 1000 variables");
    const lists = Array.from({ length: 200_000 }, (_, at) => ({ id: at, deep: [{ rightId: "x" }] }));
    expect((await run(answer([...lists, variable("1", "a", "string")]))).exitCode).toBe(0);
    expect(command.cpuMs()).toBeLessThan(20_000);
  });

  it("whose cookie is called as a form field is, is no reason to refuse", async () => {
    copy.write("named.har", readFileSync(HAR, "utf8").replace("lang=zh", "startsOn=zh; reason_2=1"));
    expect((await run(join(copy.folder, "named.har"), "--method", "start-leave")).exitCode).toBe(0);
  });

  it("that nests without end is read as far as anybody nests", async () => {
    copy.write("deep.json", `${"[".repeat(5_000)}{"rightId":"1","name":"a"}${"]".repeat(5_000)}`);
    expect((await run(join(copy.folder, "deep.json"))).stderr).toContain("no variable was found");
  });
});

describe("the template of Feishu CoreHR", () => {
  it("is the table of a flow's variables, records by their members", async () => {
    const { exitCode, stdout } = await ofCorehr(
      "--variables",
      "reason,starts_on,region,skills,items.name,items.quantity",
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('startsOn: { variable: "starts_on", kind: "date" },');
    expect(stdout).toContain('region: { variable: "region", kind: "object", object: "country_region_subdivision" },');
    expect(stdout).toContain('skills: { variable: "skills", kind: "list", of: { kind: "text" } },');
    expect(stdout).toContain('quantity: { variable: "quantity", kind: "number" }');
  });

  it("agrees with the sample, whose options and own member names stay as they are", async () => {
    expect(await ofCorehr("--method", "start-corehr-process", "--check")).toMatchObject({ exitCode: 0 });
    await ofCorehr("--method", "start-corehr-process", "--write");
    expect(copy.read(COREHR)).toContain('kind: "enum", options: ADDRESSES }');
  });

  it("shows a kind that changed and a variable that is gone, and writes both", async () => {
    copy.write(
      COREHR,
      readFileSync(COREHR, "utf8")
        .replace('variable: "amount", kind: "number"', 'variable: "amount", kind: "text"')
        .replace('variable: "urgent"', 'variable: "no_such"'),
    );
    const { exitCode, stderr } = await ofCorehr("--method", "start-corehr-process", "--check");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("changed: amount: type text -> number");
    expect(stderr).toContain("gone: urgent (no_such)");
    expect((await ofCorehr("--method", "start-corehr-process", "--write", "--variables", "urgent")).exitCode).toBe(0);
    expect(copy.read(COREHR)).toContain('amount: { variable: "amount", kind: "number" }');
    expect(copy.read(COREHR)).toContain('urgent: { variable: "urgent", kind: "bool" }');
    expect(await ofCorehr("--method", "start-corehr-process", "--check")).toMatchObject({ exitCode: 0 });
  });

  it("knows a field that is one member of a record by its path", async () => {
    const source = readFileSync(COREHR, "utf8")
      .replace('{ variable: "reason", kind: "text" }', '{ variable: "city.city_v2", kind: "text" }')
      .replace(', "city"]', "]");
    copy.write(COREHR, source);
    expect(await ofCorehr("--method", "start-corehr-process", "--check")).toMatchObject({ exitCode: 0 });
    copy.write(COREHR, source.replace('"city.city_v2", kind: "text"', '"city.city_v2", kind: "date"'));
    const { stderr } = await ofCorehr("--method", "start-corehr-process", "--check", "--variables", "city.zip");
    expect(stderr).toContain("changed: reason: type date -> text");
    expect(stderr).toContain("new: city (record) city: no form field");
  });

  it("says what Feishu refuses, and asks Feishu itself only with the app of the environment", async () => {
    expect((await ofCorehr("--variables", "no_such")).stderr).toContain("Feishu gave none of these variables");
    expect((await ofCorehr()).stderr).toContain("which variables?");
    expect((await run("--corehr", FLOW, "--variables", "reason")).stderr).toContain("STARTFLOW_FEISHU_APP_ID");
    expect((await run("--corehr", "people_1", "--method", "start-corehr-process")).stderr).toContain(`starts ${FLOW}`);
    const elsewhere = await run("--corehr", FLOW, "--variables", "reason", "--url", "https://example.com");
    expect(elsewhere.stderr).toContain("--url: a local platform");
  });
});
