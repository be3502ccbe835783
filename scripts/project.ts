/** Where things are, and which functions there are: read from the folders, never listed twice. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

export const paths = {
  functions: "functions",
  dist: "dist",
  distFunctions: join("dist", "functions"),
  distPaste: join("dist", "paste"),
  distLocal: join("dist", "local"),
  distConsole: join("dist", "console"),
  methods: join("dist", "methods.json"),
  buildStamp: join("dist", "build.json"),
} as const;

/** What a build depends on. */
const SOURCES = ["functions", "shared", "local", "scripts", "package-lock.json", "cloudbaserc.json"];

export function functionNames(): string[] {
  const entries = readdirSync(paths.functions, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Epoch milliseconds of the newest source file. */
export function newestSourceMs(): number {
  let newest = 0;
  const visit = (path: string) => {
    const stat = statSync(path);
    if (stat.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
    else newest = Math.max(newest, stat.mtimeMs);
  };
  for (const source of SOURCES) visit(source);
  return newest;
}
