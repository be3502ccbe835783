/** What the scale decides beside the counts: how many do how much at once, and how long a fault lasts. */

export interface Size {
  workers: number;
  /** Of each worker. */
  inFlight: number;
  /** Who submit once more when the others are done. */
  lateWorkers: number;
  /** So many keys are under way at about the same time, each several times. */
  blockKeys: number;
  /** How often the kind of fault changes. */
  tickMs: number;
  /** How long the store is down. */
  downMs: number;
}

const FULL: Size = { workers: 8, inFlight: 64, lateWorkers: 2, blockKeys: 50, tickMs: 200, downMs: 5_000 };
/**
 * With few submissions most of the work would be the start of 8 workers; and what 512 of them at once wait for is the
 * machine: a slow one keeps them longer than the function waits for its store. As in the full run, all repeats of a key are
 * under way together, and every kind of fault has its turn.
 */
const SMALL: Size = { workers: 2, inFlight: 8, lateWorkers: 1, blockKeys: 3, tickMs: 50, downMs: 250 };
const SMALL_SCALE = 0.1;

export function sizeOf(scale: number): Size {
  return scale < SMALL_SCALE ? SMALL : FULL;
}
