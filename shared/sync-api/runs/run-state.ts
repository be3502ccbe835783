/** What is known of a run -> how it stands, in the words that callers get; and the notes of it in its record. */

import { now } from "../../base/clock";
import { ERRORS } from "../../base/errors";
import type { Engine, Phase, ProcessStatus, Progress, Started } from "../../engines/engine";
import { startedOf } from "../../once/ledger";
import { CANCELLED, QUEUED, SUBMISSIONS, type SubmissionRecord, stateAt } from "../../once/record";
import { answered, type Database } from "../../platform/database";
import type { RunState } from "../wire/codes";
import type { Run } from "../wire/envelope";

const STATES: Record<Phase, RunState> = {
  running: "running",
  waiting: "waiting",
  completed: "succeeded",
  declined: "declined",
  cancelled: "cancelled",
  failed: "failed",
};

/** `reason` of an unknown run: its wait was over before its engine answered. */
export const WAIT_OVER = "WAIT_OVER";

const ENDED: ReadonlySet<RunState> = new Set(["succeeded", "declined", "cancelled", "failed"]);

/** Nothing more will become of it. */
export function isEnded({ state }: Pick<Run, "state">): boolean {
  return ENDED.has(state);
}

export type Askable = Pick<Engine<never>, "status">;

/** Of a start that was answered. A run that goes on, and of which its engine tells nothing, is not known. */
export function runOf(uid: string, { output, progress, problem }: Started, { status }: Askable): Run {
  const state = progress === undefined || progress.phase === "other" ? "running" : STATES[progress.phase];
  const told = { ...(output === undefined ? {} : { output }), ...toldBy(progress, problem?.message) };
  if (state === "running" && status === undefined) return { uid, state: "unknown", isWaitOver: true, ...told };
  return { uid, state, ...told };
}

/** Of a process that was looked at. */
export function runAt(uid: string, { progress }: ProcessStatus, started: Started): Run {
  const { output } = started;
  const state = progress.phase === "other" ? "running" : STATES[progress.phase];
  return { uid, state, ...(output === undefined ? {} : { output }), ...toldBy(progress, undefined) };
}

function toldBy(progress: Progress | undefined, problem: string | undefined): Partial<Run> {
  const { places, reason = problem, isOutputLeftOut = false } = progress ?? {};
  return {
    ...(places === undefined ? {} : { places }),
    ...(reason === undefined ? {} : { reason }),
    ...(isOutputLeftOut ? { isOutputLeftOut } : {}),
  };
}

/** Of what the ledger alone knows. */
export function runOfRecord(record: SubmissionRecord, target: Askable): Run {
  const { submissionId: uid, reason } = record;
  switch (stateAt(record, now())) {
    case "free":
      return freeRun(uid, reason);
    case "dispatched":
      return { uid, state: "running" };
    case "unknown":
      return { uid, state: "unknown", ...(reason === WAIT_OVER ? { isWaitOver: true } : {}) };
    case "started":
      return runOf(uid, startedOf(record), target);
  }
}

/** Nothing was started, and that is known. */
function freeRun(uid: string, reason: string | null): Run {
  if (reason === QUEUED) return { uid, state: "queued" };
  if (reason === CANCELLED) return { uid, state: "cancelled" };
  const row = reason !== null && Object.hasOwn(ERRORS, reason) ? ERRORS[reason as keyof typeof ERRORS] : undefined;
  return { uid, state: "failed", reason: row === undefined ? "nothing was started" : `${row.en} ${row.zh}` };
}

/** What a later question or a repeat is answered with. It may be lost: then the engine is asked again. */
export async function noteProgress(database: Database, id: string, progress: Progress): Promise<void> {
  const call = database.collection(SUBMISSIONS).where({ _id: id, state: "started" });
  await answered(call.update({ progress: JSON.stringify(progress) })).catch(() => undefined);
}

/** Its engine was asked to the end of the wait: a repeat says so, too. */
export async function noteWaitOver(database: Database, id: string): Promise<void> {
  const call = database.collection(SUBMISSIONS).where({ _id: id, state: "unknown" });
  await answered(call.update({ reason: WAIT_OVER })).catch(() => undefined);
}
