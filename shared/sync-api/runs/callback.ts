/** Tells of the end of a run where its caller asked for it: signed, and again until it is taken. At least once, seldom twice. */
import { now } from "../../base/clock";
import type { Deadline } from "../../base/deadline";
import { textSetting } from "../../base/environment";
import { describeError, log } from "../../base/log";
import { postJson } from "../../http/webhook";
import { SUBMISSIONS, type SubmissionRecord } from "../../once/record";
import type { SweepDatabase } from "../../once/sweep-store";
import type { MethodContext } from "../../platform/context";
import { answered } from "../../platform/database";
import { SIGNATURE, signatureOf } from "../gate/signature";
import { outputOf, type Route } from "../routes/route";
import { CALLBACK_KEY, isCallbackOrigin } from "../wire/prefer";
import { chore } from "./chore";
import { isEnded } from "./run-state";
import { type RunNow, runNow, viewReply } from "./view";

/** docs/sync-api.md prints these. */
export const CALLBACK = {
  /** Of one sweep. */
  limit: 20,
  timeoutMs: 5_000,
  tries: 10,
  /** After the first failure; it doubles. */
  firstWaitMs: 60_000,
  longestWaitMs: 21_600_000,
  /** What is unknown for this long stays so: a workflow runs for 10 minutes at most, and the sweep has asked who can be asked. */
  unknownAfterMs: 900_000,
  /** With less time left the rest is for the next sweep. */
  stopBeforeMs: 12_000,
} as const;

export interface CallbackParts {
  database: SweepDatabase;
  context: MethodContext;
  environment: "preview" | "production";
  routeOf(name: string): Route | undefined;
  deadline: Deadline;
}

export interface CallbackAnswer {
  /** Callbacks that were taken. */
  called: number;
  /** That were tried in vain for the last time. */
  givenUp: number;
}

/** Never throws: the next sweep tries again. */
export async function sendCallbacks(parts: CallbackParts): Promise<CallbackAnswer> {
  const answer: CallbackAnswer = { called: 0, givenUp: 0 };
  for (const record of await pending(parts)) {
    if (parts.deadline.remainingMs() < CALLBACK.stopBeforeMs) break;
    try {
      const state = await sendDue(parts, record);
      if (state === "sent") answer.called += 1;
      if (state === "given_up") answer.givenUp += 1;
    } catch (error) {
      log("warn", "callback not sent", { uid: record.submissionId, error: describeError(error) });
    }
  }
  return answer;
}

/** Whichever was looked at longest ago comes first: a run that goes on for weeks keeps no other from its turn. */
function pending({ database, environment }: CallbackParts): Promise<SubmissionRecord[]> {
  const work = async () => {
    const all = database.collection(SUBMISSIONS).where({ environment, callbackState: "pending" });
    const query = all.orderBy("callbackTriedAt", "asc").limit(CALLBACK.limit);
    return (await answered<{ data?: SubmissionRecord[] }>(query.get())).data ?? [];
  };
  return chore<SubmissionRecord[]>({ trouble: "callbacks not listed", none: [], work });
}

async function sendDue(parts: CallbackParts, record: SubmissionRecord): Promise<SubmissionRecord["callbackState"]> {
  const { callbackTries = 0, api = "" } = record;
  // Of two sweeps that have listed it, one gets it.
  if (!(await taken(parts, record))) return "pending";
  const route = parts.routeOf(api);
  if (route === undefined) return "pending";
  const state = await runNow(parts.context, route, record);
  if (!isTold(record, state)) return "pending";
  const isTaken = await isSent(record, route, state);
  const tries = callbackTries + 1;
  const next = isTaken ? "sent" : tries >= CALLBACK.tries ? "given_up" : "pending";
  if (next === "given_up") log("error", "callback given up", { uid: record.submissionId, api, tries });
  const call = parts.database.collection(SUBMISSIONS).where({ _id: record._id, callbackState: "pending" });
  await answered(call.update({ callbackState: next, callbackTries: tries }));
  return next;
}

/** False where another sweep was first, or its next try is not due by the store's clock. */
async function taken({ database }: CallbackParts, record: SubmissionRecord): Promise<boolean> {
  const { _id, callbackTries = 0, callbackTriedAt = null } = record;
  const waitMs = Math.min(CALLBACK.longestWaitMs, CALLBACK.firstWaitMs * 2 ** (callbackTries - 1));
  const isDue = database.command.lte(database.serverDate({ offset: -waitMs }));
  const query = { _id, callbackState: "pending", callbackTriedAt: callbackTries === 0 ? callbackTriedAt : isDue };
  const change = { callbackTriedAt: database.serverDate() };
  const { updated } = await answered<{ updated?: number }>(
    database.collection(SUBMISSIONS).where(query).update(change),
  );
  return updated === 1;
}

/** It has ended, or will never be known. */
function isTold({ claimedAt }: SubmissionRecord, { run }: RunNow): boolean {
  if (isEnded(run)) return true;
  return run.state === "unknown" && now() - claimedAt.getTime() > CALLBACK.unknownAfterMs;
}

/** The body is that of `GET /v1/runs/:uid`; the signature as in a route with `hmac`. */
async function isSent(record: SubmissionRecord, route: Route, state: RunNow): Promise<boolean> {
  const { callbackUrl = "", submissionId: uid } = record;
  const key = textSetting("STARTFLOW_SYNC_CALLBACK_KEY", CALLBACK_KEY, "16 … 200");
  // The configuration of today counts: an origin that was taken off the list is told nothing more.
  if (key === undefined || !isCallbackOrigin(callbackUrl)) return false;
  const body = JSON.stringify(viewReply(record, state, outputOf(route, state.run)).body);
  const at = String(Math.floor(now() / 1_000));
  const signature = signatureOf(key, {
    at,
    method: "POST",
    path: new URL(callbackUrl).pathname,
    query: "",
    key: "",
    body,
  });
  const headers = { [SIGNATURE.header]: `t=${at},v1=${signature}`, "x-run-uid": uid };
  try {
    const status = await postJson(callbackUrl, body, { headers, timeoutMs: CALLBACK.timeoutMs });
    if (status >= 200 && status < 300) return true;
    log("warn", "callback was not taken", { uid, status });
  } catch (error) {
    log("warn", "callback was not sent", { uid, error: describeError(error) });
  }
  return false;
}
