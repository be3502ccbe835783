/** A field for JSON, which says what is wrong with it while it is typed. */
import type { ComponentChildren } from "preact";
import { useWords } from "./language";

interface JsonFieldProps {
  id: string;
  label: string;
  rows: number;
  text: string;
  /** Why it is no JSON; null where it is, or where nothing was typed yet. */
  trouble: string | null;
  help?: ComponentChildren;
  onType: (text: string) => void;
}

export function JsonField({ id, label, rows, text, trouble, help, onType }: JsonFieldProps) {
  const { t } = useWords();
  return (
    <div class={trouble === null ? "field" : "field wrong"}>
      <label class="name" for={id}>
        {label}
      </label>
      <textarea
        id={id}
        class="mono"
        rows={rows}
        spellcheck={false}
        value={text}
        aria-invalid={trouble === null ? undefined : "true"}
        aria-describedby={`${id}-issues ${id}-help`}
        onInput={(event) => onType(event.currentTarget.value)}
      />
      <p class="issues" id={`${id}-issues`} role="status">
        {trouble !== null && t("jsonError", { reason: trouble })}
      </p>
      <p class="help" id={`${id}-help`}>
        {help}
      </p>
    </div>
  );
}

/** Why a text is no JSON; null where it is. */
export function jsonTrouble(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
