/** A call of a configured interface beside bare node-fetch: the same loopback server, the same connections, 32 in flight. */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import type { Comparison } from "../compare";

const PORT = 4_392;
const OUT = resolve("dist", "bench", "interfaces");

/** One call of each variant, by its name. */
const CLIENT = `
import fetch from "node-fetch";
import { Agent } from "node:http";
import * as z from "zod";
import { createProxy } from "${resolve("shared/proxy/client.ts")}";

const URL = "http://127.0.0.1:${PORT}";
const agent = new Agent({ keepAlive: true });
const $proxy = createProxy([{
  platform_key: "crm",
  title: { zh: "客户", en: "CRM" },
  auth: { kind: "bearer", token: "token" },
  success: { code: "code", is: [200], message: "message" },
  instances: [{ instance_key: "bench", isDefault: true, baseUrl: URL, allowPrivate: true, secrets: { token: "BENCH_TOKEN" } }],
  interfaces: {
    get_customer_detail: {
      method: "GET",
      path: "/customers/{id}",
      args: [
        { name: "id", in: "path", schema: z.string() },
        { name: "fields", in: "query", schema: z.string().optional() },
      ],
    },
  },
}]);
const headers = { authorization: "Bearer bench-token", accept: "application/json" };
export const calls = {
  "bare node-fetch": async (id) => {
    const response = await fetch(URL + "/customers/" + encodeURIComponent(id) + "?fields=name", { headers, agent });
    if (!response.ok) throw new Error("HTTP " + response.status);
    const body = await response.json();
    if (body.code !== 200) throw new Error(body.message);
    return body;
  },
  "direct call": (id) => $proxy("crm").getCustomerDetail(id, "name"),
  "chained call": (id) => $proxy("crm").$api("get_customer_detail").$path({ id }).$query({ fields: "name" }).$call(),
};
`;

/** Prints nanoseconds a call; what the calls log goes where the caller says. */
const THROUGHPUT = `
const call = calls[process.argv[2]];
async function run(count) {
  let left = count;
  const one = async () => { while (left-- > 0) await call("c-" + left); };
  await Promise.all(Array.from({ length: 32 }, one));
}
await run(3_000);
const started = process.hrtime.bigint();
await run(6_000);
process.stderr.write(String(Number(process.hrtime.bigint() - started) / 6_000));
process.exit(0);
`;

/** Prints the heap's growth in bytes from one half of the calls to the end, after a full collection each time. */
const GROWTH = `
import { calls } from "./calls.mjs";
const count = Number(process.argv[2]);
async function run(count) {
  let left = count;
  const one = async () => { while (left-- > 0) await calls["direct call"]("c-" + left); };
  await Promise.all(Array.from({ length: 32 }, one));
}
const heap = () => { gc(); gc(); return process.memoryUsage().heapUsed; };
await run(count / 10);
const before = heap();
await run(count);
process.stderr.write(String(heap() - before));
process.exit(0);
`;

const SERVER = `
const body = JSON.stringify({ code: 200, message: "ok", data: { name: "Wang Wu", phone: "010-1" } });
const server = require("node:http").createServer((request, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(body);
});
server.keepAliveTimeout = 30_000;
server.listen(${PORT}, "127.0.0.1");
`;

export async function comparison(): Promise<Comparison> {
  await prepare();
  console.log(`\nheap growth over 100,000 direct calls: ${(growth(100_000) / 1_024).toFixed(0)} KB`);
  const names = ["bare node-fetch", "direct call", "chained call"];
  const measured = (name: string) => () => Number(printed([join(OUT, "throughput.mjs"), name]));
  return {
    name: "interface call: 32 in flight over loopback, a log line each",
    unit: "ns",
    peer: "bare node-fetch",
    variants: Object.fromEntries(names.map((name) => [name, measured(name)])),
    rounds: 11,
  };
}

async function prepare(): Promise<void> {
  mkdirSync(OUT, { recursive: true });
  await build({
    stdin: { contents: CLIENT, resolveDir: resolve("."), loader: "ts" },
    outfile: join(OUT, "calls.mjs"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
  });
  writeFileSync(join(OUT, "throughput.mjs"), THROUGHPUT);
  writeFileSync(join(OUT, "growth.mjs"), GROWTH);
  // In a process of its own, so that it takes no time from whoever is measured; it ends with this one.
  const server = spawn(process.execPath, ["-e", SERVER], { stdio: "ignore" });
  process.on("exit", () => server.kill("SIGKILL"));
  server.unref();
  const isOpen = () => fetch(`http://127.0.0.1:${PORT}`).then(Boolean, () => false);
  while (!(await isOpen())) await new Promise((next) => setTimeout(next, 50));
}

function growth(calls: number): number {
  return Number(printed(["--expose-gc", join(OUT, "growth.mjs"), String(calls)]));
}

/** What the script prints to stderr; its log lines are written, and read by nobody. */
function printed(args: readonly string[]): string {
  const env = { ...process.env, BENCH_TOKEN: "bench-token" };
  const script = ["exec", '"$0"', '"$@"', "2>&1", ">/dev/null"].join(" ");
  return execFileSync("sh", ["-c", script, process.execPath, ...args], { encoding: "utf8", env });
}
