/** One outcome as a user must understand it: what happened, and the next step. */
import type { FieldIssue } from "../../../shared/base/errors";
import type { MethodRow } from "../wire";
import { CopyButton } from "./bits";
import { type Answer, type Draft, takesSubmissionId } from "./drafts";
import { elementId } from "./form-context";
import type { Field } from "./form-model";
import { controlPath } from "./form-values";
import { useWords } from "./language";
import { processIdOf, saidOf, shownOutcome } from "./outcome";
import { hrefTo } from "./route";
import { lookAgain } from "./submit";

interface OutcomeProps {
  method: MethodRow;
  draft: Draft;
  fields: Field[] | null;
  answer: Answer;
}

export function OutcomeCard({ method, draft, fields, answer }: OutcomeProps) {
  const { t, pick } = useWords();
  const { outcome, tone, title, next, sign } = shownOutcome(answer);
  const { problem } = saidOf(answer);
  const { error } = answer;
  const issues = error?.issues ?? [];
  const maybeStarted = takesSubmissionId(method) && ["unknown", "in_progress", "none"].includes(outcome);
  return (
    <div class={`outcome ${tone}`} data-outcome={outcome}>
      <p class="headline">
        <span class="sign" aria-hidden="true">
          {sign}
        </span>
        <strong>{t(title)}</strong>
        {error && <code>{error.code}</code>}
      </p>
      {problem !== undefined && <p class="message">{t("problem", { problem })}</p>}
      {error && issues.length === 0 && <p class="message">{pick(error.message)}</p>}
      <p>{t(next)}</p>
      {(outcome === "started" || outcome === "duplicate") && <InstanceLink answer={answer} />}
      {maybeStarted && (
        <button type="button" class="button small" onClick={() => void lookAgain(method)}>
          {t("lookAgain")}
        </button>
      )}
      {issues.length > 0 && <IssueList issues={issues} fields={fields} />}
      {maybeStarted && <IdToKeep id={error?.submissionId ?? draft.submissionId} />}
    </div>
  );
}

function InstanceLink({ answer }: { answer: Answer }) {
  const { t, pick } = useWords();
  const id = processIdOf(answer);
  const { status, process } = saidOf(answer);
  return (
    <p class="process">
      {id === null ? (
        <span class="sub">{t("noProcessId")}</span>
      ) : (
        <a class="strong-link" href={hrefTo.instance(id)}>
          {t("openInstance", { id })}
        </a>
      )}
      {status !== undefined && <span class="badge">{t("engineStatus", { status })}</span>}
      {process !== undefined && <span class="badge">{t("processNow", { text: pick(process) })}</span>}
    </p>
  );
}

function IdToKeep({ id }: { id: string }) {
  const { t } = useWords();
  return (
    <p class="keep">
      <span>{t("submissionId")}</span>
      <code>{id}</code>
      <CopyButton label={t("copy")} text={() => id} />
    </p>
  );
}

/** The summary: each line leads to its field. */
function IssueList({ issues, fields }: { issues: FieldIssue[]; fields: Field[] | null }) {
  const { t, pick } = useWords();
  return (
    <>
      <p>{t("fieldsToCorrect", { n: issues.length })}</p>
      <ul class="issue-list">
        {issues.map((issue) => {
          const path = fields === null ? undefined : controlPath(fields, issue.path);
          const text = pick(issue.message);
          return (
            <li key={`${issue.path} ${issue.code}`}>
              {path === undefined ? (
                text
              ) : (
                <button type="button" class="link" onClick={() => focusField(path)}>
                  {text}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}

function focusField(path: string): void {
  (document.getElementById(elementId(path)) ?? document.getElementById("json-params"))?.focus();
}
