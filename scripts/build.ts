/** `npm run build`: functions, paste files, the local platform and its page, then the sizes. */
import { build } from "./build-all";
import { parsedArguments, runCommand } from "./command";

const USAGE = `npm run build

  builds functions, paste files, local platform and page into dist/, and prints the sizes; fails where a file is too large`;

async function run(args: string[]): Promise<void> {
  const { positionals } = parsedArguments(args, {}, USAGE);
  if (positionals.length > 0) throw new Error(`it takes no arguments\n${USAGE}`);
  for (const { file, bytes, limitBytes } of await build()) {
    console.log(`${file.padEnd(44)} ${String(bytes).padStart(9)} B  of at most ${limitBytes}`);
  }
}

await runCommand("build", USAGE, run);
