/**
 * Checks a `flow_data` item that a caller made himself, without changing it: members, types, encodings, references.
 * By hand, because a hundred thousand of them may come. The page's own example holds: several kinds of value at once,
 * and a key that refers to itself, so neither is refused.
 * https://open.feishu.cn/document/corehr-v1/process-form_variable_data/process-instance/create
 */

import { isPlainObject } from "../../base/objects";
import { type Findings, isFull, note } from "../../form/findings";
import { checkReadyValue, type KeyUses } from "./ready-value";
import { COREHR_LIMITS } from "./wire";

const NO_KEYS: KeyUses = new Map();

/** @param variables those that may come; absent: any */
export function checkReadyItem(item: unknown, found: Findings, variables: ReadonlySet<string> | undefined): undefined {
  if (!isPlainObject(item)) return note(found, "expected_object");
  for (const name in item) {
    if (name === "variable_api_name" || name === "variable_value" || name === "sub_values") continue;
    note(found, "unknown_field", undefined, [name]);
  }
  checkVariable(item.variable_api_name, found, variables);
  const uses = checkSubValues(item.sub_values, found);
  if (item.variable_value !== undefined) checkValueAt("variable_value", item.variable_value, found, uses);
  if (uses !== undefined && uses.size > 0) checkUnused(item.sub_values as unknown[], found, uses);
}

function checkVariable(name: unknown, found: Findings, variables: ReadonlySet<string> | undefined): undefined {
  if (name === undefined) {
    if (variables !== undefined) note(found, "required", undefined, ["variable_api_name"]);
  } else if (typeof name !== "string") {
    note(found, "expected_text", undefined, ["variable_api_name"]);
  } else if (variables !== undefined && !variables.has(name)) {
    note(found, "invalid_choice", { choices: [...variables] }, ["variable_api_name"]);
  }
}

/** Keys first, because a value may refer to one that comes later. `undefined` where they cannot be told. */
function checkSubValues(list: unknown, found: Findings): KeyUses | undefined {
  if (list === undefined) return NO_KEYS;
  const below = ["sub_values"];
  if (!Array.isArray(list)) {
    return note(found, "expected_list", undefined, below);
  }
  if (list.length > COREHR_LIMITS.subValues) {
    return note(found, "too_many", { limit: COREHR_LIMITS.subValues }, below);
  }
  const uses: KeyUses = new Map();
  for (let at = 0; at < list.length && !isFull(found); at += 1) addKey(list[at], at, found, uses);
  found.path.push("sub_values");
  for (let at = 0; at < list.length && !isFull(found); at += 1) {
    const value: unknown = list[at]?.value;
    if (value === undefined) continue;
    found.path.push(at);
    checkValueAt("value", value, found, uses);
    found.path.pop();
  }
  found.path.pop();
  return uses;
}

function addKey(subValue: unknown, at: number, found: Findings, uses: KeyUses): undefined {
  if (!isPlainObject(subValue)) return note(found, "expected_object", undefined, ["sub_values", at]);
  for (const name in subValue) {
    if (name !== "key" && name !== "value") note(found, "unknown_field", undefined, ["sub_values", at, name]);
  }
  const { key } = subValue;
  if (key === undefined) return note(found, "required", undefined, ["sub_values", at, "key"]);
  if (typeof key !== "string") return note(found, "expected_text", undefined, ["sub_values", at, "key"]);
  const before = uses.size;
  if (uses.set(key, false).size === before) note(found, "duplicate_key", undefined, ["sub_values", at, "key"]);
}

function checkValueAt(member: string, value: unknown, found: Findings, uses: KeyUses | undefined): undefined {
  found.path.push(member);
  checkReadyValue(value, found, uses);
  found.path.pop();
}

function checkUnused(list: readonly unknown[], found: Findings, uses: KeyUses): undefined {
  for (let at = 0; at < list.length && !isFull(found); at += 1) {
    const key: unknown = (list[at] as { key?: unknown } | null)?.key;
    if (typeof key === "string" && uses.get(key) === false) {
      note(found, "unused_sub_value", undefined, ["sub_values", at, "key"]);
    }
  }
}
