/** Warm call: one loaded process, batches of calls, nanoseconds a call. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Comparison } from "../compare";
import { CALL, handlers } from "../handlers";

const BATCH = 5_000;
/** Warmed up first, so that the compiler has seen the code. */
const SCRIPT = `
const write = process.stdout.write.bind(process.stdout);
${CALL}
const handler = require(process.argv[2]);
(async () => {
  for (let at = 0; at < ${BATCH}; at += 1) await handler(params, context);
  const started = process.hrtime.bigint();
  for (let at = 0; at < ${BATCH}; at += 1) await handler(params, context);
  write(String(Number(process.hrtime.bigint() - started) / ${BATCH}));
})();
`;

export async function comparison(): Promise<Comparison> {
  const files = await handlers();
  const script = join("dist", "bench", "warm.cjs");
  writeFileSync(script, SCRIPT);
  const variants: Comparison["variants"] = {};
  for (const [label, file] of Object.entries(files)) {
    variants[label] = () => Number(execFileSync(process.execPath, [script, file], { encoding: "utf8" }));
  }
  return { name: "warm call: parse, map, start", unit: "ns", peer: "published-sample", variants, rounds: 11 };
}
