/** Builds each function for its two routes: a file to deploy, and a file to paste into the console. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { SETTING_NAMES } from "../shared/config";
import { leanZod } from "./lean-zod";
import { paths } from "./project";

const common: BuildOptions = {
  bundle: true,
  minify: true,
  platform: "node",
  format: "cjs",
  legalComments: "none",
  logLevel: "warning",
};

const SDK = "@cloudbase/node-sdk";
/** The SDK stands beside index.js and is read when it is first needed: code that never runs still costs when it is read. */
const SDK_FILE = "cloudbase.js";

const sdkBeside: Plugin = {
  name: "sdk-beside",
  setup({ onResolve }) {
    onResolve({ filter: /^@cloudbase\/node-sdk$/ }, () => ({ path: `./${SDK_FILE}`, external: true }));
  },
};

/** `dist/functions/<name>/index.js` and `cloudbase.js`: what the CLI deploys. */
export async function buildFunctions(names: string[]): Promise<void> {
  rmSync(paths.distFunctions, { recursive: true, force: true });
  const [sdk] = await Promise.all([buildSdk(), ...names.map(buildFunction)]);
  for (const name of names) copyFileSync(sdk, join(paths.distFunctions, name, SDK_FILE));
}

function buildFunction(name: string) {
  return build({
    ...common,
    entryPoints: [join(paths.functions, name, "index.ts")],
    outfile: join(paths.distFunctions, name, "index.js"),
    target: "node18",
    plugins: [leanZod, sdkBeside],
  });
}

/** One file for all functions, kept between builds under the SDK's version. */
async function buildSdk(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join("node_modules", SDK, "package.json"), "utf8")) as {
    version: string;
  };
  const outfile = join(paths.dist, "cache", `node-sdk-${version}.js`);
  if (!existsSync(outfile)) await build({ ...common, entryPoints: [SDK], outfile, target: "node18" });
  return outfile;
}

/**
 * `dist/paste/<name>.js`: one file for the console. Which Node runs it there is not published (10.15 is named once), so
 * the syntax is ES2018; only three packages can be required. https://cloud.tencent.com/document/product/1301/68440
 */
export async function buildPaste(names: string[]): Promise<void> {
  rmSync(paths.distPaste, { recursive: true, force: true });
  mkdirSync(paths.distPaste, { recursive: true });
  await Promise.all(
    names.map((name) =>
      build({
        ...common,
        entryPoints: [join(paths.functions, name, "index.ts")],
        outfile: join(paths.distPaste, `${name}.js`),
        target: ["es2018", "node10.15"],
        external: ["node-fetch", "request", SDK],
        define: settingsAsLiterals(),
        plugins: [leanZod],
        // zod asks for it; Node 10 does not have it.
        banner: { js: 'var globalThis=typeof globalThis==="undefined"?global:globalThis;' },
      }),
    ),
  );
}

/** Custom code has no environment variables of ours: what is configured when it is built is put in. */
function settingsAsLiterals(): Record<string, string> {
  const literals: Record<string, string> = {};
  for (const name of SETTING_NAMES) literals[`process.env.${name}`] = JSON.stringify(process.env[name] ?? "");
  return literals;
}
