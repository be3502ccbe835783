/** One rate limit, asked for by many processes at once: never more in a window than it allows, and nobody waits for ever. */
import { setTimeout as sleep } from "node:timers/promises";
import { openArena } from "./arena";
import type { Violation } from "./check";
import { PATIENT, type RunOptions, scaled } from "./plan";
import type { Result } from "./result";
import { sizeOf } from "./size";
import { said, type WorkerProcess } from "./worker-process";

const PERMITS = 600;
const LIMIT = 20;
/** As 20 a minute, on a clock that is 240 times as fast. */
const WINDOW_MS = 250;
const KEY = "faults:limit";

export async function oneLimit(name: string, { scale, progress, stage }: RunOptions): Promise<Result> {
  const arena = openArena(stage);
  try {
    const setting = { protocol: "limiter", timeLimitMs: PATIENT.timeLimitMs } as const;
    const workers = await Promise.all(Array.from({ length: sizeOf(scale).workers }, () => arena.worker(setting)));
    let [asked, admitted, left] = [0, 0, scaled(PERMITS, scale)];
    const permits = left;
    const startedMs = Date.now();
    const lane = async (worker: WorkerProcess) => {
      while (left > 0) {
        left -= 1;
        for (let isAdmitted = false; !isAdmitted; asked += 1) {
          const { outcome, code } = said(await worker.submit({ key: KEY, limit: LIMIT, windowMs: WINDOW_MS }));
          isAdmitted = outcome === "started";
          if (!isAdmitted) await sleep(Number(code));
        }
        admitted += 1;
        progress(`${name}: ${admitted} of ${permits} admitted`);
      }
    };
    await Promise.all(workers.flatMap((worker) => Array.from({ length: 4 }, () => lane(worker))));
    const elapsedMs = Date.now() - startedMs;
    for (const worker of workers) worker.end();
    const counts = {
      submits: asked,
      keys: permits,
      kills: 0,
      processes: admitted,
      duplicates: 0,
      lost: permits - admitted,
    };
    const row = { scenario: name, ...counts, unknown: 0, seconds: elapsedMs / 1_000 };
    const evidence = { keys: [], attempts: [], processes: [], ledger: new Map() };
    return { row, broken: tooFast(permits, elapsedMs), evidence };
  } finally {
    await arena.stop();
  }
}

/** Each window but the last is full, and lasts its whole time: less time than that means that a window took too many. */
function tooFast(permits: number, elapsedMs: number): Violation[] {
  const leastMs = (Math.ceil(permits / LIMIT) - 1) * WINDOW_MS;
  if (elapsedMs >= leastMs) return [];
  return [
    {
      promise: "P6",
      key: KEY,
      message: `${permits} were admitted in ${elapsedMs} ms, which takes ${leastMs} ms at least`,
    },
  ];
}
