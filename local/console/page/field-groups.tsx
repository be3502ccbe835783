/** Fields that hold fields: an object, a list of objects, and a group of checkboxes. */
import { Below, Field } from "./field";
import { type ControlProps, elementId, useControl } from "./form-context";
import { type Field as FieldModel, isRecord } from "./form-model";
import { type Path, pathText, withChoice } from "./form-values";
import { useWords } from "./language";

/** The fields of one object, in order. */
export function FieldList(props: { fields: FieldModel[]; path: Path; value: unknown }) {
  const record = isRecord(props.value) ? props.value : {};
  return (
    <>
      {props.fields.map((field) => (
        <Field key={field.key} field={field} path={[...props.path, field.key]} value={record[field.key]} />
      ))}
    </>
  );
}

export function Group({ field, path, value }: ControlProps) {
  const { pick } = useWords();
  const { id, aria } = useControl(path);
  return (
    <fieldset id={id} class="group" tabIndex={-1} {...aria}>
      <legend class={field.required ? "must" : ""}>{pick(field.label)}</legend>
      <FieldList fields={field.fields} path={path} value={value} />
      <Below field={field} path={path} />
    </fieldset>
  );
}

export function Rows({ field, path, value }: ControlProps) {
  const { t, pick } = useWords();
  const { id, set, aria } = useControl(path);
  const rows: unknown[] = Array.isArray(value) ? value : [];
  const add = () => {
    set([...rows, {}]);
    focusLater(`${elementId(pathText([...path, rows.length]))}`);
  };
  const remove = (at: number) => {
    set(rows.filter((_, index) => index !== at));
    focusLater(`${id}-add`);
  };
  return (
    <fieldset id={id} class="group rows" tabIndex={-1} {...aria}>
      <legend class={field.required ? "must" : ""}>{pick(field.label)}</legend>
      {rows.length === 0 && <p class="empty">{t("noRows")}</p>}
      {rows.map((row, at) => (
        <Row key={at} fields={field.fields} path={[...path, at]} value={row} onRemove={() => remove(at)} />
      ))}
      <button type="button" id={`${id}-add`} class="button dashed" onClick={add}>
        {t("addRow", { name: pick(field.label) })}
      </button>
      <Below field={field} path={path} />
    </fieldset>
  );
}

function Row(props: { fields: FieldModel[]; path: Path; value: unknown; onRemove: () => void }) {
  const { t } = useWords();
  const row = Number(props.path[props.path.length - 1]) + 1;
  return (
    <fieldset class="row" id={elementId(pathText(props.path))} tabIndex={-1}>
      <legend>{t("rowLegend", { row })}</legend>
      <div class="row-fields">
        <FieldList fields={props.fields} path={props.path} value={props.value} />
      </div>
      <button type="button" class="button small text-danger" onClick={props.onRemove}>
        {t("removeRow", { row })}
      </button>
    </fieldset>
  );
}

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

/** After the next drawing. */
function focusLater(id: string): void {
  requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(id)?.focus()));
}
