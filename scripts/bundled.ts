/** Which packages are really in what was built: read from esbuild's own account of each file. */
import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { BuildOptions } from "esbuild";
import { build } from "./bundler";

export interface BundledPackage {
  name: string;
  version: string;
  /** Of its package.json; empty where it states none. */
  licence: string;
  /** Its folder, from the project's root. */
  folder: string;
}
/** File name -> packages. index.js and the paste files are one: they hold the same. */
export type Bundled = Record<string, BundledPackage[]>;

/** Builds, and tells the folders of the packages of which something is in the file. */
export async function buildAndList(options: BuildOptions): Promise<string[]> {
  const { metafile } = await build({ ...options, metafile: true });
  const folders = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter((input) => (inputs[input]?.bytesInOutput ?? 0) > 0),
  );
  return [...new Set(folders.flatMap(packageFolder))].sort();
}

/** "node_modules/a/node_modules/@b/c/lib/d.js" -> "node_modules/a/node_modules/@b/c" */
function packageFolder(input: string): string[] {
  const [found] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? [];
  return found === undefined ? [] : [found];
}

export function describePackages(folders: readonly string[]): BundledPackage[] {
  const packages = [...new Set(folders)].map((folder) => {
    const text = readFileSync(join(folder, "package.json"), "utf8");
    const { name, version, license = "" } = JSON.parse(text) as { name: string; version: string; license?: string };
    return { name, version, licence: license, folder: relative(".", resolve(folder)) };
  });
  const seen = new Map(packages.map((found) => [`${found.name} ${found.version}`, found]));
  return [...seen.keys()].sort().flatMap((key) => seen.get(key) ?? []);
}
