/** `npm test`: format and lint, types, build with its sizes, then every test. `--full` runs the full counts. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const chromium = [process.env.CHROMIUM_PATH ?? "", ...BROWSERS].find(existsSync) ?? "";
const isCi = process.env.CI === "true";
const [first, ...others] = process.argv.slice(2);
const isFull = first === "--full";
const only = isFull ? others : process.argv.slice(2);

if (chromium === "" && isCi) {
  console.error(
    "test: no Chromium on this machine (apt-get install chromium, or CHROMIUM_PATH); with CI=true that is a failure",
  );
  process.exit(1);
}

const bin = (name: string) => join("node_modules", ".bin", name);
const steps: [name: string, command: string, args: string[]][] = [
  ["format and lint", bin("biome"), ["ci", "--error-on-warnings", "."]],
  ["types", bin("tsc"), ["--noEmit"]],
  ["build and sizes", process.execPath, [join("scripts", "run.mjs"), "build"]],
  ["tests", bin("vitest"), ["run", "--config", join("test", "vitest.config.mts"), ...only]],
];

for (const [name, command, args] of steps) {
  const startedMs = Date.now();
  console.log(`── ${name}`);
  const { status } = spawnSync(command, args, {
    stdio: "inherit",
    env: { ...process.env, CHROMIUM_PATH: chromium, ...(isFull ? { STARTFLOW_FULL: "1" } : {}) },
  });
  if (status !== 0) {
    console.error(`── ${name}: failed`);
    process.exit(status ?? 1);
  }
  console.log(`── ${name}: ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
}
if (chromium === "")
  console.log("── skipped: the browser tests (test/e2e/*.browser.test.ts), because there is no Chromium here");
