/** One method: its form, how it is called, and beside them what came of it. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { MethodRow } from "../wire";
import { CopyButton, PageTitle } from "./bits";
import { changeDraft, type Draft, renewDraft, takesSubmissionId, useDraft } from "./drafts";
import { targetText } from "./engines";
import { FormEditor } from "./form-editor";
import { type Field, formFields } from "./form-model";
import { useWords } from "./language";
import { CallOptions } from "./options";
import { noTarget } from "./outcome";
import { PasteSection } from "./paste-section";
import { Result } from "./result";
import { curlOf, requestOf, submit } from "./submit";

export function MethodPage({ method }: { method: MethodRow }) {
  const [draft] = useDraft(method);
  const fields = useMemo(() => formFields(method.inputSchema), [method]);
  useFocusAfterAnswer(draft);
  return (
    <>
      <div class="column">
        <MethodForm method={method} draft={draft} fields={fields} />
        <PasteSection method={method} />
      </div>
      <div class="column">
        <Result method={method} draft={draft} fields={fields} />
      </div>
    </>
  );
}

function MethodForm(props: { method: MethodRow; draft: Draft; fields: Field[] | null }) {
  const { t, pick } = useWords();
  const { method, draft, fields } = props;
  const send = (event: Event) => {
    event.preventDefault();
    const broken = document.querySelector<HTMLElement>("[data-broken=true]");
    if (broken === null) void submit(method);
    else broken.focus();
  };
  return (
    <form class="card" noValidate onSubmit={send} aria-labelledby="page-title">
      <div class="card-head">
        <PageTitle text={pick(method.title)} />
        <p class="sub">
          <code>{method.name}</code>
          <span>
            {t("target")}: {targetText(method, t) ?? t(noTarget(method))}
          </span>
        </p>
      </div>
      {takesSubmissionId(method) && <SubmissionId draft={draft} />}
      <FormEditor method={method} draft={draft} fields={fields} />
      <CallOptions method={method} draft={draft} onChange={(change) => changeDraft(method, change)} />
      <Actions method={method} draft={draft} />
    </form>
  );
}

function SubmissionId({ draft }: { draft: Draft }) {
  const { t } = useWords();
  return (
    <div class="submission">
      <span class="name">{t("submissionId")}</span>
      <code data-testid="submission-id">{draft.submissionId}</code>
      <p class="help">{t("submissionIdHelp")}</p>
    </div>
  );
}

function Actions({ method, draft }: { method: MethodRow; draft: Draft }) {
  const { t } = useWords();
  const json = () => JSON.stringify(requestOf(method, draft).params, null, 2) ?? "";
  return (
    <div class="actions">
      <button type="submit" class="button primary" disabled={draft.running}>
        {t(draft.running ? "submitting" : draft.dryRun ? "preview" : "submit")}
      </button>
      <button type="button" class="button" disabled={draft.running} onClick={() => renewDraft(method)}>
        {t("newSubmission")}
      </button>
      <span class="spring" />
      <CopyButton label={t("copyJson")} text={json} />
      <CopyButton label={t("copyCurl")} text={() => curlOf(window.location.origin, method, draft)} />
    </div>
  );
}

/** The first wrong field, else the result: never nowhere, which is where a disabled button leaves the focus. */
function useFocusAfterAnswer(draft: Draft): void {
  const wasRunning = useRef(draft.running);
  useEffect(() => {
    if (wasRunning.current && !draft.running && draft.answer !== null) {
      const wrong = document.querySelector<HTMLElement>("form [aria-invalid=true]");
      (wrong ?? document.getElementById("result-title"))?.focus();
    }
    wasRunning.current = draft.running;
  }, [draft.running, draft.answer]);
}
