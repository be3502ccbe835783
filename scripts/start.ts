/** `npm start`: builds what is out of date, then runs the local platform in this very process. */
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { isBuilt, paths } from "./project";

try {
  if (!isBuilt()) await (await import("./build-all")).build();
  const platform = pathToFileURL(resolve(join(paths.distLocal, "main.mjs"))).href;
  const { main } = (await import(platform)) as { main: (args: string[]) => Promise<void> };
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
