/** Fields that are ticked: one box, or a group of them. */
import { Below } from "./field-below";
import { type ControlProps, useControl } from "./form-context";
import { withChoice } from "./form-values";
import { useWords } from "./language";

export function Checkboxes({ field, path, value }: ControlProps) {
  const { pick } = useWords();
  const { id, set, aria } = useControl(path);
  const chosen: unknown[] = Array.isArray(value) ? value : [];
  return (
    <fieldset id={id} class="field choices" tabIndex={-1} {...aria}>
      <legend class={field.required ? "name must" : "name"}>{pick(field.label)}</legend>
      {field.choices.map((choice) => (
        <label key={choice} class="tick">
          <input
            type="checkbox"
            checked={chosen.includes(choice)}
            onChange={(event) => set(withChoice(field, value, choice, event.currentTarget.checked))}
          />
          {choice}
        </label>
      ))}
      <Below field={field} path={path} />
    </fieldset>
  );
}

export function Checkbox({ field, path, value }: ControlProps) {
  const { pick } = useWords();
  const { id, set, aria } = useControl(path);
  return (
    <div class="field boolean">
      <label class="tick">
        <input
          id={id}
          type="checkbox"
          checked={value === true}
          onChange={(event) => set(event.currentTarget.checked)}
          {...aria}
        />
        {pick(field.label)}
      </label>
      <Below field={field} path={path} />
    </div>
  );
}
