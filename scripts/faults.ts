/** `npm run faults [-- F1 F4 …]`: worker processes, killed and lied to, against the promise of one process a submission. */
import { existsSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { historyOf, PROMISES } from "../test/faults/check";
import { COLUMNS, cellsOf, stepTable, table } from "../test/faults/report";
import { SCENARIOS } from "../test/faults/scenarios";
import { newestSourceMs, paths } from "./project";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
    seeds: { type: "string" },
    scale: { type: "string" },
  },
});

/** Without arguments: about a minute. */
const QUICK = { names: ["F1", "F3", "F5", "F7"], scale: 0.4, seeds: 1 };
/** What the scenario with everything in it is run with, one row each. */
const SEEDS = { named: 5, all: 20 };
const MANY_SEEDS = "F7";

const isQuick = !values.all && positionals.length === 0;
const names = values.all ? [...SCENARIOS.keys()] : isQuick ? QUICK.names : positionals;
const scale = numberOf("scale", values.scale, isQuick ? QUICK.scale : 1);
const seed = numberOf("seed", values.seed, 1);
const seeds = numberOf("seeds", values.seeds, isQuick ? QUICK.seeds : values.all ? SEEDS.all : SEEDS.named);
const unknown = names.find((name) => !SCENARIOS.has(name));
if (unknown !== undefined) {
  console.error(`faults: there is no scenario ${unknown}; there are ${[...SCENARIOS.keys()].join(", ")}`);
  process.exit(2);
}
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));

const SHOWN = 10;

if (!existsSync(paths.buildStamp)) await (await import("./build-all")).build();
else if (statSync(paths.buildStamp).mtimeMs < newestSourceMs())
  console.error("faults: dist/ is older than the sources; `npm run build` brings it up to date");

console.log(`Node ${process.version}, ${cpus().length} cores, seed ${seed}, scale ${scale}\n`);
console.log(table([COLUMNS, COLUMNS.map(() => "---")]));
for (const name of names) for (const one of seedsOf(name)) await run(name, one);

function seedsOf(name: string): number[] {
  return Array.from({ length: name === MANY_SEEDS ? seeds : 1 }, (_, at) => seed + at);
}

async function run(name: string, seedOfRun: number): Promise<void> {
  const result = await SCENARIOS.get(name)?.run({ seed: seedOfRun, scale, progress });
  progress("");
  if (result === undefined) return;
  console.log(table([cellsOf(result.row)]));
  if (result.steps !== undefined) console.log(`\n${table(stepTable(result.steps))}\n`);
  for (const { promise, key, message } of result.broken.slice(0, SHOWN)) {
    console.error(`${promise} is broken (${PROMISES[promise]}), seed ${seedOfRun}\n  ${key}: ${message}`);
    for (const line of historyOf(result.evidence, key)) console.error(`    ${line}`);
  }
  if (result.broken.length > SHOWN) console.error(`and ${result.broken.length - SHOWN} more`);
  if (result.broken.length > 0) process.exitCode = 1;
}

function numberOf(option: string, text: string | undefined, fallback: number): number {
  const value = Number(text ?? fallback);
  if (value > 0) return value;
  console.error(`faults: --${option} takes a number above 0`);
  process.exit(2);
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
