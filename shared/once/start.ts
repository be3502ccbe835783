/** Starts one submission on its target, at most once: what a form's method and the sync API both do. */

import type { Deadline } from "../base/deadline";
import { integerSetting } from "../base/environment";
import { asFailure, askAgain } from "../base/failure";
import type { Engine } from "../engines/engine";
import type { Submission } from "../engines/submission";
import type { MethodContext } from "../platform/context";
import { databaseOf } from "../platform/database";
import { sendTimeoutMs } from "../platform/time-limits";
import type { Claim, OnceAnswer } from "./claim";
import { startOnce } from "./ledger";
import { ONCE } from "./record";
import { createLedgerStore } from "./store";

const WINDOW_MS = { min: 0, max: 3_600_000, fallback: ONCE.derivedWindowMs };

/** How long equal content without a submission id counts as the same submission. */
export function windowMs(): number {
  return integerSetting("STARTFLOW_WINDOW_MS", WINDOW_MS);
}

/** @throws StartflowError with the submission's id, and what is known of the process */
export async function startSubmission<Entry>(
  target: Engine<Entry>,
  submission: Submission<Entry>,
  claim: Claim,
  { context, deadline }: { context: MethodContext; deadline: Deadline },
): Promise<OnceAnswer> {
  try {
    const parts = {
      store: createLedgerStore(databaseOf(context)),
      deadline,
      sendTimeoutMs: submission.sendTimeoutMs ?? sendTimeoutMs(),
      windowMs: windowMs(),
      repeatWindowMs: target.repeatWindowMs?.() ?? 0,
    };
    return await startOnce(parts, claim, async (generation) => {
      const prepared = await target.prepare({ ...submission, generation }, context);
      await prepared.ready?.(deadline);
      return prepared;
    });
  } catch (error) {
    const known = asFailure(error);
    const failure = known.isUnanswered && target.repeatWindowMs !== undefined ? askAgain(known) : known;
    failure.submissionId ??= submission.id;
    throw failure;
  }
}
