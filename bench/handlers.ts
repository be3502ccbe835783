/** What is compared: the built function and its peers, bundled with the same settings. */
import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type BuildOptions, build } from "esbuild";
import type { Comparison } from "./compare";

const PEERS = join("bench", "peers");
const OUT = join("dist", "bench");
/** How everything that is compared is bundled. */
export const BUNDLED = {
  bundle: true,
  minify: true,
  platform: "node",
  target: "node18",
  format: "cjs",
  legalComments: "none",
} as const satisfies BuildOptions;

/** Label -> file of CommonJS. */
async function handlers(): Promise<Record<string, string>> {
  const names = readdirSync(PEERS).map((file) => basename(file, ".ts"));
  await build({
    entryPoints: names.map((name) => join(PEERS, `${name}.ts`)),
    outdir: OUT,
    ...BUNDLED,
  });
  const files: Record<string, string> = {};
  for (const name of names) files[name] = resolve(OUT, `${name}.js`);
  files["start-leave"] = resolve("dist", "functions", "start-leave", "index.js");
  return files;
}

/** Source of a store whose answers cost nothing. */
export const STORE = `(() => {
  const records = {
    doc: () => ({ get: async () => ({ data: [] }) }),
    add: async () => ({ id: "x" }),
    where: () => ({ update: async () => ({ updated: 1 }), limit: () => ({ get: async () => ({ data: [] }) }) }),
  };
  return { collection: () => records, serverDate: () => 0, command: { in: (values) => values, lte: (value) => value, set: (value) => value } };
})()`;

/** Source of the params and the context that every handler gets; the answers of engine and store cost nothing. */
export const CALL = `
const params = { reason: "探亲", days: 3, startsOn: "2026-12-01" };
const context = {
  callWorkflow: async () => ({ InstanceId: "1542109022301507586" }),
  auth: { getUserInfo: () => ({ uid: "user-1" }) },
  database: ${STORE},
};
console.log = () => {};
`;

/** Each handler measured by a script of its own process, which prints one number. */
export async function measuredBy(scriptName: string, source: string): Promise<Comparison["variants"]> {
  const files = await handlers();
  const script = join(OUT, scriptName);
  writeFileSync(script, source);
  const variants: Comparison["variants"] = {};
  for (const [label, file] of Object.entries(files)) {
    variants[label] = () => Number(execFileSync(process.execPath, [script, file], { encoding: "utf8" }));
  }
  return variants;
}
