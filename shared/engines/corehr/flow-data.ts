/** Form fields -> the `flow_data` of a CoreHR process: one item a variable, nested values in its flat `sub_values`. */

import { isPlainObject } from "../../base/objects";
import { type Findings, findings, isFull, note, refuseFound } from "../../form/findings";
import type { SchemaLabels } from "../../form/labels";
import type { CorehrMember, CorehrType, CorehrVariable } from "./fields";
import { checkReadyItem } from "./ready-data";
import { type FileValue, fileNameOf, isFileId, scalarValue } from "./values";
import { COREHR_LIMITS, type FlowDataItem, type SubValue, type VariableValue } from "./wire";

export interface CorehrField {
  name: string;
  value: unknown;
  entry: CorehrVariable;
}

interface Mapping {
  found: Findings;
  files: ReadonlyMap<string, FileValue>;
  items: FlowDataItem[];
  /** The variables of `items`. */
  taken: Set<string>;
  /** Of the item that is made. */
  subValues: SubValue[];
}

/**
 * @param labels names the fields in errors
 * @param files cloud id -> the `file_value` that it was uploaded as; every id of `fileIdsIn`
 * @throws StartflowError INVALID_PARAMS, with at most MAX_ISSUES issues
 */
export function toFlowData(
  fields: readonly CorehrField[],
  labels: SchemaLabels,
  files: ReadonlyMap<string, FileValue>,
): FlowDataItem[] {
  const mapping: Mapping = { found: findings(labels), files, items: [], taken: new Set(), subValues: [] };
  const { found, items } = mapping;
  for (const { name, value, entry } of fields) {
    if (isFull(found)) break;
    if (isEmpty(value)) continue;
    found.path.push(name);
    if (entry.kind === "flowData") addReady(mapping, value, entry.variables);
    else addMapped(mapping, value, entry);
    const isTooLong = items.length > COREHR_LIMITS.flowData;
    if (isTooLong) note(found, "too_many", { limit: COREHR_LIMITS.flowData });
    found.path.pop();
    if (isTooLong) break;
  }
  refuseFound(found);
  return items;
}

/** The `cloud://` ids of all files in the fields, each once, in order; what is no such id is left to `toFlowData`. */
export function fileIdsIn(fields: readonly CorehrField[]): string[] {
  const ids = new Set<string>();
  for (const { value, entry } of fields) if (entry.kind !== "flowData") collectFileIds(entry, value, ids);
  return [...ids];
}

function collectFileIds(type: CorehrType, value: unknown, ids: Set<string>): undefined {
  if (type.kind === "file") {
    if (isFileId(value) && fileNameOf(value) !== undefined) ids.add(value);
  } else if (type.kind === "list" && Array.isArray(value)) {
    for (const entry of value) collectFileIds(type.of, entry, ids);
  } else if (type.kind === "table" && Array.isArray(value)) {
    for (const row of value) collectFileIds({ kind: "record", fields: type.fields }, row, ids);
  } else if (type.kind === "record" && isPlainObject(value)) {
    for (const name of Object.keys(type.fields)) collectFileIds(type.fields[name] as CorehrMember, value[name], ids);
  }
}

/** The items themselves are passed on, so that they are sent as they came. */
function addReady({ found, items, taken }: Mapping, value: unknown, allowed: readonly string[] | undefined): undefined {
  if (!Array.isArray(value)) return note(found, "expected_list");
  if (value.length > COREHR_LIMITS.flowData) return note(found, "too_many", { limit: COREHR_LIMITS.flowData });
  const variables = allowed === undefined ? undefined : new Set(allowed);
  for (let at = 0; at < value.length && !isFull(found); at += 1) {
    const item: unknown = value[at];
    found.path.push(at);
    checkReadyItem(item, found, variables);
    takeVariable((item as FlowDataItem | null)?.variable_api_name, taken, found, ["variable_api_name"]);
    items.push(item as FlowDataItem);
    found.path.pop();
  }
}

function addMapped(mapping: Mapping, value: unknown, entry: CorehrMember): undefined {
  const { found, items, taken } = mapping;
  const variable_value = mappedValue(mapping, entry, value, "");
  const sub_values = mapping.subValues;
  if (sub_values.length > COREHR_LIMITS.subValues) note(found, "too_many", { limit: COREHR_LIMITS.subValues });
  if (sub_values.length > 0) mapping.subValues = [];
  if (variable_value === undefined) return;
  const variable_api_name = entry.variable;
  takeVariable(variable_api_name, taken, found);
  if (sub_values.length > 0) items.push({ variable_api_name, variable_value, sub_values });
  else items.push({ variable_api_name, variable_value });
}

function takeVariable(name: unknown, taken: Set<string>, found: Findings, below?: readonly string[]): undefined {
  if (typeof name !== "string") return;
  const before = taken.size;
  if (taken.add(name).size === before) note(found, "duplicate_variable", undefined, below);
}

/** @param key of the sub value that this is the value of; "" for the item itself */
function mappedValue(mapping: Mapping, type: CorehrType, value: unknown, key: string): VariableValue | undefined {
  if (type.kind === "list") return listOf(mapping, type.of, value, key);
  if (type.kind === "table") return listOf(mapping, { kind: "record", fields: type.fields }, value, key);
  if (type.kind === "record") return recordOf(mapping, type.fields, value, key);
  return scalarValue(type, value, mapping.found, mapping.files);
}

function listOf(mapping: Mapping, type: CorehrType, value: unknown, key: string): VariableValue | undefined {
  const { found } = mapping;
  if (!Array.isArray(value)) return note(found, "expected_list");
  if (value.length > COREHR_LIMITS.listValues) return note(found, "too_many", { limit: COREHR_LIMITS.listValues });
  // Keys of an item's own list have a letter in front, so that they look like names: k1 or, of rows, r1.
  const prefix = key !== "" ? `${key}.` : type.kind === "record" ? "r" : "k";
  const list_values: string[] = [];
  for (let at = 0; at < value.length && !isFull(found); at += 1) {
    found.path.push(at);
    const entryKey = `${prefix}${list_values.length + 1}`;
    if (addSubValue(mapping, type, value[at], entryKey)) list_values.push(entryKey);
    found.path.pop();
  }
  return list_values.length === 0 ? undefined : { list_values };
}

function recordOf(
  mapping: Mapping,
  fields: Record<string, CorehrMember>,
  value: unknown,
  key: string,
): VariableValue | undefined {
  const { found } = mapping;
  if (!isPlainObject(value)) return note(found, "expected_object");
  const prefix = key === "" ? "" : `${key}.`;
  const record_values: NonNullable<VariableValue["record_values"]> = [];
  // Not Object.keys: it makes a list for every row.
  for (const name in fields) {
    const member = fields[name] as CorehrMember;
    found.path.push(name);
    const sub_value_key = prefix + member.variable;
    if (addSubValue(mapping, member, value[name], sub_value_key)) {
      record_values.push({ variable_api_name: member.variable, sub_value_key });
    }
    found.path.pop();
  }
  return record_values.length === 0 ? undefined : { record_values };
}

/** False where there is no value: nothing may refer to the key then. */
function addSubValue(mapping: Mapping, type: CorehrType, value: unknown, key: string): boolean {
  if (isEmpty(value)) return false;
  const { subValues } = mapping;
  const at = subValues.length;
  // In front of what it holds, as people would write it.
  const subValue: SubValue = { key, value: undefined };
  subValues.push(subValue);
  subValue.value = mappedValue(mapping, type, value, key);
  if (subValue.value === undefined) subValues.length = at;
  return subValue.value !== undefined;
}

/** What a form sends for "not filled in": CoreHR gets no empty values. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}
