/** Checks of what is built: that it is there, that nothing else lies beside it, and that its zip is small enough. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import type { Project, Row } from "./check-project";
import { type Finding, finding } from "./check-texts";
import { DEPLOY_LIMITS } from "./deploy-limits";
import { paths } from "./project";

/** What the build puts into a function's folder (scripts/build-functions.ts). */
const BUILT_FILES = new Set(["index.js", "cloudbase.js", "node-fetch.js", "input-schemas.json"]);

export function checkBuilt({ rows, folders }: Project): Finding[] {
  return rows.filter(({ name }) => folders.includes(name)).flatMap(checkFunction);
}

function checkFunction({ name }: Row): Finding[] {
  const folder = join(paths.distFunctions, name);
  const place = { file: join(folder, "index.js"), key: name };
  if (!existsSync(place.file)) return [finding("NOT_BUILT", place)];
  const foreign = readdirSync(folder)
    .filter((file) => !BUILT_FILES.has(file))
    .map((file) => finding("FILE_FOREIGN", { file: join(folder, file), key: name }));
  const bytes = zippedBytes(folder);
  if (bytes <= DEPLOY_LIMITS.zipBytes) return foreign;
  return [...foreign, finding("ZIP_TOO_LARGE", { file: folder, key: name }, { bytes, limit: DEPLOY_LIMITS.zipBytes })];
}

/** Headers of one file in a zip: local and central, with its name twice. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
const HEADER_BYTES = 30 + 46 + 24;
const END_BYTES = 22;

/** Of all files with the same content: the SDK stands beside every function. */
const deflated = new Map<string, number>();

export function zippedBytes(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).reduce((sum, entry) => {
    if (!entry.isFile()) return sum;
    const content = readFileSync(join(entry.parentPath, entry.name));
    const hash = createHash("sha256").update(content).digest("hex");
    const bytes = deflated.get(hash) ?? deflateRawSync(content).length;
    deflated.set(hash, bytes);
    return sum + bytes + HEADER_BYTES + 2 * Buffer.byteLength(entry.name);
  }, END_BYTES);
}
