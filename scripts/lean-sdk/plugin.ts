/** Leaves out of node-sdk the packages that no function of this bundle reaches: most of its size and of its load time. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Plugin } from "esbuild";

const FOLDER = join("scripts", "lean-sdk");

/** Package -> what of node-sdk needs it. A call that gets there throws an error with the package's name. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  "@cloudbase/ai": "app.ai()",
  "@cloudbase/app": "app.ai()",
  "web-streams-polyfill": "app.ai(); Node 18 has streams of its own",
  axios: "app.requestClient, for extensions of image processing",
  jsonwebtoken: "auth().createTicket(), the login of one's own users",
  "form-data": "callCompatibleWxOpenApi, callWxPayApi and wxCallContainerApi, which send forms",
  "http-proxy-agent": "init({proxy})",
  "https-proxy-agent": "init({proxy})",
};

/** Package -> the small module that does as much of it as is reached. */
const REPLACED: Readonly<Record<string, string>> = {
  xml2js: "storage-answer.ts",
  "@cloudbase/wx-cloud-client-sdk": "data-models.ts",
};

export const leanSdk: Plugin = {
  name: "lean-sdk",
  setup({ onResolve, onLoad }) {
    // Only where node-sdk itself asks for it: its other packages may need the same one.
    const isOfSdk = (importer: string) => /[\\/]@cloudbase[\\/]node-sdk[\\/]/.test(importer);
    onResolve({ filter: /^[@a-z]/ }, ({ path, importer }) => {
      if (!isOfSdk(importer)) return undefined;
      const replacement = REPLACED[path];
      if (replacement !== undefined) return { path: resolve(FOLDER, replacement) };
      return Object.hasOwn(LEFT_OUT, path) ? { path, namespace: "left-out" } : undefined;
    });
    // It is read from a package.json two folders up, which is another one or none beside a bundle; the cloud is told it.
    onLoad({ filter: /[\\/]node-sdk[\\/]dist[\\/]utils[\\/]version\.js$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(join(path, "..", "..", "..", "package.json"), "utf8"));
      return { contents: `exports.version = ${JSON.stringify(version)};`, loader: "js" };
    });
    onLoad({ filter: /.*/, namespace: "left-out" }, ({ path }) => ({
      contents: `module.exports = require("./left-out").leftOut(${JSON.stringify(path)});`,
      resolveDir: resolve(FOLDER),
      loader: "js",
    }));
  },
};

/** Of everything that decides what the lean file holds. */
export function leanSdkSource(): string {
  return readdirSync(FOLDER)
    .sort()
    .map((name) => readFileSync(join(FOLDER, name), "utf8"))
    .join("\n");
}
