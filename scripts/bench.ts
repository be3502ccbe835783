/** `npm run bench [-- names]`: every row file of bench/rows, each beside its peers in one run. */
import { readdirSync } from "node:fs";
import { cpus } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build as bundle } from "esbuild";
import { type Comparison, compare } from "../bench/compare";
import { build } from "./build-all";
import { parsedArguments, runCommand } from "./command";

const ROWS = join("bench", "rows");
const OUT = join("dist", "bench", "rows");
const NAMES = readdirSync(ROWS).map((file) => basename(file, ".ts"));
const USAGE = `npm run bench [-- names]

  builds, then measures cold start and warm call, each row beside its peers
  names   of rows; default: all. There are ${NAMES.join(", ")}`;

async function bench(args: string[]): Promise<void> {
  const { positionals } = parsedArguments(args, {}, USAGE);
  const unknown = positionals.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new Error(`there is no row ${unknown}\n${USAGE}`);
  await build();
  await bundle({
    entryPoints: NAMES.map((name) => join(ROWS, `${name}.ts`)),
    outdir: OUT,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
  });
  console.log(
    `Node ${process.version}, ${cpus().length} cores; medians; the ratio is the median of each round's own ratio`,
  );
  for (const name of NAMES) if (positionals.length === 0 || positionals.includes(name)) await run(name);
}

async function run(name: string): Promise<void> {
  const { comparison } = (await import(pathToFileURL(resolve(OUT, `${name}.mjs`)).href)) as {
    comparison: () => Promise<Comparison | Comparison[]>;
  };
  for (const row of [await comparison()].flat()) await measure(row);
}

async function measure(row: Comparison): Promise<void> {
  const showRound = (round: number) => process.stderr.write(`\r${row.name}: round ${round} of ${row.rounds} `);
  const results = await compare(row, process.stderr.isTTY ? showRound : undefined);
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  console.log(`\n${row.name} (${row.rounds} rounds, peer: ${row.peer})`);
  for (const { variant, median, ratio } of results) {
    const shown = row.unit === "ms" ? median.toFixed(2) : median.toFixed(0);
    console.log(`  ${variant.padEnd(24)} ${shown.padStart(10)} ${row.unit}   × ${ratio.toFixed(2)}`);
  }
}

await runCommand("bench", USAGE, bench);
