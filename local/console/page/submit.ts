/** One click on submit: the request, its answer, and what a lost answer means. */
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
