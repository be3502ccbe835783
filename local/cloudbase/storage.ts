/** Cloud storage: `cloud://` ids that hold real bytes, and the `storage.*` actions of CloudBase's wire. */
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { LocalClock } from "../clock";
import { CloudError } from "./cloud-error";

export interface Blobs {
  /** Stores bytes under a path of its own and returns their `cloud://` id. */
  put(name: string, bytes: Buffer): Promise<string>;
  /** `undefined` where there is no such file. */
  read(fileId: string): Promise<Buffer | undefined>;
  uploadMetadata(body: unknown): Record<string, unknown>;
  downloadUrls(body: unknown): Promise<Record<string, unknown>>;
  deleteFiles(body: unknown): Promise<Record<string, unknown>>;
  /** What the SDK's `PUT` of the bytes does. @throws CloudError */
  upload(path: string, token: string, bytes: Buffer): Promise<void>;
  /** What a download address gives. @throws CloudError */
  download(path: string, token: string, expiresMs: number): Promise<Buffer>;
  reset(): Promise<void>;
}

export interface BlobsParts {
  dir: string;
  envId: string;
  clock: LocalClock;
  /** Where the platform listens, without a slash at the end. */
  publicUrl: () => string;
}

export const MAX_BLOB_BYTES = 50 * 1024 * 1024;
/** Download addresses are good for two hours unless told. https://docs.cloudbase.net/api-reference/server/node-sdk/storage */
const DEFAULT_MAX_AGE_S = 7_200;

/**
 * Assumption: what https://docs.cloudbase.net/api-reference/server/node-sdk/storage#uploadfile does not name as part of a
 * path is refused. Addresses come back unescaped, for the SDK escapes them once itself: with these they would be others.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to refuse.
const NOT_IN_PATHS = /[#?%\\\u0000-\u001f\u007f]/;
const cloudPath = z
  .string()
  .min(1)
  .max(850)
  .refine((path) => !NOT_IN_PATHS.test(path) && Buffer.from(path).toString() === path)
  .refine((path) => path.split("/").every((part) => !["", ".", ".."].includes(part)));
const uploadSchema = z.looseObject({ path: cloudPath });
const downloadSchema = z.looseObject({
  file_list: z
    .array(z.looseObject({ fileid: z.string(), max_age: z.number().positive().optional() }))
    .min(1)
    .max(50),
});
const deleteSchema = z.looseObject({ fileid_list: z.array(z.string()).min(1).max(50) });

export function openBlobs({ dir, envId, clock, publicUrl }: BlobsParts): Blobs {
  const folder = join(dir, "blobs");
  const prefix = `cloud://${envId}.626c-${envId}/`;
  // Made anew at each start: an address from before is asked for again.
  const secret = randomUUID();
  const fileOf = (path: string) => join(folder, createHash("sha256").update(path).digest("hex"));
  const pathOf = (fileId: string) => (fileId.startsWith(prefix) ? fileId.slice(prefix.length) : undefined);
  const tokenOf = (use: string, path: string) => createHash("sha256").update(`${secret}|${use}|${path}`).digest("hex");

  const store = async (path: string, bytes: Buffer) => {
    if (bytes.length > MAX_BLOB_BYTES)
      throw new CloudError("EXCEED_REQUEST_SIZE_LIMIT", `a file may have ${MAX_BLOB_BYTES} bytes`);
    await mkdir(folder, { recursive: true });
    const part = join(folder, `${randomUUID()}.tmp`);
    try {
      await writeFile(part, bytes);
      await rename(part, fileOf(path));
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  };
  const load = async (path: string) =>
    readFile(fileOf(path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
  const has = (path: string | undefined): path is string => path !== undefined && existsSync(fileOf(path));
  const downloadUrl = (path: string, maxAgeS: number) => {
    const expires = clock.now() + maxAgeS * 1_000;
    return `${publicUrl()}/blobs/${path}?expires=${expires}&sign=${tokenOf(`get${expires}`, path)}`;
  };

  return {
    async put(name, bytes) {
      const path = `weda-uploader/${randomUUID().slice(0, 8)}-${name.replace(/[^\w.\-\u4e00-\u9fff]/g, "_").slice(-100)}`;
      await store(path, bytes);
      return prefix + path;
    },
    async read(fileId) {
      const path = pathOf(fileId);
      return path === undefined ? undefined : load(path);
    },
    uploadMetadata(body) {
      const { path } = parse(uploadSchema, body);
      const token = tokenOf("put", path);
      const cosFileId = createHash("sha256").update(path).digest("base64");
      const url = `${publicUrl()}/blobs/${encodeURI(path)}`;
      return { data: { url, token, authorization: token, fileId: prefix + path, cosFileId } };
    },
    async downloadUrls(body) {
      const { file_list: files } = parse(downloadSchema, body);
      const list = files.map(({ fileid, max_age: maxAgeS = DEFAULT_MAX_AGE_S }) => {
        const path = pathOf(fileid);
        if (!has(path)) return { code: "STORAGE_FILE_NONEXIST", fileID: fileid, tempFileURL: "" };
        return { code: "SUCCESS", fileID: fileid, tempFileURL: downloadUrl(path, maxAgeS) };
      });
      return { data: { download_list: list } };
    },
    async deleteFiles(body) {
      const { fileid_list: ids } = parse(deleteSchema, body);
      const list = ids.map(async (fileID) => {
        const path = pathOf(fileID);
        if (!has(path)) return { code: "STORAGE_FILE_NONEXIST", fileID };
        await rm(fileOf(path), { force: true });
        return { code: "SUCCESS", fileID };
      });
      return { data: { delete_list: await Promise.all(list) } };
    },
    async upload(path, token, bytes) {
      if (token !== tokenOf("put", path)) throw new CloudError("STORAGE_EXCEED_AUTHORITY", "AccessDenied");
      await store(path, bytes);
    },
    async download(path, token, expiresMs) {
      if (token !== tokenOf(`get${expiresMs}`, path) || clock.now() > expiresMs) {
        throw new CloudError("STORAGE_EXCEED_AUTHORITY", "AccessDenied");
      }
      const bytes = await load(path);
      if (bytes === undefined) throw new CloudError("STORAGE_FILE_NONEXIST", "NoSuchKey");
      return bytes;
    },
    reset: () => rm(folder, { recursive: true, force: true }),
  };
}

function parse<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new CloudError("INVALID_PARAM", "[InvalidParameter] wrong path or file list", { cause: parsed.error });
}
