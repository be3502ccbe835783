/** What the runner and its worker processes say to each other, one JSON line each. */
import type { SubmissionRecord } from "../../shared/once/record";

export type Environment = "preview" | "production";

/** What a worker does with an event: the built function, one of the two baselines, the limiter, or a read of the ledger. */
export type Protocol = "startflow" | "naive" | "powertools-like" | "limiter" | "ledger";

/** What the worker process is told on its command line, as JSON. */
export interface WorkerSetting {
  protocol: Protocol;
  /** Where the function's built files lie: index.js and cloudbase.js. */
  folder: string;
  /** What SCF tells the function of its time. */
  timeLimitMs: number;
  /** A call that takes longer ends the process, as SCF does. */
  killAfterMs: number;
}

/** To the worker, on its standard input. */
export interface Work {
  n: number;
  event: unknown;
}

/** What became of one submission, in the words of the function's own answer. */
export interface Answer {
  outcome: "started" | "duplicate" | "rejected" | "in_progress" | "unknown";
  code?: string;
  processId?: string | null;
}

/** From the worker, on its descriptor 3; the first one says that it is ready. */
export type WorkerLine = { ready: true } | { n: number; answer: Answer } | { n: number; records: SubmissionRecord[] };

/** What the leave form sends; `reason` comes back as a variable of the process, so that processes can be counted. */
export function leaveEvent(submissionId: string): Record<string, unknown> {
  return { submissionId, reason: submissionId, days: 1, startsOn: "2026-12-01" };
}

/** The contract's flow and CoreHR's carry the submission's id, so that the sweep can find its process; aPaaS has a key. */
export type MethodName = "start-leave" | "start-contract" | "start-apaas-flow" | "start-corehr-process";

/** What the contract form sends; its title comes back as a variable of the process. */
export function contractEvent(submissionId: string): Record<string, unknown> {
  const contract = { _id: submissionId, title: submissionId, amount: 1 };
  return { submissionId, contract, items: [{ name: "x", quantity: 1, price: 1 }] };
}

export const EVENTS: Record<MethodName, (submissionId: string) => Record<string, unknown>> = {
  "start-leave": leaveEvent,
  "start-contract": contractEvent,
  "start-apaas-flow": (submissionId) => ({ submissionId, record: "5454545" }),
  "start-corehr-process": (submissionId) => ({ submissionId, reason: submissionId }),
};
