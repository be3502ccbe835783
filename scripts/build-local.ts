/** Builds the local platform: its server, and the host in which functions run. Packages stay outside. */
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { BuildOptions } from "esbuild";
import { build } from "./bundler";
import { paths } from "./project";

const common: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node20",
  packages: "external",
  sourcemap: "linked",
};

/** `dist/local/main.mjs`, `dist/local/host.cjs`, `dist/local/flows/`, `dist/local/code/`. */
export async function buildLocal(): Promise<void> {
  rmSync(paths.distLocal, { recursive: true, force: true });
  await Promise.all([
    build({
      ...common,
      entryPoints: [join("local", "main.ts")],
      outdir: paths.distLocal,
      outExtension: { ".js": ".mjs" },
      format: "esm",
      splitting: true,
      chunkNames: "chunks/[name]-[hash]",
    }),
    build({
      ...common,
      entryPoints: [join("local", "functions", "host.ts")],
      outfile: join(paths.distLocal, "host.cjs"),
      format: "cjs",
    }),
  ]);
  cpSync(join("local", "engine", "flows"), join(paths.distLocal, "flows"), { recursive: true });
  cpSync(join("local", "weda", "code"), join(paths.distLocal, "code"), { recursive: true });
}
