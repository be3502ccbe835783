/**
 * Runs that are answered before they start: the input waits in the run's own record, another call of the function takes it
 * from there at once, and `sweep` sees to those whose call was lost. The ledger lets each start once.
 */
import { now } from "../../base/clock";
import { within } from "../../base/deadline";
import { StartflowError } from "../../base/errors";
import { asFailure } from "../../base/failure";
import { describeError, log } from "../../base/log";
import { randomHex } from "../../base/random";
import { recordId } from "../../engines/submission";
import type { Claim } from "../../once/claim";
import { attempts } from "../../once/dispatch";
import { CANCELLED, NO_PROCESS, QUEUED, type SubmissionRecord } from "../../once/record";
import { createLedgerStore, type NewRecord } from "../../once/store";
import type { MethodContext } from "../../platform/context";
import { databaseOf } from "../../platform/database";
import { type Route, SYNC_API_FUNCTION } from "../routes/route";
import { performRun, type RunParts } from "./run";
import { askedAtMs } from "./uid";

/** False where the run was there already. @throws StartflowError STORE_UNREACHABLE */
export async function queueRun(context: MethodContext, claim: Claim, input: unknown): Promise<boolean> {
  const { isDerived: _, isNew: __, stamp = null, ...known } = claim;
  const record: NewRecord = {
    _id: recordId(claim.environment, claim.submissionId),
    ...known,
    stamp,
    state: "free",
    reason: QUEUED,
    input: JSON.stringify(input),
    token: randomHex(16),
    generation: 0,
    leaseMs: 0,
    ...NO_PROCESS,
  };
  return await attempts(() => createLedgerStore(databaseOf(context)).insert(record));
}

/**
 * Of a run that an earlier request was given, and of which it is known that it was not started: it waits for its turn again.
 * @throws StartflowError STORE_UNREACHABLE
 */
export async function queueAgain(
  context: MethodContext,
  { environment, submissionId }: Claim,
  input: unknown,
): Promise<boolean> {
  const store = createLedgerStore(databaseOf(context));
  const _id = recordId(environment, submissionId);
  const record = await attempts(() => store.find(_id));
  if (record?.state !== "free" || record.reason === QUEUED || record.reason === CANCELLED) return false;
  const change = { reason: QUEUED, input: JSON.stringify(input) };
  return await attempts(() => store.change(_id, { token: record.token, states: ["free"] }, change));
}

/**
 * Long enough for the call to leave this instance, which may be stopped as soon as it has answered. Assumption: a function that
 * was called goes on when its caller waits no longer.
 */
const HAND_OFF_MS = 200;

/** Another call takes it on. That it cannot be told says nothing: the run is kept, and the next sweep hands it over again. */
export async function handOver({ app }: MethodContext, uid: string): Promise<void> {
  const { callFunction } = app ?? {};
  if (app === undefined || callFunction === undefined) return;
  const call = { name: SYNC_API_FUNCTION, data: { run: uid } };
  const late = () => new Error("handed over, and not waited for");
  await within(HAND_OFF_MS, callFunction.call(app, call, { timeout: HAND_OFF_MS }), late).catch(() => undefined);
}

/** Runs what waits under this id; nothing where it does not wait any more. Never throws: nobody reads its answer. */
export async function runQueued(parts: RunParts, uid: string, routeOf: (name: string) => Route | undefined) {
  const store = createLedgerStore(databaseOf(parts.context));
  const record = await store.find(recordId(parts.environment, uid)).catch(() => undefined);
  const { api, input } = record ?? {};
  if (record?.state !== "free" || record.reason !== QUEUED || typeof input !== "string") return;
  const route = api === undefined ? undefined : routeOf(api);
  try {
    if (route === undefined) throw new StartflowError("NOT_CONFIGURED", { cause: new Error(`no route ${api}`) });
    const { fields } = route.run.read(JSON.parse(input));
    const waitMs = route.run.target.answersAtEnd ? LONGEST_MS : 0;
    await performRun(parts, { route, uid, fields, contentHash: record.contentHash, waitMs });
  } catch (error) {
    await givenUp(parts, record, error);
  }
}
/** As long as the function has: what it needs to write the end down is kept by the run itself. */
const LONGEST_MS = 900_000;

/** How long an engine that is too busy, or not there, is tried by the sweep. */
const TRIED_MS = 3_600_000;

/** What may succeed later waits for the next sweep; a claim whose outcome nobody knows has its own end in the record. */
async function givenUp({ context }: RunParts, { _id, submissionId: uid, input }: SubmissionRecord, error: unknown) {
  const { code, retryable, outcome } = asFailure(error);
  log("warn", "queued run not started", { uid, code, error: describeError(error) });
  if (outcome !== "rejected") return;
  const store = createLedgerStore(databaseOf(context));
  const isTriedAgain = retryable && now() - askedAtMs(uid) < TRIED_MS;
  const change = isTriedAgain ? { reason: QUEUED, input: input ?? null } : { reason: code, input: null };
  try {
    const after = await store.find(_id);
    // Cancelled meanwhile, or taken on by another call.
    if (after?.state !== "free" || after.reason === CANCELLED) return;
    await store.change(_id, { token: after.token, states: ["free"] }, change);
  } catch (failure) {
    log("warn", "queued run not written down", { uid, error: describeError(failure) });
  }
}
