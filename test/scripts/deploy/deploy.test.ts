/** `npm run deploy` with the real CLI against a stand-in for Tencent Cloud: what arrives there, and how failures are told. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { functionNames } from "../../helpers/built";
import { type Deployed, type Deployment, loginsIn, openDeployment } from "../../helpers/deployment";
import { form, platformHere } from "../../helpers/platform";
import { envFile, type ProjectChanges, REAL_VALUES } from "../../helpers/project";
import { KEYS, type TencentCloud } from "../../helpers/tencent-cloud/server";
import { unpacked, unpackedInto } from "../../helpers/unpack";

/** Rows that have what can be wrong in a deployment, beside those of which nothing is to be wrong. */
const EXTRA_ROWS: Record<string, object> = {
  "start-leave": { triggers: [{ name: "every-monday", type: "timer", config: "0 0 9 * * 1 *" }] },
  "notify-approved": { path: "/approved" },
};
const PROJECT: ProjectChanges = {
  config: ({ functions }) => {
    for (const row of functions) Object.assign(row, EXTRA_ROWS[row.name]);
  },
  files: { ".env.prod": envFile(REAL_VALUES) },
};
const REFUSED = ["start-apaas-flow", "submission-status"];

describe("all functions, deployed to an empty environment that refuses and changes some, and then once more", () => {
  let deployment: Deployment;
  let cloud: TencentCloud;
  let first: Deployed;
  beforeAll(async () => {
    deployment = await openDeployment();
    cloud = deployment.cloud;
  });
  afterAll(() => deployment.stop());

  it("are told one by one: refused, made otherwise than declared, without their path, or deployed", async () => {
    cloud.failures.set("CreateFunction:start-apaas-flow", "LimitExceeded");
    cloud.failures.set("CreateFunction:submission-status", "AuthFailure.UnauthorizedOperation");
    cloud.changes.set("start-contract", { Runtime: "Nodejs16.13", MemorySize: 128, CodeSize: 0 });
    cloud.changes.set("lookup-customer", { Environment: { Variables: [] } });
    cloud.changes.set("start-corehr-process", { Status: "CreateFailed", StatusDesc: "no room" });
    cloud.changes.set("start-leave", { Triggers: [] });
    cloud.paths.set("/approved", "another");
    first = await deployment.deploy({ args: ["--env", "prod"], changes: PROJECT });
    const { exitCode, stdout, stderr } = first;
    expect([exitCode, stderr]).toEqual([1, ""]);
    const rowOf = (name: string) => new RegExp(`^(. {2}${name} .*)$`, "m").exec(stdout)?.[1];
    expect(rowOf("start-apaas-flow")).toContain("LimitExceeded; [CreateFunction] refused");
    expect(rowOf("submission-status")).toContain("AuthFailure.UnauthorizedOperation");
    expect(rowOf("start-contract")).toContain("Runtime is Nodejs16.13, declared is Nodejs20.19; MemorySize is 128");
    expect(rowOf("start-contract")).toContain("it has no code");
    expect(rowOf("lookup-customer")).toContain("the variable STARTFLOW_CRM_SYSTEM_URL is not there");
    expect(rowOf("start-corehr-process")).toContain("Status is CreateFailed (no room)");
    expect(rowOf("start-leave")).toContain("the timer every-monday is not there");
    expect(rowOf("notify-approved")).toMatch(/^✖/);
    expect(rowOf("sweep")).toMatch(/^✔ .*Active, Nodejs20\.19/);
    expect(rowOf("sync-api")).toMatch(/^✔ .*Active, Nodejs20\.19, \d+ B, \/v1$/);
    expect(stdout).toContain("The plan's limit is reached");
    expect(stdout).toContain("2 of 9 deployed");
  });

  it("and the advice is for those that failed, the same environment and the same build", () => {
    const failed = "start-leave start-contract start-apaas-flow start-corehr-process lookup-customer";
    const again = `again: npm run deploy -- ${failed} notify-approved submission-status --env prod --no-build`;
    expect(first.stdout.split("\n")).toContain(again);
  });

  it("are made with variables, timer and path, and nothing is told to anybody else", () => {
    expect([...cloud.functions.keys()].sort()).toEqual(functionNames.filter((name) => !REFUSED.includes(name)));
    expect([...cloud.paths].sort()).toEqual([
      ["/approved", "another"],
      ["/v1", "sync-api"],
    ]);
    expect(cloud.functions.get("sweep")?.triggers).toEqual([
      { TriggerName: "every-five-minutes", Type: "timer", TriggerDesc: "0 */5 * * * * *" },
    ]);
    const { variables } = cloud.functions.get("lookup-customer") ?? {};
    expect(variables).toEqual([
      { Key: "STARTFLOW_CRM_SYSTEM_URL", Value: REAL_VALUES.STARTFLOW_CRM_SYSTEM_URL },
      { Key: "STARTFLOW_CRM_SYSTEM_KEY", Value: REAL_VALUES.STARTFLOW_CRM_SYSTEM_KEY },
    ]);
    expectHosts();
  });

  it("are updated or made, with the user's own login, which stays as it is, in the default region", async () => {
    cloud.failures.clear();
    cloud.changes.clear();
    cloud.calls.length = 0;
    // An update by the CLI alone would not make it.
    cloud.paths.delete("/approved");
    writeFileSync(join(first.cwd, ".env.local"), envFile(REAL_VALUES));
    const home = deployment.folder();
    const file = join(home, ".config", ".cloudbase", "auth.json");
    mkdirSync(dirname(file), { recursive: true });
    const login = JSON.stringify({ credential: KEYS });
    writeFileSync(file, login);
    const env = { HOME: home, TENCENTCLOUD_SECRETID: "", TCB_REGION: "" };
    const { exitCode, stdout, stderr } = await deployment.deploy({ cwd: first.cwd, env });
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`${functionNames.length} of ${functionNames.length} deployed`);
    expect(readFileSync(file, "utf8")).toBe(login);
    expect([...cloud.regions]).toEqual(["ap-shanghai"]);
    expectHosts();
  });

  it("are then all there, with what is built, one timer and their paths", () => {
    expect([...cloud.functions.keys()].sort()).toEqual(functionNames);
    expect([...cloud.paths].sort()).toEqual([
      ["/approved", "notify-approved"],
      ["/v1", "sync-api"],
    ]);
    expect(cloud.functions.get("sweep")?.triggers).toHaveLength(1);
    for (const [name, { zips }] of cloud.functions) {
      const isMade = REFUSED.includes(name);
      expect([name, zips.length]).toEqual([name, isMade ? 1 : 2]);
      expect([name, deployment.actionsOf(name).includes("UpdateFunctionCode")]).toEqual([name, !isMade]);
      for (const zip of zips) expectBuilt(name, zip);
    }
  });

  it("run as they were uploaded: one starts a process on the local platform", async () => {
    const built = deployment.folder();
    for (const [name, { zips }] of cloud.functions) unpackedInto(zips.at(-1) ?? Buffer.alloc(0), join(built, name));
    const platform = await platformHere(deployment.folder(), { built });
    try {
      const params = form({ reason: "探亲", days: 3, startsOn: "2026-12-01" });
      const answer = await platform.test("start-leave", { params, entry: "main" });
      expect(answer).toMatchObject({ ok: true, result: { outcome: "started", target: "weda-process" } });
      expect(await platform.instances()).toMatchObject([{ processKey: "flow_012", state: "waiting" }]);
    } finally {
      await platform.stop();
    }
  });

  it("leave what was compiled of the CLI to the next deployment", () => {
    expect(existsSync(join("node_modules", ".cache", "startflow", "cloudbase-cli.bin"))).toBe(true);
  });

  function expectHosts(): void {
    const hosts = new Set(cloud.calls.map((call) => call.split(" ")[0]));
    expect([...hosts].sort()).toEqual(["scf.tencentcloudapi.com", "tcb.tencentcloudapi.com"]);
  }
});

/** The built files, byte for byte, and nothing else. */
function expectBuilt(name: string, zip: Buffer): void {
  const folder = join("dist", "functions", name);
  const files = unpacked(zip);
  expect([name, [...files.keys()].sort()]).toEqual([name, readdirSync(folder).sort()]);
  for (const [path, content] of files)
    expect([path, content.equals(readFileSync(join(folder, path)))]).toEqual([path, true]);
}

describe("a deployment of one function", () => {
  let deployment: Deployment;
  let cloud: TencentCloud;
  beforeEach(async () => {
    deployment = await openDeployment();
    cloud = deployment.cloud;
  });
  afterEach(() => deployment.stop());

  it.each([
    ["SIGTERM", "the CLI waits for it", () => cloud.called("GetFunction start-leave")],
    ["SIGHUP", "the CLI has just begun", () => cloud.joined(2)],
  ] as const)("leaves neither keys nor processes behind at %s, while %s", async (signal, _, isSo) => {
    cloud.stuck.set("start-leave", "Creating");
    const { child, temporary } = deployment.start(["start-leave"]);
    await isSo();
    const [folder = ""] = loginsIn(temporary);
    expect(statSync(join(temporary, folder, ".config", ".cloudbase", "auth.json")).mode & 0o777).toBe(0o600);
    child.kill(signal);
    expect(await new Promise((ended) => child.on("close", ended))).toBe(130);
    expect(loginsIn(temporary)).toEqual([]);
    const calls = cloud.calls.length;
    await cloud.left();
    // The CLI would ask on and on; one question may have been on its way.
    expect(cloud.calls.length - calls).toBeLessThanOrEqual(1);
  });

  it.each([
    ["the keys are of nobody", { TENCENTCLOUD_SECRETID: "AKIDnobody0000000000" }, "AuthFailure.SecretIdNotFound"],
    ["the key is wrong", { TENCENTCLOUD_SECRETKEY: "canary-wrong" }, "AuthFailure.SignatureFailure"],
    ["the environment is another's", { CLOUDBASE_ENV_ID: "env-other" }, "NO_ENVIRONMENT"],
    ["the network is gone", { STARTFLOW_TEST_TENCENT_CLOUD: "http://127.0.0.1:9" }, "NETWORK"],
  ])("fails with the cause where %s", async (_, env, cause) => {
    const { exitCode, stderr } = await deployment.deploy({ args: ["start-leave"], env });
    expect([exitCode, stderr.split(":")[0]]).toEqual([1, cause]);
    expect(stderr).toContain("nothing was deployed");
    expect(cloud.functions.size).toBe(0);
  });

  it("fails where nobody is logged in, and says how to", async () => {
    const { exitCode, stderr } = await deployment.deploy({
      args: ["start-leave"],
      env: { TENCENTCLOUD_SECRETKEY: "" },
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("npx tcb login");
    expect(cloud.calls).toEqual([]);
  });

  it("fails where it never becomes active", async () => {
    cloud.stuck.set("start-leave", "Creating");
    const { exitCode, stdout } = await deployment.deploy({ args: ["start-leave", "--timeout", "5"] });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/✖ {2}start-leave .*TIMEOUT/);
    expect(stdout).toContain("It was not ready in time");
  });
});
