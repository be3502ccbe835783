/** `npm run faults`: worker processes, killed and lied to, against the promise of one process a submission. */
import { existsSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { historyOf, PROMISES } from "../test/faults/check";
import { COLUMNS, cellsOf, stepTable, table } from "../test/faults/report";
import { SCENARIOS } from "../test/faults/scenarios";
import { openStage } from "../test/faults/stage";
import { parsedArguments, runCommand } from "./command";
import { newestSourceMs, paths } from "./project";

const USAGE = `npm run faults [-- scenarios] [--all] [--seed N] [--seeds N] [--scale N]

  scenarios   of ${[...SCENARIOS.keys()].join(", ")}; default: some of them, on a small scale, in about a minute
  --all       all of them
  --seed N    the first seed; default 1
  --seeds N   how many of them the scenario with everything in it is run with
  --scale N   how much of its load a scenario has; default 1`;

/** Without arguments: about a minute. */
const QUICK = { names: ["F1", "F3", "F5", "F7"], scale: 0.4, seeds: 1 };
/** What the scenario with everything in it is run with, one row each. */
const SEEDS = { named: 5, all: 20 };
const MANY_SEEDS = "F7";
const SHOWN = 10;

const text = { type: "string" } as const;
const OPTIONS = { all: { type: "boolean" }, seed: text, seeds: text, scale: text } as const;

async function faults(args: string[]): Promise<void> {
  const { values, positionals } = parsedArguments(args, OPTIONS, USAGE);
  const isQuick = !values.all && positionals.length === 0;
  const names = values.all ? [...SCENARIOS.keys()] : isQuick ? QUICK.names : positionals;
  const scale = numberOf("scale", values.scale, isQuick ? QUICK.scale : 1);
  const seed = numberOf("seed", values.seed, 1);
  const seeds = numberOf("seeds", values.seeds, isQuick ? QUICK.seeds : values.all ? SEEDS.all : SEEDS.named);
  const unknown = names.find((name) => !SCENARIOS.has(name));
  if (unknown !== undefined)
    throw new Error(`there is no scenario ${unknown}; there are ${[...SCENARIOS.keys()].join(", ")}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));
  await bringUpToDate();
  console.log(`Node ${process.version}, ${cpus().length} cores, seed ${seed}, scale ${scale}\n`);
  console.log(table([COLUMNS, COLUMNS.map(() => "---")]));
  for (const name of names)
    for (let at = 0; at < (name === MANY_SEEDS ? seeds : 1); at += 1) await run(name, seed + at, scale);
}

async function bringUpToDate(): Promise<void> {
  if (!existsSync(paths.buildStamp)) await (await import("./build-all")).build();
  else if (statSync(paths.buildStamp).mtimeMs < newestSourceMs())
    console.error("faults: dist/ is older than the sources; `npm run build` brings it up to date");
}

async function run(name: string, seed: number, scale: number): Promise<void> {
  // Each has a platform to itself, as new as that of any other row.
  const stage = await openStage();
  const result = await SCENARIOS.get(name)?.run({ seed, scale, progress, stage }).finally(stage.close);
  progress("");
  if (result === undefined) return;
  console.log(table([cellsOf(result.row)]));
  if (result.steps !== undefined) console.log(`\n${table(stepTable(result.steps))}\n`);
  for (const { promise, key, message } of result.broken.slice(0, SHOWN)) {
    console.error(`${promise} is broken (${PROMISES[promise]}), seed ${seed}\n  ${key}: ${message}`);
    for (const line of historyOf(result.evidence, key)) console.error(`    ${line}`);
  }
  if (result.broken.length > SHOWN) console.error(`and ${result.broken.length - SHOWN} more`);
  if (result.broken.length > 0) process.exitCode = 1;
}

function numberOf(option: string, typed: string | undefined, fallback: number): number {
  const value = Number(typed ?? fallback);
  if (value > 0) return value;
  throw new Error(`--${option} takes a number above 0`);
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

await runCommand("faults", USAGE, faults);
