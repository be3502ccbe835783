/** The controls that are one native input each. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type ControlProps, useControl } from "./form-context";
import { shownText, typedValue } from "./form-values";
import { useWords } from "./language";

export function TextInput({ field, path, value }: ControlProps) {
  const { id, set, aria } = useControl(path);
  return (
    <input
      id={id}
      type="text"
      autoComplete="off"
      required={field.required}
      value={shownText(field.kind, value)}
      onInput={(event) => set(typedValue(field, event.currentTarget.value))}
      {...aria}
    />
  );
}

export function TextArea({ field, path, value }: ControlProps) {
  const { id, set, aria } = useControl(path);
  return (
    <textarea
      id={id}
      rows={3}
      required={field.required}
      value={shownText(field.kind, value)}
      onInput={(event) => set(typedValue(field, event.currentTarget.value))}
      {...aria}
    />
  );
}

/** Written to only when the value came from elsewhere: "3." must not become "3" under the typing hand. */
export function NumberInput({ field, path, value }: ControlProps) {
  const { id, set, aria } = useControl(path);
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    const { current } = input;
    if (current === null || typedValue(field, current.value) === (value ?? null)) return;
    current.value = shownText(field.kind, value);
  }, [field, value]);
  return (
    <input
      ref={input}
      id={id}
      type="number"
      inputMode={field.kind === "integer" ? "numeric" : "decimal"}
      step={field.kind === "integer" ? 1 : "any"}
      required={field.required}
      onInput={(event) => set(typedValue(field, event.currentTarget.value))}
      {...aria}
    />
  );
}

const INPUT_TYPES = { date: "date", datetime: "datetime-local", time: "time" } as const;

/** The native control speaks the browser's language, so the value that is sent stands beside it. */
export function DateInput({ field, path, value }: ControlProps) {
  const { id, set, aria } = useControl(path);
  const kind = field.kind === "datetime" || field.kind === "time" ? field.kind : "date";
  const text = shownText(kind, value);
  return (
    <div class="with-value">
      <input
        id={id}
        type={INPUT_TYPES[kind]}
        required={field.required}
        value={text}
        onInput={(event) => set(typedValue(field, event.currentTarget.value))}
        {...aria}
      />
      <span class="iso">{text}</span>
    </div>
  );
}

export function Select({ field, path, value }: ControlProps) {
  const { t } = useWords();
  const { id, set, aria } = useControl(path);
  return (
    <select
      id={id}
      required={field.required}
      value={shownText(field.kind, value)}
      onChange={(event) => set(typedValue(field, event.currentTarget.value))}
      {...aria}
    >
      <option value="">{t("choose")}</option>
      {field.choices.map((choice) => (
        <option key={choice} value={String(choice)}>
          {choice}
        </option>
      ))}
    </select>
  );
}

/** For what no other control can show. What is no JSON yet stays here, and is not sent. */
export function JsonInput({ field, path, value }: ControlProps) {
  const { t } = useWords();
  const { id, set, aria } = useControl(path);
  const [text, setText] = useState(() => shownText("json", value));
  const [reason, setReason] = useState("");
  const type = (typed: string) => {
    setText(typed);
    try {
      set(typed.trim() === "" ? null : JSON.parse(typed));
      setReason("");
    } catch (error) {
      setReason(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <>
      <textarea
        id={id}
        class="mono"
        rows={4}
        spellcheck={false}
        required={field.required}
        value={text}
        data-broken={reason !== ""}
        onInput={(event) => type(event.currentTarget.value)}
        {...aria}
        {...(reason === "" ? {} : { "aria-invalid": "true" as const })}
        aria-describedby={`${aria["aria-describedby"]} ${id}-json`}
      />
      <p class="issues" id={`${id}-json`} role="status">
        {reason === "" ? "" : t("jsonError", { reason })}
      </p>
    </>
  );
}
