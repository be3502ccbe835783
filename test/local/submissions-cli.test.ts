/** `npm run submissions` against the platform as a process of its own. */
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { LOCAL_ENV_ID, sdkVariables } from "../../local/functions/environment";
import { failureText } from "../../scripts/submissions-database";
import type { SubmissionRecord } from "../../shared/once/record";
import { listSubmissions, type OperatorDatabase } from "../../shared/once/resolve";
import { type Command, openCommand } from "../helpers/command";
import { type PlatformProcess, platformProcess, temporaryFolder } from "../helpers/platform";
import { tcb } from "../helpers/sdk";

const CANARY = "canary-secret-of-a-real-account";
const data = temporaryFolder();
let command: Command;
let platform: PlatformProcess;
beforeAll(async () => {
  command = await openCommand("submissions");
  platform = await platformProcess(data);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  command.close();
  await platform.kill();
  rmSync(data, { recursive: true });
});

/** With a real account's keys in the environment, as an operator may have them. */
const KEYS = { TENCENTCLOUD_SECRETID: `AKID${CANARY}`, TENCENTCLOUD_SECRETKEY: CANARY, CLOUDBASE_APIKEY: CANARY };
const submissions = (args: string[], env: Record<string, string> = {}) =>
  command.run(args, { env: { ...KEYS, ...env } });
const here = (...args: string[]) => submissions([...args, "--url", platform.url]);
const rows = async (...args: string[]) =>
  JSON.parse((await here(...args, "--json")).stdout) as (Omit<SubmissionRecord, "claimedAt"> & { claimedAt: string })[];

const leave = { reason: "探亲", days: 3, startsOn: "2026-12-01" };
async function submitted(fault?: string, env: "preview" | "production" = "preview"): Promise<string> {
  const submissionId = randomUUID();
  if (fault !== undefined) await platform.send("PUT", "/_local/faults", { weda: { kind: fault, rate: 1 } });
  await platform.test("start-leave", { params: { ...leave, submissionId }, env });
  await platform.send("PUT", "/_local/faults", {});
  return submissionId;
}
const again = (submissionId: string) => platform.test("start-leave", { params: { ...leave, submissionId } });

describe("list and show", () => {
  it("say so where there are none", async () => {
    expect(await here("list")).toEqual({ exitCode: 0, stdout: "no submissions\n", stderr: "" });
    expect(await here("show", "not-there-1")).toMatchObject({
      exitCode: 1,
      stderr: "submissions: there is no submission not-there-1\n",
    });
  });

  it("print a table for people, and JSON for scripts, without token and hash", async () => {
    const [started, unknown] = [await submitted(), await submitted("lost-after")];
    const { stdout } = await here("list");
    const [head = "", first = "", second = ""] = stdout.split("\n");
    expect(head).toMatch(/^submission id +environment +state +since +target +user +process or reason$/);
    expect(first).toMatch(
      new RegExp(`^${unknown} +preview +unknown .* weda-process flow_012 +user-local +OUTCOME_UNKNOWN$`),
    );
    expect(second).toMatch(new RegExp(`^${started} +preview +started .* \\d{19}$`));
    expect(await rows("list", "--state", "unknown")).toMatchObject([{ submissionId: unknown, state: "unknown" }]);
    expect(await rows("list", "--env", "production")).toEqual([]);
    expect(await rows("list", "--limit", "1")).toHaveLength(1);
    const [row] = await rows("show", started);
    expect(row).toMatchObject({ submissionId: started, state: "started", environment: "preview" });
    expect(row).not.toHaveProperty("token");
    expect(row).not.toHaveProperty("contentHash");
    expect((await here("show", started)).stdout).toMatch(/^state +started$/m);
  });
});

describe("resolve", () => {
  it("--started keeps the process that was found, and who said so; a repeat answers with it", async () => {
    const submissionId = await submitted("lost-after");
    const [instance] = await platform.instances();
    const id = instance?.id ?? "none";
    expect((await here("resolve", submissionId, "--started", id, "--by", "李雷")).exitCode).toBe(0);
    expect(await rows("show", submissionId)).toMatchObject([
      { state: "started", processId: id, decisions: [{ by: "李雷", to: "started", processId: id }] },
    ]);
    expect(await again(submissionId)).toMatchObject({ result: { outcome: "duplicate", processId: id } });
    expect((await here("show", submissionId)).stdout).toContain(`by 李雷: started ${id}`);
  });

  it("--not-started lets the same submission start, once, by the name of whoever runs it", async () => {
    const submissionId = await submitted("lost-before");
    expect(await again(submissionId)).toMatchObject({ error: { code: "OUTCOME_UNKNOWN" } });
    expect((await here("resolve", submissionId, "--not-started")).exitCode).toBe(0);
    expect(await rows("show", submissionId)).toMatchObject([
      { state: "free", decisions: [{ by: userInfo().username, to: "free" }] },
    ]);
    expect(await again(submissionId)).toMatchObject({ result: { outcome: "started" } });
    expect(await again(submissionId)).toMatchObject({ result: { outcome: "duplicate" } });
  });

  it("refuses, in words, what is known already", async () => {
    const submissionId = await submitted();
    const refused = await here("resolve", submissionId, "--not-started");
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toMatch(/^submissions: it has started a process \(\d{19}\); there is nothing to decide\n$/);
  });

  it("asks which one where both environments have the id", async () => {
    await platform.send("POST", "/_local/publish", { processKey: "flow_012" });
    const submissionId = await submitted("lost-after");
    await platform.test("start-leave", { params: { ...leave, submissionId }, env: "production" });
    const asked = await here("resolve", submissionId, "--not-started");
    expect(asked).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("say which one with --env") });
    expect((await here("resolve", submissionId, "--not-started", "--env", "preview")).exitCode).toBe(0);
    expect(await rows("show", submissionId)).toHaveLength(2);
  });
});

describe("a command line that is wrong", () => {
  it.each([
    [[], "no command"],
    [["remove"], 'no command "remove"'],
    [["list", "--stat", "unknown"], "Unknown option '--stat'"],
    [["show", "submission-1", "--limit", "3"], "Unknown option '--limit'"],
    [["list", "--state", "gone"], "--state:"],
    [["list", "--env", "test"], "--env:"],
    [["list", "--limit", "0"], "--limit:"],
    [["list", "extra"], 'takes no "extra"'],
    [["show"], "which submission?"],
    [["show", "a b"], "8 to 64 letters"],
    [["resolve", "submission-1"], "give --started <process id> or --not-started"],
    [["resolve", "submission-1", "--started", "1", "--not-started"], "give --started <process id> or --not-started"],
    [["list", "--url", "http://127.0.0.1:1", "--cloud", "env-1"], "--url and --cloud"],
    [["list", "--url", "ftp://127.0.0.1"], "--url:"],
  ])("(%j) is refused by name", async (args, words) => {
    const { exitCode, stdout, stderr } = await submissions(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain(`submissions: `);
    expect(stderr).toContain(words);
  });
});

it("says and ends the same as a process of its own", async () => {
  expect(command.help).toMatchObject({ stdout: expect.stringMatching(/^npm run submissions /), stderr: "" });
  const args = ["list", "--url", platform.url];
  expect(await command.start(args, { env: KEYS })).toEqual(await submissions(args));
});

it("prints nothing of a real account's keys", async () => {
  const printed = [await here("list"), await here("show", await submitted()), await here("list", "--json")];
  expect(printed.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  expect(JSON.stringify(printed)).not.toContain(CANARY);
});

describe("a place that does not answer", () => {
  it("is named, with what to do: a local platform that does not run", async () => {
    const free = await freePort();
    const { exitCode, stderr } = await submissions(["list", "--url", `http://127.0.0.1:${free}`]);
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      `submissions: the local platform at http://127.0.0.1:${free} cannot be reached; start it with npm start, or name its address with --url\n`,
    );
  });

  it("is named where it refuses the credentials, which are not printed", async () => {
    const keys = { secretId: `AKID${CANARY}`, secretKey: CANARY };
    const own = { TENCENTCLOUD_SECRETID: keys.secretId, TENCENTCLOUD_SECRETKEY: keys.secretKey };
    const variables = { ...sdkVariables(`${platform.url}/admin`), SILENCE: "true", ...own };
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    const database = tcb.init({ env: LOCAL_ENV_ID, ...keys }).database() as unknown as OperatorDatabase;
    const error: unknown = await listSubmissions(database, { limit: 1 }).catch((thrown: unknown) => thrown);
    const text = failureText(error, { url: platform.url, cloud: "env-1" });
    expect(text).toMatch(/^the environment env-1 refused the credentials \(SIGN_PARAM_INVALID/);
    const echo = Object.assign(new Error(`no such ${keys.secretId}, ${keys.secretKey}`), { code: "AuthFailure" });
    expect(failureText(echo, { url: platform.url, cloud: "env-1" })).not.toContain(CANARY);
  });

  it("is not asked where there are no keys for the cloud", async () => {
    const { exitCode, stderr, stdout } = await submissions(["list", "--cloud", "env-1"], {
      TENCENTCLOUD_SECRETID: "",
      TENCENTCLOUD_SECRETKEY: "",
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toBe(
      "submissions: --cloud needs the environment variables TENCENTCLOUD_SECRETID and TENCENTCLOUD_SECRETKEY\n",
    );
  });
});

function freePort(): Promise<number> {
  return new Promise((settle) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => settle(port));
    });
  });
}
