/** Starts one submission on its target, at most once: what a form's method and the sync API both do. */
import type { MethodContext } from "./context";
import { sendTimeoutMs, windowMs } from "./context";
import { asFailure, askAgain } from "./failure";
import { type Claim, type OnceAnswer, startOnce } from "./once/ledger";
import { createLedgerStore, databaseOf } from "./once/store";
import type { Deadline } from "./once/time";
import type { Submission } from "./submission";
import type { Target } from "./targets/target";

/** @throws StartflowError with the submission's id, and what is known of the process */
export async function startSubmission<Entry>(
  target: Target<Entry>,
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
