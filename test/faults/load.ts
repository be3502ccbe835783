/** Many submissions by many worker processes, which are killed at random moments and started again with what is left. */
import type { Arena } from "./arena";
import type { Random } from "./random";
import { type Answer, type Environment, leaveEvent, type Protocol } from "./wire";
import { said, type WorkerProcess } from "./worker-process";

/** One try of one submission: what its caller saw. */
export interface Attempt {
  /** `<environment>:<submission id>` */
  key: string;
  /** Which part of the scenario it belongs to. */
  round: string;
  pid: number;
  /** Since its round began. */
  atMs: number;
  outcome: Answer["outcome"] | "killed";
  code?: string;
  processId?: string | null;
}

export interface Load {
  arena: Arena;
  round: string;
  /** Submission ids, in the order in which they are sent. */
  submissions: readonly string[];
  workers: number;
  /** Of each worker. */
  inFlight: number;
  kills: number;
  random: Random;
  environment?: Environment;
  protocol?: Protocol;
  timeLimitMs?: number;
  eventOf?: (submissionId: string, at: number) => unknown;
  /** Environment variables of the worker with this number. */
  variablesOf?: (worker: number) => Record<string, string>;
  /** Told after each answer. */
  onAnswer?: (attempts: readonly Attempt[]) => void;
}

export interface LoadResult {
  attempts: Attempt[];
  kills: number;
}

const KILL_JITTER_MS = 15;

interface Slot {
  start(): Promise<WorkerProcess>;
  worker?: Promise<WorkerProcess>;
  /** Ready, and not known to be gone. */
  running?: WorkerProcess;
}

/** Ends when every submission has had an answer. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const { arena, submissions, workers, protocol, environment, timeLimitMs, variablesOf } = load;
  const slots = Array.from({ length: workers }, (_, number): Slot => {
    const changes = { protocol, environment, timeLimitMs, variables: variablesOf?.(number) };
    return { start: () => arena.worker(changes) };
  });
  await Promise.all(slots.map(ready));
  const killer = createKiller(load, slots);
  const attempts: Attempt[] = [];
  const startedMs = Date.now();
  const queue = [...submissions.entries()].reverse();
  const lane = async (slot: Slot) => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const attempt = await submitted(load, slot, next, startedMs);
      attempts.push(attempt);
      if (attempt.outcome === "killed") queue.push(next);
      else killer.answered();
      load.onAnswer?.(attempts);
    }
  };
  const lanes = slots.flatMap((slot) => Array.from({ length: load.inFlight }, () => lane(slot)));
  await Promise.all(lanes);
  await killer.stop();
  for (const { running } of slots) running?.end();
  return { attempts, kills: killer.kills() };
}

async function ready(slot: Slot): Promise<WorkerProcess> {
  slot.worker ??= slot.start().then((worker) => {
    slot.running = worker;
    return worker;
  });
  return slot.worker;
}

async function submitted(load: Load, slot: Slot, [at, id]: [number, string], startedMs: number): Promise<Attempt> {
  const worker = await ready(slot);
  const outcome = await worker.submit((load.eventOf ?? leaveEvent)(id, at));
  if (slot.running === worker && outcome === "killed") {
    slot.worker = undefined;
    slot.running = undefined;
  }
  const { environment = "preview", round } = load;
  return { key: `${environment}:${id}`, round, pid: worker.pid, atMs: Date.now() - startedMs, ...said(outcome) };
}

interface Killer {
  answered(): void;
  kills(): number;
  stop(): Promise<void>;
}

/** Each kill is due after a random count of answers, and comes a random moment later. */
function createKiller({ kills, submissions, random }: Load, slots: readonly Slot[]): Killer {
  const due = Array.from({ length: kills }, () => random.below(submissions.length)).sort((a, b) => b - a);
  const pending = new Set<Promise<void>>();
  let [answers, done] = [0, 0];
  const kill = async () => {
    await new Promise((resolve) => setTimeout(resolve, random.next() * KILL_JITTER_MS));
    const busy = slots.filter(({ running }) => (running?.inFlight() ?? 0) > 0);
    const slot = busy[random.below(busy.length)];
    if (slot?.running === undefined) return;
    const { running } = slot;
    // It takes no more work from here on.
    slot.worker = undefined;
    slot.running = undefined;
    running.signal("SIGKILL");
    done += 1;
    await running.gone;
  };
  return {
    answered() {
      answers += 1;
      while ((due.at(-1) ?? Number.POSITIVE_INFINITY) < answers) {
        due.pop();
        const work: Promise<void> = kill().finally(() => pending.delete(work));
        pending.add(work);
      }
    },
    kills: () => done,
    async stop() {
      await Promise.all(pending);
    },
  };
}
