/** One worker process, seen from the runner: work goes in, answers come out, and it can be killed, stopped and continued. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { SubmissionRecord } from "../../shared/once/record";
import { endsWithRunner } from "./children";
import type { Answer, WorkerLine, WorkerSetting } from "./wire";

export interface WorkerOptions extends WorkerSetting {
  environment: Record<string, string>;
}

/** What became of one event: an answer, records of the ledger, or the process ended before it said anything. */
export type Outcome = { answer: Answer } | { records: SubmissionRecord[] } | "killed";

/** What its caller saw of a submission. */
export function said(outcome: Outcome): Omit<Answer, "outcome"> & { outcome: Answer["outcome"] | "killed" } {
  return outcome !== "killed" && "answer" in outcome ? outcome.answer : { outcome: "killed" };
}

export interface RunningWorker {
  readonly pid: number;
  /** How many events have no answer yet. */
  inFlight(): number;
  submit(event: unknown): Promise<Outcome>;
  signal(name: "SIGKILL" | "SIGSTOP" | "SIGCONT"): void;
  /** Resolves when the process is gone and everything it said is read. */
  readonly gone: Promise<void>;
}

export interface WorkerProcess extends RunningWorker {
  /** There is nothing more for it to do. */
  end(): void;
}

/** @throws Error where the process ends before it is ready */
export async function startWorker(script: string, { environment, ...setting }: WorkerOptions): Promise<RunningWorker> {
  const child = spawn(process.execPath, [script, JSON.stringify(setting)], {
    env: environment,
    stdio: ["pipe", "ignore", "pipe", "pipe"],
  });
  const waiting = new Map<number, (outcome: Outcome) => void>();
  let printed = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    printed = (printed + chunk.toString()).slice(-4_000);
  });
  child.stdin?.on("error", () => undefined);
  const gone = endsWithRunner(child);
  void gone.then(() => {
    for (const settle of waiting.values()) settle("killed");
    waiting.clear();
  });
  await new Promise<void>((ready, reject) => {
    void gone.then(() => reject(new Error(`a worker ended before it was ready: ${printed}`)));
    createInterface({ input: child.stdio[3] as Readable }).on("line", (text) => {
      const line = JSON.parse(text) as WorkerLine;
      if ("ready" in line) return ready();
      const { n, ...outcome } = line;
      waiting.get(n)?.(outcome);
      waiting.delete(n);
    });
  });
  return facade(child, waiting, gone);
}

function facade(
  child: ChildProcess,
  waiting: Map<number, (outcome: Outcome) => void>,
  gone: Promise<void>,
): RunningWorker {
  let sent = 0;
  return {
    pid: child.pid ?? 0,
    inFlight: () => waiting.size,
    submit(event) {
      sent += 1;
      const n = sent;
      return new Promise((settle) => {
        waiting.set(n, settle);
        child.stdin?.write(`${JSON.stringify({ n, event })}\n`);
      });
    },
    signal: (name) => void child.kill(name),
    gone,
  };
}
