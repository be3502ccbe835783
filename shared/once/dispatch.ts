/** The send of a submission that is claimed: tried again where that is safe, and what comes of it is written down. */
import { sleep } from "../base/clock";
import { backoffMs, within } from "../base/deadline";
import { StartflowError } from "../base/errors";
import { describeError, log } from "../base/log";
import type { PreparedStart, Started } from "../engines/engine";
import type { OnceAnswer, OnceParts } from "./claim";
import { keptOutput, NO_ANSWER, ONCE } from "./record";
import type { RecordChange } from "./store";

/** Who holds a claim. */
export interface Owner {
  id: string;
  token: string;
  /** Says whether the lease still covers a send and its record, after a wait. */
  mayStillSend: (waitMs?: number) => boolean;
  /** Of a send of which nobody knows: only an answer about the process changes what is known. */
  isRepeat: boolean;
}

/** @throws StartflowError: what is known of the process where it did not start, or nobody knows */
export async function dispatch(parts: OnceParts, owner: Owner, prepared: PreparedStart): Promise<OnceAnswer> {
  try {
    const started = await send(parts, owner, prepared);
    const { processId, status = null, problem = null, output, progress } = started;
    const kept = keptOutput(output);
    const known = {
      processId,
      status,
      problem,
      output: kept,
      progress: progressText(progress, output !== undefined && kept === null),
    };
    await record(parts, owner, { state: "started", ...known });
    return { outcome: "started", ...started };
  } catch (error) {
    const failure = error instanceof StartflowError ? error : new StartflowError("OUTCOME_UNKNOWN", { cause: error });
    const isFree = failure.outcome === "rejected" && !owner.isRepeat;
    // That a repeat was refused changes nothing of the send before it, which may be asked for again.
    const isOpen = failure.isUnanswered || (failure.outcome === "rejected" && owner.isRepeat);
    const reason = isOpen ? NO_ANSWER : failure.code;
    await record(parts, owner, { state: isFree ? "free" : "unknown", reason });
    throw failure;
  }
}

/**
 * Again only where it is known that nothing was started, or where the engine refuses a repeat; and only while there is time
 * to write down what comes of it.
 */
async function send(parts: OnceParts, owner: Owner, prepared: PreparedStart): Promise<Started> {
  let unknown: StartflowError | undefined;
  for (let attempt = 0; ; attempt += 1) {
    if (!owner.mayStillSend()) throw unknown ?? new StartflowError("TOO_LATE");
    try {
      const sent = prepared.send(owner.isRepeat || unknown !== undefined);
      return await within(parts.sendTimeoutMs, sent, noAnswer);
    } catch (error) {
      if (!(error instanceof StartflowError)) throw error;
      if (error.outcome === "unknown") unknown ??= error;
      const isAsked = error.isUnanswered && (parts.repeatWindowMs ?? 0) > 0;
      const mayRetry = error.outcome === "unknown" ? isAsked : error.retryable;
      const waitMs = Math.max(backoffMs(attempt), error.retryAfterMs ?? 0);
      if (!mayRetry || attempt + 1 >= ONCE.sendTries || !owner.mayStillSend(waitMs)) throw unknown ?? error;
      await sleep(waitMs);
    }
  }
}

function progressText(progress: Started["progress"], isOutputLeftOut: boolean): string | null {
  return progress === undefined ? null : JSON.stringify(isOutputLeftOut ? { ...progress, isOutputLeftOut } : progress);
}

function noAnswer(): StartflowError {
  return new StartflowError("OUTCOME_UNKNOWN", { isUnanswered: true });
}

/** What was found out is true also where it cannot be written down: then the record becomes `unknown` by itself. */
async function record({ store }: OnceParts, { id, token }: Owner, change: RecordChange): Promise<void> {
  try {
    await attempts(() => store.change(id, { token, states: ["dispatched", "unknown"] }, change));
  } catch (error) {
    log("error", "outcome not recorded", { id, state: change.state, error: describeError(error) });
  }
}

/**
 * Every call of the store is safe to repeat: a read changes nothing, an insert finds its own token, a compare-and-set that
 * was done finds nothing to do. @throws StartflowError STORE_UNREACHABLE: nothing is started where it is not known what was
 */
export async function attempts<Result>(call: () => Promise<Result>): Promise<Result> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (attempt + 1 >= ONCE.storeTries) throw new StartflowError("STORE_UNREACHABLE", { cause: error });
      await sleep(backoffMs(attempt));
    }
  }
}
