/** Is what npm has installed what package-lock.json says? The two lockfiles, in every way in which they can differ. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { differenceOf } from "../../scripts/run/lockfiles.mjs";

const LINUX = { platform: "linux", arch: "x64" };
const a = { version: "1.0.0", integrity: "sha512-a" };
const lock = {
  "": { dependencies: { a: "1.0.0" } },
  "node_modules/a": a,
  "node_modules/a-linux": { version: "1.0.0", optional: true, os: ["linux"], cpu: ["x64", "arm64"] },
  "node_modules/a-darwin": { version: "1.0.0", optional: true, os: ["darwin"], cpu: ["arm64"] },
  "node_modules/of-another": { version: "1.0.0", optional: true },
};
const here = { "node_modules/a": a, "node_modules/a-linux": lock["node_modules/a-linux"] };
const difference = (installed: Record<string, object>, machine = LINUX) => differenceOf(lock, installed, machine);

it.each([
  ["without what is optional and of other machines", here],
  ["without anything optional: npm goes on where it cannot be installed", { "node_modules/a": a }],
  ["with one more, that somebody tries", { ...here, "node_modules/b": a, "node_modules/b/node_modules/c": a }],
  ["with somebody's own folder", { ...here, "node_modules/a": { resolved: "../a", link: true } }],
  ["by a registry that names no integrity", { ...here, "node_modules/a": { version: "1.0.0" } }],
])("is right %s", (_, installed) => {
  expect(difference(installed)).toBeUndefined();
});

it.each([
  ["a package is missing", {}, "node_modules/a 1.0.0 is missing"],
  [
    "it is of another version",
    { ...here, "node_modules/a": { version: "0.9.0" } },
    "node_modules/a is 0.9.0, not 1.0.0",
  ],
  [
    "it has other contents",
    { ...here, "node_modules/a": { ...a, integrity: "sha512-b" } },
    "node_modules/a 1.0.0 has other contents",
  ],
  [
    "an older lock has left one inside another",
    { ...here, "node_modules/a/node_modules/b": a },
    "node_modules/a/node_modules/b is left over",
  ],
])("is wrong where %s", (_, installed, words) => {
  expect(difference(installed)).toBe(words);
});

it("is wrong where the folder came from another kind of machine", () => {
  expect(difference(here, { platform: "darwin", arch: "arm64" })).toContain("than this one (darwin arm64)");
  const both = { ...here, "node_modules/a-darwin": lock["node_modules/a-darwin"] };
  expect(difference(both, { platform: "darwin", arch: "arm64" })).toBeUndefined();
  const notWindows = { ...here, "node_modules/a-linux": { ...lock["node_modules/a-linux"], os: ["!win32"] } };
  expect(difference(notWindows)).toBeUndefined();
  expect(difference(notWindows, { platform: "win32", arch: "x64" })).toContain("(win32 x64)");
});

it("is right for what is installed here", () => {
  const packagesIn = (file: string) => JSON.parse(readFileSync(file, "utf8")).packages as Record<string, object>;
  const installed = packagesIn(join("node_modules", ".package-lock.json"));
  expect(differenceOf(packagesIn("package-lock.json"), installed, process)).toBeUndefined();
});
