/** Runs scripts/<name>.ts. Node 20 reads no TypeScript, so the script is bundled first, unless that was done already. */
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [name = "", ...args] = process.argv.slice(2);
const source = join(root, "scripts", `${name}.ts`);
if (!/^[a-z-]+$/.test(name) || !existsSync(source)) {
  console.error(`run: there is no scripts/${name}.ts`);
  process.exit(2);
}
const output = join(root, "dist", "scripts", `${name}.mjs`);
if (!isFresh()) await bundle();
process.chdir(root);
process.argv = [process.argv[0], output, ...args];
await import(pathToFileURL(output).href);

function isFresh() {
  try {
    const builtMs = statSync(output).mtimeMs;
    const inputs = JSON.parse(readFileSync(`${output}.inputs.json`, "utf8"));
    return inputs.every((input) => statSync(join(root, input)).mtimeMs < builtMs);
  } catch {
    return false;
  }
}

async function bundle() {
  const esbuild = await import("esbuild");
  const { metafile } = await esbuild.build({
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
    logLevel: "warning",
  });
  writeFileSync(`${output}.inputs.json`, JSON.stringify([...Object.keys(metafile.inputs), "package-lock.json"]));
}
