/** Checks one value of a ready `flow_data` item: every member that the page lists, and no other. */

import { isPlainObject } from "../../base/objects";
import { type Findings, isFull, note } from "../../form/findings";
import { looksLikeSeconds } from "../../form/moments";
import { OPTION_ID } from "./fields";
import { DECIMAL, isFileName } from "./values";
import { COREHR_LIMITS } from "./wire";

/** The keys of an item's `sub_values`, and whether anything refers to them; `undefined` where they cannot be told. */
export type KeyUses = Map<string, boolean>;

const RECORD_MEMBERS = ["variable_api_name", "sub_value_key", "record_id"];

export function checkReadyValue(value: unknown, found: Findings, uses: KeyUses | undefined): undefined {
  if (!isPlainObject(value)) return note(found, "expected_object");
  // Not Object.keys: it makes a list for every value.
  for (const name in value) {
    const member = value[name];
    if (member === undefined) continue;
    found.path.push(name);
    checkMember(name, member, found, uses);
    found.path.pop();
  }
}

function checkMember(name: string, member: unknown, found: Findings, uses: KeyUses | undefined): undefined {
  switch (name) {
    case "bool_value":
      return typeof member === "boolean" ? undefined : note(found, "expected_boolean");
    case "i18n_value":
      return checkTexts(member, ["zh_cn", "en_us"], found);
    case "object_value":
      return checkTexts(member, ["wk_id", "wk_api_name"], found);
    case "file_value":
      return checkFile(member, found);
    case "list_values":
      return checkList(member, found, uses);
    case "record_values":
      return checkRecords(member, found, uses);
    default:
      return checkText(name, member, found);
  }
}

function checkText(name: string, member: unknown, found: Findings): undefined {
  const check = TEXTS.get(name);
  if (check === undefined) return note(found, "unknown_field");
  if (typeof member !== "string") return note(found, "expected_text");
  check(member, found);
}

const anyText = () => undefined;

/** The members that are texts, and what their texts must look like. */
const TEXTS = new Map<string, (text: string, found: Findings) => void>([
  ["text_value", anyText],
  ["department_value", anyText],
  ["employment_value", anyText],
  ["number_value", (text, found) => (DECIMAL.test(text) ? undefined : note(found, "expected_decimal"))],
  ["enum_value", (text, found) => (OPTION_ID.test(text) ? undefined : note(found, "invalid_id"))],
  ["date_value", (text, found) => (/^-?\d{1,7}$/.test(text) ? undefined : note(found, "expected_days"))],
  ["date_time_value", checkMilliseconds],
]);

function checkMilliseconds(text: string, found: Findings): undefined {
  if (looksLikeSeconds(text)) note(found, "seconds_given");
  else if (!/^-?\d{1,16}$/.test(text)) note(found, "expected_milliseconds");
}

function checkTexts(value: unknown, known: readonly string[], found: Findings): undefined {
  if (!isPlainObject(value)) return note(found, "expected_object");
  for (const name in value) {
    const member = value[name];
    if (!known.includes(name)) note(found, "unknown_field", undefined, [name]);
    else if (member !== undefined && typeof member !== "string") note(found, "expected_text", undefined, [name]);
  }
}

function checkFile(value: unknown, found: Findings): undefined {
  if (!isPlainObject(value)) return note(found, "expected_object");
  const { length, ...texts } = value;
  checkTexts(texts, ["open_file_id", "file_name"], found);
  const { file_name } = texts;
  if (typeof file_name === "string" && !isFileName(file_name)) {
    note(found, "invalid_file_name", undefined, ["file_name"]);
  }
  if (length === undefined) return;
  if (typeof length !== "number" || !Number.isInteger(length)) {
    note(found, "expected_number", undefined, ["length"]);
  } else if (length < 0) {
    note(found, "too_small", { limit: 0 }, ["length"]);
  } else if (length > COREHR_LIMITS.fileBytes) {
    note(found, "too_big", { limit: COREHR_LIMITS.fileBytes }, ["length"]);
  }
}

function checkList(value: unknown, found: Findings, uses: KeyUses | undefined): undefined {
  if (!Array.isArray(value)) return note(found, "expected_list");
  if (value.length > COREHR_LIMITS.listValues) return note(found, "too_many", { limit: COREHR_LIMITS.listValues });
  for (let at = 0; at < value.length && !isFull(found); at += 1) {
    const key: unknown = value[at];
    if (typeof key !== "string") note(found, "expected_text", undefined, [at]);
    else if (!useKey(key, uses)) note(found, "missing_sub_value", undefined, [at]);
  }
}

function checkRecords(value: unknown, found: Findings, uses: KeyUses | undefined): undefined {
  if (!Array.isArray(value)) return note(found, "expected_list");
  for (let at = 0; at < value.length && !isFull(found); at += 1) {
    found.path.push(at);
    const record: unknown = value[at];
    checkTexts(record, RECORD_MEMBERS, found);
    const key = isPlainObject(record) ? record.sub_value_key : undefined;
    if (typeof key === "string" && !useKey(key, uses)) note(found, "missing_sub_value", undefined, ["sub_value_key"]);
    found.path.pop();
  }
}

/** Whether there is a sub value of this key; it counts as used from then on. */
function useKey(key: string, uses: KeyUses | undefined): boolean {
  if (uses === undefined) return true;
  const isUsed = uses.get(key);
  if (isUsed === false) uses.set(key, true);
  return isUsed !== undefined;
}
