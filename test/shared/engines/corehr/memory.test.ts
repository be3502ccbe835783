/** Bounded memory: as much as one start may hold is mapped and serialised in a process that has 96 MB for all of it. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";

let folder: string;
beforeAll(async () => {
  mkdirSync(join("dist", "test"), { recursive: true });
  folder = mkdtempSync(join("dist", "test", "memory-"));
  const entryPoints = [join("test", "shared", "engines", "corehr", "map-large.ts")];
  await build({ entryPoints, outfile: join(folder, "child.mjs"), bundle: true, platform: "node", format: "esm" });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("100,000 ready items and a table of 10,000 rows are mapped and serialised in 96 MB", async () => {
  const script = resolve(folder, "child.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, ["--max-old-space-size=96", script]);
  expect(JSON.parse(stdout)).toEqual([
    { items: 100_000, subValues: 1, bytes: expect.any(Number) },
    { items: 1, subValues: 40_000, bytes: expect.any(Number) },
  ]);
});
