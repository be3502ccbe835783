/** Leaves out of node-sdk what no function of this bundle reaches: most of its size and of its load time. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Plugin } from "esbuild";

const FOLDER = join("scripts", "lean-sdk");
const SDK = "@cloudbase/node-sdk";

interface Left {
  /** Only where this package asks for it: another one may need the same. */
  of: string;
  path: string;
  /** The calls that get there; they throw an error with its name. */
  neededBy: string;
}

export const LEFT_OUT: readonly Left[] = [
  { of: SDK, path: "@cloudbase/ai", neededBy: "app.ai()" },
  { of: SDK, path: "@cloudbase/app", neededBy: "app.ai()" },
  { of: SDK, path: "web-streams-polyfill", neededBy: "app.ai()" },
  { of: SDK, path: "axios", neededBy: "app.requestClient, for extensions" },
  { of: SDK, path: "jsonwebtoken", neededBy: "auth().createTicket(), the login of one's own users" },
  { of: SDK, path: "form-data", neededBy: "callCompatibleWxOpenApi, callWxPayApi, wxCallContainerApi" },
  { of: SDK, path: "http-proxy-agent", neededBy: "init({proxy})" },
  { of: SDK, path: "https-proxy-agent", neededBy: "init({proxy})" },
  // node-sdk gives it no WebSocket, so it would fail there too.
  { of: "@cloudbase/database", path: "./realtime/websocket-client", neededBy: "watch()" },
  // The wire is extended JSON.
  { of: "bson", path: "./parser/serializer", neededBy: "the binary form of documents" },
  { of: "bson", path: "./parser/deserializer", neededBy: "the binary form of documents" },
  { of: "bson", path: "./parser/calculate_size", neededBy: "the binary form of documents" },
];

/** Package -> the small module that does as much of it as is reached. */
const REPLACED: Readonly<Record<string, string>> = {
  xml2js: "storage-answer.ts",
  "@cloudbase/wx-cloud-client-sdk": "data-models.ts",
};

const packageOf = (file: string) => /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1] ?? "";

export const leanSdk: Plugin = {
  name: "lean-sdk",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[@a-z.]/ }, ({ path, importer }) => {
      const of = packageOf(importer).replace("\\", "/");
      const replacement = of === SDK ? REPLACED[path] : undefined;
      if (replacement !== undefined) return { path: resolve(FOLDER, replacement) };
      if (!LEFT_OUT.some((row) => row.of === of && row.path === path)) return undefined;
      return { path: path.startsWith(".") ? `${of}/${path.slice(2)}` : path, namespace: "left-out" };
    });
    onLoad({ filter: /.*/, namespace: "left-out" }, ({ path }) => ({
      contents: `module.exports = require("./left-out").leftOut(${JSON.stringify(path)});`,
      resolveDir: resolve(FOLDER),
      loader: "js",
    }));
    // It is read from a package.json two folders up, which is another one or none beside a bundle; the cloud is told it.
    onLoad({ filter: /[\\/]node-sdk[\\/]dist[\\/]utils[\\/]version\.js$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(join(path, "..", "..", "..", "package.json"), "utf8"));
      return { contents: `exports.version = ${JSON.stringify(version)};`, loader: "js" };
    });
    onLoad({ filter: /[\\/]signature-nodejs[\\/]lib[\\/]keyvalue\.js$/ }, ({ path }) => ({
      contents: sortedWithoutCollator(readFileSync(path, "utf8")),
      resolveDir: resolve(FOLDER),
      loader: "js",
    }));
  },
};

const COLLATED = "l.toString().localeCompare(r)";

/** The names that are signed are sorted by `localeCompare`, whose tables take 7 ms to load, more than all the rest of a signature. */
function sortedWithoutCollator(source: string): string {
  if (!source.includes(COLLATED)) throw new Error("build: @cloudbase/signature-nodejs sorts names in another way now");
  return source
    .replace(COLLATED, `require("./compare-names").compareNames(l, r)`)
    .replace("./utils.lang", resolve("node_modules/@cloudbase/signature-nodejs/lib/utils.lang.js"));
}

/** Of everything that decides what the lean file holds. */
export function leanSdkSource(): string {
  return readdirSync(FOLDER)
    .sort()
    .map((name) => readFileSync(join(FOLDER, name), "utf8"))
    .join("\n");
}
