/** `npm start`: builds what is out of date, then runs the local platform in this very process. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type BuildStamp, newestSourceMs, paths, settingsText } from "./project";

function isBuilt(): boolean {
  try {
    const { startedMs, settings } = JSON.parse(readFileSync(paths.buildStamp, "utf8")) as BuildStamp;
    return newestSourceMs() < startedMs && settings === settingsText();
  } catch {
    return false;
  }
}

try {
  if (!isBuilt()) await (await import("./build-all")).build();
  const platform = pathToFileURL(resolve(join(paths.distLocal, "main.mjs"))).href;
  const { main } = (await import(platform)) as { main: (args: string[]) => Promise<void> };
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
