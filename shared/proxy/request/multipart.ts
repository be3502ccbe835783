/** Parts of a form, with files: https://datatracker.ietf.org/doc/html/rfc7578 */
import { createHash } from "node:crypto";
import { shownKey } from "../../base/objects";
import type { Body } from "../call";
import { paramProblem, type Where } from "../problem";
import { isPlain } from "./data";
import { scalarText, wellFormed } from "./text";

/** What a caller gives for a file. */
export interface FilePart {
  fileName: string;
  bytes: Uint8Array;
  /** Default `application/octet-stream`. */
  type?: string;
}

interface Part {
  head: string;
  bytes: Uint8Array;
}

export function multipartOf(where: Where, fields: Readonly<Record<string, unknown>>): Body {
  const parts = Object.keys(fields).flatMap((name) => {
    const value = fields[name];
    if (value === undefined) return [];
    return (Array.isArray(value) ? value : [value]).map((one) => partOf(where, name, one));
  });
  const boundary = boundaryOf(parts);
  const pieces = parts.flatMap(({ head, bytes }) => [Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`), bytes, CRLF]);
  const content = [...pieces, Buffer.from(`--${boundary}--\r\n`)];
  return { type: `multipart/form-data; boundary=${boundary}`, content };
}

const LINE_BREAK = "\r\n";
const CRLF = Buffer.from(LINE_BREAK);

function partOf(where: Where, name: string, value: unknown): Part {
  const shown = shownKey(name);
  const disposition = `content-disposition: form-data; name="${quotable(where, shown, name)}"`;
  if (!isPlain(value)) return { head: disposition, bytes: Buffer.from(scalarText(where, shown, value)) };
  const { fileName, bytes, type = "application/octet-stream" } = value;
  const isFile = typeof fileName === "string" && bytes instanceof Uint8Array && typeof type === "string";
  if (!isFile || !/^[\w.+-]+\/[\w.+-]+$/.test(type)) {
    throw paramProblem(
      where,
      `「${shown}」应为文字，或 {fileName, bytes, type?}。`,
      `"${shown}" must be text, or {fileName, bytes, type?}.`,
    );
  }
  const head = `${disposition}; filename="${quotable(where, shown, fileName)}"\r\ncontent-type: ${type}`;
  return { head, bytes };
}

/** Readers differ in how they take quotes and backslashes back, so there are none. */
function quotable(where: Where, shown: string, text: string): string {
  if (text !== "" && !/["\\\p{Cc}]/u.test(text)) return wellFormed(where, shown, text);
  throw paramProblem(
    where,
    `「${shown}」的名称或文件名不能为空，不能有引号、反斜杠和换行。`,
    `the name or file name of "${shown}" must not be empty, nor have quotes, backslashes or line breaks in it.`,
  );
}

/** Made of the content, so that equal calls send equal bytes, and no content has it in itself. */
function boundaryOf(parts: readonly Part[]): string {
  const hash = createHash("sha256");
  for (const { head, bytes } of parts) hash.update(`${head.length} ${bytes.length}\n`).update(head).update(bytes);
  return `startflow-${hash.digest("hex").slice(0, 40)}`;
}
