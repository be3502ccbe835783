/** One field of the form: its label, the control that its kind asks for, its help and its issues; it may hold fields itself. */
import type { ComponentChildren } from "preact";
import { Below } from "./field-below";
import { Checkbox, Checkboxes } from "./field-choices";
import { FileField } from "./field-file";
import { DateInput, JsonInput, NumberInput, Select, TextArea, TextInput } from "./field-inputs";
import { type ControlProps, elementId, useControl } from "./form-context";
import { type Field as FieldModel, isRecord } from "./form-model";
import { type Path, pathText } from "./form-values";
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

export function Field(props: ControlProps) {
  switch (props.field.kind) {
    case "group":
      return <Group {...props} />;
    case "rows":
      return <Rows {...props} />;
    case "checkboxes":
      return <Checkboxes {...props} />;
    case "boolean":
      return <Checkbox {...props} />;
    default:
      return (
        <Labelled field={props.field} path={props.path}>
          <Control {...props} />
        </Labelled>
      );
  }
}

function Control(props: ControlProps) {
  switch (props.field.kind) {
    case "number":
    case "integer":
      return <NumberInput {...props} />;
    case "select":
      return <Select {...props} />;
    case "date":
    case "datetime":
    case "time":
      return <DateInput {...props} />;
    case "file":
    case "files":
      return <FileField {...props} />;
    case "textarea":
    case "lines":
      return <TextArea {...props} />;
    case "json":
      return <JsonInput {...props} />;
    default:
      return <TextInput {...props} />;
  }
}

function Labelled(props: { field: FieldModel; path: Path; children: ComponentChildren }) {
  const { pick } = useWords();
  const { id, issues } = useControl(props.path);
  const { field } = props;
  return (
    <div class={`field ${field.kind} ${issues.length > 0 ? "wrong" : ""}`}>
      <label class={field.required ? "name must" : "name"} for={id}>
        {pick(field.label)}
      </label>
      {props.children}
      <Below field={field} path={props.path} />
    </div>
  );
}

function Group({ field, path, value }: ControlProps) {
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

function Rows({ field, path, value }: ControlProps) {
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
        <Row key={at} path={[...path, at]} onRemove={() => remove(at)}>
          <FieldList fields={field.fields} path={[...path, at]} value={row} />
        </Row>
      ))}
      <button type="button" id={`${id}-add`} class="button dashed" onClick={add}>
        {t("addRow", { name: pick(field.label) })}
      </button>
      <Below field={field} path={path} />
    </fieldset>
  );
}

function Row(props: { path: Path; onRemove: () => void; children: ComponentChildren }) {
  const { t } = useWords();
  const row = Number(props.path[props.path.length - 1]) + 1;
  return (
    <fieldset class="row" id={elementId(pathText(props.path))} tabIndex={-1}>
      <legend>{t("rowLegend", { row })}</legend>
      <div class="row-fields">{props.children}</div>
      <button type="button" class="button small text-danger" onClick={props.onRemove}>
        {t("removeRow", { row })}
      </button>
    </fieldset>
  );
}

/** After the next drawing. */
function focusLater(id: string): void {
  requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(id)?.focus()));
}
