/**
 * A process that takes and frees locks as it is told over IPC; with a folder as its argument it takes that one at once, says
 * so and keeps it, and with `leave` behind that it does nothing more, so that it ends unless the lock holds it up.
 */
import { closeSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { lockFolder } from "../../local/lock";

export type Order =
  | { order: "take"; dir: string }
  | { order: "free" }
  /** Takes, marks and frees until it was let in so many times. */
  | { order: "again"; dir: string; times: number };

/** `refused` is the message; `beside` counts the holds during which somebody else had it too. */
export interface Report {
  refused?: string;
  beside: number;
}

const [kept, then] = process.argv.slice(2);
let held: { free: () => Promise<void>; mark: string | undefined } | undefined;

/** Beside the lock, and made by nobody but its holder: it is there already where two have the lock. */
function markOf(dir: string): string | undefined {
  const mark = join(dir, "held");
  try {
    closeSync(openSync(mark, "wx"));
    return mark;
  } catch {
    return undefined;
  }
}

async function take(dir: string): Promise<Report> {
  try {
    const free = await lockFolder(dir);
    held = { free, mark: markOf(dir) };
    return { beside: held.mark === undefined ? 1 : 0 };
  } catch (error) {
    return { refused: (error as Error).message, beside: 0 };
  }
}

async function free(): Promise<Report> {
  if (held?.mark !== undefined) rmSync(held.mark);
  await held?.free();
  held = undefined;
  return { beside: 0 };
}

async function again(dir: string, times: number): Promise<Report> {
  let beside = 0;
  for (let done = 0; done < times; ) {
    const report = await take(dir);
    // One part of the lock was let go before the other: the owner is here, and nowhere else.
    if (report.refused?.includes("another container")) return report;
    beside += report.beside;
    // Whoever has it gets a turn; so does whoever waits for it.
    await new Promise((turn) => setImmediate(turn));
    if (report.refused !== undefined) continue;
    done += 1;
    await free();
  }
  return { beside };
}

if (kept !== undefined) {
  await lockFolder(kept);
  process.stdout.write(`${process.pid}\n`);
  if (then !== "leave") setInterval(() => undefined, 60_000);
}
process.on("message", async (order: Order) => {
  if (order.order === "take") process.send?.(await take(order.dir));
  else if (order.order === "free") process.send?.(await free());
  else process.send?.(await again(order.dir, order.times));
});
if (kept !== undefined) process.disconnect?.();
