/** Warm call: one loaded process, batches of calls, nanoseconds a call. */
import type { Comparison } from "../compare";
import { CALL, measuredBy } from "../handlers";

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
  const variants = await measuredBy("warm.cjs", SCRIPT);
  return { name: "warm call: parse, map, start", unit: "ns", peer: "published-sample", variants, rounds: 11 };
}
