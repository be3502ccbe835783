/** One run: started at most once, and waited for until it ends, waits for somebody, or the wait is over. */
import { sleep } from "../../base/clock";
import { type Deadline, deadlineIn } from "../../base/deadline";
import { asFailure } from "../../base/failure";
import type { Started } from "../../engines/engine";
import { recordId, type Submission } from "../../engines/submission";
import type { Claim } from "../../once/claim";
import { ONCE } from "../../once/record";
import { startSubmission } from "../../once/start";
import { createLedgerStore } from "../../once/store";
import type { MethodContext } from "../../platform/context";
import { databaseOf } from "../../platform/database";
import { sendTimeoutMs } from "../../platform/time-limits";
import { type Route, routeName } from "../routes/route";
import type { Run } from "../wire/envelope";
import { lookAt } from "./look";
import { noteProgress, noteWaitOver, runAt, runOf, runOfRecord } from "./run-state";
import type { RunInput } from "./runnable";

export interface RunParts {
  context: MethodContext;
  environment: "preview" | "production";
  deadline: Deadline;
}

export interface RunRequest {
  route: Route;
  uid: string;
  fields: RunInput["fields"];
  /** Of the input: the same run is never started with another one. */
  contentHash: string;
  /** The uid was made for this very request. Default false: an earlier one may have had it. */
  isNew?: boolean;
  callbackUrl?: string;
  /** Longest wait for its end. 0: it is started, and not waited for. */
  waitMs: number;
}

/** What is left for writing down and answering when a wait is over. */
const ANSWER_MS = 500;

export interface PerformedRun {
  run: Run;
  /** An earlier request had started it. */
  isRepeat: boolean;
}

/** @throws StartflowError where nothing was started, or another call is at it */
export async function performRun(parts: RunParts, request: RunRequest): Promise<PerformedRun> {
  const { uid, route, waitMs } = request;
  const atMostMs = route.run.target.answersAtEnd ? sendMs(parts) : parts.deadline.remainingMs() - ANSWER_MS;
  const wait = deadlineIn(Math.min(waitMs, atMostMs));
  try {
    const { outcome, ...started } = await startSubmission(
      route.run.target,
      submissionOf(parts, request),
      claimOf(parts, request),
      parts,
    );
    const isRepeat = outcome === "duplicate";
    const run = runOf(uid, started, route.run.target);
    return { run: run.state === "running" ? await waited(parts, request, started, wait) : run, isRepeat };
  } catch (error) {
    const failure = asFailure(error);
    if (failure.outcome !== "unknown") throw failure;
    return await unknownRun(parts, request, wait);
  }
}

/** Longest that a send may take, so that what comes of it can be written down. */
function sendMs({ deadline }: Pick<RunParts, "deadline">): number {
  return deadline.remainingMs() - ONCE.recordMs - ONCE.storeTimeoutMs - ANSWER_MS;
}

function submissionOf(
  { environment, deadline }: RunParts,
  { route, uid, fields, waitMs }: RunRequest,
): Submission<never> {
  const { target, labels } = route.run;
  const timeoutMs = target.answersAtEnd === true ? waitMs : sendTimeoutMs();
  return {
    id: uid,
    fields,
    environment,
    // The caller is known by the route's credentials: who starts a process is configured.
    userId: "",
    generation: 1,
    sendTimeoutMs: Math.max(1, Math.floor(Math.min(timeoutMs, sendMs({ deadline })))),
    labels,
  };
}

export function claimOf({ environment }: Pick<RunParts, "environment">, request: Omit<RunRequest, "waitMs">): Claim {
  const { route, uid, contentHash, isNew = false, callbackUrl } = request;
  const { kind: target, processKey, stamp } = route.run.target;
  return {
    submissionId: uid,
    isDerived: false,
    environment,
    target,
    processKey,
    ...(stamp === undefined ? {} : { stamp }),
    userId: "",
    contentHash,
    isNew,
    api: routeName(route),
    ...(callbackUrl === undefined ? {} : { callbackUrl, callbackState: "pending" as const }),
  };
}

/** The engine is asked until the run rests: at least once, as a run that rests at once is the usual one. */
async function waited(parts: RunParts, request: RunRequest, started: Started, wait: Deadline): Promise<Run> {
  const { uid, route } = request;
  const { target } = route.run;
  const { processId } = started;
  if (target.status === undefined || processId === null || request.waitMs === 0) return runOf(uid, started, target);
  for (let isFirst = true; isFirst || wait.remainingMs() > 0; isFirst = false) {
    const status = await lookAt(target, processId, parts.context, Math.max(wait.remainingMs(), MIN_LOOK_MS));
    const run = status && runAt(uid, status, started);
    if (run !== undefined && status !== undefined && run.state !== "running") {
      await noteProgress(databaseOf(parts.context), recordId(parts.environment, uid), status.progress);
      return run;
    }
    await sleep(Math.min(target.pollMs ?? POLL_MS, Math.max(0, wait.remainingMs())));
  }
  return { uid, state: "running" };
}

/** So that a run is answered within 100 ms of its end, with the time that a look takes. */
const POLL_MS = 50;
const MIN_LOOK_MS = 200;

/** A timer may fire a little early. */
const TIMER_MS = 20;

/** It was sent, and no answer says what became of it: in this call, or in an earlier one of the same key. */
async function unknownRun(
  { context, environment }: RunParts,
  request: RunRequest,
  wait: Deadline,
): Promise<PerformedRun> {
  const { uid, route } = request;
  const { target } = route.run;
  const database = databaseOf(context);
  const id = recordId(environment, uid);
  const isWaitOver = target.answersAtEnd === true && wait.remainingMs() <= TIMER_MS;
  if (isWaitOver) {
    if (target.repeatWindowMs === undefined) await noteWaitOver(database, id);
    return { run: { uid, state: "unknown", isWaitOver }, isRepeat: false };
  }
  const record = await createLedgerStore(database)
    .find(id)
    .catch(() => undefined);
  const run = record === undefined ? { uid, state: "unknown" as const } : runOfRecord(record, target);
  return { run, isRepeat: true };
}
