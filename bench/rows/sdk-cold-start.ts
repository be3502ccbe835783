/** Each deployed function from process start to its first result, less an empty handler's: with the lean SDK and with all of it. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { functionEnvironment, readFunctionConfigs } from "../../local/functions/environment";
import { buildStockSdk } from "../../scripts/build-functions";
import type { Comparison } from "../compare";
import { deployedCalls } from "../deployed-calls";
import { openPlatform } from "../sync-api/platform";

const OUT = resolve("dist", "bench", "sdk");
/** The bundle's own limiter lets 20 starts of Feishu CoreHR pass in a minute. */
const ROUNDS = 9;
const SCRIPT = `
const [, , file, text, expected] = process.argv;
const write = process.stdout.write.bind(process.stdout);
console.log = console.info = () => {};
const scf = { time_limit_in_ms: 20000, memory_limit_in_mb: 256, request_id: "bench" };
require(file).main(JSON.parse(text), scf).then((answer) => {
  // Counted from the start of the process.
  const takenMs = performance.now();
  if (!JSON.stringify(answer).includes(expected)) throw new Error(file + ": " + JSON.stringify(answer));
  write(String(takenMs));
  process.exit(0);
});
`;

export async function comparison(): Promise<Comparison[]> {
  const stock = join(OUT, "stock");
  mkdirSync(stock, { recursive: true });
  const [script, empty] = [join(OUT, "cold.cjs"), join(OUT, "empty.cjs")];
  writeFileSync(script, SCRIPT);
  writeFileSync(empty, "exports.main = async () => ({});");
  await buildStockSdk(join(OUT, "cloudbase.js"));
  const url = await openPlatform(4_399, { isStubbed: false });
  await withoutLimits(url);
  const configs = readFunctionConfigs("cloudbaserc.json");
  return deployedCalls().map(({ name, event, expected }) => {
    cpSync(join("dist", "functions", name), join(stock, name), { recursive: true });
    cpSync(join(OUT, "cloudbase.js"), join(stock, name, "cloudbase.js"));
    const config = configs.get(name);
    if (config === undefined) throw new Error(`cloudbaserc.json has no ${name}`);
    const env = { ...functionEnvironment(config, `${url}/admin`), PATH: process.env.PATH, IS_PREVIEW: "true" };
    const taken = (file: string, text: string) =>
      Number(
        execFileSync(process.execPath, [script, file, text, text === "{}" ? "" : expected], { encoding: "utf8", env }),
      );
    const measured = (folder: string) => () => taken(folder, JSON.stringify(event())) - taken(empty, "{}");
    const variants = {
      "the published SDK": measured(join(stock, name)),
      "the lean SDK": measured(resolve("dist", "functions", name)),
    };
    return { name: `${name}: start to first result`, unit: "ms", peer: "the published SDK", variants, rounds: ROUNDS };
  });
}

/** Feishu's own limits would be measured instead. */
async function withoutLimits(url: string): Promise<void> {
  const body = JSON.stringify({ limits: false });
  await fetch(`${url}/_local/feishu`, { method: "PUT", headers: { "content-type": "application/json" }, body });
}
