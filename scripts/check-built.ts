/** Checks of what is built: that it is there, that nothing else lies beside it, and that its zip is small enough. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
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
  if (storedBytes(folder) <= DEPLOY_LIMITS.zipBytes) return foreign;
  const bytes = zippedBytes(folder);
  if (bytes <= DEPLOY_LIMITS.zipBytes) return foreign;
  return [...foreign, finding("ZIP_TOO_LARGE", { file: folder, key: name }, { bytes, limit: DEPLOY_LIMITS.zipBytes })];
}

/** Headers of one file in a zip: local and central, with its name twice. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
const HEADER_BYTES = 30 + 46 + 24;
const END_BYTES = 22;
/** As small as zlib makes its blocks. https://www.zlib.net/zlib_tech.html */
const MIN_BLOCK_BYTES = 16_383;

/** Of all files with the same content: the SDK stands beside every function. */
const deflated = new Map<string, number>();

export function zippedBytes(folder: string): number {
  return zipBytes(folder, (file) => {
    const content = readFileSync(file);
    const hash = createHash("sha256").update(content).digest("hex");
    const bytes = deflated.get(hash) ?? deflateRawSync(content).length;
    deflated.set(hash, bytes);
    return bytes;
  });
}

/** Of a zip that makes nothing smaller: where that is small enough, nothing need be zipped. */
function storedBytes(folder: string): number {
  return zipBytes(folder, (file) => {
    const { size } = statSync(file);
    // A stored block has 5 bytes of its own. https://datatracker.ietf.org/doc/html/rfc1951#section-3.2.4
    return size + 5 * Math.ceil(size / MIN_BLOCK_BYTES + 1);
  });
}

function zipBytes(folder: string, bytesOf: (file: string) => number): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => {
      return sum + bytesOf(join(parentPath, name)) + HEADER_BYTES + 2 * Buffer.byteLength(name);
    }, END_BYTES);
}
