/** The sync API's function alone, event in and response out, with a workflow and a store that cost nothing: ns a request. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import type { Comparison } from "../compare";
import { BUNDLED, STORE } from "../handlers";

const OUT = resolve("dist", "bench", "sync-api");
const BATCH = 20_000;
const TOKEN = "0123456789abcdef0123456789abcdef";

/** What a request costs where nothing is looked at, and the output is answered. */
const JSON_ALONE = `
module.exports.main = async (event) => {
  const { name } = JSON.parse(event.body);
  const body = JSON.stringify({ response: { data: { name }, code: 0, msg: "", uid: "1" } });
  return { statusCode: 200, headers: { "content-type": "application/json" }, body, isBase64Encoded: false };
};`;

const SCRIPT = `
const write = process.stdout.write.bind(process.stdout);
console.log = () => {};
process.env.STARTFLOW_SYNC_TOKEN = "${TOKEN}";
const { main } = require(process.argv[2]);
const store = ${STORE};
store.command = new Proxy({}, { get: () => (value) => value });
const context = {
  database: store,
  app: { callFunction: async () => ({ result: { name: "hello world" }, requestId: "x" }) },
  auth: { getUserInfo: () => ({}) },
};
const event = {
  path: "/v1/api/demo/flows/hello",
  httpMethod: "POST",
  headers: { host: "env.service.tcloudbase.com", token: "${TOKEN}", "content-type": "application/json" },
  queryStringParameters: {},
  requestContext: { requestId: "cdbb96328072184d19d3fcd243e8cc4d", envId: "env", appId: 1, uin: 1 },
  body: '{"name":"botman.cc"}',
  isBase64Encoded: false,
};
(async () => {
  const first = await main(event, context);
  if (first.statusCode !== 200) throw new Error(first.body);
  for (let at = 0; at < ${BATCH}; at += 1) await main(event, context);
  const started = process.hrtime.bigint();
  for (let at = 0; at < ${BATCH}; at += 1) await main(event, context);
  write(String(Number(process.hrtime.bigint() - started) / ${BATCH}));
})();`;

export async function comparison(): Promise<Comparison> {
  await build({
    entryPoints: [join("bench", "sync-api", "handler.ts")],
    outdir: OUT,
    ...BUNDLED,
    external: ["@cloudbase/node-sdk", "node-fetch", "./input-schemas.json"],
  });
  const [script, alone] = [join(OUT, "throughput.cjs"), join(OUT, "json-alone.cjs")];
  writeFileSync(script, SCRIPT);
  writeFileSync(alone, JSON_ALONE);
  const measured = (file: string) => () => Number(execFileSync(process.execPath, [script, file], { encoding: "utf8" }));
  return {
    name: "sync API, the function alone",
    unit: "ns",
    peer: "JSON alone",
    variants: { "JSON alone": measured(alone), "sync-api": measured(join(OUT, "handler.js")) },
    rounds: 9,
  };
}
