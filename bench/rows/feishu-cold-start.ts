/** Cold start of a Feishu method: load, fetch the token, execute the flow on the local platform; beside the official SDK. */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Comparison } from "../compare";
import { BUNDLED, STORE } from "../handlers";

const PORT = 4_391;
const DOMAIN = `http://127.0.0.1:${PORT}`;
const OUT = resolve("dist", "bench", "feishu");
/** Each execution has a submission id of its own: the store costs nothing, and forgets. */
const SCRIPT = `
const write = process.stdout.write.bind(process.stdout);
const params = { record: "5454545" };
const context = { auth: { getUserInfo: () => ({ uid: "user-1" }) }, database: ${STORE} };
console.log = console.info = () => {};
const isOurs = process.argv[2].includes("start-apaas-flow");
if (isOurs) params.submissionId = require("node:crypto").randomUUID();
const startedMs = performance.now();
const handler = require(process.argv[2]);
handler(params, context).then((answer) => {
  const isDone = isOurs ? answer.outcome === "started" : answer.code === 0;
  if (!isDone) throw new Error(JSON.stringify(answer));
  write(String(performance.now() - startedMs));
  process.exit(0);
});
`;

export async function comparison(): Promise<Comparison> {
  await build({
    entryPoints: ["official-sdk", "bare-http"].map((name) => join("bench", "feishu", `${name}.ts`)),
    outdir: OUT,
    ...BUNDLED,
    logLevel: "error",
  });
  const script = join(OUT, "cold.cjs");
  writeFileSync(script, SCRIPT);
  await openPlatform();
  const env = { ...process.env, ...VARIABLES };
  const measured = (file: string) => () =>
    Number(execFileSync(process.execPath, [script, file], { encoding: "utf8", env }));
  return {
    name: "Feishu, cold start: load + token + first execution",
    unit: "ms",
    peer: "official SDK",
    variants: {
      "bare node:http": measured(join(OUT, "bare-http.js")),
      "start-apaas-flow": measured(resolve("dist", "functions", "start-apaas-flow", "index.js")),
      "official SDK": measured(join(OUT, "official-sdk.js")),
    },
    rounds: 15,
  };
}

const VARIABLES = {
  STARTFLOW_FEISHU_DOMAIN: DOMAIN,
  STARTFLOW_FEISHU_APP_ID: "cli_startflow",
  STARTFLOW_FEISHU_APP_SECRET: "startflow-secret",
  STARTFLOW_APAAS_OPERATOR_ID: "1111",
  STARTFLOW_APAAS_OPERATOR_EMAIL: "apaas@bytedance.com",
  NO_PROXY: "127.0.0.1",
};

/** In a process of its own, so that it takes no time from whoever is measured; it ends with this one. */
async function openPlatform(): Promise<void> {
  const main = pathToFileURL(resolve("dist", "local", "main.mjs")).href;
  const data = mkdtempSync(join(tmpdir(), "startflow-bench-"));
  const args = JSON.stringify(["--port", String(PORT), "--data", data]);
  const child = spawn(process.execPath, ["-e", `import(${JSON.stringify(main)}).then(({ main }) => main(${args}))`], {
    stdio: "ignore",
  });
  process.on("exit", () => child.kill("SIGKILL"));
  child.unref();
  const body = JSON.stringify({ limits: false });
  const turnOff = () =>
    fetch(`${DOMAIN}/_local/feishu`, { method: "PUT", headers: { "content-type": "application/json" }, body });
  for (let isOpen = false; !isOpen; await new Promise((next) => setTimeout(next, 50))) {
    isOpen = await turnOff().then(
      ({ ok }) => ok,
      () => false,
    );
  }
}
