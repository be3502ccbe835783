/** One call of a route, from its body to the answer: read, checked, given its run, started, waited for. */

import type { Deadline } from "../../base/deadline";
import { asFailure } from "../../base/failure";
import { hashOf } from "../../base/hash";
import type { MethodContext } from "../../platform/context";
import { databaseOf } from "../../platform/database";
import { signedQuery } from "../gate/signature";
import { LIMITS, outputOf, type Route, routeName } from "../routes/route";
import { acceptedReply, type Reply, refusal, runReply } from "../wire/envelope";
import { failureReply } from "../wire/failure-reply";
import { type ApiInput, readInput, tooLarge } from "../wire/input";
import { withPendingFiles, withStoredFiles } from "../wire/multipart";
import { type Preference, readCallback, readPreference } from "../wire/prefer";
import type { ApiRequest } from "../wire/request";
import { readKey, runOfKey } from "./idempotency";
import { handOver, queueAgain, queueRun } from "./queue";
import { claimOf, performRun, type RunRequest } from "./run";
import { newUid } from "./uid";

export interface CallParts {
  context: MethodContext;
  environment: "preview" | "production";
  deadline: Deadline;
}

interface AdmittedCall {
  route: Route;
  mode: "sync" | "async";
  request: ApiRequest;
  signatureKey?: string;
}

/** The request is the route's, its method is right, and the caller may. @throws StartflowError NOT_CONFIGURED */
export async function answerCall(parts: CallParts, call: AdmittedCall): Promise<Reply> {
  const { route, request, signatureKey } = call;
  const read = await readInput(request, route.bodyBytes ?? LIMITS.bodyBytes);
  if ("refused" in read) return read.refused;
  const given = readKey(request.headers["idempotency-key"], route.keyRequired ?? false);
  if ("refused" in given) return given.refused;
  const callback = readCallback(request.headers["x-callback-url"]);
  if ("refused" in callback) return callback.refused;
  const key = given.key === undefined ? signatureKey && `signature:${signatureKey}` : `key:${given.key}`;
  try {
    return await inputAnswer(parts, call, { ...callback, ...(key === undefined ? {} : { key }), input: read.input });
  } catch (error) {
    return failureReply(asFailure(error));
  }
}

interface Wanted {
  input: ApiInput;
  key?: string;
  callbackUrl?: string;
}

async function inputAnswer(parts: CallParts, call: AdmittedCall, wanted: Wanted): Promise<Reply> {
  const { route } = call;
  const { value, files } = wanted.input;
  // Nothing is stored for an input that is refused.
  const checked = route.run.read(withPendingFiles(value, files));
  const { target } = route.run;
  const contentHash = hashOf([target.kind, target.processKey, checked.values]);
  const keyed = await keyedRun(parts, call, wanted.key, contentHash);
  if (keyed === "other-content") return refusal("keyReused");
  const run = {
    ...keyed,
    isNew: !keyed.isRepeat,
    contentHash,
    ...(wanted.callbackUrl === undefined ? {} : { callbackUrl: wanted.callbackUrl }),
  };
  try {
    const stored = await withStoredFiles(value, files, parts.context);
    const fields = files.length === 0 ? checked.fields : route.run.read(stored).fields;
    return await runAnswer(parts, call, { ...run, fields, value: stored });
  } catch (error) {
    return failureReply(asFailure(error), run.uid);
  }
}

interface GivenRun extends Omit<RunRequest, "route" | "waitMs"> {
  isRepeat: boolean;
  /** As it came: what a queued run is given once more. */
  value: unknown;
}

async function runAnswer(parts: CallParts, { route, mode, request }: AdmittedCall, given: GivenRun): Promise<Reply> {
  const { value, isRepeat, ...known } = given;
  const run = { ...known, route };
  const preference = readPreference(request.headers.prefer);
  if (mode === "async" || preference.respondAsync) {
    return await acceptedRun(parts, run, value, { preference, isRepeat });
  }
  const waitMs = Math.min(route.waitMs ?? LIMITS.waitMs, preference.waitMs ?? Number.POSITIVE_INFINITY);
  const performed = await performRun(parts, { ...run, waitMs });
  const reply = runReply(performed.run, outputOf(route, performed.run), route.raw);
  return isRepeat && performed.isRepeat ? replayed(reply) : reply;
}

/** Without a key, each request is a run of its own. @throws StartflowError STORE_UNREACHABLE */
async function keyedRun(
  { context, environment }: CallParts,
  { route, request }: AdmittedCall,
  key: string | undefined,
  contentHash: string,
) {
  if (key === undefined) return { uid: newUid(), isRepeat: false };
  // Of the content, not of its bytes: a form with files has another boundary each time that it is sent.
  const fingerprint = hashOf([request.method, signedQuery(request.query), contentHash]);
  return await runOfKey(databaseOf(context), { scope: `${environment}:${routeName(route)}`, key, fingerprint });
}

async function acceptedRun(
  parts: CallParts,
  run: Omit<RunRequest, "waitMs">,
  value: unknown,
  { preference, isRepeat }: { preference: Preference; isRepeat: boolean },
): Promise<Reply> {
  if (Buffer.byteLength(JSON.stringify(value) ?? "") > LIMITS.queuedBytes) return tooLarge(LIMITS.queuedBytes);
  const applied: Record<string, string> = preference.respondAsync ? { "preference-applied": "respond-async" } : {};
  const claim = claimOf(parts, run);
  const isNew =
    (await queueRun(parts.context, claim, value ?? null)) || (await queueAgain(parts.context, claim, value ?? null));
  if (isNew) await handOver(parts.context, run.uid);
  const reply = acceptedReply(run.uid, applied);
  return isRepeat && !isNew ? replayed(reply) : reply;
}

function replayed(reply: Reply): Reply {
  return { ...reply, headers: { ...reply.headers, "idempotent-replayed": "true" } };
}
