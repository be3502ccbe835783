/** The processes of one function: a few, each with one call at a time; further calls wait their turn. */
import { cpus } from "node:os";
import type { CallMessage, CallReply } from "./protocol";
import { startWorker, type Worker } from "./worker";

export interface Pool {
  call(message: Omit<CallMessage, "id">): Promise<CallReply>;
  /** Later calls run in new processes: what the present ones keep in memory is not asked any more. */
  renew(): void;
  stop(): void;
}

export interface PoolOptions {
  hostFile: string;
  environment: Record<string, string>;
  memoryMb: number;
  timeoutMs: number;
  /** Default: one for each core, at most 4. */
  maxWorkers?: number;
}

/** An instance that nobody calls is ended, as the platform ends it. */
const IDLE_MS = 60_000;

interface Idle {
  worker: Worker;
  sinceMs: number;
}

export function createPool(options: PoolOptions): Pool {
  const maxWorkers = options.maxWorkers ?? Math.min(4, Math.max(1, cpus().length));
  const idle: Idle[] = [];
  const waiting: ((worker: Worker) => void)[] = [];
  const all = new Set<Worker>();
  /** At work, and to be discarded then. */
  const outdated = new Set<Worker>();

  const start = () => {
    const worker = startWorker(options.hostFile, options.environment, options.memoryMb);
    all.add(worker);
    return worker;
  };
  const discard = (worker: Worker) => {
    all.delete(worker);
    worker.stop();
  };
  const take = (): Promise<Worker> => {
    for (let free = idle.pop(); free !== undefined; free = idle.pop()) {
      if (free.worker.alive) return Promise.resolve(free.worker);
      discard(free.worker);
    }
    if (all.size < maxWorkers) return Promise.resolve(start());
    return new Promise((resolve) => waiting.push(resolve));
  };
  const giveBack = (worker: Worker) => {
    if (!worker.alive || outdated.delete(worker)) discard(worker);
    const next = waiting.shift();
    if (next !== undefined) next(worker.alive ? worker : start());
    else if (worker.alive) idle.push({ worker, sinceMs: Date.now() });
  };
  const sweeper = setInterval(() => {
    while (idle[0] !== undefined && Date.now() - idle[0].sinceMs > IDLE_MS) discard((idle.shift() as Idle).worker);
  }, IDLE_MS);
  sweeper.unref();

  return {
    async call(message) {
      const worker = await take();
      try {
        return await worker.call(message, options.timeoutMs);
      } finally {
        giveBack(worker);
      }
    },
    renew() {
      for (const { worker } of idle.splice(0)) discard(worker);
      for (const worker of all) outdated.add(worker);
    },
    stop() {
      clearInterval(sweeper);
      for (const worker of all) discard(worker);
    },
  };
}
