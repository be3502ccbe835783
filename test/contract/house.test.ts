/** The rules of the house: which way imports run, what a file begins with, how long it may be. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const ROOMS = ["functions", "shared", "local", "scripts", "bench"];

function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesOf(path);
    return /\.(ts|tsx|mjs|css)$/.test(entry.name) ? [path] : [];
  });
}

function importsOf(file: string): string[] {
  const source = readFileSync(file, "utf8");
  const found = [...source.matchAll(/(?:from|import|require)\s*\(?\s*"([^"]+)"/g)].map(([, path]) => path as string);
  return found.map((path) => (path.startsWith(".") ? relative(".", join(dirname(file), path)) : path));
}

const files = ROOMS.flatMap(sourcesOf);
const code = files.filter((file) => !file.endsWith(".css"));

/** What each room may import of the others; packages beside. */
const ALLOWED: Record<string, { rooms: string[]; packages: RegExp }> = {
  functions: { rooms: ["functions", "shared"], packages: /^zod$/ },
  shared: {
    rooms: ["shared"],
    packages:
      /^(zod|zod\/v4\/core|node:crypto|node:dns|node:https?|node:net|node:stream|node:zlib|node-fetch|@cloudbase\/node-sdk)$/,
  },
  local: { rooms: ["local", "shared"], packages: /./ },
};

describe("imports", () => {
  it.each(Object.keys(ALLOWED))("of %s/ run one way", (room) => {
    const { rooms, packages } = ALLOWED[room] as { rooms: string[]; packages: RegExp };
    const wrong = code
      .filter((file) => file.startsWith(`${room}/`))
      .flatMap((file) => importsOf(file).map((path) => ({ file, path })))
      .filter(({ path }) => {
        const to = ROOMS.find((name) => path.startsWith(`${name}/`));
        return to === undefined ? !packages.test(path) : !rooms.includes(to);
      });
    expect(wrong).toEqual([]);
  });

  it("take the whole of zod by its namespace: the named import makes a bundle five times larger", () => {
    expect(code.filter((file) => /import\s*\{[^}]*\}\s*from "zod"/.test(readFileSync(file, "utf8")))).toEqual([]);
  });
});

describe("a source file", () => {
  it.each(files)("%s says in its first lines what it is for", (file) => {
    expect(readFileSync(file, "utf8")).toMatch(/^(\/\*\*|\/\*)/);
  });

  it("is short enough to be read at once, but for the tables of texts", () => {
    const long = code
      .map((file) => ({ file, lines: readFileSync(file, "utf8").split("\n").length }))
      .filter(({ file, lines }) => lines > 230 && !/texts\.ts$/.test(file));
    expect(long).toEqual([]);
  });
});
