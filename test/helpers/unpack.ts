/** Takes an uploaded zip apart. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";

/** Path -> content, without folders. */
export function unpacked(zip: Buffer): Map<string, Buffer> {
  const files = Object.entries(unzipSync(zip)).filter(([path]) => !path.endsWith("/"));
  return new Map(files.map(([path, content]) => [path, Buffer.from(content)]));
}

export function unpackedInto(zip: Buffer, folder = mkdtempSync(join(tmpdir(), "startflow-zip-"))): string {
  for (const [path, content] of unpacked(zip)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}
