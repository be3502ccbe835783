/** Every command tells what it takes, at once, and does nothing of it; a wrong option is a line and the same. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ScriptResult } from "../helpers/built";

const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
const names = Object.values(scripts).map((line) => / scripts\/run\.mjs ([a-z-]+)/.exec(line)?.[1]);
const commands = [...new Set(names)].filter((name) => name !== undefined) as string[];

function run(args: readonly string[], env: Record<string, string> = {}): Promise<ScriptResult> {
  const { PATH = "" } = process.env;
  return new Promise((settle) => {
    const command = ["scripts/run.mjs", ...args];
    execFile(process.execPath, command, { env: { PATH, ...env } }, (error, stdout, stderr) =>
      settle({ exitCode: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
}

it("every npm script goes through scripts/run.mjs, so that it installs what it needs", () => {
  expect(names).not.toContain(undefined);
});

describe.each(commands)("npm run %s", (name) => {
  it("-- --help prints its usage", async () => {
    const { exitCode, stdout, stderr } = await run([name, "--help"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`^npm (run )?${name}\\b`));
  });
});

describe.each(["build", "bench", "faults", "release"])("npm run %s", (name) => {
  it("-- --wrong says so, and what there is", async () => {
    const { exitCode, stdout, stderr } = await run([name, "--wrong"]);
    expect({ stdout, failed: exitCode > 0 }).toEqual({ stdout: "", failed: true });
    expect(stderr).toMatch(new RegExp(`^${name}: Unknown option '--wrong'\\nnpm run ${name}`));
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

describe.each(["release", "deploy"])("npm run %s", (name) => {
  it("--dry-run, which npm keeps to itself, is not done for good", async () => {
    const { exitCode, stderr } = await run([name], { npm_config_dry_run: "true" });
    expect(exitCode).toBeGreaterThan(0);
    expect(stderr).toBe(`${name}: npm has kept --dry-run to itself: npm run ${name} -- --dry-run\n`);
  });
});

describe("npm test without Chromium", () => {
  const skipped =
    /^test: no Chromium on this machine: the browser tests .* are skipped; `apt-get install chromium`, or CHROMIUM_PATH=…, brings them$/m;

  it("says what is skipped, and what brings it, before all else", async () => {
    const { stderr } = await run(["test", "no/such/file"], { CHROMIUM_PATH: "/nowhere" });
    expect(stderr).toMatch(skipped);
    expect(stderr.split("\n")[0]).toMatch(skipped);
  });

  it("fails where nothing may be skipped", async () => {
    const { exitCode, stdout, stderr } = await run(["test"], { CHROMIUM_PATH: "/nowhere", CI: "true" });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(skipped);
  });
});

describe("npm start", () => {
  it.each([
    ["a wrong option", ["--port", "abc"], {}, '--port takes a whole number from 0 to 65535, not "abc"'],
    [
      "an option that npm has kept",
      ["4999"],
      { npm_config_port: "true" },
      "npm has kept --port to itself: npm start -- --port 4999",
    ],
  ])("answers %s in a line, before it builds", async (_, args, env, words) => {
    expect(await run(["start", ...args], env)).toEqual({ exitCode: 1, stdout: "", stderr: `startflow: ${words}\n` });
  });

  it("answers a port that is taken, and a folder that is a file, in a line", async () => {
    const data = mkdtempSync(join(tmpdir(), "startflow-data-"));
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const taken = await run(["start", "--port", String(port), "--data", data]);
    const noFolder = await run(["start", "--port", "0", "--data", "package.json"]);
    server.close();
    rmSync(data, { recursive: true });
    expect(taken).toMatchObject({ exitCode: 1, stdout: "" });
    expect(taken.stderr).toMatch(new RegExp(`^startflow: port ${port} is taken: .* npm start -- --port .*\\n$`));
    expect(noFolder).toMatchObject({ exitCode: 1, stdout: "" });
    expect(noFolder.stderr).toMatch(/^startflow: .*package\.json cannot be made a folder .* npm start -- --data .*\n$/);
  });
});
