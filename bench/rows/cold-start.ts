/** Cold start: load the built file and get the first result, in a new process each time. */
import type { Comparison } from "../compare";
import { CALL, measuredBy } from "../handlers";

const SCRIPT = `
const write = process.stdout.write.bind(process.stdout);
${CALL}
const startedMs = performance.now();
const handler = require(process.argv[2]);
handler(params, context).then(() => write(String(performance.now() - startedMs)));
`;

export async function comparison(): Promise<Comparison> {
  const variants = await measuredBy("cold.cjs", SCRIPT);
  return { name: "cold start: load + first result", unit: "ms", peer: "empty", variants, rounds: 21 };
}
