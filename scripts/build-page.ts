/** Builds the console's page: static files with their hash in the name, and the diagram viewer as a chunk of its own. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { BuildOptions } from "esbuild";
import { build } from "./bundler";

const SOURCE = join("local", "console", "page");
/** All scripts together, gzipped, with what is loaded later. */
const MAX_SCRIPT_GZIP_BYTES = 100_000;

const options: BuildOptions = {
  entryPoints: {
    main: join(SOURCE, "main.tsx"),
    style: join(SOURCE, "style.css"),
    icon: join(SOURCE, "icon.svg"),
  },
  bundle: true,
  minify: true,
  splitting: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".svg": "copy", ".woff2": "file" },
  charset: "utf8",
  legalComments: "linked",
  write: false,
};

/** @throws Error where the scripts are over their budget */
export async function buildPage(outDir: string): Promise<{ scriptGzipBytes: number }> {
  const assets = join(outDir, "assets");
  const { outputFiles = [] } = await build({ ...options, outdir: assets });
  const scripts = outputFiles.filter(({ path }) => path.endsWith(".js"));
  const scriptGzipBytes = scripts.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
  if (scriptGzipBytes > MAX_SCRIPT_GZIP_BYTES) {
    throw new Error(`build-page: the scripts are ${scriptGzipBytes} B gzipped, at most ${MAX_SCRIPT_GZIP_BYTES}`);
  }
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(assets, { recursive: true });
  for (const { path, contents } of outputFiles) writeFileSync(path, contents);
  writeFileSync(join(outDir, "index.html"), indexHtml(outputFiles.map(({ path }) => basename(path))));
  return { scriptGzipBytes };
}

function indexHtml(files: string[]): string {
  const named = (start: string, end: string) => {
    const file = files.find((name) => name.startsWith(start) && name.endsWith(end));
    if (file === undefined) throw new Error(`build-page: no ${start}…${end} was built`);
    return `assets/${file}`;
  };
  return readFileSync(join(SOURCE, "index.html"), "utf8")
    .replace("{{script}}", named("main-", ".js"))
    .replace("{{style}}", named("style-", ".css"))
    .replace("{{icon}}", named("icon-", ".svg"));
}
