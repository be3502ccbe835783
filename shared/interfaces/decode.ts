/** Takes the compression off an answer that came compressed, though nobody asked for it; the bound holds for what comes out. */
import { TOO_LONG } from "../http";

const NOT_DECODED = "ERR_CONTENT_ENCODING";

/** @throws Error with a `code` */
export async function decoded(
  encoding: string,
  pieces: readonly Buffer[],
  maxBytes: number,
): Promise<readonly Buffer[]> {
  if (encoding === "identity" || pieces.length === 0) return pieces;
  // Loaded for such an answer alone.
  const { brotliDecompressSync, unzipSync } = await import("node:zlib");
  const decode = encoding === "br" ? brotliDecompressSync : unzipSync;
  try {
    return [decode(Buffer.concat(pieces), { maxOutputLength: maxBytes })];
  } catch (error) {
    const isTooLong = (error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE";
    throw Object.assign(new Error("the answer cannot be decoded"), { code: isTooLong ? TOO_LONG : NOT_DECODED });
  }
}
