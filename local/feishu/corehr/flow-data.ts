/**
 * `flow_data` held against the variables that a flow declares. Every refusal names the place and the variable.
 * https://open.feishu.cn/document/corehr-v1/process-form_variable_data/process-instance/create
 */

import type { FlowDataItem, SubValue, VariableValue } from "../../../shared/engines/corehr/wire";
import type { Variable, VariableKind } from "../catalogue";
import { FeishuError } from "../feishu-error";
import { type CheckedValue, type Checks, MEMBERS, type ScalarKind, scalarOf } from "./values";

/** Where a value stands: for refusals, and for what its keys refer to. */
interface Place {
  path: string;
  subValues: ReadonlyMap<string, VariableValue>;
  checks: Checks;
}

/** The variables of the instance, by name. @throws FeishuError 1161001 */
export function variablesOf(
  items: readonly FlowDataItem[],
  declared: Readonly<Record<string, Variable>>,
  checks: Checks,
): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  for (const [index, item] of items.entries()) {
    const name = item.variable_api_name;
    const path = `flow_data[${index}]`;
    if (name === undefined) throw wrong(`${path}.variable_api_name`);
    const variable = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (variable === undefined) throw wrong(`${path}.variable_api_name: ${shown(name)} is not a variable of the flow`);
    // Assumption: of two values for one variable neither is the right one.
    if (Object.hasOwn(variables, name)) throw wrong(`${path}.variable_api_name: ${name} occurs twice`);
    const place = { path: `${path} (${name})`, subValues: byKey(item.sub_values ?? [], path), checks };
    variables[name] = checkedValue(item.variable_value ?? {}, variable, place);
  }
  return variables;
}

function byKey(subValues: readonly SubValue[], path: string): Map<string, VariableValue> {
  const found = new Map<string, VariableValue>();
  for (const [index, { key, value }] of subValues.entries()) {
    if (key === undefined) throw wrong(`${path}.sub_values[${index}].key`);
    found.set(key, value ?? {});
  }
  return found;
}

function checkedValue(value: VariableValue, kind: VariableKind, place: Place): CheckedValue {
  if (kind.kind === "any") return anyValue(value, place);
  const member = MEMBERS[kind.kind];
  const given = Object.keys(value).filter((name) => value[name as keyof VariableValue] !== undefined);
  // Assumption: a value of another kind is refused, also where it comes beside the right one.
  if (given.length !== 1 || given[0] !== member) throw wrong(`${place.path}: a ${kind.kind} takes ${member}`);
  switch (kind.kind) {
    case "list":
      return (value.list_values ?? []).map((key) => checkedValue(subValue(key, place), kind.element, place));
    case "table":
      return (value.list_values ?? []).map((key) => recordOf(subValue(key, place), kind.fields, place));
    case "record":
      return recordOf(value, kind.fields, place);
    default:
      return scalar(value, kind, place);
  }
}

function scalar(value: VariableValue, kind: ScalarKind, place: Place): CheckedValue {
  const checked = scalarOf(value, kind, place.checks);
  if (checked === undefined)
    throw wrong(`${place.path}: this value of ${MEMBERS[kind.kind]} is not known or not of its form`);
  return checked;
}

function recordOf(value: VariableValue, fields: Record<string, Variable>, place: Place): CheckedValue {
  if (value.record_values === undefined) throw wrong(`${place.path}: a record takes record_values`);
  const record: Record<string, CheckedValue> = {};
  for (const { variable_api_name: name = "", sub_value_key: key } of value.record_values) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) throw wrong(`${place.path}: ${shown(name)} is not a variable of the record`);
    record[name] = checkedValue(subValue(key, place), field, place);
  }
  return record;
}

/** Kept as it came. What it refers to must be there; that a sub value refers to itself is in the page's own example. */
function anyValue(value: VariableValue, place: Place): CheckedValue {
  for (const one of [value, ...place.subValues.values()]) {
    for (const key of one.list_values ?? []) subValue(key, place);
    for (const { sub_value_key: key } of one.record_values ?? []) subValue(key, place);
    const file = one.file_value?.open_file_id;
    if (file !== undefined && !place.checks.hasFile(file)) throw wrong(`${place.path}: open_file_id is not known`);
  }
  return value;
}

function subValue(key: string | undefined, { subValues, path }: Place): VariableValue {
  const value = key === undefined ? undefined : subValues.get(key);
  if (value === undefined) throw wrong(`${path}: a key that it refers to is not in sub_values`);
  return value;
}

/** A name is shown where it can be no more than a name. */
const shown = (name: string) => (/^\w{1,64}$/.test(name) ? name : "this name");

const wrong = (detail: string) => new FeishuError("corehrParam", { detail });
