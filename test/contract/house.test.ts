/** The rules of the house: which way imports run, what a file begins with, how long it may be. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { circlesIn } from "./house/circles";

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

const PACKAGES: Record<string, RegExp> = {
  functions: /^zod$/,
  shared:
    /^(zod|zod\/v4\/core|node:crypto|node:dns|node:https?|node:net|node:stream|node:zlib|node-fetch|@cloudbase\/node-sdk)$/,
};

/** Of deployed code, from the top down: each room imports of itself and of those below it. */
const LAYERS = [
  "functions",
  "shared/sync-api",
  "shared/method",
  "shared/proxy",
  "shared/once",
  "shared/engines",
  "shared/feishu",
  "shared/form",
  "shared/platform",
  "shared/http",
  "shared/base",
];
const ENGINES = "shared/engines/";

/** Arrows against the rule that are still there: the list may only get shorter. */
const BREACHES: readonly string[] = [
  "bench/rows/sdk-cold-start.ts -> local/functions/environment.ts",
  "bench/rows/sdk-cold-start.ts -> scripts/build-functions.ts",
  "bench/rows/sync-api-first-rest.ts -> local/console/wire.ts",
  "bench/sync-api/engine-alone.ts -> local/clock.ts",
  "bench/sync-api/engine-alone.ts -> local/engine/bpmn-workflow-engine.ts",
  "bench/sync-api/engine-alone.ts -> local/engine/flows.ts",
  "bench/sync-api/handler.ts -> functions/sync-api/routes.ts",
  "scripts/check-tracked.ts -> local/functions/environment.ts",
  "scripts/check-variables.ts -> local/functions/environment.ts",
  "scripts/import-flow-corehr.ts -> local/functions/environment.ts",
  "scripts/paste-print.ts -> local/console/page/paste-parts.ts",
  "scripts/paste-print.ts -> local/console/page/paste-schema.ts",
  "scripts/paste.ts -> local/console/page/paste-answer.ts",
  "scripts/paste.ts -> local/console/page/paste-parts.ts",
  "scripts/paste.ts -> local/console/page/paste-schema.ts",
  "scripts/submissions-database.ts -> local/functions/environment.ts",
];

/** The file of this project that an import means. */
function fileOf(path: string): string | undefined {
  return [path, `${path}.ts`, `${path}.tsx`, join(path, "index.ts")].find((name) => files.includes(name));
}

const imports = new Map(
  code.map((file) => [file, importsOf(file).flatMap((path) => fileOf(path) ?? [])] as [string, string[]]),
);

/** An engine is a folder; beside them lies what all of them have in common. */
const engineOf = (file: string) =>
  file.startsWith(ENGINES) ? file.slice(ENGINES.length).split("/").at(-2) : undefined;

/** Commands that start another room. */
const STARTS: Readonly<Record<string, string>> = { "scripts/start.ts": "local/", "scripts/bench.ts": "bench/" };

function isAllowed(from: string, to: string): boolean {
  const started = STARTS[from];
  if (started !== undefined && to.startsWith(started)) return true;
  const [room, other] = [from, to].map((file) => LAYERS.findIndex((layer) => file.startsWith(`${layer}/`))) as [
    number,
    number,
  ];
  // local, scripts and bench: each takes of shared, and none of another one.
  if (room < 0) return to.startsWith("shared/") || from.split("/")[0] === to.split("/")[0];
  if (other < room) return false;
  const [engine, neighbour] = [engineOf(from), engineOf(to)];
  return engine === undefined || neighbour === undefined || engine === neighbour;
}

describe("imports", () => {
  it("run down the layers, and never from one engine to another", () => {
    const wrong = [...imports].flatMap(([from, paths]) =>
      paths.filter((to) => !isAllowed(from, to)).map((to) => `${from} -> ${to}`),
    );
    expect([...new Set(wrong)].sort()).toEqual(BREACHES);
  });

  it("go round in no circle", () => {
    expect(circlesIn(imports)).toEqual([]);
  });

  it.each(Object.entries(PACKAGES))(
    "of packages in %s/ are those that a deployed function may have",
    (room, packages) => {
      const wrong = code
        .filter((file) => file.startsWith(`${room}/`))
        .flatMap((file) => importsOf(file).map((path) => ({ file, path })))
        .filter(({ path }) => !ROOMS.some((name) => path.startsWith(`${name}/`)) && !packages.test(path));
      expect(wrong).toEqual([]);
    },
  );

  it("take the whole of zod by its namespace: the named import makes a bundle five times larger", () => {
    expect(code.filter((file) => /import\s*\{[^}]*\}\s*from "zod"/.test(readFileSync(file, "utf8")))).toEqual([]);
  });
});

describe("shared/", () => {
  it("holds folders alone, and each of them is a layer", () => {
    expect(
      readdirSync("shared")
        .map((name) => `shared/${name}`)
        .sort(),
    ).toEqual(LAYERS.slice(1).sort());
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
