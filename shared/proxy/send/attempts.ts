/** The tries of one call within its time: again only where that does no harm, and once with a new token. */
import { sleep } from "../../base/clock";
import { backoffMs, type Deadline } from "../../base/deadline";
import type { PreparedCall } from "../call";
import { withQuery } from "../request/query-text";
import { readAnswer } from "./answer";
import { credentialsFor, hasFetchedToken } from "./auth/apply";
import type { Credentials } from "./auth/credentials";
import { dropToken } from "./auth/tokens";
import { admittedByBreaker } from "./breaker";
import { CallFailure, type Failure, tooLate } from "./call-failure";
import { exchangeWith } from "./connection";
import type { WireAnswer } from "./exchange";
import { admittedByLimit } from "./limit";

/** Filled while the tries go on, so that a failure can tell as well. */
export interface Progress {
  /** Requests that were sent, without those for tokens. */
  attempts: number;
}

export interface Answered {
  http: WireAnswer;
  body: unknown;
}

/** Whether a second try can do harm. */
export function isRepeatable({ definition }: PreparedCall): boolean {
  return definition.idempotent ?? definition.method === "GET";
}

/** @throws CallFailure */
export async function attempted(call: PreparedCall, deadline: Deadline, progress: Progress): Promise<Answered> {
  const { tries } = call.platform.retry;
  let [failed, isRenewed] = [0, false];
  let last: CallFailure | undefined;
  for (;;) {
    try {
      return await attempt(call, deadline, progress, isRenewed);
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      const { failure } = error;
      // The breaker has opened between two tries: what it opened for says more.
      // A token that was over is no reason: with a new one the call would have gone on.
      if (failure.kind === "blocked") throw last === undefined || last.failure.isExpired ? error : last;
      last = error;
      const mayRenew = failure.isExpired === true && !isRenewed && deadline.remainingMs() > 0;
      if (mayRenew) {
        isRenewed = true;
        continue;
      }
      failed += 1;
      const mayRepeat = failure.isTransient && (failure.isUnsent || isRepeatable(call));
      const waitMs = Math.max(backoffMs(failed - 1), failure.retryAfterMs ?? 0);
      // What is left of the time would only turn this failure into a later and poorer one.
      if (!mayRepeat || failed >= tries || waitMs >= deadline.remainingMs()) throw error;
      await sleep(waitMs);
    }
  }
}

async function attempt(
  call: PreparedCall,
  deadline: Deadline,
  progress: Progress,
  isRenewed: boolean,
): Promise<Answered> {
  const breaker = admittedByBreaker(call);
  let isDown: boolean | undefined;
  try {
    // Before the limit: calls that wait for one token together would else be sent together, whatever their places.
    const fetched = hasFetchedToken(call) ? await credentialsFor(call, deadline) : undefined;
    await admittedByLimit(call, deadline.remainingMs());
    // Behind it: a signature has the time in it.
    const credentials = fetched ?? (await credentialsFor(call, deadline));
    const http = await sent(call, credentials, deadline, progress);
    isDown = http.status >= 500;
    return { http, body: read(call, http, credentials, isRenewed) };
  } catch (error) {
    if (error instanceof CallFailure) isDown ??= isPlatformDown(error.failure);
    throw error;
  } finally {
    breaker.ended(isDown);
  }
}

/** @returns undefined where it was not asked, as our own time was over or we held the call back */
function isPlatformDown({ kind, status, isTooLate = false }: Failure): boolean | undefined {
  // No answer, not even a connection, or none but its own failure to a request for a token.
  if (kind === "network" || (kind === "timeout" && !isTooLate) || (status ?? 0) >= 500) return true;
  return status !== undefined || kind === "size" || kind === "http" ? false : undefined;
}

async function sent(
  call: PreparedCall,
  { headers, query }: Credentials,
  deadline: Deadline,
  progress: Progress,
): Promise<WireAnswer> {
  const { platform, definition, body } = call;
  const timeoutMs = Math.min(platform.attemptTimeoutMs, deadline.remainingMs());
  if (timeoutMs <= 0) throw new CallFailure(tooLate());
  progress.attempts += 1;
  const type: Record<string, string> = body === undefined ? {} : { "content-type": body.type };
  const outgoing = {
    method: definition.method,
    target: withQuery(call.target, query),
    headers: { ...COMMON, ...call.headers, ...type, ...headers },
    body: body?.content,
    isRepeatable: isRepeatable(call) && platform.retry.tries > 1,
  };
  return await exchangeWith(call, outgoing, timeoutMs);
}

const COMMON = { accept: "application/json, */*;q=0.5", "user-agent": "startflow" };

function read(call: PreparedCall, http: WireAnswer, { token }: Credentials, isRenewed: boolean): unknown {
  try {
    return readAnswer(call, http, token === undefined ? [] : [token]);
  } catch (error) {
    if (error instanceof CallFailure && error.failure.isExpired && token !== undefined && !isRenewed) {
      dropToken(call, token);
    }
    throw error;
  }
}
