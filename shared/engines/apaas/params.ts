/** Form fields -> the `params` of an aPaaS flow: a text that holds JSON, in which no digit of a number is lost. */

import { parseExactJson } from "../../base/exact-json";
import { isPlainObject } from "../../base/objects";
import { type Findings, findings, note, refuseFound } from "../../form/findings";
import type { SchemaLabels } from "../../form/labels";
import { epochMsOfText, isMoment, looksLikeSeconds } from "../../form/moments";
import type { Submission } from "../submission";

/** One value -> JSON text; nothing where an issue was noted. */
type Writer = (value: unknown, found: Findings) => string | undefined;

/**
 * Assumption: a flow's variables take what a record's fields of the same type take (byted-apaas/server-sdk-go, field types).
 */
const WRITERS = {
  text: (value, found) => (typeof value === "string" ? JSON.stringify(value) : note(found, "expected_text")),
  number: decimal,
  boolean: (value, found) => (typeof value === "boolean" ? String(value) : note(found, "expected_boolean")),
  /** An option, by its API name. */
  option,
  options: (value, found) => list(value, option, found),
  /** `YYYY-MM-DD` */
  date: (value, found) => (typeof value === "string" ? JSON.stringify(value) : note(found, "invalid_date")),
  /** Epoch milliseconds. */
  dateTime: moment,
  /** `{"zh_CN": …, "en_US": …}`, from `{zh_cn, en_us}`. */
  i18n,
  /** A record, a user or a department, by its id: `{"_id": 5454545}`. */
  record,
  records: (value, found) => list(value, record, found),
  /** Any JSON, as it was sent. */
  json: (value) => JSON.stringify(value),
} as const satisfies Record<string, Writer>;
export type ApaasKind = keyof typeof WRITERS;

/** What a method says of one variable of the flow, in its `fields` table. */
export type ApaasVariable =
  | { variable: string; kind: ApaasKind }
  /** The whole of `params`, a text that holds JSON, passed on unchanged; `variables`: those that may be in it. */
  | { kind: "params"; variables?: readonly string[] };

/** What is wrong with an entry of the `fields` table, in words; by hand, because every cold start runs it. */
export function apaasVariableProblem(entry: ApaasVariable): string | undefined {
  if (entry.kind === "params") return undefined;
  if (typeof entry.variable !== "string" || !/^\w{1,128}$/.test(entry.variable)) {
    return "has a variable that is no API name (letters, digits and _)";
  }
  const kinds = Object.keys(WRITERS);
  return kinds.includes(entry.kind) ? undefined : `has a kind that is none of params, ${kinds.join(", ")}`;
}

/** The code that two fields must not share. */
export function apaasVariableCode(entry: ApaasVariable): string {
  return entry.kind === "params" ? "params" : entry.variable;
}

/**
 * In the spacing of the published example. `undefined` where nothing was filled in: `params` is left out then, as the page says.
 * @throws StartflowError INVALID_PARAMS that names the fields
 */
export function toParams(fields: Submission<ApaasVariable>["fields"], labels: SchemaLabels): string | undefined {
  const found = findings(labels);
  const members: string[] = [];
  let ready: string | undefined;
  for (const { name, value, entry } of fields) {
    if (value === undefined || value === null) continue;
    found.path.push(name);
    if (entry.kind === "params") {
      ready = readyParams(value, entry.variables, found);
    } else {
      const written = WRITERS[entry.kind](value, found);
      if (written !== undefined) members.push(`${JSON.stringify(entry.variable)}: ${written}`);
    }
    // Of two sources of one text nobody could say which counts.
    if (ready !== undefined && members.length > 0) note(found, "duplicate_variable");
    found.path.pop();
  }
  refuseFound(found);
  if (ready !== undefined) return ready;
  return members.length === 0 ? undefined : `{${members.join(", ")}}`;
}

function readyParams(value: unknown, variables: readonly string[] | undefined, found: Findings): string | undefined {
  const parsed = typeof value === "string" ? objectIn(value) : undefined;
  if (parsed === undefined) return note(found, "not_json_object");
  const unknown = variables && Object.keys(parsed).find((name) => !variables.includes(name));
  return unknown === undefined ? (value as string) : note(found, "unknown_field", undefined, [unknown]);
}

/** `undefined` for a text that holds no JSON object. */
export function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const parsed = parseExactJson(text);
    return isPlainObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Written digit by digit: of more than 15 digits JavaScript's numbers lose some. */
function decimal(value: unknown, found: Findings): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text === "string" && /^-?(0|[1-9]\d{0,63})(\.\d{1,64})?$/.test(text)) return text;
  return note(found, "expected_decimal");
}

function option(value: unknown, found: Findings): string | undefined {
  return typeof value === "string" && /^[\w.-]{1,128}$/.test(value) ? JSON.stringify(value) : note(found, "invalid_id");
}

function moment(value: unknown, found: Findings): string | undefined {
  if (typeof value === "number" && looksLikeSeconds(String(value))) return note(found, "seconds_given");
  const epochMs = typeof value === "string" ? epochMsOfText(value) : value;
  return typeof epochMs === "number" && isMoment(epochMs) ? String(epochMs) : note(found, "expected_moment");
}

function i18n(value: unknown, found: Findings): string | undefined {
  const { zh_cn: zh, en_us: en, ...others } = isPlainObject(value) ? value : {};
  const texts = [zh, en].filter((text) => text !== undefined);
  const isWhole = texts.length > 0 && texts.every((text) => typeof text === "string");
  if (!isWhole || Object.keys(others).length > 0) return note(found, "expected_i18n");
  return JSON.stringify({ zh_CN: zh, en_US: en });
}

/** Ids are digits, and stand unquoted. https://open.feishu.cn/document/apaas-v1/flow/application-flow/execute */
function record(value: unknown, found: Findings): string | undefined {
  const id = isPlainObject(value) ? value._id : value;
  const digits = typeof id === "number" && Number.isSafeInteger(id) ? String(id) : id;
  const isId = typeof digits === "string" && /^[1-9]\d{0,18}$/.test(digits);
  return isId ? `{"_id": ${digits}}` : note(found, "invalid_relation");
}

function list(value: unknown, one: Writer, found: Findings): string | undefined {
  if (!Array.isArray(value)) return note(found, "expected_list");
  const written: (string | undefined)[] = [];
  for (const [at, entry] of value.entries()) {
    found.path.push(at);
    written.push(one(entry, found));
    found.path.pop();
  }
  return `[${written.join(", ")}]`;
}
