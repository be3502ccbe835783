/** What a command does before it does anything: it installs what is missing, alone, and without losing what was there. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FreshClone } from "../helpers/fresh-clone";

let clone: FreshClone;
beforeEach(() => {
  clone = new FreshClone();
});
afterEach(() => clone.remove());

const HELLO = ["hello", "you"];
const installed = { exitCode: 0, stdout: "hello you\n" };
const quiet = { ...installed, stderr: "" };

describe("a command on a fresh clone", () => {
  it("installs, says why, and runs; its stdout is its own", async () => {
    const { stderr, ...rest } = await clone.run(HELLO);
    expect(rest).toEqual(installed);
    expect(stderr).toMatch(/^startflow: there is no node_modules: npm ci installs .*\nnpm was here\n$/);
    expect(clone.npmRuns).toEqual([expect.stringMatching(/^ci --include=dev /)]);
  });

  it("does it once: the next one says nothing, and neither does one that finds all files newer", async () => {
    await clone.run(HELLO);
    expect(await clone.run(HELLO)).toEqual(quiet);
    clone.lock(clone.version);
    expect(await clone.run(HELLO)).toEqual(quiet);
    rmSync(clone.path("dist"), { recursive: true });
    expect(await clone.run(HELLO)).toEqual(quiet);
    expect(clone.npmRuns).toHaveLength(1);
  });

  it("installs no packages for a command that there is not", async () => {
    expect(await clone.run(["nothing"])).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "run: there is no scripts/nothing.ts\n",
    });
    expect(clone.npmRuns).toEqual([]);
  });
});

describe("a command installs again", () => {
  beforeEach(() => clone.run(HELLO));

  it("where the lock says another version", async () => {
    clone.lock("99.0.0");
    expect(await clone.run(HELLO)).toMatchObject({
      ...installed,
      stderr: expect.stringMatching(/^startflow: node_modules\/esbuild is .*, not 99\.0\.0: /),
    });
    expect(await clone.run(HELLO)).toEqual(quiet);
  });

  it("where an install was broken off", async () => {
    rmSync(clone.path("node_modules", ".package-lock.json"));
    expect(await clone.run(HELLO)).toMatchObject({ ...installed, stderr: expect.stringContaining("not to its end") });
  });

  it("where a package is gone", async () => {
    rmSync(clone.path("node_modules", "esbuild"));
    expect(await clone.run(HELLO)).toMatchObject({
      ...installed,
      stderr: expect.stringContaining("esbuild is missing"),
    });
  });

  it("never into somebody else's folder", async () => {
    const other = clone.path("other");
    mkdirSync(other);
    symlinkSync(resolve("node_modules", "esbuild"), join(other, "esbuild"));
    rmSync(clone.path("node_modules"), { recursive: true });
    symlinkSync(other, clone.path("node_modules"));
    clone.lock("99.0.0");
    expect(await clone.run(HELLO)).toEqual(quiet);
    rmSync(join(other, "esbuild"));
    rmSync(clone.path("dist"), { recursive: true });
    expect(await clone.run(HELLO)).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "startflow: the package esbuild is missing: run npm ci, then the command again\n",
    });
    expect(realpathSync(clone.path("node_modules"))).toBe(realpathSync(other));
    expect(clone.npmRuns).toHaveLength(1);
  });
});

describe("an install that fails", () => {
  it("says what to look at, and runs nothing", async () => {
    clone.npm({ exitCode: 7 });
    const { exitCode, stdout, stderr } = await clone.run(HELLO);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/\nstartflow: npm ci failed \(exit code 7\), for the reason above: .*\n$/);
    clone.npm({});
    expect(await clone.run(HELLO)).toMatchObject(installed);
  });

  it("leaves what was there", async () => {
    await clone.run(HELLO);
    clone.lock("99.0.0");
    clone.npm({ exitCode: 1 });
    expect(await clone.run(HELLO)).toMatchObject({ exitCode: 1 });
    clone.lock(clone.version);
    expect(await clone.run(HELLO)).toEqual(quiet);
  });

  it("is one too where npm leaves something out, and goes through", async () => {
    clone.npm({ omits: true });
    expect(await clone.run(HELLO)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/npm ci went through, yet node_modules\/esbuild .* is missing: look at omit/),
    });
  });

  it("is one too where there is no npm", async () => {
    expect(await clone.run(HELLO, { npm_execpath: "", PATH: clone.path("bin") })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("npm does not start (ENOENT)"),
    });
  });

  it("stops with npm, and leaves what was there, when somebody stops it", async () => {
    await clone.run(HELLO);
    clone.lock("99.0.0");
    clone.npm({ waits: true });
    const running = clone.start(HELLO);
    await running.says("npm was here");
    running.process.kill("SIGINT");
    expect(await running.ended).toMatchObject({ exitCode: 130, stdout: "" });
    expect(existsSync(clone.path("node_modules", ".package-lock.json"))).toBe(true);
    expect(readdirSync(clone.path("dist")).sort()).toEqual(["installed", "scripts"]);
  });
});

describe("two commands at once", () => {
  it("install once: the second waits for the first", async () => {
    clone.npm({ waits: true });
    const first = clone.start(HELLO);
    await first.says("npm was here");
    const second = clone.start(["hello", "too"]);
    await second.says(`process ${first.process.pid} is installing the packages: waiting for it`);
    clone.write("go", "");
    expect(await first.ended).toMatchObject(installed);
    expect(await second.ended).toMatchObject({ exitCode: 0, stdout: "hello too\n" });
    expect(clone.npmRuns).toHaveLength(1);
  });

  it("install once also after a third that was killed, and left its lock", async () => {
    const lock = clone.path("dist", "install.lock");
    mkdirSync(lock, { recursive: true });
    const { process: dead, ended } = clone.start(["nothing"]);
    await ended;
    writeFileSync(join(lock, "owner"), `a-token ${dead.pid}`);
    const all = await Promise.all([clone.run(HELLO), clone.run(HELLO), clone.run(HELLO)]);
    expect(all).toEqual([
      expect.objectContaining(installed),
      expect.objectContaining(installed),
      expect.objectContaining(installed),
    ]);
    expect(clone.npmRuns).toHaveLength(1);
  });
});

describe("Node.js", () => {
  it("that is too old is named first, beside the one that is needed", async () => {
    clone.write("package.json", JSON.stringify({ engines: { node: ">=99.1" } }));
    const here = `${process.versions.node} (${process.execPath})`;
    expect(await clone.run(HELLO)).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: `startflow needs Node.js 99.1 or later, and this is ${here}: install a newer one, then run the command again\n`,
    });
    expect(clone.npmRuns).toEqual([]);
  });

  it("is looked at in a file that an old one can read", async () => {
    const source = readFileSync(join("scripts", "run.mjs"), "utf8");
    const { transform } = await import("esbuild");
    const { code } = await transform(source, { target: "node12.20" });
    const { code: asItIs } = await transform(source, { target: "esnext" });
    expect(code).toBe(asItIs);
  });
});

describe("a script", () => {
  beforeEach(() => clone.run(HELLO));

  it("that does not build is said once, without a stack", async () => {
    clone.write("scripts/broken.ts", "const x = ;");
    const { exitCode, stderr } = await clone.run(["broken"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("scripts/broken.ts:1:10");
    expect(stderr).toMatch(/\nstartflow: it does not build, for the reasons above\n$/);
  });

  it("that waits for what never comes does not look like one that is done", async () => {
    clone.write("scripts/waits.ts", "await new Promise(() => {});");
    expect(await clone.run(["waits"])).toMatchObject({
      exitCode: 13,
      stderr: expect.stringContaining("before it was"),
    });
  });
});
