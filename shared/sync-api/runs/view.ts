/** `GET /v1/runs/:uid` and `POST /v1/runs/:uid/cancel`: how a run stands, and ending it. */
import { now as nowMs } from "../../base/clock";
import { StartflowError } from "../../base/errors";
import { randomHex } from "../../base/random";
import type { TimelineStep } from "../../engines/engine";
import { startedOf } from "../../once/ledger";
import { CANCELLED, QUEUED, type SubmissionRecord } from "../../once/record";
import { createLedgerStore } from "../../once/store";
import type { MethodContext } from "../../platform/context";
import { databaseOf } from "../../platform/database";
import type { Route } from "../routes/route";
import { type Reply, type Run, refusal, runBody } from "../wire/envelope";
import { lookAt } from "./look";
import { isEnded, noteProgress, runAt, runOfRecord } from "./run-state";
import { askedAtMs } from "./uid";

export interface RunNow {
  run: Run;
  processId: string | null;
  timeline?: TimelineStep[];
  /** When this was so, in ISO: now, where the engine was asked. */
  asOf: string;
}

const LOOK_TIMEOUT_MS = 5_000;

/** Of a run that has not ended, its engine is asked; where it does not answer, what was known counts. */
export async function runNow(context: MethodContext, route: Route, record: SubmissionRecord): Promise<RunNow> {
  const { target } = route.run;
  const known: RunNow = {
    run: runOfRecord(record, target),
    processId: record.processId,
    asOf: record.changedAt.toISOString(),
  };
  const { processId, state } = record;
  if (state !== "started" || processId === null) return known;
  const status = await lookAt(target, processId, context, LOOK_TIMEOUT_MS);
  if (status === undefined) return known;
  const run = runAt(record.submissionId, status, startedOf(record));
  if (isEnded(run) && !isEnded(known.run)) await noteProgress(databaseOf(context), record._id, status.progress);
  const { timeline } = status;
  return { run, processId, asOf: new Date(nowMs()).toISOString(), ...(timeline === undefined ? {} : { timeline }) };
}

/** The question was answered, so its status is 200, whatever became of the run. */
export function viewReply({ api = "" }: SubmissionRecord, now: RunNow, output: unknown): Reply {
  const { run, processId, timeline, asOf } = now;
  const { data, code, msg, uid, ...places } = runBody(run, output);
  const beside = { api, processId, startedAt: new Date(askedAtMs(uid)).toISOString(), asOf };
  const response = { uid, state: run.state, code, msg, data, ...places, ...beside, ...(timeline ? { timeline } : {}) };
  return { status: 200, headers: {}, body: { response } };
}

/** @throws StartflowError what the engine says against it */
export async function cancelRun(
  context: MethodContext,
  route: Route,
  record: SubmissionRecord,
): Promise<Reply | undefined> {
  const { submissionId: uid, _id, token, reason, state, processId } = record;
  if (state === "free" && reason === QUEUED) {
    const store = createLedgerStore(databaseOf(context));
    // A call that has listed it claims by its token, and finds another one.
    const change = { reason: CANCELLED, input: null, token: randomHex(16) };
    return (await store.change(_id, { token, states: ["free"] }, change))
      ? undefined
      : refusal("notCancellable", { uid });
  }
  const { cancel } = route.run.target;
  const before = await runNow(context, route, record);
  if (isEnded(before.run)) return refusal("notCancellable", { uid });
  if (cancel === undefined) return refusal("cannotCancel", { uid });
  if (processId === null) return refusal("notCancellable", { uid });
  try {
    await cancel.call(route.run.target, processId, context);
    return undefined;
  } catch (error) {
    if (error instanceof StartflowError) throw error;
    throw new StartflowError("ENGINE_UNREACHABLE", { cause: error });
  }
}
