/** `npm start`: builds what is out of date, then runs the local platform in this very process. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { HELP, readOptions } from "../local/options";
import { isBuilt, paths } from "./project";
import { wordsOf } from "./run/words.mjs";

async function start(args: string[]): Promise<void> {
  if (args.includes("--help")) return console.log(HELP);
  // Before the build: a wrong option is said at once.
  readOptions(args, process.env);
  if (!isBuilt()) await (await import("./build-all")).buildIfStale(sayBuilding);
  const platform = pathToFileURL(resolve(join(paths.distLocal, "main.mjs"))).href;
  const { main } = (await import(platform)) as { main: (args: string[]) => Promise<void> };
  await main(args);
}

function sayBuilding(): void {
  const why = existsSync(paths.buildStamp) ? "something has changed" : "it is the first time";
  console.error(`startflow: building, because ${why} …`);
}

await start(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`startflow: ${wordsOf(error)}`);
  process.exitCode = 1;
});
