/** Builds each function for its two routes: a file to deploy, and a file to paste into the console. */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BuildOptions, Plugin } from "esbuild";
import { SETTING_NAMES } from "../shared/base/environment";
import { type Bundled, buildAndList, describePackages } from "./bundled";
import { build } from "./bundler";
import { leanSdk, leanSdkSource } from "./lean-sdk/plugin";
import { leanZod } from "./lean-zod";
import { paths } from "./project";

const common: BuildOptions = {
  bundle: true,
  minify: true,
  platform: "node",
  format: "cjs",
  legalComments: "none",
  // Escaped, a Chinese character takes twice the room.
  charset: "utf8",
};

/**
 * Packages that stand beside index.js, each a file of its own, and are read when they are first needed: code that never runs
 * still costs when it is read.
 */
const BESIDE = { "@cloudbase/node-sdk": "cloudbase.js", "node-fetch": "node-fetch.js" } as const;
type Beside = keyof typeof BESIDE;

const packagesBeside: Plugin = {
  name: "packages-beside",
  setup({ onResolve }) {
    onResolve({ filter: /^(@cloudbase\/node-sdk|node-fetch)$/ }, ({ path }) => ({
      path: `./${BESIDE[path as Beside]}`,
      external: true,
    }));
    // Written beside it once the routes are described.
    onResolve({ filter: /^\.\/input-schemas\.json$/ }, ({ path }) => ({ path, external: true }));
  },
};

/** `dist/functions/<name>/index.js` and the files that it requires: what the CLI deploys. @returns which packages are in them */
export async function buildFunctions(names: string[]): Promise<Bundled> {
  rmSync(paths.distFunctions, { recursive: true, force: true });
  const beside = Object.entries(BESIDE).map(async ([name, file]) => [file, await buildBeside(name as Beside)] as const);
  const own = await buildIndexFiles(names);
  const bundled = [["index.js", own] as const, ...(await Promise.all(beside))];
  for (const name of names) {
    const folder = join(paths.distFunctions, name);
    const code = readFileSync(join(folder, "index.js"), "utf8");
    for (const [packageName, file] of Object.entries(BESIDE)) {
      if (code.includes(`require("./${file}")`)) copyFileSync(besideFile(packageName as Beside), join(folder, file));
    }
  }
  return Object.fromEntries(bundled.map(([file, folders]) => [file, describePackages(folders)]));
}

/** In one build, which reads once what they share. */
function buildIndexFiles(names: string[]): Promise<string[]> {
  return buildAndList({
    ...common,
    entryPoints: entryPointsOf(names, (name) => `${name}/index`),
    outdir: paths.distFunctions,
    target: "node18",
    // A file beside is required as the SDK is: what was imported would have its exports in another place.
    supported: { "dynamic-import": false },
    plugins: [leanZod, packagesBeside],
  });
}

/** @param fileOf where it goes, without its ending */
function entryPointsOf(names: string[], fileOf: (name: string) => string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [fileOf(name), join(paths.functions, name, "index.ts")]));
}

/** Never loaded on Node 18 and later, which has streams of its own (fetch-blob, streams.cjs): two thirds of node-fetch's size. */
const noPolyfill: Plugin = {
  name: "no-polyfill",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^web-streams-polyfill\// }, ({ path, importer }) =>
      /[\\/]fetch-blob[\\/]/.test(importer) ? { path, namespace: "no-polyfill" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "no-polyfill" }, () => ({ contents: "module.exports = {};", loader: "js" }));
  },
};

/** One file for all functions, kept between builds under the package's version and how it is made. */
async function buildBeside(name: Beside): Promise<string[]> {
  const outfile = besideFile(name);
  const list = `${outfile}.packages.json`;
  if (existsSync(list)) return JSON.parse(readFileSync(list, "utf8")) as string[];
  const options = { ...common, entryPoints: [name], outfile, target: "node18", plugins: [noPolyfill, leanSdk] };
  const folders = await buildAndList(options);
  writeFileSync(list, JSON.stringify(folders));
  return folders;
}

/** node-sdk as it is published, with the same settings: what the lean file is compared to. */
export async function buildStockSdk(outfile: string): Promise<void> {
  await build({ ...common, entryPoints: ["@cloudbase/node-sdk"], outfile, target: "node18" });
}

function besideFile(name: Beside): string {
  const { version } = JSON.parse(readFileSync(join("node_modules", name, "package.json"), "utf8")) as {
    version: string;
  };
  const settings = readFileSync(join("scripts", "build-functions.ts"), "utf8");
  const made = createHash("sha256").update(leanSdkSource()).update(settings).digest("hex").slice(0, 8);
  return join(paths.distCache, `${version}-${made}-${BESIDE[name]}`);
}

/**
 * `dist/paste/<name>.js`: one file for the console. Which Node runs it there is not published (10.15 is named once), so
 * the syntax is ES2018; only three packages can be required. https://cloud.tencent.com/document/product/1301/68440
 */
export async function buildPaste(names: string[]): Promise<void> {
  rmSync(paths.distPaste, { recursive: true, force: true });
  mkdirSync(paths.distPaste, { recursive: true });
  await build({
    ...common,
    entryPoints: entryPointsOf(names, (name) => name),
    outdir: paths.distPaste,
    target: ["es2018", "node10.15"],
    external: ["request", ...Object.keys(BESIDE)],
    define: settingsAsLiterals(),
    plugins: [leanZod],
    // zod asks for it; Node 10 does not have it.
    banner: { js: 'var globalThis=typeof globalThis==="undefined"?global:globalThis;' },
  });
}

/** Custom code has no environment variables of ours: what is configured when it is built is put in. */
function settingsAsLiterals(): Record<string, string> {
  const literals: Record<string, string> = {};
  for (const name of SETTING_NAMES) literals[`process.env.${name}`] = JSON.stringify(process.env[name] ?? "");
  return literals;
}
