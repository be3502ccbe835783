/** One value, two ways to fill it in: fields or JSON. */
import { useMemo, useState } from "preact/hooks";
import type { FieldIssue } from "../../../shared/base/errors";
import type { MethodRow } from "../wire";
import { changeDraft, type Draft, shownJson } from "./drafts";
import { FieldList } from "./field";
import { FormContext } from "./form-context";
import { type Field, isRecord } from "./form-model";
import { controlPath, type Path, pathText, unknownKeys, withValueAt } from "./form-values";
import { jsonTrouble } from "./json-field";
import { useWords } from "./language";

interface EditorProps {
  method: MethodRow;
  draft: Draft;
  fields: Field[] | null;
}

export function FormEditor(props: EditorProps) {
  const { t } = useWords();
  const { method, draft, fields } = props;
  if (fields === null) {
    return (
      <>
        <p class="help">{t("jsonOnly")}</p>
        <JsonEditor {...props} />
      </>
    );
  }
  return (
    <>
      <ModeSwitch
        json={draft.json !== null}
        formPossible={isRecord(draft.params) && jsonTrouble(draft.json ?? "{}") === null}
        onChange={(json) => changeDraft(method, { json: json ? shownJson(draft.params) : null })}
      />
      {draft.json === null ? <FieldEditor {...props} fields={fields} /> : <JsonEditor {...props} />}
    </>
  );
}

function ModeSwitch(props: { json: boolean; formPossible: boolean; onChange: (json: boolean) => void }) {
  const { t } = useWords();
  return (
    <fieldset class="switch">
      <legend class="hidden">{t("inputAs")}</legend>
      {[false, true].map((json) => (
        <label key={String(json)}>
          <input
            type="radio"
            name="input-as"
            checked={props.json === json}
            disabled={!json && !props.formPossible}
            onChange={() => props.onChange(json)}
          />
          <span>{t(json ? "asJson" : "asForm")}</span>
        </label>
      ))}
    </fieldset>
  );
}

function FieldEditor({ method, draft, fields }: EditorProps & { fields: Field[] }) {
  const { t } = useWords();
  const issues = useMemo(() => byControl(fields, draft.issues), [fields, draft.issues]);
  const change = (path: Path, value: unknown) => {
    const changed = pathText(path);
    changeDraft(method, {
      params: withValueAt(draft.params, path, value),
      issues: draft.issues.filter((issue) => controlPath(fields, issue.path) !== changed),
    });
  };
  const extra = unknownKeys(fields, draft.params);
  return (
    <FormContext.Provider value={{ change, issues }}>
      {/* Another submission is another form: no control keeps what it remembered of the last. */}
      <div class="fields" key={`${method.name} ${draft.submissionId}`}>
        <FieldList fields={fields} path={[]} value={draft.params} />
      </div>
      {extra.length > 0 && <p class="note wait">{t("extraKeys", { keys: extra.join(", ") })}</p>}
    </FormContext.Provider>
  );
}

function JsonEditor({ method, draft }: EditorProps) {
  const { t } = useWords();
  const text = draft.json ?? "";
  const reason = useMemo(() => jsonTrouble(text), [text]);
  const [touched, setTouched] = useState(false);
  const type = (typed: string) => {
    setTouched(true);
    const broken = jsonTrouble(typed) !== null;
    changeDraft(method, broken ? { json: typed } : { json: typed, params: JSON.parse(typed), issues: [] });
  };
  const notObject = reason === null && touched && !isRecord(draft.params);
  return (
    <div class={reason === null ? "field" : "field wrong"}>
      <label class="name" for="json-params">
        {t("jsonParams")}
      </label>
      <textarea
        id="json-params"
        class="mono"
        rows={16}
        spellcheck={false}
        value={text}
        data-broken={reason !== null}
        aria-invalid={reason !== null || draft.issues.length > 0 ? "true" : undefined}
        aria-describedby="json-issues"
        onInput={(event) => type(event.currentTarget.value)}
      />
      <p class="issues" id="json-issues" role="status">
        {reason !== null && t("jsonError", { reason })}
        {notObject && t("notAnObject")}
      </p>
    </div>
  );
}

function byControl(fields: Field[], issues: FieldIssue[]): Map<string, FieldIssue[]> {
  const found = new Map<string, FieldIssue[]>();
  for (const issue of issues) {
    const path = controlPath(fields, issue.path);
    if (path !== undefined) found.set(path, [...(found.get(path) ?? []), issue]);
  }
  return found;
}
