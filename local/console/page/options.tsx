/** How the method is called: environment, entry, who is signed in, and whether anything is sent at all. */
import type { MethodRow } from "../wire";
import type { Draft } from "./drafts";
import { engineOf } from "./engines";
import { useWords } from "./language";

interface OptionsProps {
  method: MethodRow;
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
}

export function CallOptions(props: OptionsProps) {
  const { t } = useWords();
  const { draft, onChange } = props;
  return (
    <fieldset class="group options">
      <legend>{t("options")}</legend>
      <div class="options-fields">
        <Environment {...props} />
        <Entry {...props} />
        <div class="field">
          <label class="name" for="option-user">
            {t("user")}
          </label>
          <input
            id="option-user"
            type="text"
            autoComplete="off"
            maxLength={64}
            value={draft.user}
            aria-describedby="option-user-help"
            onInput={(event) => onChange({ user: event.currentTarget.value })}
          />
          <p class="help" id="option-user-help">
            {t("userHelp")}
          </p>
        </div>
      </div>
      <label class="tick">
        <input
          type="checkbox"
          checked={draft.dryRun}
          onChange={(event) => onChange({ dryRun: event.currentTarget.checked })}
        />
        {t("dryRun")}
      </label>
    </fieldset>
  );
}

/** Saved and published versions are WeDa's. */
function Environment({ method, draft, onChange }: OptionsProps) {
  const { t } = useWords();
  const hasVersions = !["workflow", "apaas", "corehr"].includes(engineOf(method) ?? "");
  return (
    <div class="field">
      <label class="name" for="option-env">
        {t("environment")}
      </label>
      <select
        id="option-env"
        value={draft.env}
        onChange={(event) => onChange({ env: event.currentTarget.value === "production" ? "production" : "preview" })}
      >
        <option value="preview">{t(hasVersions ? "envPreview" : "envPlainPreview")}</option>
        <option value="production">{t(hasVersions ? "envProduction" : "envPlainProduction")}</option>
      </select>
    </div>
  );
}

function Entry({ method, draft, onChange }: OptionsProps) {
  const { t } = useWords();
  return (
    <div class="field">
      <label class="name" for="option-entry">
        {t("entry")}
      </label>
      <select
        id="option-entry"
        value={draft.entry}
        onChange={(event) => onChange({ entry: event.currentTarget.value === "main" ? "main" : "code" })}
      >
        {method.entries.map((entry) => (
          <option key={entry} value={entry}>
            {t(entry === "code" ? "entryCode" : "entryMain")}
          </option>
        ))}
      </select>
    </div>
  );
}
