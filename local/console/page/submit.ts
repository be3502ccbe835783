/** One click on submit: the request, its answer, and what a lost answer means. */
import type { Text } from "../../../shared/base/errors";
import type { MethodRow, TestRequest } from "../wire";
import { type ApiFailure, api, asFailure, noteChange } from "./api";
import { type Answer, changeDraft, type Draft, draftOf, takesSubmissionId } from "./drafts";
import { paramsToSend } from "./form-values";

export function requestOf(method: MethodRow, draft: Draft): TestRequest {
  return {
    params: paramsToSend(draft.params, takesSubmissionId(method) ? draft.submissionId : null),
    env: draft.env,
    entry: draft.entry,
    user: draft.user.trim() === "" ? null : draft.user.trim(),
    dryRun: draft.dryRun,
  };
}

export async function submit(method: MethodRow): Promise<void> {
  const draft = draftOf(method);
  if (draft.running) return;
  changeDraft(method, { running: true, issues: [] });
  const answer = await answerTo(method, draft);
  // A new form that was opened meanwhile does not get the old one's answer.
  if (draftOf(method).submissionId !== draft.submissionId) return;
  changeDraft(method, { running: false, answer, issues: answer.error?.issues ?? [] });
  noteChange();
}

const STATUS_METHOD = "submission-status";

/** Asks what became of the submission that was answered, as its user; starts nothing. */
export async function lookAgain(method: MethodRow): Promise<void> {
  const draft = draftOf(method);
  if (draft.running || draft.answer === null) return;
  changeDraft(method, { running: true });
  const answer = await lookOf(method, draft, draft.answer);
  if (draftOf(method).submissionId !== draft.submissionId) return;
  changeDraft(method, { running: false, answer });
  noteChange();
}

/** A look that failed leaves the outcome as it was known before, and says why. */
async function lookOf(method: MethodRow, draft: Draft, known: Answer): Promise<Answer> {
  const { env, entry, user } = requestOf(method, draft);
  const submissionId = known.error?.submissionId ?? draft.submissionId;
  const failed = (message: Text) =>
    known.error === undefined ? known : { ...known, error: { ...known.error, message } };
  try {
    const answer = await api.test(STATUS_METHOD, { params: { submissionId }, env, entry, user });
    return answer.error === undefined ? answer : failed(answer.error.message);
  } catch (error) {
    return failed(asFailure(error).text);
  }
}

async function answerTo(method: MethodRow, draft: Draft): Promise<Answer> {
  const startedMs = performance.now();
  try {
    return await api.test(method.name, requestOf(method, draft));
  } catch (error) {
    const durationMs = Math.round(performance.now() - startedMs);
    return { ok: false, error: lostAnswer(asFailure(error), draft), logs: [], requests: [], durationMs };
  }
}

/** Refused by the console's own API: the method never ran. Everything else: nobody knows. */
function lostAnswer(failure: ApiFailure, draft: Draft): Answer["error"] {
  const refused = failure.kind === "refused";
  return {
    code: failure.code,
    message: failure.text,
    outcome: refused ? "rejected" : "unknown",
    submissionId: draft.submissionId,
  };
}

/** The same call for a terminal. */
export function curlOf(origin: string, method: MethodRow, draft: Draft): string {
  const url = `${origin}/_local/methods/${encodeURIComponent(method.name)}/test`;
  const body = JSON.stringify(requestOf(method, draft));
  return `curl -sS ${quoted(url)} -H 'content-type: application/json' --data-binary ${quoted(body)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
