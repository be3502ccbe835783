/** Cold start: load the built file and get the first result, in a new process each time. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Comparison } from "../compare";
import { CALL, handlers } from "../handlers";

const SCRIPT = `
const write = process.stdout.write.bind(process.stdout);
${CALL}
const startedMs = performance.now();
const handler = require(process.argv[2]);
handler(params, context).then(() => write(String(performance.now() - startedMs)));
`;

export async function comparison(): Promise<Comparison> {
  const files = await handlers();
  const script = join("dist", "bench", "cold.cjs");
  writeFileSync(script, SCRIPT);
  const variants: Comparison["variants"] = {};
  for (const [label, file] of Object.entries(files)) {
    variants[label] = () => Number(execFileSync(process.execPath, [script, file], { encoding: "utf8" }));
  }
  return { name: "cold start: load + first result", unit: "ms", peer: "empty", variants, rounds: 21 };
}
