/** Runs scripts/<name>.ts for `npm run <name>`. An old Node reads this file too, to say that it is old: no newer syntax here. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const needed = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).engines.node.replace(">=", "");

if (isOlder(process.versions.node, needed)) {
  console.error(
    `startflow needs Node.js ${needed} or later, and this is ${process.versions.node} (${process.execPath}): install a newer one, then run the command again`,
  );
  process.exitCode = 1;
} else {
  import("./run/script.mjs").then(({ runScript }) => runScript(root, process.argv.slice(2)));
}

function isOlder(here, wanted) {
  const [major, minor = 0] = wanted.split(".").map(Number);
  const [hereMajor, hereMinor] = here.split(".").map(Number);
  return hereMajor < major || (hereMajor === major && hereMinor < minor);
}
