/** `npm test [-- …]`: format and lint, types, build with its sizes, then every test; or, fast, the test files that are named. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./command";
import { isBuilt } from "./project";

const USAGE = `npm test [-- [--full] [files] [options of vitest]]

Without files: format and lint, types, build with its sizes, then every test.
With files, or options: those tests alone; what is out of date is built before.

  npm test -- shared/once            the test files with this in their path
  npm test -- shared/once -t lease   of those, the tests with this in their title
  npm test -- --project rooms        one project: rooms or slow (test/vitest.config.mts)
  npm test -- --full                 everything, with the full counts: twenty times as many

The browser tests need Chromium: apt-get install chromium, or its path in CHROMIUM_PATH.`;

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const { CHROMIUM_PATH: asked = "" } = process.env;
const chromium = (asked === "" ? BROWSERS : [asked]).find(existsSync) ?? "";
const NO_CHROMIUM =
  "no Chromium on this machine: the browser tests (test/e2e) are skipped; `apt-get install chromium`, or CHROMIUM_PATH=…, brings them";

interface Step {
  name: string;
  command: string;
  args: string[];
}

const bin = (name: string) => join("node_modules", ".bin", name);
const BUILD: Step = { name: "build and sizes", command: process.execPath, args: [join("scripts", "run.mjs"), "build"] };
const CHECKS: Step[] = [
  { name: "format and lint", command: bin("biome"), args: ["ci", "--error-on-warnings", "."] },
  // More checkers do some of the work twice, and two cores have enough to do.
  { name: "types", command: bin("tsc"), args: ["--noEmit", "--checkers", "1"] },
  BUILD,
];

function stepsOf(args: readonly string[]): Step[] {
  const named = args.filter((arg) => arg !== "--full");
  const config = ["run", "--config", join("test", "vitest.config.mts"), ...named];
  const tests: Step = { name: "tests", command: bin("vitest"), args: config };
  if (named.length === 0) return [...CHECKS, tests];
  return isBuilt() ? [tests] : [BUILD, tests];
}

function run({ name, command, args }: Step, isFull: boolean): void {
  const startedMs = Date.now();
  console.log(`── ${name}`);
  const env = { ...process.env, CHROMIUM_PATH: chromium, ...(isFull ? { STARTFLOW_FULL: "1" } : {}) };
  const { status } = spawnSync(command, args, { stdio: "inherit", env });
  if (status !== 0) {
    console.error(`── ${name}: failed`);
    process.exit(status ?? 1);
  }
  console.log(`── ${name}: ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
}

function test(args: string[]): void {
  if (chromium === "") {
    console.error(`test: ${NO_CHROMIUM}`);
    // Where everything is to be shown, nothing is skipped.
    if (process.env.CI === "true") process.exit(1);
  }
  for (const step of stepsOf(args)) run(step, args.includes("--full"));
  if (chromium === "") console.log(`── ${NO_CHROMIUM}`);
}

await runCommand("test", USAGE, test);
