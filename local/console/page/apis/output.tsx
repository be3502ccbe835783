/** What an API answers as its output: shown, and edited as JSON; what is no JSON is not sent. */
import { useEffect, useState } from "preact/hooks";
import type { ApiRow } from "../../wire";
import { Card } from "../bits";
import { JsonField, jsonTrouble } from "../json-field";
import { useWords } from "../language";
import type { ApiSwitches } from "./change";
import { outputKind, outputText } from "./rows";

export function Output({ row, change }: { row: ApiRow; change: ApiSwitches["change"] }) {
  const { t } = useWords();
  const { text, trouble, busy, saved, type, save } = useOutput(row, change);
  const submit = (event: Event) => {
    event.preventDefault();
    void save();
  };
  return (
    <Card title={t("apiOutput")} id="output-title">
      <p>{t(`apiOutput_${outputKind(row)}`)}</p>
      <form class="fields" noValidate onSubmit={submit} aria-labelledby="output-title">
        <JsonField
          id="api-output"
          label={t("apiOutputJson")}
          rows={Math.min(8, Math.max(3, text.split("\n").length))}
          text={text}
          trouble={trouble}
          help={t("apiOutputHelp")}
          onType={type}
        />
        <div class="actions">
          <button type="submit" class="button" disabled={busy}>
            {t("apiSave")}
          </button>
          <span role="status" class="said">
            {saved && t("apiSaved")}
          </span>
        </div>
      </form>
    </Card>
  );
}

/** What was typed is kept until another output is in force. */
function useOutput(row: ApiRow, change: ApiSwitches["change"]) {
  const [typed, setTyped] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState(false);
  const known = outputText(row);
  useEffect(() => setTyped(null), [known]);
  const text = typed ?? known;
  const type = (next: string) => {
    setTyped(next);
    setSaved(false);
  };
  const save = async () => {
    type(text);
    if (jsonTrouble(text) !== null) return document.getElementById("api-output")?.focus();
    setBusy(true);
    setSaved(await change({ output: JSON.parse(text) as unknown }));
    setBusy(false);
  };
  return { text, trouble: typed === null ? null : jsonTrouble(text), busy, saved, type, save };
}
