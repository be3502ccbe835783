/** `npm run deploy` where nothing may be sent: what stops it before, dry runs, and what of the CLI's words is a failure. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deployFailureIn } from "../../../scripts/deploy-cli";
import { functionNames } from "../../helpers/built";
import { type Deployment, openDeployment, real } from "../../helpers/deployment";
import { envFile, type ProjectChanges, REAL_VALUES } from "../../helpers/project";
import { ENV_ID } from "../../helpers/tencent-cloud/server";

describe("nothing is sent", () => {
  let deployment: Deployment;
  beforeEach(async () => {
    deployment = await openDeployment();
  });
  afterEach(async () => {
    expect(deployment.cloud.calls).toEqual([]);
    await deployment.stop();
  });

  it("where something is wrong: each is printed as an error, any of which stops it", async () => {
    const cwd = deployment.project(WRONG);
    rmSync(join(cwd, "dist", "functions", "start-contract"), { recursive: true });
    const { exitCode, stderr } = await deployment.deploy({ cwd });
    expect(exitCode).toBe(1);
    const errors = stderr.split("\n").filter((line) => line.startsWith("error "));
    const told = errors.map((line) => line.replace(/^error +\S+: /, "")).sort();
    expect(told).toEqual(Object.values(TOLD).sort());
    expect(stderr).toContain("\nnothing was deployed");
  });

  it("with a value that another function has, and that the CLI could not read", async () => {
    const changes = values({ STARTFLOW_SYNC_TOKEN: 'canary"0123456789abcdef' });
    const { exitCode, stderr } = await deployment.deploy({ args: ["submission-status"], changes });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("STARTFLOW_SYNC_TOKEN  [VALUE_CHANGED]")]);
  });

  it("in a dry run, which shows what would be", async () => {
    const { exitCode, stdout } = await deployment.deploy({ args: ["--dry-run"], env: { TENCENTCLOUD_SECRETKEY: "" } });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`would be deployed to ${ENV_ID}:`);
    for (const name of functionNames) expect(stdout).toMatch(new RegExp(`^${name} +Nodejs20.19 `, "m"));
  });

  it("before what is out of date is built, also where the old build cannot be read", async () => {
    const changes = { files: { ...real.files, "dist/methods.json": '[{"name":"start-leave"}]' } };
    const { exitCode, stdout, cwd } = await deployment.deploy({ args: ["--dry-run"], changes, isBuilding: true });
    expect([exitCode, stdout.split("\n")[0]]).toEqual([0, "building"]);
    const startedMs = (folder: string) =>
      (JSON.parse(readFileSync(join(folder, "dist", "build.json"), "utf8")) as { startedMs: number }).startedMs;
    expect(startedMs(cwd)).toBeGreaterThan(startedMs("."));
    expect(readFileSync(join(cwd, "dist", "functions", "sweep", "index.js"), "utf8")).toBe(
      readFileSync(join("dist", "functions", "sweep", "index.js"), "utf8"),
    );
  });

  it.each([
    [["start-nothing"], "deploy: there is no function start-nothing; there are start-leave, "],
    [["--env", "local"], "--env: nothing is deployed to the local platform"],
    [["--timeout", "0"], "--timeout: "],
    [["--force"], "Unknown option '--force'"],
  ])("where %j was asked", async (args, told) => {
    const { exitCode, text } = await deployment.deploy({ args });
    expect([exitCode, text]).toEqual([1, expect.stringContaining(told)]);
  });
});

const values = (changed: Record<string, string>): ProjectChanges => ({
  files: { ".env.local": envFile({ ...REAL_VALUES, ...changed }) },
});

/** By what is wrong: how it is told. */
const TOLD = {
  "a variable that is missing": "STARTFLOW_CRM_SYSTEM_KEY  [VARIABLE_MISSING]",
  "a value with quotes": "STARTFLOW_SYNC_PASSWORD  [VALUE_CHANGED]",
  "a value that is JSON": "STARTFLOW_SYNC_USER  [VALUE_CHANGED]",
  "the local platform's value": "STARTFLOW_SYNC_TOKEN  [VALUE_LOCAL]",
  ".env beside a function": "sweep  [FILE_FOREIGN]",
  "two functions on one path": "start-leave.path  [PATH_TWICE]",
  "the other of the two": "sync-api.path  [PATH_TWICE]",
  "an unknown runtime": "start-leave.runtime  [RUNTIME_UNKNOWN]",
  "a function that is not built": "start-contract  [NOT_BUILT]",
};
const wrongValues = values({
  STARTFLOW_CRM_SYSTEM_KEY: "",
  STARTFLOW_SYNC_PASSWORD: 'canary"0123456789abcdef',
  STARTFLOW_SYNC_USER: '{"a":1}',
  STARTFLOW_SYNC_TOKEN: "123456",
});
const WRONG: ProjectChanges = {
  files: { ...wrongValues.files, "dist/functions/sweep/.env": "A=1" },
  config: ({ functions }) => {
    const row = functions.find(({ name }) => name === "start-leave");
    Object.assign(row ?? {}, { path: "/v1", runtime: "Nodejs8.9" });
  },
};

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
