/** `npm run check` on a copy of the project, with one thing wrong in it at a time. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FINDINGS, type Finding } from "../../scripts/check-texts";
import { changeOf } from "../../scripts/check-variables";
import { type Command, openCommand } from "../helpers/command";
import { changeProject, envFile, type ProjectChanges, projectCopy, REAL_VALUES } from "../helpers/project";

const cwd = projectCopy();
let command: Command;
beforeAll(async () => {
  command = await openCommand("check");
});
afterAll(() => {
  command.close();
  rmSync(cwd, { recursive: true });
});

async function checked(changes: ProjectChanges, args: string[] = [], env: Record<string, string> = {}) {
  const undo = changeProject(cwd, changes);
  const { exitCode, stdout, stderr } = await command.run(["--json", ...args], { cwd, env }).finally(undo);
  expect(stderr).toBe("");
  const findings = JSON.parse(stdout) as Finding[];
  const errors = findings.filter(({ level }) => level === "error");
  expect(exitCode).toBe(errors.length === 0 ? 0 : 1);
  return { findings, errors: errors.map(({ code, file, key }) => ({ code, file, key })), stdout };
}

const withValues = (values: Record<string, string> = {}): ProjectChanges => ({
  files: { ".env.local": envFile({ ...REAL_VALUES, ...values }) },
});
const rowChange = (name: string, change: Record<string, unknown>): ProjectChanges => ({
  ...withValues(),
  config: ({ functions }) => Object.assign(functions.find((row) => row.name === name) ?? {}, change),
});

describe("npm run check", () => {
  it("finds nothing against the local platform's values", async () => {
    const { exitCode, stdout } = await command.run(["--env", "local"], { cwd });
    expect([exitCode, stdout.trim().split("\n").at(-1)]).toEqual([0, "0 errors, 5 warnings"]);
  });

  it("says and ends the same as a process of its own", async () => {
    expect(command.help).toMatchObject({ stdout: expect.stringMatching(/^npm run check /), stderr: "" });
    for (const args of [
      ["--env", "local"],
      ["--env", "../x"],
    ]) {
      expect(await command.start(args, { cwd })).toEqual(await command.run(args, { cwd }));
    }
  });

  it("finds no error in an environment's own values, and warns of the samples' paramCodes", async () => {
    const { errors, findings } = await checked(withValues());
    expect(errors).toEqual([]);
    const samples = findings.filter(({ code }) => code === "PARAM_CODE_SAMPLE").map(({ file }) => file);
    expect(samples).toEqual(["functions/start-contract/index.ts", "functions/start-leave/index.ts"]);
  });

  it("says of each finding where it is, why it matters and how to mend it, in both languages", async () => {
    const { findings } = await checked({});
    expect(findings.length).toBeGreaterThan(10);
    for (const { file, why, mend } of findings) {
      for (const text of [file, why.zh, why.en, mend.zh, mend.en]) expect(text).toMatch(/\S/);
      expect(JSON.stringify([why, mend])).not.toMatch(/\{\w+\}/);
    }
  });

  it("reads values that an editor wrote with a byte order mark", async () => {
    const { errors } = await checked({ files: { ".env.local": `\uFEFF${envFile(REAL_VALUES)}` } });
    expect(errors).toEqual([]);
  });

  it("takes a variable that is called as a member of every object for one that is not set", async () => {
    const { errors } = await checked(rowChange("sweep", { envVariables: { A: "{{env.constructor}}" } }));
    expect(errors).toEqual([{ code: "VARIABLE_MISSING", file: ".env.local", key: "constructor" }]);
  });

  it("reads the files in the CLI's order, and the environment last", async () => {
    const bad = 'has "quotes"';
    const files = { ".env": envFile({ ...REAL_VALUES, STARTFLOW_SYNC_USER: bad }), ".env.local": "", ".env.prod": "" };
    const error = { code: "VALUE_CHANGED", file: ".env", key: "STARTFLOW_SYNC_USER" };
    expect((await checked({ files })).errors).toEqual([error]);
    const withLocal = { ...files, ".env.local": "STARTFLOW_SYNC_USER=erp\n" };
    expect((await checked({ files: withLocal })).errors).toEqual([]);
    const withProd = { ...withLocal, ".env.prod": `STARTFLOW_SYNC_USER='${bad}'\n` };
    expect((await checked({ files: withProd }, ["--env", "prod"])).errors).toEqual([{ ...error, file: ".env.prod" }]);
    expect((await checked({ files: withProd }, ["--env", "prod"], { STARTFLOW_SYNC_USER: "erp" })).errors).toEqual([]);
  });

  it("refuses an environment without its file, and one that is no name", async () => {
    const { errors } = await checked(withValues(), ["--env", "prod"]);
    expect(errors).toEqual([{ code: "ENV_FILE_MISSING", file: ".env.prod", key: "" }]);
    const { exitCode, stderr } = await command.run(["--env", "../x"], { cwd });
    expect([exitCode, stderr]).toEqual([1, "check: --env: letters, digits, - and _\n"]);
  });
});

describe("values", () => {
  it("that are needed are errors where they are not set, and the others warnings", async () => {
    const { errors, findings } = await checked(withValues({ STARTFLOW_CRM_SYSTEM_KEY: "", CLOUDBASE_ENV_ID: "" }));
    expect(errors).toEqual([
      { code: "ENV_ID_MISSING", file: "cloudbaserc.json", key: "envId" },
      { code: "VARIABLE_MISSING", file: ".env.local", key: "STARTFLOW_CRM_SYSTEM_KEY" },
    ]);
    const unset = findings.filter(({ code }) => code === "VARIABLE_UNSET").map(({ key }) => key);
    expect(unset).toContain("STARTFLOW_OPERATOR_KEY");
  });

  it("one of two does where either is enough", async () => {
    const values = { STARTFLOW_APAAS_OPERATOR_ID: "", STARTFLOW_APAAS_OPERATOR_EMAIL: "flows@example.com" };
    expect((await checked(withValues(values))).errors).toEqual([]);
    expect((await checked(withValues({ STARTFLOW_APAAS_OPERATOR_ID: "" }))).errors).toEqual([
      { code: "VARIABLE_MISSING", file: ".env.local", key: "STARTFLOW_APAAS_OPERATOR_ID" },
    ]);
  });

  it.each([
    ['a"b', "quotation"],
    ["a\\nb", "backslash"],
    ["a\nb", "line break"],
    ["null", "null"],
    ["[1,2]", "JSON"],
    ["{}", "JSON"],
    ["{{env.X}}", "{{"],
  ])("that the CLI would change are found: %j", (value, word) => {
    expect(changeOf(value)).toContain(word);
  });

  it.each(["true", "12345678901234567890", "1e5", "a&b=c/<x>'y`z", " sp aced ", "a,b", ""])(
    "that it passes on are taken: %j",
    (value) => {
      expect(changeOf(value)).toBeUndefined();
    },
  );

  it("of the local platform and loopback addresses go nowhere else", async () => {
    const local = {
      STARTFLOW_FEISHU_APP_ID: "cli_startflow",
      STARTFLOW_QYWX_CORPID: "wwstartflow",
      STARTFLOW_SYNC_TOKEN: "123456",
      STARTFLOW_CRM_SYSTEM_URL: "http://localhost:8080/crm",
      STARTFLOW_SYNC_CALLBACK_ORIGINS: "https://a.example.com,http://127.0.0.1:4001",
    };
    const { errors } = await checked(withValues(local));
    const keys = errors.map(({ code, key }) => `${code} ${key}`).sort();
    expect(keys).toEqual(
      Object.keys(local)
        .map((key) => `VALUE_LOCAL ${key}`)
        .sort(),
    );
  });

  it("of one function together have a limit", async () => {
    const { errors } = await checked(
      withValues({ STARTFLOW_SYNC_CALLBACK_ORIGINS: "https://a.example.com,".repeat(200) }),
    );
    expect(errors.map(({ code, key }) => `${code} ${key}`)).toEqual([
      "VARIABLES_TOO_LARGE sync-api.envVariables",
      "VARIABLES_TOO_LARGE sweep.envVariables",
    ]);
  });

  it("that are secret stand in no file that git tracks, and are never printed", async () => {
    const undo = changeProject(cwd, {
      files: {
        ".env.local": envFile(REAL_VALUES),
        ".env.prod": "",
        "notes.md": `the token is ${REAL_VALUES.STARTFLOW_SYNC_TOKEN}, the user is ${REAL_VALUES.STARTFLOW_SYNC_USER}`,
      },
    });
    execFileSync("git", ["init", "--quiet"], { cwd });
    execFileSync("git", ["add", "--force", "notes.md", ".env.prod", ".env.example"], { cwd });
    const { stdout, exitCode } = await command.run(["--json"], { cwd });
    undo();
    rmSync(join(cwd, ".git"), { recursive: true });
    const found = (JSON.parse(stdout) as Finding[]).filter(({ level }) => level === "error");
    expect(exitCode).toBe(1);
    expect(found.map(({ code, file, key }) => [code, file, key])).toEqual([
      ["ENV_FILE_TRACKED", ".env.prod", ""],
      ["SECRET_TRACKED", "notes.md", "STARTFLOW_SYNC_TOKEN"],
    ]);
    expect(stdout).not.toContain("canary");
  });
});

describe("a row of cloudbaserc.json", () => {
  it.each([
    ["RUNTIME_UNKNOWN", "runtime", { runtime: "Nodejs16.13" }],
    ["RUNTIME_UNKNOWN", "runtime", { runtime: undefined }],
    ["HANDLER_WRONG", "handler", { handler: "main.handler" }],
    ["INSTALL_WRONG", "installDependency", { installDependency: true }],
    ["MEMORY_RANGE", "memorySize", { memorySize: 300 }],
    ["MEMORY_RANGE", "memorySize", { memorySize: 4_096 }],
    ["TIMEOUT_RANGE", "timeout", { timeout: 901 }],
    ["TIMEOUT_RANGE", "timeout", { timeout: "20" }],
    ["TIMEOUT_SEND", "timeout", { timeout: 14 }],
    ["KEY_UNKNOWN", "memory", { memory: 256 }],
    ["PATH_INVALID", "path", { path: "leave/" }],
    ["PATH_INVALID", "path", { path: "/{{env.STARTFLOW_SYNC_USER}}" }],
    ["PATH_TWICE", "path", { path: "/v1" }],
    ["TRIGGER_INVALID", "triggers", { triggers: [{ name: "t", type: "timer", config: "*/5 * * * *" }] }],
    ["TRIGGER_INVALID", "triggers", { triggers: [{ name: "t", type: "cos", config: "0 */5 * * * * *" }] }],
  ])("%s: %s %j", async (code, key, change) => {
    const { errors } = await checked(rowChange("start-leave", change));
    const both = code === "PATH_TWICE" ? ["start-leave", "sync-api"] : ["start-leave"];
    expect(errors).toEqual(both.map((name) => ({ code, file: "cloudbaserc.json", key: `${name}.${key}` })));
  });

  it("has the time that the longest of its routes waits", async () => {
    const { errors, findings } = await checked(rowChange("sync-api", { timeout: 20 }));
    expect(new Set(errors.map(({ code, key }) => `${code} ${key}`))).toEqual(
      new Set(["TIMEOUT_WAIT sync-api.timeout"]),
    );
    expect(findings[0]?.why.en).toContain("waits for up to 15000 ms");
  });

  it("has the send timeout that the function is given, and seven seconds", async () => {
    const envVariables = { STARTFLOW_SEND_TIMEOUT_MS: "{{env.STARTFLOW_SEND_TIMEOUT_MS}}" };
    const changes = rowChange("start-leave", { envVariables });
    const files = { ".env.local": envFile({ ...REAL_VALUES, STARTFLOW_SEND_TIMEOUT_MS: "13001" }) };
    const { errors } = await checked({ ...changes, files });
    expect(errors).toEqual([{ code: "TIMEOUT_SEND", file: "cloudbaserc.json", key: "start-leave.timeout" }]);
  });

  it("belongs to a folder, and each folder has one", async () => {
    const { errors } = await checked(rowChange("start-leave", { name: "start-leaves" }));
    expect(errors).toEqual([
      { code: "ROW_MISSING", file: "cloudbaserc.json", key: "functions" },
      { code: "FOLDER_MISSING", file: "cloudbaserc.json", key: "start-leaves.name" },
    ]);
  });

  it("has a name that the platform takes, and no other row has it", async () => {
    const { errors } = await checked(rowChange("start-leave", { name: "start_leave-" }));
    expect(errors.map(({ code }) => code)).toContain("NAME_INVALID");
    const twice = await checked(rowChange("start-leave", { name: "start-contract" }));
    expect(twice.errors.filter(({ code }) => code === "NAME_TWICE")).toHaveLength(2);
  });

  it("is deployed from the built files", async () => {
    const { errors } = await checked({
      ...withValues(),
      config: (config) => Object.assign(config, { functionRoot: "functions" }),
    });
    expect(errors).toEqual([{ code: "ROOT_WRONG", file: "cloudbaserc.json", key: "functionRoot" }]);
  });

  it("a file that is no JSON, or not there, is one finding without its content", async () => {
    const { errors, stdout } = await checked({ files: { "cloudbaserc.json": '{"secret": canary' } });
    expect(errors).toEqual([{ code: "CONFIG_INVALID", file: "cloudbaserc.json", key: "" }]);
    expect(stdout).not.toContain("canary");
  });
});

describe("what is built", () => {
  it("is all there, and nothing lies beside it", async () => {
    const folder = join("dist", "functions", "start-leave");
    const { errors } = await checked({ files: { ...withValues().files, [join(folder, ".env")]: "STARTFLOW_X=1" } });
    expect(errors).toEqual([{ code: "FILE_FOREIGN", file: join(folder, ".env"), key: "start-leave" }]);
  });

  it("fits into a request", async () => {
    const noise = randomBytes(1_300_000).toString("latin1");
    const path = join("dist", "functions", "start-leave", "index.js");
    const { errors } = await checked({ files: { ...withValues().files, [path]: noise } });
    expect(errors.map(({ code, key }) => `${code} ${key}`)).toEqual(["ZIP_TOO_LARGE start-leave"]);
  });

  it("has paramCodes of 18 digits, each once", async () => {
    const methods = JSON.parse(readFileSync("dist/methods.json", "utf8")) as {
      name: string;
      fields: Record<string, { paramCode: string }>;
    }[];
    const codes = ["171708798187000001", "171708798187000001", "17170879818"];
    const leave = methods.find(({ name }) => name === "start-leave");
    for (const [at, entry] of Object.values(leave?.fields ?? {}).entries()) entry.paramCode = codes[at] as string;
    const contract = methods.find(({ name }) => name === "start-contract");
    for (const entry of Object.values(contract?.fields ?? {})) entry.paramCode = "1657087981870xxxxx";
    const { errors, findings } = await checked({
      files: { ...withValues().files, "dist/methods.json": JSON.stringify(methods) },
    });
    expect(errors.map(({ code, key }) => `${code} ${key}`)).toContain("PARAM_CODE_FORM fields.startsOn");
    expect(errors.map(({ code, key }) => `${code} ${key}`)).toContain("PARAM_CODE_TWICE fields.days");
    expect(findings.filter(({ code }) => code === "PARAM_CODE_SAMPLE")).toHaveLength(1);
  });
});

it("every kind of finding has its texts in both languages", () => {
  for (const [code, { zh, en, mendZh, mendEn }] of Object.entries(FINDINGS)) {
    for (const text of [zh, mendZh]) expect([code, text]).toEqual([code, expect.stringMatching(/\p{Script=Han}/u)]);
    for (const text of [en, mendEn]) expect([code, /\p{Script=Han}/u.test(text)]).toEqual([code, false]);
  }
});
