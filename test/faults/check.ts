/** The promises, held against what was seen: every answer, the ledger, and the engine's own list. */
import type { SubmissionRecord } from "../../shared/once/record";
import type { EngineProcess } from "./arena";
import type { Attempt } from "./load";

export interface Evidence {
  /** All that were submitted. */
  keys: readonly string[];
  attempts: readonly Attempt[];
  processes: readonly EngineProcess[];
  ledger: ReadonlyMap<string, Pick<SubmissionRecord, "state" | "processId" | "reason">>;
}

export const PROMISES = {
  P1: "at most one process for one key",
  P2: "every key ends started, rejected or unknown, and every process that was named exists",
  P3: "an answer names the process of its own key",
  P4: "what was rejected, and what the ledger calls free or does not have, has no process",
  P5: "a key is never answered with two processes",
  P6: "a call is answered as the state of its key and of the store demands",
} as const;
export type PromiseName = keyof typeof PROMISES;

export interface Violation {
  promise: PromiseName;
  key: string;
  /** What happened, in words. */
  message: string;
}

/** All that is known of one key. */
interface KeyFacts {
  key: string;
  attempts: Attempt[];
  processes: string[];
  record: Evidence["ledger"] extends ReadonlyMap<string, infer Row> ? Row | undefined : never;
}

export function factsOf({ keys, attempts, processes, ledger }: Evidence): KeyFacts[] {
  const facts = new Map<string, KeyFacts>();
  const of = (key: string): KeyFacts => {
    const known = facts.get(key) ?? { key, attempts: [], processes: [], record: ledger.get(key) };
    facts.set(key, known);
    return known;
  };
  for (const key of keys) of(key);
  for (const attempt of attempts) of(attempt.key).attempts.push(attempt);
  for (const { key, id } of processes) of(key).processes.push(id);
  return [...facts.values()];
}

/** Every broken promise; none where all hold. */
export function violations(evidence: Evidence): Violation[] {
  const keyOfProcess = new Map(evidence.processes.map(({ key, id }) => [id, key]));
  const submitted = new Set(evidence.keys);
  return factsOf(evidence).flatMap((facts) => {
    const named = namedBy(facts);
    const messages: [PromiseName, string | undefined][] = [
      ["P1", facts.processes.length > 1 ? `it has ${facts.processes.length} processes` : undefined],
      ["P2", submitted.has(facts.key) ? badEnd(facts) : "it was never submitted, and has a process or an answer"],
      ["P2", missing(named, keyOfProcess)],
      ["P3", stranger(facts, named, keyOfProcess)],
      ["P4", startedAlthoughNot(facts)],
      ["P5", named.size > 1 ? `it was answered with ${named.size} processes: ${[...named].join(", ")}` : undefined],
    ];
    return messages.flatMap(([promise, message]) =>
      message === undefined ? [] : [{ promise, key: facts.key, message }],
    );
  });
}

/** P6 of answers that are all to be the same outcome, or code. A call that was killed has none. */
export function unexpected(attempts: readonly Attempt[], expected: string): Violation[] {
  return attempts.flatMap(({ key, round, outcome, code = outcome }) => {
    const message = `${round}, it was answered ${code}, not ${expected}`;
    return code === expected || outcome === "killed" ? [] : [{ promise: "P6", key, message }];
  });
}

/** The ids in answers, and the one in the ledger. */
function namedBy({ attempts, record }: KeyFacts): Set<string> {
  const ids = [...attempts.map(({ processId }) => processId), record?.processId];
  return new Set(ids.filter((id) => typeof id === "string"));
}

function badEnd({ attempts, record }: KeyFacts): string | undefined {
  if (record !== undefined) {
    return record.state === "dispatched" ? "its end is not known: the ledger still says dispatched" : undefined;
  }
  const last = attempts.filter(({ outcome }) => outcome !== "killed").at(-1);
  if (last === undefined) return "it was lost: no answer and no record";
  return last.outcome === "rejected" ? undefined : `it was answered ${last.outcome}, and the ledger has no record`;
}

function missing(named: Set<string>, keyOfProcess: ReadonlyMap<string, string>): string | undefined {
  const id = [...named].find((one) => !keyOfProcess.has(one));
  return id === undefined ? undefined : `it was lost: the process ${id} was answered, and the engine does not have it`;
}

function stranger(
  { key, attempts, processes }: KeyFacts,
  named: Set<string>,
  keyOfProcess: ReadonlyMap<string, string>,
): string | undefined {
  const other = [...named].find((id) => (keyOfProcess.get(id) ?? key) !== key);
  if (other !== undefined) return `it was answered with process ${other}, which is that of ${keyOfProcess.get(other)}`;
  const isClaimed = attempts.some(({ outcome }) => outcome === "started" || outcome === "duplicate");
  return isClaimed && processes.length === 0 ? "it was answered started, and has no process" : undefined;
}

function startedAlthoughNot({ attempts, processes, record }: KeyFacts): string | undefined {
  if (processes.length === 0) return undefined;
  if (record === undefined) return "it was started without a claim: the ledger has no record";
  if (record.state === "free") return "the ledger says free, and it has a process";
  const answers = attempts.filter(({ outcome }) => outcome !== "killed");
  const isAlone = attempts.length === answers.length && record.state !== "unknown";
  if (isAlone && answers.length > 0 && answers.every(({ outcome }) => outcome === "rejected"))
    return "every answer was rejected, and it has a process";
  return undefined;
}

/** What happened to one key, one line each, for whoever looks into a violation. */
export function historyOf(evidence: Evidence, key: string): string[] {
  const facts = factsOf(evidence).find((one) => one.key === key);
  if (facts === undefined) return [];
  const lines = facts.attempts.map(
    ({ round, pid, atMs, outcome, code, processId }) =>
      `${round} +${atMs} ms, process ${pid}: ${[outcome, code, processId].filter((part) => part).join(" ")}`,
  );
  const { record, processes } = facts;
  const ledger =
    record === undefined
      ? "no record"
      : [record.state, record.reason, record.processId].filter((part) => part).join(" ");
  return [...lines, `ledger: ${ledger}`, `engine: ${processes.join(", ") || "no process"}`];
}
