/** One field of the form: its label, the control that its kind asks for, its help and its issues. */
import type { ComponentChildren } from "preact";
import { FileField } from "./field-file";
import { Checkboxes, Group, Rows } from "./field-groups";
import { DateInput, JsonInput, NumberInput, Select, TextArea, TextInput } from "./field-inputs";
import { type ControlProps, useControl } from "./form-context";
import type { Field as FieldModel } from "./form-model";
import type { Path } from "./form-values";
import { useWords, type Words } from "./language";

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

function Checkbox({ field, path, value }: ControlProps) {
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

/** Help and issues; the help's element is always there, because controls point at it. */
export function Below(props: { field: FieldModel; path: Path }) {
  const words = useWords();
  const { id, issues } = useControl(props.path);
  return (
    <>
      <p class="help" id={`${id}-help`}>
        {helpOf(props.field, words)}
      </p>
      {issues.length > 0 && (
        <p class="issues" id={`${id}-issues`}>
          {issues.map((issue) => words.pick(issue.message)).join(" ")}
        </p>
      )}
    </>
  );
}

/** The schema's own words, then its bounds. */
function helpOf(field: FieldModel, { t, language }: Words): string {
  const { maxLength, maxItems, atLeast, above, atMost, below } = field.limits;
  const parts = [
    field.help,
    field.kind === "relation" && t("relationHelp"),
    field.kind === "lines" && t("linesHelp"),
    field.kind === "json" && t("jsonHelp"),
    maxLength !== undefined && t("upToText", { n: maxLength }),
    maxItems !== undefined && t("upToItems", { n: maxItems }),
    atLeast !== undefined && t("numberAtLeast", { n: atLeast }),
    above !== undefined && t("numberAbove", { n: above }),
    atMost !== undefined && t("numberAtMost", { n: atMost }),
    below !== undefined && t("numberBelow", { n: below }),
  ];
  return parts.filter(Boolean).join(language === "zh" ? "，" : ", ");
}
