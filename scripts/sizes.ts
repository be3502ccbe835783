/** The size budget of every file that is deployed or pasted; a file over its budget fails the build. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { paths } from "./project";

export interface SizeRow {
  file: string;
  bytes: number;
  limitBytes: number;
}

const KB = 1_000;
const LIMITS = {
  /** zod, the form and the connector: about 100 KB, of which zod is 90. */
  "index.js": 135 * KB,
  /** With a client of its own, so not pasted: the same, Feishu's client and mappers or `$proxy`, and node-fetch. */
  withClient: 250 * KB,
  /** Of those that know every engine: the sync API, and who asks the engines later on. */
  everyEngine: 290 * KB,
  /** node-sdk without what is never reached (1,042 KB with it), read in the cloud-function route only. */
  "cloudbase.js": 220 * KB,
  paste: 135 * KB,
} as const;

const EVERY_ENGINE: ReadonlySet<string> = new Set(["sync-api", "sweep", "submission-status"]);

/** @throws Error that names every file over its budget */
export function checkSizes(): SizeRow[] {
  const rows: SizeRow[] = [];
  for (const name of readdirSync(paths.distFunctions)) {
    const folder = join(paths.distFunctions, name);
    const client = statSync(join(folder, "node-fetch.js"), { throwIfNoEntry: false })?.size;
    const isPasted = statSync(join(paths.distPaste, `${name}.js`), { throwIfNoEntry: false }) !== undefined;
    const ofClient = EVERY_ENGINE.has(name) ? LIMITS.everyEngine : LIMITS.withClient;
    const row = sizeRow(join(folder, "index.js"), isPasted ? LIMITS["index.js"] : ofClient);
    rows.push({ ...row, bytes: row.bytes + (client ?? 0) });
    rows.push(sizeRow(join(folder, "cloudbase.js"), LIMITS["cloudbase.js"]));
  }
  for (const name of readdirSync(paths.distPaste)) rows.push(sizeRow(join(paths.distPaste, name), LIMITS.paste));
  const over = rows.filter(({ bytes, limitBytes }) => bytes > limitBytes);
  if (over.length === 0) return rows;
  const list = over.map(({ file, bytes, limitBytes }) => `  ${file}: ${bytes} B, at most ${limitBytes}`);
  throw new Error(`build: over the size budget (scripts/sizes.ts):\n${list.join("\n")}`);
}

function sizeRow(file: string, limitBytes: number): SizeRow {
  return { file, bytes: statSync(file).size, limitBytes };
}
