/** Feishu's 20 starts in a minute, wanted by many processes at once on a fast clock: never more, and none is lost. */
import { setTimeout as sleep } from "node:timers/promises";
import { COREHR_LIMITS } from "../../shared/corehr/wire";
import { clientOf } from "../helpers/platform";
import { openArena } from "./arena";
import type { Violation } from "./check";
import type { Attempt } from "./load";
import { idsOf, type RunOptions, scaled, WORKERS } from "./plan";
import { evidenceOf, judged, type Result } from "./result";
import { EVENTS } from "./wire";
import { said, type WorkerProcess } from "./worker-process";

const SUBMISSIONS = 600;
const METHOD = "start-corehr-process";
/** 600 starts take half an hour on the platform's clock. Faster, and a machine's pauses would be as long as a minute. */
const CLOCK_RATE = 20;
const MINUTE_MS = 60_000;
/** Between a start's admission and the time that is written down lie some milliseconds, each as long as the clock is fast. */
const SLACK_MS = 100 * CLOCK_RATE;
const RETRY_MS = 100;
const LANES = 1;

export async function feishuLimit(name: string, { seed, scale, progress }: RunOptions): Promise<Result> {
  const arena = await openArena(METHOD);
  try {
    const platform = clientOf(arena.url);
    const workers = await Promise.all(Array.from({ length: WORKERS }, () => arena.worker()));
    const ids = idsOf(scaled(SUBMISSIONS, scale), seed);
    const attempts: Attempt[] = [];
    const startedMs = Date.now();
    const untilStarted = async (worker: WorkerProcess, id: string) => {
      for (let isBusy = true; isBusy; ) {
        const answer = said(await worker.submit(EVENTS[METHOD](id)));
        const common = { key: `preview:${id}`, round: "run", pid: worker.pid, atMs: Date.now() - startedMs };
        attempts.push({ ...common, ...answer });
        isBusy = answer.outcome === "rejected";
        if (isBusy) await sleep(RETRY_MS);
      }
      progress(`${name}: ${attempts.length} tries of ${ids.length} submissions`);
    };
    const [first = "", ...queue] = ids;
    // The platform loads its engine with the first start, which would be half a minute on the fast clock.
    await untilStarted(workers[0] as WorkerProcess, first);
    await platform.send("PUT", "/_local/clock", { rate: CLOCK_RATE });
    // Feishu itself does not say no: what keeps the limit is ours.
    await platform.send("PUT", "/_local/feishu", { limits: false });
    const lane = async (worker: WorkerProcess) => {
      for (let id = queue.pop(); id !== undefined; id = queue.pop()) await untilStarted(worker, id);
    };
    await Promise.all(workers.flatMap((worker) => Array.from({ length: LANES }, () => lane(worker))));
    const seconds = (Date.now() - startedMs) / 1_000;
    await Promise.all(workers.map((worker) => worker.end()));
    const evidence = await evidenceOf(arena, ids, attempts);
    const result = judged(name, { isExact: true }, { submits: attempts.length, kills: 0, seconds }, evidence);
    const times = (await platform.instances()).map(({ startedAt }) => startedAt).sort((a, b) => a - b);
    result.broken.push(...tooMany(times), ...unknownByLimit(attempts));
    return result;
  } finally {
    await arena.stop();
  }
}

/** In any minute, wherever it begins. */
function tooMany(times: readonly number[]): Violation[] {
  const limit = COREHR_LIMITS.startsPerMinute;
  const at = times.findIndex(
    (time, index) => index >= limit && time - (times[index - limit] ?? 0) < MINUTE_MS - SLACK_MS,
  );
  if (at === -1) return [];
  return [{ promise: "P6", key: "", message: `more than ${limit} starts in the minute before the ${at + 1}th` }];
}

/** A limit says that nothing was started: it must never leave anything unknown. */
function unknownByLimit(attempts: readonly Attempt[]): Violation[] {
  const unknown = attempts.filter(({ outcome }) => outcome === "unknown");
  return unknown.map(({ key }) => ({ promise: "P6", key, message: "unknown, with no fault but a limit" }));
}
