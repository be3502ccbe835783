/** The project's own formatter, for source text that a command has made. */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

/** Of the largest descriptions there are; node's own bound is 1 MB. */
const MAX_OUTPUT = 100_000_000;

/** @throws Error with what biome says */
export function formatted(source: string): string {
  return biome(["format", "--stdin-file-path=scripts/made.ts"], source);
}

/** With imports in their order, and what else can be corrected. @param file where it will stand. @throws Error */
export function corrected(source: string, file: string): string {
  return biome(["check", "--write", `--stdin-file-path=${file}`], source);
}

function biome(args: readonly string[], input: string): string {
  const program = createRequire(`${process.cwd()}/package.json`).resolve("@biomejs/biome/bin/biome");
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    input,
    encoding: "utf8",
    maxBuffer: MAX_OUTPUT,
  });
  if (status === 0) return stdout;
  throw new Error(`biome cannot format what was made: ${stderr}`);
}
