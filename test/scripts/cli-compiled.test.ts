/** What is kept of the compiled CLI (`scripts/cli-compiled.cjs`) is used only where it is whole and of the same file. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { temporaryFolder } from "../helpers/platform";
import { runCommand } from "../helpers/project";

const PRELOAD = resolve("scripts", "cli-compiled.cjs");
const sourceThatSays = (word: string) =>
  `require("./other.js"); console.log("${word}", process.argv.slice(2), typeof module, __filename === require.main.filename);
   process.exit(3);`;

let folder: string;
let cli: string;
let kept: string;
beforeEach(() => {
  folder = temporaryFolder();
  cli = join(folder, "node_modules", "@cloudbase", "cli", "dist", "standalone", "cli.js");
  kept = join(folder, "node_modules", ".cache", "startflow", "cloudbase-cli.bin");
  mkdirSync(dirname(cli), { recursive: true });
  writeFileSync(join(dirname(cli), "other.js"), "");
  writeFileSync(cli, sourceThatSays("first"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function expectSaid(word: string): Promise<void> {
  const ran = await runCommand("--require", [PRELOAD, cli, "a", "--b"], { cwd: folder });
  expect(ran).toEqual({ exitCode: 3, stdout: `${word} [ 'a', '--b' ] object true\n`, stderr: "" });
}

it("is written by the first start, and taken as it is by the next", async () => {
  await expectSaid("first");
  const { ino, mtimeMs } = statSync(kept);
  await expectSaid("first");
  expect(statSync(kept)).toMatchObject({ ino, mtimeMs });
});

it("is not taken for another file of the same length, and is replaced", async () => {
  await expectSaid("first");
  const before = readFileSync(kept);
  writeFileSync(cli, sourceThatSays("third"));
  await expectSaid("third");
  expect(readFileSync(kept).equals(before)).toBe(false);
});

it.each([
  ["cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
  ["empty", () => Buffer.alloc(0)],
  [
    "changed in one place",
    (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => (at === bytes.length - 9 ? byte ^ 1 : byte))),
  ],
])("is replaced where it is %s", async (_, broken) => {
  await expectSaid("first");
  const bytes = broken(readFileSync(kept));
  writeFileSync(kept, bytes);
  await expectSaid("first");
  expect(readFileSync(kept).equals(bytes)).toBe(false);
  await expectSaid("first");
});

it("is left out where nothing can be written", async () => {
  writeFileSync(join(folder, "node_modules", ".cache"), "");
  await expectSaid("first");
  expect(existsSync(kept)).toBe(false);
});
