/** `npm run format [-- files]`: formats and fixes what can be fixed, by biome. */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { runCommand } from "./command";

const USAGE = `npm run format [-- files]

  files   default: everything`;

function run(args: string[]): void {
  const program = createRequire(`${process.cwd()}/package.json`).resolve("@biomejs/biome/bin/biome");
  const files = args.length === 0 ? ["."] : args;
  const { status } = spawnSync(process.execPath, [program, "check", "--write", ...files], { stdio: "inherit" });
  process.exitCode = status ?? 1;
}

await runCommand("format", USAGE, run);
