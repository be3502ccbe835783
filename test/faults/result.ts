/** What a scenario comes to: the evidence of its end, the promises that it broke, and its row. */
import type { Arena } from "./arena";
import { type Evidence, factsOf, type Violation, violations } from "./check";
import type { Attempt } from "./load";
import type { StepRow } from "./steps";
import type { Protocol } from "./wire";

/** One line of the report. */
export interface Row {
  scenario: string;
  submits: number;
  keys: number;
  kills: number;
  processes: number;
  /** Processes beyond the first of their key. */
  duplicates: number;
  /** Keys whose answer named a process that is not there, or that ended without a word. */
  lost: number;
  /** Keys of which nobody knows, at the end, whether they started. */
  unknown: number;
  seconds: number;
}

export interface Result {
  row: Row;
  broken: Violation[];
  evidence: Evidence;
  /** Of F4: what each step leaves. */
  steps?: StepRow[];
}

export async function evidenceOf(arena: Arena, ids: readonly string[], attempts: Attempt[]): Promise<Evidence> {
  const keys = ids.map((id) => `preview:${id}`);
  const processes = await arena.processes(ids);
  return { keys, attempts, processes, ledger: await arena.ledger() };
}

export interface JudgedPlan {
  protocol?: Protocol;
  /** No more and no less than one process for each key, and nothing unknown. */
  isExact?: boolean;
}
type Counts = Pick<Row, "submits" | "kills" | "seconds">;

export function judged(name: string, plan: JudgedPlan, counts: Counts, evidence: Evidence): Result {
  const isOurs = (plan.protocol ?? "startflow") === "startflow";
  const broken = isOurs ? violations(evidence) : [];
  const row = { scenario: name, ...counts, ...summary(evidence, isOurs) };
  if (plan.isExact === true && (row.processes !== row.keys || row.unknown > 0)) {
    const missing = factsOf(evidence).find(({ processes }) => processes.length !== 1);
    const message = `${row.processes} processes for ${row.keys} keys, ${row.unknown} unknown, where each key was to start one`;
    broken.push({ promise: "P2", key: missing?.key ?? "", message });
  }
  return { row, broken, evidence };
}

function summary(evidence: Evidence, isOurs: boolean) {
  const facts = factsOf(evidence);
  const known = new Set(evidence.processes.map(({ id }) => id));
  const lastOf = (attempts: Attempt[]) => attempts.filter(({ outcome }) => outcome !== "killed").at(-1)?.outcome;
  const isLost = ({ attempts, processes }: (typeof facts)[number]) =>
    lastOf(attempts) === undefined ||
    (["started", "duplicate"].includes(lastOf(attempts) ?? "") && processes.length === 0) ||
    attempts.some(({ processId }) => typeof processId === "string" && !known.has(processId));
  const isUnknown = ({ attempts, record }: (typeof facts)[number]) =>
    isOurs ? record?.state === "unknown" : ["unknown", "in_progress"].includes(lastOf(attempts) ?? "");
  return {
    keys: evidence.keys.length,
    processes: evidence.processes.length,
    duplicates: facts.reduce((sum, { processes }) => sum + Math.max(0, processes.length - 1), 0),
    lost: facts.filter(isLost).length,
    unknown: facts.filter(isUnknown).length,
  };
}
