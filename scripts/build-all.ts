/** The whole build, as one function: what `npm run build`, `npm start` and `npm test` call. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { routeName } from "../shared/sync-api/routes/route";
import { buildFunctions, buildPaste } from "./build-functions";
import { buildLocal } from "./build-local";
import { buildPage } from "./build-page";
import { describeFunctions } from "./describe";
import { type BuildStamp, functionNames, isBuilt, paths, settingsText } from "./project";
import { alone } from "./run/alone.mjs";
import { checkSizes, type SizeRow } from "./sizes";

const LOCK = join(paths.dist, "build.lock");
const onWait = (pid: string) =>
  console.error(`process ${pid} is building: waiting for it (if it is no startflow, remove ${LOCK})`);

/**
 * One build at a time: two would remove each other's files.
 * @throws Error where a file is over its size budget, or a function does not build
 */
export function build(): Promise<SizeRow[]> {
  return alone(LOCK, buildAll, onWait);
}

/** For whoever needs what is built, and not the sizes: where another command has just built it, that will do. */
export async function buildIfStale(onBuild: () => void = () => {}): Promise<void> {
  if (isBuilt()) return;
  const unlessBuilt = async () => {
    if (isBuilt()) return;
    onBuild();
    await buildAll();
  };
  await alone(LOCK, unlessBuilt, onWait);
}

async function buildAll(): Promise<SizeRow[]> {
  const startedMs = Date.now();
  mkdirSync(paths.dist, { recursive: true });
  const names = functionNames();
  const parts = [describeFunctions(names), buildFunctions(names), buildLocal(), buildPage(paths.distConsole)] as const;
  // Where one fails, the others are still writing: nobody else builds before they have ended.
  await Promise.allSettled(parts);
  const [{ methods, apis }, bundled] = await Promise.all(parts);
  await buildPaste(methods.filter(({ secrets }) => secrets.length === 0).map(({ name }) => name));
  const schemas = Object.fromEntries(apis.map((api) => [routeName(api), api.inputSchema]));
  writeFileSync(paths.inputSchemas, JSON.stringify(schemas));
  writeFileSync(paths.methods, JSON.stringify(methods, null, 2));
  writeFileSync(paths.bundled, JSON.stringify(bundled, null, 2));
  writeFileSync(paths.apis, JSON.stringify(apis, null, 2));
  const rows = checkSizes();
  // Written last: a build that failed half way is not taken for one.
  writeFileSync(paths.buildStamp, JSON.stringify({ startedMs, settings: settingsText() } satisfies BuildStamp));
  return rows;
}
