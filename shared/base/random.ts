/** Random bytes from a pool: asking the system for sixteen at a time costs more than all else of a claim. */
import { randomFillSync } from "node:crypto";

const pool = Buffer.alloc(4_096);
let at = pool.length;

/** Lower-case hex of so many bytes; never the same bytes twice. */
export function randomHex(bytes: number): string {
  if (at + bytes > pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  const taken = pool.toString("hex", at, at + bytes);
  // What was given out is not kept: a token is a secret of its owner.
  pool.fill(0, at, at + bytes);
  at += bytes;
  return taken;
}
