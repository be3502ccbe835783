/** What every `npm run …` command does: reads its arguments, says in words what is wrong, and ends with an exit code. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { wordsOf } from "./run/words.mjs";

/** Runs it on what was typed: `--help` prints the usage, a failure one message and exit code 1. */
export async function runCommand(
  name: string,
  usage: string,
  run: (args: string[]) => void | Promise<void>,
  textOf: (error: unknown) => string = (error) => `${name}: ${wordsOf(error)}`,
): Promise<void> {
  const args = process.argv.slice(2);
  try {
    if (args.includes("--help")) console.log(usage);
    else await run(args);
  } catch (error) {
    console.error(textOf(error));
    process.exitCode = 1;
  }
}

type Options = NonNullable<ParseArgsConfig["options"]>;

/** @throws Error, or what `Refused` makes, that names what is wrong and shows the usage */
export function parsedArguments<O extends Options>(
  args: readonly string[],
  options: O,
  usage: string,
  Refused: new (message: string, options?: ErrorOptions) => Error = Error,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new Refused(`${parsingProblem(error)}\n${usage}`, { cause: error });
  }
}

/**
 * npm keeps an option that is typed before `--` to itself. Without this one the command does for good what was only to be shown.
 * @throws Error
 */
export function refuseLostDryRun(command: string): void {
  if (process.env.npm_config_dry_run === "true")
    throw new Error(`npm has kept --dry-run to itself: npm run ${command} -- --dry-run`);
}

/** "Unknown option '--x'", and the like: what follows is advice that does not fit here. */
export function parsingProblem(error: unknown): string {
  const [message = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
  return message;
}
