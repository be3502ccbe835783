/** Where things are, and which functions there are: read from the folders, never listed twice. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { SETTING_NAMES } from "../shared/base/environment";

export const paths = {
  functions: "functions",
  dist: "dist",
  distFunctions: join("dist", "functions"),
  distPaste: join("dist", "paste"),
  distLocal: join("dist", "local"),
  distConsole: join("dist", "console"),
  methods: join("dist", "methods.json"),
  apis: join("dist", "apis.json"),
  /** Which packages are in the files of the functions. */
  bundled: join("dist", "bundled.json"),
  /** Of the sync API's inputs: it answers them in its description. */
  inputSchemas: join("dist", "functions", "sync-api", "input-schemas.json"),
  /** What the next build need not build again. */
  distCache: join("dist", "cache"),
  distRelease: join("dist", "release"),
  buildStamp: join("dist", "build.json"),
} as const;

/** What dist/build.json says of the last build that went through. */
export interface BuildStamp {
  startedMs: number;
  /** The settings that were put into the paste files. */
  settings: string;
}

/** Paste files hold the settings of the environment in which they were built: with others they are out of date. */
export function settingsText(): string {
  return JSON.stringify(SETTING_NAMES.map((name) => process.env[name] ?? ""));
}

/** Those that are set while this runs, and would be in the paste files. */
export function settingsThatAreSet(): string[] {
  return SETTING_NAMES.filter((name) => (process.env[name] ?? "") !== "");
}

/** What a build depends on. */
const SOURCES = ["functions", "shared", "local", "scripts", "package-lock.json", "cloudbaserc.json"];

export function functionNames(): string[] {
  const entries = readdirSync(paths.functions, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const empty = names.find((name) => !existsSync(join(paths.functions, name, "index.ts")));
  if (empty !== undefined) throw new Error(`functions/${empty} has no index.ts: add the method, or remove the folder`);
  return names.sort();
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

/** Whether what is in dist/ was made of the sources as they are, and with the settings as they are. */
export function isBuilt(): boolean {
  try {
    const { startedMs, settings } = JSON.parse(readFileSync(paths.buildStamp, "utf8")) as BuildStamp;
    return newestSourceMs() < startedMs && settings === settingsText();
  } catch {
    return false;
  }
}
