/** `npm run release -- [--dry-run]`: checks, builds, and packs what is deployed and pasted into one tarball; tags the version. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bundled } from "./bundled";
import { parsedArguments, refuseLostDryRun, runCommand } from "./command";
import { paths } from "./project";
import { checkRelease, git, ReleaseRefused, versionHere } from "./release/checks";
import { licencesPage } from "./release/licences";
import { type TarFile, tarball } from "./release/tar";
import { wordsOf } from "./run/words.mjs";

const USAGE = `npm run release [-- --dry-run]

  checks, builds, packs dist/release/startflow-<version>.tgz, and tags the version; pushes nothing
  --dry-run   tags nothing`;

/** Beside what was built; of the folder, what git knows. */
const KEPT = ["cloudbaserc.json", "docs", "README.md", "LICENSE", "NOTICE"];

/** Parted by zeros: else git quotes a name that is not of English letters. */
function keptFiles(): string[] {
  return git("ls-files", "-z", ...KEPT)
    .split("\0")
    .filter((file) => file !== "");
}

async function release(isDryRun: boolean): Promise<void> {
  const version = versionHere();
  checkRelease(version, { isDryRun });
  say("building");
  // It may be of another esbuild.
  rmSync(paths.distCache, { recursive: true, force: true });
  await (await import("./build-all")).build();
  const bundled = JSON.parse(readFileSync(paths.bundled, "utf8")) as Bundled;
  const files = [...filesOf(paths.distFunctions), ...filesOf(paths.distPaste), ...keptFiles()];
  const root = `startflow-${version}`;
  const packed: TarFile[] = files.map((file) => ({ path: `${root}/${file}`, bytes: readFileSync(file) }));
  packed.push({ path: `${root}/LICENSES.md`, bytes: Buffer.from(licencesPage(bundled)) });
  const bytes = tarball(packed);
  mkdirSync(paths.distRelease, { recursive: true });
  const file = join(paths.distRelease, `${root}.tgz`);
  writeFileSync(file, bytes);
  console.log(`${file}  ${packed.length} files, ${bytes.length} B`);
  console.log(`sha256  ${createHash("sha256").update(bytes).digest("hex")}`);
  if (isDryRun) return console.log("dry run: nothing was tagged");
  git("tag", "--annotate", `v${version}`, "--message", root);
  console.log(`tagged v${version}; nothing was pushed: git push origin v${version}`);
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesOf(path) : [path];
  });
}

function say(text: string): void {
  if (process.stderr.isTTY) console.error(`release: ${text}`);
}

async function run(args: string[]): Promise<void> {
  try {
    const { values, positionals } = parsedArguments(args, { "dry-run": { type: "boolean" } }, USAGE);
    if (positionals.length > 0) throw new Error(`it takes no arguments\n${USAGE}`);
    refuseLostDryRun("release");
    await release(values["dry-run"] ?? false);
  } catch (error) {
    console.error(`release: ${wordsOf(error)}`);
    process.exitCode = error instanceof ReleaseRefused ? 1 : 2;
  }
}

await runCommand("release", USAGE, run);
