/**
 * The scalar values of CoreHR's variables: the member that each kind takes, and what may stand in it.
 * https://open.feishu.cn/document/corehr-v1/process-form_variable_data/process-instance/create
 */
import type { VariableValue } from "../../../shared/engines/corehr/wire";
import { COREHR_OBJECTS, type VariableKind } from "../catalogue";

export interface Checks {
  /** Whether such a user, department or file is known. */
  hasUser(id: string): boolean;
  hasDepartment(id: string): boolean;
  hasFile(id: string): boolean;
}

/** Assumption: the page says of a member what it holds, and not which kind of variable takes it. */
export const MEMBERS = {
  text: "text_value",
  bool: "bool_value",
  number: "number_value",
  enum: "enum_value",
  date: "date_value",
  dateTime: "date_time_value",
  i18n: "i18n_value",
  object: "object_value",
  department: "department_value",
  employee: "employment_value",
  file: "file_value",
  list: "list_values",
  table: "list_values",
  record: "record_values",
} as const satisfies Record<Exclude<VariableKind["kind"], "any">, keyof VariableValue>;

export type ScalarKind = Exclude<VariableKind, { kind: "any" | "list" | "table" | "record" }>;
export type CheckedValue = string | boolean | CheckedValue[] | { [name: string]: unknown };

const NUMBER = /^-?\d{1,60}(\.\d{1,60})?$/;
/** Days, or milliseconds, since 1970. */
const INTEGER = /^-?\d{1,16}$/;

/** `undefined` where it does not fit. */
export function scalarOf(value: VariableValue, kind: ScalarKind, checks: Checks): CheckedValue | undefined {
  const known = (id: string | undefined, has: boolean) => (has ? id : undefined);
  switch (kind.kind) {
    case "text":
      return value.text_value;
    case "bool":
      return value.bool_value;
    case "number":
      return matching(value.number_value, NUMBER);
    case "date":
      return matching(value.date_value, INTEGER);
    case "dateTime":
      return matching(value.date_time_value, INTEGER);
    case "enum":
      return known(value.enum_value, Object.hasOwn(kind.options, value.enum_value ?? ""));
    case "department":
      return known(value.department_value, checks.hasDepartment(value.department_value ?? ""));
    case "employee":
      return known(value.employment_value, checks.hasUser(value.employment_value ?? ""));
    case "i18n":
      return value.i18n_value;
    case "object":
      return isKnownObject(value, kind.objectApiName) ? value.object_value : undefined;
    case "file":
      return checks.hasFile(value.file_value?.open_file_id ?? "") ? value.file_value : undefined;
  }
}

const matching = (text: string | undefined, pattern: RegExp) =>
  text !== undefined && pattern.test(text) ? text : undefined;

function isKnownObject({ object_value: object }: VariableValue, apiName: string): boolean {
  return (
    object?.wk_api_name === apiName &&
    COREHR_OBJECTS.some(({ wk_id, wk_api_name }) => wk_id === object.wk_id && wk_api_name === apiName)
  );
}
