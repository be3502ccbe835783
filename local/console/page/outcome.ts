/** What became of a submission, as the page tells it: a tone, a headline and a next step per outcome. Pure. */
import type { Text } from "../../../shared/base/errors";
import type { MethodRow } from "../wire";
import type { Answer } from "./drafts";
import { isRecord } from "./form-model";
import type { TextKey } from "./texts";

export type Outcome =
  | "started"
  | "duplicate"
  | "in_progress"
  | "rejected"
  | "unknown"
  /** A look found no such submission. */
  | "none"
  | "dry_run"
  | "returned";
export type Tone = "good" | "info" | "wait" | "bad" | "alarm";

/** How one outcome is told; what a sync API answered is told by the same (apis/answer.ts). */
export interface OutcomeRow {
  tone: Tone;
  title: TextKey;
  next: TextKey;
  /** Beside the colour, so that the outcomes can be told apart without it. */
  sign: string;
}

export const OUTCOMES: Record<Outcome, OutcomeRow> = {
  started: { tone: "good", title: "started", next: "startedNext", sign: "✓" },
  duplicate: { tone: "info", title: "duplicate", next: "duplicateNext", sign: "=" },
  in_progress: { tone: "wait", title: "in_progress", next: "in_progressNext", sign: "…" },
  rejected: { tone: "bad", title: "rejected", next: "rejectedNext", sign: "×" },
  unknown: { tone: "alarm", title: "unknown", next: "unknownNext", sign: "?" },
  none: { tone: "wait", title: "noRecord", next: "noRecordNext", sign: "–" },
  dry_run: { tone: "info", title: "dry_run", next: "dry_runNext", sign: "→" },
  returned: { tone: "good", title: "returned", next: "returnedNext", sign: "✓" },
};

/** A failure that does not say what it means for the process is not known to be harmless. */
export function outcomeOf(answer: Answer): Outcome {
  if (!answer.ok) return answer.error?.outcome ?? "unknown";
  const said = isRecord(answer.result) ? answer.result.outcome : undefined;
  return typeof said === "string" && Object.hasOwn(OUTCOMES, said) ? (said as Outcome) : "returned";
}

/** The row of an outcome, in other colours where the process was started and failed by itself. */
export function shownOutcome(answer: Answer): OutcomeRow & { outcome: Outcome } {
  const outcome = outcomeOf(answer);
  const row = OUTCOMES[outcome];
  if (saidOf(answer).problem !== undefined) return { outcome, ...row, tone: "bad", sign: "!", next: "problemNext" };
  // The failure's own text says how long to wait.
  const canWait = outcome === "rejected" && answer.error?.retryAfterMs !== undefined;
  return { outcome, ...row, ...(canWait ? { next: "rejectedWaitNext" } : {}) };
}

export interface Said {
  /** The engine's word in its answer to the start. */
  status?: string;
  /** Its code and message, of a process that failed by itself. */
  problem?: string;
  /** How the process stands now. */
  process?: Text;
}

/** What the engine said of the process that was started. */
export function saidOf(answer: Answer): Said {
  const { result } = answer;
  if (!isRecord(result) || !["started", "duplicate"].includes(outcomeOf(answer))) return {};
  const { status, problem, process } = result;
  const said: Said = {};
  if (typeof status === "string") said.status = status;
  if (isRecord(problem)) {
    said.problem = [problem.code, problem.message].filter((part) => part).join(" ") || String(status ?? "–");
  }
  const text = isRecord(process) ? process.text : undefined;
  if (isRecord(text)) said.process = { zh: String(text.zh ?? ""), en: String(text.en ?? "") };
  return said;
}

export function processIdOf(answer: Answer): string | null {
  const id = isRecord(answer.result) ? answer.result.processId : undefined;
  return typeof id === "string" && id !== "" ? id : null;
}

/** A method of the bundle without a target starts nothing; of custom code that was dropped in nothing is known. */
export function noTarget({ inputSchema }: MethodRow): "targetNone" | "targetUnknown" {
  return inputSchema === null ? "targetUnknown" : "targetNone";
}
