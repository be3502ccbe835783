/** A small project as a fresh clone is, with the real scripts/run.mjs, and a stand-in for npm that needs no network. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import type { ScriptResult } from "./built";

const ESBUILD = JSON.parse(readFileSync(join("node_modules", "esbuild", "package.json"), "utf8")).version as string;
const packages = (version: string) => ({
  "node_modules/esbuild": { version },
  "node_modules/other-machine": { version, optional: true, os: ["none"], cpu: ["none"] },
});

/**
 * It does as npm ci does: removes what is there, then installs, and writes its own lockfile last. In `npm.json` stands what
 * it does besides; it waits for the file `go` where it is told to.
 */
const NPM = `
const fs = require("node:fs");
const { exitCode = 0, waits = false, omits = false } = JSON.parse(fs.readFileSync("npm.json", "utf8"));
fs.appendFileSync("npm.log", process.argv.slice(2).join(" ") + "\\n");
console.log("npm was here");
fs.rmSync("node_modules", { recursive: true, force: true });
fs.mkdirSync("node_modules");
const go = () => {
  if (waits && !fs.existsSync("go")) return setTimeout(go, 10);
  if (exitCode !== 0) process.exit(exitCode);
  const { packages } = JSON.parse(fs.readFileSync("package-lock.json", "utf8"));
  fs.symlinkSync(${JSON.stringify(resolve("node_modules", "esbuild"))}, "node_modules/esbuild");
  const { "": root, "node_modules/other-machine": other, ...installed } = packages;
  fs.writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages: omits ? {} : installed }));
};
go();
`;

export interface NpmBehaviour {
  exitCode?: number;
  /** Until there is a file `go`. */
  waits?: boolean;
  /** Something that is not optional. */
  omits?: boolean;
}

export interface Running {
  process: ChildProcess;
  /** Until its stderr has the words. */
  says(words: string): Promise<void>;
  ended: Promise<ScriptResult>;
}

export class FreshClone {
  /** Of the esbuild that is installed. */
  readonly version = ESBUILD;
  readonly folder = mkdtempSync(join(tmpdir(), "startflow-fresh-"));

  constructor() {
    cpSync(join("scripts", "run.mjs"), this.path("scripts", "run.mjs"));
    cpSync(join("scripts", "run"), this.path("scripts", "run"), { recursive: true });
    this.write("scripts/hello.ts", 'const words: string[] = process.argv.slice(2);\nconsole.log("hello", ...words);\n');
    this.write("package.json", JSON.stringify({ type: "commonjs", engines: { node: ">=20.19" } }));
    this.lock(ESBUILD);
    this.npm({});
    mkdirSync(this.path("bin"));
    this.write("bin/npm-cli.js", NPM);
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  write(file: string, content: string): void {
    writeFileSync(this.path(file), content);
  }

  /** package-lock.json, with this version of esbuild; what is installed is esbuild's real one all the same. */
  lock(version: string): void {
    const root = { devDependencies: { esbuild: version } };
    this.write("package-lock.json", JSON.stringify({ packages: { "": root, ...packages(version) } }));
  }

  npm(behaviour: NpmBehaviour): void {
    this.write("npm.json", JSON.stringify(behaviour));
  }

  /** One line for each time that npm was run. */
  get npmRuns(): string[] {
    return existsSync(this.path("npm.log")) ? readFileSync(this.path("npm.log"), "utf8").trim().split("\n") : [];
  }

  start(args: readonly string[], env: Record<string, string> = {}): Running {
    const { PATH = "" } = process.env;
    const child = spawn(process.execPath, [this.path("scripts", "run.mjs"), ...args], {
      cwd: this.folder,
      env: { PATH, npm_execpath: this.path("bin", "npm-cli.js"), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const says = (words: string) =>
      new Promise<void>((found, reject) => {
        let said = "";
        child.stderr.on("data", (chunk: Buffer) => {
          said += chunk.toString();
          if (said.includes(words)) found();
        });
        child.on("close", () => reject(new Error(`it ended without saying "${words}": ${said}`)));
      });
    const exit = new Promise<number>((settle) => child.on("close", (code) => settle(code ?? -1)));
    const ended = Promise.all([text(child.stdout), text(child.stderr), exit]).then(([stdout, stderr, exitCode]) => ({
      exitCode,
      stdout,
      stderr,
    }));
    return { process: child, says, ended };
  }

  run(args: readonly string[], env: Record<string, string> = {}): Promise<ScriptResult> {
    return this.start(args, env).ended;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
