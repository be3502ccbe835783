/** CoreHR's flow_data at its published limits: map and JSON.stringify, beside JSON.stringify alone of the same body. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import type { Comparison } from "./compare";
import { BUNDLED } from "./handlers";

const OUT = join("dist", "bench");

/** A process of its own for every measurement: the heap of one body does not slow down the next. */
const SCRIPT = `
const { toFlowData } = require("./flow-data.cjs");
const [body, work] = process.argv.slice(2);
const labels = { at: () => undefined, has: () => false, keys: undefined };
const kinds = ["text", "number", "date", "dateTime", "employee", "enum"];
const values = (n) => ["差旅费 " + n, n + 0.5, "2024-04-25", 1714013877512 + n, "ou_c57053dad6eea0aea4696c48433d" + n, "home_address"];
const parsed = (value) => JSON.parse(JSON.stringify(value));
const map = (fields) => toFlowData(fields, labels, new Map());
const bodies = {
  fields: () => Array.from({ length: 100_000 }, (_, n) => ({ name: "f" + n, value: parsed(values(n)[n % 6]), entry: { variable: "custom" + n, kind: kinds[n % 6] } })),
  table: () => {
    const fields = Object.fromEntries(kinds.map((kind) => [kind, { variable: kind + "_v2", kind }]));
    const rows = Array.from({ length: 10_000 }, (_, n) => Object.fromEntries(kinds.map((kind, at) => [kind, values(n)[at]])));
    return [{ name: "rows", value: parsed(rows), entry: { variable: "rows", kind: "table", fields } }];
  },
  lists: () => Array.from({ length: 10 }, (_, at) => ({ name: "list" + at, value: parsed(Array.from({ length: 10_000 }, (_, n) => "home_" + n)), entry: { variable: "list" + at, kind: "list", of: { kind: "enum" } } })),
  ready: () => [{ name: "flowData", value: parsed(map(bodies.fields())), entry: { kind: "flowData" } }],
  "ready-table": () => [{ name: "flowData", value: parsed(map(bodies.table())), entry: { kind: "flowData" } }],
};
const flowData = map(bodies[body]());
const measured = [];
for (let round = 0; round < 7; round += 1) {
  const fields = bodies[body]();
  gc();
  const startedMs = performance.now();
  JSON.stringify(work === "map" ? map(fields) : flowData);
  measured.push(performance.now() - startedMs);
}
// The first two rounds are the compiler's.
process.stdout.write(String(measured.slice(2).sort((a, b) => a - b)[2]));
`;

export async function flowDataComparison(body: string, content: string): Promise<Comparison> {
  await build({
    entryPoints: [join("shared", "engines", "corehr", "flow-data.ts")],
    outfile: join(OUT, "flow-data.cjs"),
    ...BUNDLED,
  });
  const script = resolve(OUT, "flow-data-rounds.cjs");
  writeFileSync(script, SCRIPT);
  const measure = (work: string) =>
    Number(execFileSync(process.execPath, ["--expose-gc", script, body, work], { encoding: "utf8" }));
  return {
    name: `CoreHR flow_data of ${content}`,
    unit: "ms",
    peer: "JSON.stringify",
    variants: {
      "JSON.stringify": () => measure("stringify"),
      "map + JSON.stringify": () => measure("map"),
    },
    rounds: 9,
  };
}
