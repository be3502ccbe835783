/** Feishu's 20 starts in a minute, wanted by many processes at once on a fast clock: never more, and none is lost. */
import { setTimeout as sleep } from "node:timers/promises";
import { COREHR_LIMITS } from "../../shared/engines/corehr/wire";
import { type Client, clientOf } from "../helpers/platform";
import { openArena } from "./arena";
import type { Violation } from "./check";
import type { Attempt } from "./load";
import { idsOf, PATIENT, type RunOptions, scaled } from "./plan";
import { evidenceOf, judged, type Result } from "./result";
import { sizeOf } from "./size";
import { EVENTS } from "./wire";
import { said, type WorkerProcess } from "./worker-process";

const SUBMISSIONS = 600;
const METHOD = "start-corehr-process";
/** 600 starts take half an hour on the platform's clock. */
const CLOCK_RATE = 20;
const MINUTE_MS = 60_000;
const RETRY_MS = 100;
const patience = {
  timeLimitMs: PATIENT.timeLimitMs,
  variables: { STARTFLOW_SEND_TIMEOUT_MS: String(PATIENT.sendTimeoutMs) },
};

export async function feishuLimit(name: string, { seed, scale, progress, stage }: RunOptions): Promise<Result> {
  const arena = openArena(stage, METHOD);
  try {
    const platform = clientOf(arena.url);
    const workers = await Promise.all(Array.from({ length: sizeOf(scale).workers }, () => arena.worker(patience)));
    const ids = idsOf(scaled(SUBMISSIONS, scale), seed, name);
    const attempts: Attempt[] = [];
    /** When the call was made that started it. */
    const calledMs = new Map<string, number>();
    const startedMs = Date.now();
    const untilStarted = async (worker: WorkerProcess, id: string) => {
      for (let isBusy = true; isBusy; ) {
        calledMs.set(`preview:${id}`, Date.now());
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
    const clockAt = await fastClock(platform);
    // Feishu itself does not say no: what keeps the limit is ours.
    await platform.send("PUT", "/_local/feishu", { limits: false });
    const lane = async (worker: WorkerProcess) => {
      for (let id = queue.pop(); id !== undefined; id = queue.pop()) await untilStarted(worker, id);
    };
    await Promise.all(workers.map(lane));
    const seconds = (Date.now() - startedMs) / 1_000;
    for (const worker of workers) worker.end();
    const evidence = await evidenceOf(arena, ids, attempts);
    const result = judged(name, { isExact: true }, { submits: attempts.length, kills: 0, seconds }, evidence);
    const startedAt = new Map((await platform.instances()).map((one) => [one.id, one.startedAt]));
    const starts = evidence.processes.map(({ key, id }): Start => {
      return { afterMs: clockAt(calledMs.get(key) ?? 0), untilMs: startedAt.get(id) ?? Number.POSITIVE_INFINITY };
    });
    result.broken.push(...tooMany(starts), ...unknownByLimit(attempts));
    return result;
  } finally {
    await arena.stop();
  }
}

/** @returns what the platform's clock showed at a real time, or a little less: never more */
async function fastClock(platform: Client): Promise<(realMs: number) => number> {
  await platform.send("PUT", "/_local/clock", { rate: CLOCK_RATE });
  const setMs = Date.now();
  return (realMs) => (realMs < setMs ? realMs : setMs + (realMs - setMs) * CLOCK_RATE);
}

/** On the platform's clock: it was admitted after its call was made, and before it was written down. */
interface Start {
  afterMs: number;
  untilMs: number;
}

/** In any minute, wherever it begins: what lies in it for certain, however long the machine has paused meanwhile. */
function tooMany(starts: readonly Start[]): Violation[] {
  const limit = COREHR_LIMITS.startsPerMinute;
  const isFull = ({ afterMs: fromMs }: Start) => {
    const within = starts.filter(({ afterMs, untilMs }) => afterMs >= fromMs && untilMs < fromMs + MINUTE_MS);
    return within.length > limit;
  };
  const full = starts.find(isFull);
  if (full === undefined) return [];
  return [{ promise: "P6", key: "", message: `more than ${limit} starts in the minute from ${full.afterMs} on` }];
}

/** A limit says that nothing was started: it must never leave anything unknown. */
function unknownByLimit(attempts: readonly Attempt[]): Violation[] {
  const unknown = attempts.filter(({ outcome }) => outcome === "unknown");
  return unknown.map(({ key }) => ({ promise: "P6", key, message: "unknown, with no fault but a limit" }));
}
