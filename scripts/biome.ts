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
  const require = createRequire(`${process.cwd()}/package.json`);
  const run = (command: string, before: readonly string[]) =>
    spawnSync(command, [...before, ...args], { input, encoding: "utf8", maxBuffer: MAX_OUTPUT });
  const own = ownProgram(require);
  let done = own === undefined ? undefined : run(own, []);
  // There is no program for this system, or one for another of its kind: the package knows which.
  if (done === undefined || done.error !== undefined)
    done = run(process.execPath, [require.resolve("@biomejs/biome/bin/biome")]);
  if (done.status === 0) return done.stdout;
  throw new Error(`biome cannot format what was made: ${done.stderr}`);
}

/** Without the Node.js that stands before it, whose start takes longer than the formatting. */
function ownProgram(require: NodeJS.Require): string | undefined {
  const { platform, arch } = process;
  try {
    return require.resolve(`@biomejs/cli-${platform}-${arch}/biome${platform === "win32" ? ".exe" : ""}`);
  } catch {
    return undefined;
  }
}
