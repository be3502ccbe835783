/** `npm run deploy` with the real CLI against a stand-in for Tencent Cloud: what arrives there, and how failures are told. */
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { deployFailureIn } from "../../scripts/deploy-cli";
import { functionNames } from "../helpers/built";
import { form, platformHere, temporaryFolder } from "../helpers/platform";
import { bundledCommand, envFile, type ProjectChanges, projectCopy, REAL_VALUES, runCommand } from "../helpers/project";
import { ENV_ID, KEYS, startTencentCloud, type TencentCloud } from "../helpers/tencent-cloud/server";
import { unpacked, unpackedInto } from "../helpers/unpack";

/** Of a deployment of all functions, each of which loads the CLI: on two cores, beside other tests. */
const ALL_MS = 300_000;
vi.setConfig({ testTimeout: ALL_MS });

let command: string;
let cloud: TencentCloud;
beforeAll(() => {
  command = bundledCommand("deploy");
});
beforeEach(async () => {
  cloud = await startTencentCloud();
});
afterEach(() => cloud.stop());

const withKeys = () => ({ TENCENTCLOUD_SECRETID: KEYS.secretId, TENCENTCLOUD_SECRETKEY: KEYS.secretKey });
const real: ProjectChanges = { files: { ".env.local": envFile(REAL_VALUES) } };

interface Run {
  args?: string[];
  changes?: ProjectChanges;
  cwd?: string;
  env?: Record<string, string>;
  /** Else what is built is deployed as it is. */
  isBuilding?: boolean;
}
/** No secret is ever printed, and no key left behind, whatever happens. */
async function deploy({
  args = [],
  changes = real,
  cwd = projectCopy(changes),
  env = {},
  isBuilding = false,
}: Run = {}) {
  const home = temporaryFolder();
  const all = { HOME: home, TMPDIR: temporaryFolder(), ...cloud.variables, ...withKeys(), ...env };
  const startedMs = Date.now();
  const result = await runCommand(command, [...(isBuilding ? [] : ["--no-build"]), ...args], { cwd, env: all });
  const text = result.stdout + result.stderr;
  expect(text).not.toContain("canary");
  expect(text).not.toContain(KEYS.secretId);
  expect(readdirSync(all.TMPDIR).filter((name) => name.startsWith("startflow-deploy-"))).toEqual([]);
  return { ...result, text, cwd, durationMs: Date.now() - startedMs };
}
const actionsOf = (name: string) =>
  cloud.calls.filter((call) => call.endsWith(` ${name}`)).map((call) => call.split(" ")[1]);

describe("all functions", () => {
  it("are made, verified, and updated, with timer and path, and nothing is told to anybody else", async () => {
    const first = await deploy();
    console.info(`all functions made in ${first.durationMs} ms`);
    expect([first.exitCode, first.stderr]).toEqual([0, ""]);
    expect(first.stdout).toContain(`${functionNames.length} of ${functionNames.length} deployed`);
    expect([...cloud.functions.keys()].sort()).toEqual(functionNames);
    expect([...cloud.paths]).toEqual([["/v1", "sync-api"]]);
    expect(cloud.functions.get("sweep")?.triggers).toEqual([
      { TriggerName: "every-five-minutes", Type: "timer", TriggerDesc: "0 */5 * * * * *" },
    ]);
    const { variables } = cloud.functions.get("lookup-customer") ?? {};
    expect(variables).toEqual([
      { Key: "STARTFLOW_CRM_SYSTEM_URL", Value: REAL_VALUES.STARTFLOW_CRM_SYSTEM_URL },
      { Key: "STARTFLOW_CRM_SYSTEM_KEY", Value: REAL_VALUES.STARTFLOW_CRM_SYSTEM_KEY },
    ]);
    const hosts = new Set(cloud.calls.map((call) => call.split(" ")[0]));
    expect([...hosts].sort()).toEqual(["scf.tencentcloudapi.com", "tcb.tencentcloudapi.com"]);

    cloud.calls.length = 0;
    // An update by the CLI alone would not bring it back. And with the user's own login, which stays as it is.
    cloud.paths.clear();
    const home = temporaryFolder();
    const file = join(home, ".config", ".cloudbase", "auth.json");
    mkdirSync(dirname(file), { recursive: true });
    const login = JSON.stringify({ credential: KEYS });
    writeFileSync(file, login);
    const second = await deploy({ cwd: first.cwd, env: { HOME: home, TENCENTCLOUD_SECRETID: "" } });
    expect(readFileSync(file, "utf8")).toBe(login);
    expect([...cloud.paths]).toEqual([["/v1", "sync-api"]]);
    console.info(`all functions updated in ${second.durationMs} ms`);
    expect([second.exitCode, second.stderr]).toEqual([0, ""]);
    expect(actionsOf("start-leave")).toContain("UpdateFunctionCode");
    for (const { zips } of cloud.functions.values()) expect(zips).toHaveLength(2);
    expect(cloud.functions.get("sweep")?.triggers).toHaveLength(1);
    for (const [name, { zips }] of cloud.functions) for (const zip of zips) expectBuilt(name, zip);
    await expectRuns();
  });
});

/** The built files, byte for byte, and nothing else. */
function expectBuilt(name: string, zip: Buffer): void {
  const folder = join("dist", "functions", name);
  const files = unpacked(zip);
  expect([name, [...files.keys()].sort()]).toEqual([name, readdirSync(folder).sort()]);
  for (const [path, content] of files)
    expect([path, content.equals(readFileSync(join(folder, path)))]).toEqual([path, true]);
}

/** What was uploaded starts a process: unpacked, on the local platform. */
async function expectRuns(): Promise<void> {
  const built = temporaryFolder();
  for (const [name, { zips }] of cloud.functions) unpackedInto(zips.at(-1) ?? Buffer.alloc(0), join(built, name));
  const platform = await platformHere(temporaryFolder(), { built });
  try {
    const params = form({ reason: "探亲", days: 3, startsOn: "2026-12-01" });
    const answer = await platform.test("start-leave", { params, entry: "main" });
    expect(answer).toMatchObject({ ok: true, result: { outcome: "started", target: "weda-process" } });
    expect(await platform.instances()).toMatchObject([{ processKey: "flow_012", state: "waiting" }]);
  } finally {
    await platform.stop();
  }
}

describe("a deployment", () => {
  it("goes to the default region where an empty one is set", async () => {
    const { exitCode, stderr } = await deploy({ args: ["submission-status"], env: { TCB_REGION: "" } });
    expect([exitCode, stderr]).toEqual([0, ""]);
  });

  it.each(["SIGTERM", "SIGHUP"] as const)("leaves neither keys nor processes behind at %s", async (signal) => {
    cloud.stuck.set("start-leave", "Creating");
    const [home, temporary] = [temporaryFolder(), temporaryFolder()];
    const env = { PATH: process.env.PATH ?? "", HOME: home, TMPDIR: temporary, ...cloud.variables, ...withKeys() };
    const child = spawn(process.execPath, [command, "--no-build", "start-leave"], { cwd: projectCopy(real), env });
    await vi.waitFor(() => expect(actionsOf("start-leave")).toContain("GetFunction"), { timeout: 30_000 });
    const [folder = ""] = readdirSync(temporary).filter((name) => name.startsWith("startflow-deploy-"));
    expect(statSync(join(temporary, folder, ".config", ".cloudbase", "auth.json")).mode & 0o777).toBe(0o600);
    child.kill(signal);
    expect(await new Promise((ended) => child.on("close", ended))).toBe(130);
    expect(readdirSync(temporary).filter((name) => name.startsWith("startflow-deploy-"))).toEqual([]);
    const calls = cloud.calls.length;
    await new Promise((later) => setTimeout(later, 1_500));
    expect(cloud.calls.length).toBe(calls);
  });
});

describe("a deployment that fails says so, with the cause and what to do", () => {
  it("of each function: refused, made otherwise than declared, or without its path", async () => {
    cloud.failures.set("CreateFunction:start-leave", "LimitExceeded");
    cloud.failures.set("CreateFunction:start-apaas-flow", "AuthFailure.UnauthorizedOperation");
    cloud.changes.set("start-contract", { Runtime: "Nodejs16.13", MemorySize: 128 });
    cloud.changes.set("lookup-customer", { Environment: { Variables: [] } });
    cloud.changes.set("notify-approved", { CodeSize: 0 });
    cloud.changes.set("start-corehr-process", { Status: "CreateFailed", StatusDesc: "no room" });
    cloud.changes.set("sweep", { Triggers: [] });
    cloud.paths.set("/v1", "another");
    const { exitCode, stdout } = await deploy();
    expect(exitCode).toBe(1);
    const rowOf = (name: string) => new RegExp(`^(. {2}${name} .*)$`, "m").exec(stdout)?.[1];
    expect(rowOf("start-leave")).toContain("LimitExceeded; [CreateFunction] refused");
    expect(rowOf("start-apaas-flow")).toContain("AuthFailure.UnauthorizedOperation");
    expect(rowOf("start-contract")).toContain("Runtime is Nodejs16.13, declared is Nodejs20.19; MemorySize is 128");
    expect(rowOf("lookup-customer")).toContain("the variable STARTFLOW_CRM_SYSTEM_URL is not there");
    expect(rowOf("notify-approved")).toContain("it has no code");
    expect(rowOf("start-corehr-process")).toContain("Status is CreateFailed (no room)");
    expect(rowOf("sweep")).toContain("the timer every-five-minutes is not there");
    expect(rowOf("sync-api")).toMatch(/^✖/);
    expect(rowOf("submission-status")).toMatch(/^✔ .*Active, Nodejs20\.19/);
    expect(stdout).toContain("The plan's limit is reached");
    expect(stdout).toContain("1 of 9 deployed");
    expect(stdout).toMatch(/^again: npm run deploy -- start-leave start-contract /m);
  });

  it("and its advice is for the same environment and build", async () => {
    cloud.failures.set("CreateFunction:start-leave", "LimitExceeded");
    const changes = { files: { ".env.prod": envFile(REAL_VALUES) } };
    const { exitCode, stdout } = await deploy({ args: ["start-leave", "--env", "prod"], changes });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^again: npm run deploy -- start-leave --env prod --no-build$/m);
  });

  it.each([
    ["the keys are of nobody", { TENCENTCLOUD_SECRETID: "AKIDnobody0000000000" }, "AuthFailure.SecretIdNotFound"],
    ["the key is wrong", { TENCENTCLOUD_SECRETKEY: "canary-wrong" }, "AuthFailure.SignatureFailure"],
    ["the environment is another's", { CLOUDBASE_ENV_ID: "env-other" }, "NO_ENVIRONMENT"],
    ["the network is gone", { STARTFLOW_TEST_TENCENT_CLOUD: "http://127.0.0.1:9" }, "NETWORK"],
  ])("where %s", async (_, env, cause) => {
    const { exitCode, stderr } = await deploy({ args: ["start-leave"], env });
    expect([exitCode, stderr.split(":")[0]]).toEqual([1, cause]);
    expect(stderr).toContain("nothing was deployed");
    expect(cloud.functions.size).toBe(0);
  });

  it("where nobody is logged in", async () => {
    const { exitCode, stderr } = await deploy({ args: ["start-leave"], env: { TENCENTCLOUD_SECRETKEY: "" } });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("npx tcb login");
    expect(cloud.calls).toEqual([]);
  });

  it("where a function never becomes active", async () => {
    cloud.stuck.set("start-leave", "Creating");
    const { exitCode, stdout } = await deploy({ args: ["start-leave", "--timeout", "5"] });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/✖ {2}start-leave .*TIMEOUT/);
    expect(stdout).toContain("It was not ready in time");
  });
});

const row = (name: string, change: object): ProjectChanges => ({
  ...real,
  config: ({ functions }) => Object.assign(functions.find((one) => one.name === name) ?? {}, change),
});
const value = (values: Record<string, string>): ProjectChanges => ({
  files: { ".env.local": envFile({ ...REAL_VALUES, ...values }) },
});

describe("nothing is sent", () => {
  it.each<[string, ProjectChanges, string]>([
    [
      "a variable that is missing",
      value({ STARTFLOW_CRM_SYSTEM_KEY: "" }),
      "STARTFLOW_CRM_SYSTEM_KEY  [VARIABLE_MISSING]",
    ],
    [
      "a value with quotes",
      value({ STARTFLOW_SYNC_TOKEN: 'canary"0123456789abcdef' }),
      "STARTFLOW_SYNC_TOKEN  [VALUE_CHANGED]",
    ],
    ["a value that is JSON", value({ STARTFLOW_SYNC_USER: '{"a":1}' }), "STARTFLOW_SYNC_USER  [VALUE_CHANGED]"],
    [".env beside a function", { files: { ...real.files, "dist/functions/sweep/.env": "A=1" } }, "[FILE_FOREIGN]"],
    ["two functions on one path", row("start-leave", { path: "/v1" }), "start-leave.path  [PATH_TWICE]"],
    ["an unknown runtime", row("start-leave", { runtime: "Nodejs8.9" }), "start-leave.runtime  [RUNTIME_UNKNOWN]"],
    ["the local platform's values", value({ STARTFLOW_SYNC_TOKEN: "123456" }), "STARTFLOW_SYNC_TOKEN  [VALUE_LOCAL]"],
  ])("with %s", async (_, changes, told) => {
    const { exitCode, stderr } = await deploy({ changes });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(told)]);
    expect(stderr).toContain("nothing was deployed");
    expect(cloud.calls).toEqual([]);
  });

  it("with a function that is not built", async () => {
    const cwd = projectCopy(real);
    rmSync(join(cwd, "dist", "functions", "start-leave"), { recursive: true });
    const { exitCode, stderr } = await deploy({ cwd });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("start-leave  [NOT_BUILT]")]);
    expect(cloud.calls).toEqual([]);
  });

  it("in a dry run, which shows what would be", async () => {
    const { exitCode, stdout } = await deploy({ args: ["--dry-run"], env: { TENCENTCLOUD_SECRETKEY: "" } });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`would be deployed to ${ENV_ID}:`);
    for (const name of functionNames) expect(stdout).toMatch(new RegExp(`^${name} +Nodejs20.19 `, "m"));
    expect(cloud.calls).toEqual([]);
  });

  it("before what is out of date is built", async () => {
    const { exitCode, stdout, cwd } = await deploy({ args: ["--dry-run"], isBuilding: true });
    expect([exitCode, stdout.split("\n")[0]]).toEqual([0, "building"]);
    const startedMs = (folder: string) =>
      (JSON.parse(readFileSync(join(folder, "dist", "build.json"), "utf8")) as { startedMs: number }).startedMs;
    expect(startedMs(cwd)).toBeGreaterThan(startedMs("."));
    expect(readFileSync(join(cwd, "dist", "functions", "sweep", "index.js"), "utf8")).toBe(
      readFileSync(join("dist", "functions", "sweep", "index.js"), "utf8"),
    );
    expect(cloud.calls).toEqual([]);
  });

  it("with a value that another function has, and that the CLI could not read", async () => {
    const changes = value({ STARTFLOW_SYNC_TOKEN: 'canary"0123456789abcdef' });
    const { exitCode, stderr } = await deploy({ args: ["submission-status"], changes });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("STARTFLOW_SYNC_TOKEN  [VALUE_CHANGED]")]);
    expect(cloud.calls).toEqual([]);
  });

  it("in a dry run over an old build that cannot be read: it is built anew", async () => {
    const changes = { files: { ...real.files, "dist/methods.json": '[{"name":"start-leave"}]' } };
    const { exitCode, text } = await deploy({ args: ["--dry-run"], changes, isBuilding: true });
    expect([exitCode, text.split("\n")[0]]).toEqual([0, "building"]);
  });

  it.each([
    [["start-nothing"], "deploy: there is no function start-nothing; there are start-leave, "],
    [["--env", "local"], "--env: nothing is deployed to the local platform"],
    [["--timeout", "0"], "--timeout: "],
    [["--force"], "Unknown option '--force'"],
  ])("where %j was asked", async (args, told) => {
    const { exitCode, text } = await deploy({ args });
    expect([exitCode, text]).toEqual([1, expect.stringContaining(told)]);
    expect(cloud.calls).toEqual([]);
  });
});

describe("what the CLI prints", () => {
  const run = (output: string, exitCode = 0) => deployFailureIn({ exitCode, output, isTimedOut: false }, 1_000);

  it("is a success only where it says so", () => {
    expect(run("✔ [sweep] Cloud function deployed successfully!")).toBeUndefined();
    expect(run("\u001b[32m✔\u001b[39m [sweep] Cloud function updated successfully!")).toBeUndefined();
    expect(run("- Authorize on the authorization page open in the browser.")).toMatch(/^NOT_DONE: .*Authorize on/);
    expect(run("")).toMatch(/^NOT_DONE/);
  });

  it("is a failure whatever its exit code, with the platform's code first", () => {
    const told = "✖ [sweep] 函数部署失败\n✖   错误信息: [sweep] x\n✖   错误码: LimitExceeded\nℹ Suggestions:";
    expect(run(told)).toBe("LimitExceeded; [sweep] x");
    expect(run("SyntaxError: no", 1)).toBe("SyntaxError: no");
  });
});
