/** `multipart/form-data` -> fields and files; files are stored in the environment's storage, and a run gets their ids. */
import { createHash, randomUUID } from "node:crypto";
import * as z from "zod";
import { within } from "../../base/deadline";
import { StartflowError } from "../../base/errors";
import type { MethodContext } from "../../platform/context";

export interface FilePart {
  /** Of the form's field. */
  field: string;
  name: string;
  type: string;
  bytes: Buffer;
}

type Fields = Record<string, string | string[]>;

/** A body of one byte a part would make hundreds of thousands of them. */
const MAX_PARTS = 1_000;

/** By the runtime's own parser. `undefined` for what it cannot read. */
export async function readMultipart(
  body: Buffer,
  contentType: string,
): Promise<{ value: Fields; files: FilePart[] } | undefined> {
  const value: Fields = {};
  const files: FilePart[] = [];
  try {
    const form = await new Response(new Uint8Array(body), { headers: { "content-type": contentType } }).formData();
    const parts = [...form];
    if (parts.length > MAX_PARTS) return undefined;
    for (const [field, part] of parts) {
      if (field === "__proto__") return undefined;
      if (typeof part === "string") add(value, field, part);
      else files.push({ field, name: part.name, type: part.type, bytes: Buffer.from(await part.arrayBuffer()) });
    }
    return { value, files };
  } catch {
    return undefined;
  }
}

function add(fields: Fields, name: string, member: string): void {
  const before = Object.hasOwn(fields, name) ? fields[name] : undefined;
  fields[name] = before === undefined ? member : [before, member].flat();
}

/** The fields as they will be once the files are stored, and what they are known by: their content. */
export function withPendingFiles(value: unknown, files: readonly FilePart[]): unknown {
  if (files.length === 0) return value;
  const fields: Fields = { ...(value as Fields) };
  for (const { field, bytes } of files) {
    add(fields, field, `cloud://pending/${createHash("sha256").update(bytes).digest("hex")}`);
  }
  return fields;
}

const MAX_NAME = 100;

/** The name is the caller's: it is the end of a path, and nothing in it leads elsewhere. */
function pathEnd(name: string): string {
  const end = [...name.replace(/[^\p{L}\p{N}._-]+/gu, "_")].slice(-MAX_NAME).join("");
  return end.replace(/^\.+$/, "_") || "file";
}

const uploadedSchema = z.looseObject({ fileID: z.string().min(1) });
const UPLOAD_TIMEOUT_MS = 8_000;

/** The fields with the ids of their files. @throws StartflowError STORE_UNREACHABLE; nothing has been started then */
export async function withStoredFiles(
  value: unknown,
  files: readonly FilePart[],
  { app }: MethodContext,
): Promise<unknown> {
  if (files.length === 0) return value;
  const fields: Fields = { ...(value as Fields) };
  const { uploadFile } = app ?? {};
  if (app === undefined || uploadFile === undefined) throw new StartflowError("NOT_CONFIGURED");
  for (const { field, name, bytes } of files) {
    const cloudPath = `sync-api/${randomUUID()}/${pathEnd(name)}`;
    const late = () => new Error(`no answer within ${UPLOAD_TIMEOUT_MS} ms`);
    try {
      const stored = await within(UPLOAD_TIMEOUT_MS, uploadFile.call(app, { cloudPath, fileContent: bytes }), late);
      add(fields, field, uploadedSchema.parse(stored).fileID);
    } catch (cause) {
      throw new StartflowError("STORE_UNREACHABLE", { cause });
    }
  }
  return fields;
}
