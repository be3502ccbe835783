/** What is wrong with which field, in the user's words: zod's issues and our own -> one list of texts in zh and en. */
import type * as z from "zod";
import { type FieldIssue, StartflowError } from "../base/errors";
import { shownKey } from "../base/objects";
import { ISSUE_TEXTS, type IssueCode, type IssueFacts } from "./issue-texts";
import { fieldLabel, type Path, type SchemaLabels } from "./labels";
import { looksLikeSeconds } from "./moments";

/** More are not listed: nobody reads them, and a hostile body could make 200,000. */
export const MAX_ISSUES = 20;

/** A form's fields as its schema gives them. @throws StartflowError INVALID_PARAMS, with each field by its label */
export function parseFields(input: z.ZodType, labels: SchemaLabels, fields: Record<string, unknown>): unknown {
  const parsed = input.safeParse(fields);
  if (parsed.success) return parsed.data;
  throw StartflowError.invalid(fieldIssues(parsed.error.issues, fields, labels));
}

/** One issue at `path`. */
export function issue(code: IssueCode, path: Path, labels: SchemaLabels, facts: IssueFacts = {}): FieldIssue {
  const label = fieldLabel(path, labels);
  const texts = ISSUE_TEXTS[code];
  return {
    path: pathText(path),
    label,
    code,
    message: { zh: texts.zh(label.zh, facts), en: texts.en(label.en, facts) },
  };
}

/** @param input what was parsed: tells a missing field from one of a wrong type */
export function fieldIssues(found: readonly z.core.$ZodIssue[], input: unknown, labels: SchemaLabels): FieldIssue[] {
  const issues: FieldIssue[] = [];
  for (const zodIssue of found) {
    const path = zodIssue.path.filter((part): part is string | number => typeof part !== "symbol");
    if (zodIssue.code === "unrecognized_keys") {
      for (const key of zodIssue.keys.slice(0, MAX_ISSUES)) issues.push(issue("unknown_field", [...path, key], labels));
    } else {
      issues.push(issue(codeOf(zodIssue, path, input, labels), path, labels, factsOf(zodIssue)));
    }
    if (issues.length >= MAX_ISSUES) break;
  }
  return issues.filter(isFirst).slice(0, MAX_ISSUES);
}

/** A value can break two rules of one kind, which is told once. */
function isFirst({ path, code }: FieldIssue, at: number, all: readonly FieldIssue[]): boolean {
  return all.findIndex((other) => other.path === path && other.code === code) === at;
}

function codeOf(found: z.core.$ZodIssue, path: Path, input: unknown, labels: SchemaLabels): IssueCode {
  const value = valueAt(input, path);
  if (value === undefined) return "required";
  const control = labels.at(path)?.control;
  const isMoment = control === "date" || control === "date-time";
  const isWritten = typeof value === "string" || typeof value === "number";
  if (isMoment && isWritten && looksLikeSeconds(value)) return "seconds_given";
  if (control === "date") return "invalid_date";
  if (control === "date-time") return "invalid_date_time";
  if (control === "time") return "invalid_time";
  if (control === "relation" || control === "relations") return "invalid_relation";
  if (found.code === "invalid_format" && (control === "file" || control === "files")) return "invalid_file";
  switch (found.code) {
    case "invalid_type":
      return typeCode(found.expected);
    case "too_small":
    case "too_big":
      return sizeCode(found);
    case "invalid_value":
      return "invalid_choice";
    case "invalid_format":
      return "invalid_format";
    case "not_multiple_of":
      return "not_multiple_of";
    default:
      return "invalid";
  }
}

function typeCode(expected: string): IssueCode {
  const codes: Record<string, IssueCode> = {
    number: "expected_number",
    int: "expected_number",
    string: "expected_text",
    boolean: "expected_boolean",
    array: "expected_list",
    object: "expected_object",
    record: "expected_object",
  };
  return codes[expected] ?? "wrong_type";
}

function sizeCode(found: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): IssueCode {
  const small = found.code === "too_small";
  if (found.origin === "string") return small ? (found.minimum === 1 ? "required" : "too_short") : "too_long";
  if (found.origin === "array") return small ? "too_few" : "too_many";
  if (found.inclusive === false) return small ? "not_above" : "not_below";
  return small ? "too_small" : "too_big";
}

function factsOf(found: z.core.$ZodIssue): IssueFacts {
  if (found.code === "too_small") return { limit: Number(found.minimum) };
  if (found.code === "too_big") return { limit: Number(found.maximum) };
  if (found.code === "not_multiple_of") return { limit: Number(found.divisor) };
  if (found.code === "invalid_value") return { choices: found.values.map(String) };
  return {};
}

function valueAt(input: unknown, path: Path): unknown {
  let value = input;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

function pathText(path: Path): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else text += text === "" ? shownKey(part) : `.${shownKey(part)}`;
  }
  return text;
}
