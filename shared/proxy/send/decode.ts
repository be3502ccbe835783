/** Takes the compression off an answer that came compressed, though nobody asked for it; the bound holds for what comes out. */
import { TOO_LONG } from "../../http/request";

export const NOT_DECODED = "ERR_CONTENT_ENCODING";

/** Of one alone: what is wrapped twice was meant for nobody. */
const KNOWN: readonly string[] = ["gzip", "x-gzip", "deflate", "br"];

/** @throws Error with a `code` */
export async function decoded(
  encoding: string,
  pieces: readonly Buffer[],
  maxBytes: number,
): Promise<readonly Buffer[]> {
  const name = encoding.trim().toLowerCase();
  if (name === "identity" || name === "" || pieces.length === 0) return pieces;
  if (!KNOWN.includes(name)) throw failed(NOT_DECODED);
  // Loaded for such an answer alone.
  const { brotliDecompressSync, unzipSync } = await import("node:zlib");
  const decode = name === "br" ? brotliDecompressSync : unzipSync;
  try {
    return [decode(Buffer.concat(pieces), { maxOutputLength: maxBytes })];
  } catch (error) {
    throw failed((error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE" ? TOO_LONG : NOT_DECODED);
  }
}

function failed(code: string): Error {
  return Object.assign(new Error("the answer cannot be decoded"), { code });
}
