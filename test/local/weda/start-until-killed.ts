/** A process that starts instances, eight at a time, and prints the id of each one that was acknowledged. */
import { idOf, leaveOf, open } from "./open-weda";

const { call } = await open({ dir: process.argv[2] ?? "" });

async function startOneAfterAnother(): Promise<never> {
  for (;;) process.stdout.write(`${idOf(await call("StartProcessWithParams", leaveOf(1)))}\n`);
}

await Promise.all(Array.from({ length: 8 }, startOneAfterAnother));
