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
  "index.js": 130 * KB,
  /** node-sdk, read in the cloud-function route only. */
  "cloudbase.js": 1_100 * KB,
  paste: 130 * KB,
} as const;

/** @throws Error that names every file over its budget */
export function checkSizes(): SizeRow[] {
  const rows: SizeRow[] = [];
  for (const name of readdirSync(paths.distFunctions)) {
    for (const file of ["index.js", "cloudbase.js"] as const) {
      rows.push(sizeRow(join(paths.distFunctions, name, file), LIMITS[file]));
    }
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
