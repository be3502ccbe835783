/** How much memory the first requests leave in use, and how much the last ones do. */
import { readdirSync, readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const SAMPLES = 15;
const FIFTH = SAMPLES / 5;

export interface Samples {
  /** Takes one each fifteenth of the way, in its first and in its last fifth. */
  at(done: number, of: number, read: () => number | Promise<number>): Promise<void>;
  /** Medians of the first and of the last fifth. */
  medians(): { first: number; last: number };
}

export function createSamples(): Samples {
  const taken: number[] = [];
  let passed = 0;
  return {
    async at(done, of, read) {
      if (passed >= Math.floor((done * SAMPLES) / of)) return;
      passed += 1;
      if (passed <= FIFTH || passed > SAMPLES - FIFTH) taken.push(await read());
    },
    medians() {
      return { first: median(taken.slice(0, FIFTH)), last: median(taken.slice(-FIFTH)) };
    },
  };
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

/** Of this process, in MB, without what nobody holds any more. */
export function heapMb(): number {
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1_048_576;
}

/** Resident memory of another process, in MB; 0 where it is gone. */
export function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(statusOf(pid))?.[1] ?? 0) / 1_024;
}

/** The processes that one has started. */
export function childrenOf(pid: number): number[] {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return all.map(Number).filter((child) => Number(/PPid:\s+(\d+)/.exec(statusOf(child))?.[1]) === pid);
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
}
