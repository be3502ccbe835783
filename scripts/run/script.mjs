/** Runs scripts/<name>.ts. Node 20 reads no TypeScript, so the script is bundled first, unless that was done already. */
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { problemOf } from "./installed.mjs";
import { missingPackage, wordsOf } from "./words.mjs";

export async function runScript(root, [name = "", ...args]) {
  const source = join(root, "scripts", `${name}.ts`);
  if (!/^[a-z-]+$/.test(name) || !existsSync(source)) return end(2, `run: there is no scripts/${name}.ts`);
  const output = join(root, "dist", "scripts", `${name}.mjs`);
  try {
    const failed = problemOf(root) && (await (await import("./install.mjs")).installMissing(root));
    if (failed !== undefined) return end(failed);
    if (!isFresh(root, output)) await bundle(root, source, output);
  } catch (error) {
    return end(1, `startflow: ${wordsOf(error)}`);
  }
  process.chdir(root);
  process.argv = [process.argv[0], output, ...args];
  await load(output);
}

function isFresh(root, output) {
  try {
    const builtMs = statSync(output).mtimeMs;
    const inputs = JSON.parse(readFileSync(`${output}.inputs.json`, "utf8"));
    return inputs.every((input) => statSync(join(root, input)).mtimeMs < builtMs);
  } catch {
    return false;
  }
}

async function bundle(root, source, output) {
  const esbuild = await import("esbuild");
  const { metafile, outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [source],
    outdir: dirname(output),
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // What is imported later, when it is needed, stays a file of its own: a start that builds nothing loads no esbuild.
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  // The entry last: what it imports is there when it is.
  for (const { path, contents } of outputFiles.sort((a, b) => (a.path === output) - (b.path === output)))
    writeWhole(path, contents);
  writeWhole(`${output}.inputs.json`, JSON.stringify([...Object.keys(metafile.inputs), "package-lock.json"]));
}

/** Another command may be reading it: it finds the old file or the new one, never half of one. */
function writeWhole(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, contents);
  renameSync(`${path}.${process.pid}`, path);
}

/** A script that waits for something that never comes must not look like one that is done. */
async function load(output) {
  let isDone = false;
  process.once("beforeExit", () => {
    if (!isDone) end(13, "startflow: the command ended before it was done");
  });
  try {
    await import(pathToFileURL(output).href);
  } catch (error) {
    if (missingPackage(error) === undefined) throw error;
    end(1, `startflow: ${wordsOf(error)}`);
  } finally {
    isDone = true;
  }
}

function end(exitCode, words) {
  if (words !== undefined) console.error(words);
  process.exitCode = exitCode;
}
