/** A tarball of the same bytes for the same files: ustar headers with one time, one owner and one order, and Node's own gzip. */
import { gzipSync } from "node:zlib";

export interface TarFile {
  /** With slashes, ASCII, at most 100 characters. */
  path: string;
  bytes: Buffer;
}

const BLOCK = 512;
/** The time that npm gives the files of its packages: 1985-10-26T08:15:00Z. */
const MTIME_S = 499_162_500;
const MAX_PATH = 100;

/** Files are in the order of their paths. @throws Error for a path that the format cannot hold */
export function tarball(files: readonly TarFile[]): Buffer {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const parts = sorted.flatMap(({ path, bytes }) => [header(path, bytes.length), bytes, padding(bytes.length)]);
  // Two empty blocks end it.
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]), { level: 9 });
}

function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

/** https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06 (ustar interchange format) */
function header(path: string, size: number): Buffer {
  if (path.length > MAX_PATH || !/^[\x21-\x7e]+$/.test(path))
    throw new Error(`release: no path for a tarball: ${path}`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, "ascii");
  block.write(path, 0, "ascii");
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(MTIME_S, 136, 12);
  // The checksum is summed up with spaces in its own place.
  block.write("        ", 148, "ascii");
  block.write("0", 156, "ascii");
  block.write("ustar\x0000", 257, "ascii");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "ascii");
  return block;
}
