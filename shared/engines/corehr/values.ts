/**
 * One form value -> one CoreHR value. Members and encodings, all of them texts but a boolean:
 * https://open.feishu.cn/document/corehr-v1/process-form_variable_data/process-instance/create
 */
import { StartflowError } from "../../base/errors";
import { isPlainObject } from "../../base/objects";
import { decodedPart } from "../../base/url-part";
import { type Findings, note } from "../../form/findings";
import { daysOf, epochMsOfText, isMoment, looksLikeSeconds } from "../../form/moments";
import { type CorehrType, OPTION_ID } from "./fields";
import type { VariableValue } from "./wire";

export type FileValue = NonNullable<VariableValue["file_value"]>;

/** Assumption: no page gives the pattern of a user's, a department's or an object's id. All samples fit. */
const ID = /^[\w-]{1,128}$/;
/** As texts hold it: any number of digits up to here, no exponent, no thousands marks. */
export const DECIMAL = /^-?\d{1,64}(\.\d{1,64})?$/;

type ScalarType = Exclude<CorehrType, { kind: "list" | "record" | "table" }>;

/** `undefined` is given where an issue was noted. `files`: cloud id -> what it was uploaded as. */
export function scalarValue(
  type: ScalarType,
  value: unknown,
  found: Findings,
  files: ReadonlyMap<string, FileValue>,
): VariableValue | undefined {
  switch (type.kind) {
    case "text":
      return textValue(value, found);
    case "bool":
      return typeof value === "boolean" ? { bool_value: value } : note(found, "expected_boolean");
    case "number":
      return numberValue(value, found);
    case "date":
      return dateValue(value, found);
    case "dateTime":
      return dateTimeValue(value, type.unit ?? "ms", found);
    case "enum":
      return enumValue(value, type.options, found);
    case "i18n":
      return i18nValue(value, found);
    case "object":
      return objectValue(value, type.object, found);
    case "department":
      return isId(value) ? { department_value: value } : note(found, "invalid_id");
    case "employee":
      return isId(value) ? { employment_value: value } : note(found, "invalid_id");
    case "file":
      return fileValue(value, found, files);
  }
}

/** A number may go out as text, as ids and moments do. */
function textValue(value: unknown, found: Findings): VariableValue | undefined {
  if (typeof value === "string") return { text_value: value };
  if (typeof value !== "number") return note(found, "expected_text");
  const text = decimalOf(value, found);
  return text === undefined ? undefined : { text_value: text };
}

function numberValue(value: unknown, found: Findings): VariableValue | undefined {
  if (typeof value === "string") {
    const text = value.trim();
    // As text, because a number holds 15 digits only.
    return DECIMAL.test(text) ? { number_value: text.replace(/^(-?)0+(?=\d)/, "$1") } : note(found, "expected_decimal");
  }
  if (typeof value !== "number") return note(found, "expected_number");
  const text = decimalOf(value, found);
  return text === undefined ? undefined : { number_value: text };
}

function decimalOf(value: number, found: Findings): string | undefined {
  if (!Number.isFinite(value)) return note(found, "not_finite");
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return note(found, "unsafe_number");
  return writtenOut(String(value));
}

/** `1e-7` -> `0.0000001`. Large exponents do not come here: such a number has lost digits. */
function writtenOut(text: string): string {
  const parts = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/.exec(text);
  if (parts === null) return text;
  const [, sign, first, rest = "", exponent] = parts;
  return `${sign}0.${"0".repeat(Number(exponent) - 1)}${first}${rest}`;
}

function dateValue(value: unknown, found: Findings): VariableValue | undefined {
  const days = typeof value === "string" ? daysOf(value) : undefined;
  return days === undefined ? note(found, "invalid_date") : { date_value: String(days) };
}

function dateTimeValue(value: unknown, unit: "ms" | "s", found: Findings): VariableValue | undefined {
  const count = typeof value === "string" && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  if (unit === "ms" && typeof count === "number" && looksLikeSeconds(count)) return note(found, "seconds_given");
  const written = typeof count === "string" ? epochMsOfText(count) : undefined;
  const epochMs = typeof count === "number" ? count * (unit === "s" ? 1000 : 1) : written;
  return epochMs !== undefined && isMoment(epochMs)
    ? { date_time_value: String(epochMs) }
    : note(found, "expected_moment");
}

function enumValue(
  value: unknown,
  options: Record<string, string> | undefined,
  found: Findings,
): VariableValue | undefined {
  if (typeof value !== "string") return note(found, "invalid_id");
  if (options === undefined) return OPTION_ID.test(value) ? { enum_value: value } : note(found, "invalid_id");
  if (Object.hasOwn(options, value)) return { enum_value: value };
  const ids = Object.keys(options);
  const named = ids.filter((id) => options[id] === value);
  // The label is one of the method's own: nothing that only a user typed gets into a text.
  return named.length > 0
    ? note(found, "choice_label", { choices: named, given: value })
    : note(found, "invalid_choice", { choices: ids });
}

function i18nValue(value: unknown, found: Findings): VariableValue | undefined {
  if (!isPlainObject(value)) return note(found, "expected_i18n");
  const texts: NonNullable<VariableValue["i18n_value"]> = {};
  for (const key of Object.keys(value)) {
    const text = value[key];
    if (key !== "zh_cn" && key !== "en_us") return note(found, "unknown_field", undefined, [key]);
    if (text === undefined || text === null || text === "") continue;
    if (typeof text !== "string") return note(found, "expected_text", undefined, [key]);
    texts[key] = text;
  }
  return texts.zh_cn === undefined && texts.en_us === undefined ? note(found, "expected_i18n") : { i18n_value: texts };
}

/** Takes the id, and the id as the wire writes it. */
function objectValue(value: unknown, object: string, found: Findings): VariableValue | undefined {
  if (!isPlainObject(value)) return isId(value) ? objectOf(value, object) : note(found, "invalid_id");
  const unknown = Object.keys(value).find((key) => key !== "wk_id" && key !== "wk_api_name");
  if (unknown !== undefined) return note(found, "unknown_field", undefined, [unknown]);
  const { wk_id, wk_api_name = object } = value;
  if (wk_api_name !== object) return note(found, "invalid_choice", { choices: [object] }, ["wk_api_name"]);
  return isId(wk_id) ? objectOf(wk_id, object) : note(found, "invalid_id", undefined, ["wk_id"]);
}

function objectOf(wk_id: string, wk_api_name: string): VariableValue {
  return { object_value: { wk_id, wk_api_name } };
}

function isId(value: unknown): value is string {
  return typeof value === "string" && ID.test(value);
}

function fileValue(value: unknown, found: Findings, files: ReadonlyMap<string, FileValue>): VariableValue | undefined {
  if (!isFileId(value)) return note(found, "invalid_file");
  if (fileNameOf(value) === undefined) return note(found, "invalid_file_name");
  const file_value = files.get(value);
  if (file_value !== undefined) return { file_value };
  throw new StartflowError("INTERNAL", {
    cause: new Error("a file of the form was not uploaded before it was mapped"),
  });
}

/** An id of CloudBase's storage, `cloud://<environment>.<bucket>/<path>`; an address is none. */
export function isFileId(value: unknown): value is string {
  return typeof value === "string" && /^cloud:\/\/[^/\s]{1,256}\/\S{1,1024}$/.test(value);
}

/** The last part of a file id's path, decoded; `undefined` where it is no safe file name. */
export function fileNameOf(fileId: string): string | undefined {
  const last = fileId.slice(fileId.lastIndexOf("/") + 1);
  const name = decodedPart(last);
  return isFileName(name) ? name : undefined;
}

/**
 * No path, no step upwards, no control characters; and a suffix, which CoreHR asks for.
 * https://open.feishu.cn/document/server-docs/corehr-v1/employee/person/upload
 */
export function isFileName(name: string): boolean {
  return /[^.]\.[^.]+$/.test(name) && name.length <= 255 && !name.includes("..") && !/[/\\\p{Cc}]/u.test(name);
}
