/** What a form container sends -> a plain, safe object of fields, before any schema sees it. */
import { type FieldIssue, StartflowError } from "../base/errors";
import { isPlainObject, own } from "../base/objects";
import type { IssueCode } from "./issue-texts";
import { issue, MAX_ISSUES } from "./issues";
import type { Path, SchemaLabels } from "./labels";

/** Bounds of what is looked at, so that a hostile body costs little. */
export const PARAMS_LIMITS = {
  /** Levels of objects and lists. */
  depth: 16,
  /** Objects, lists and values in all. */
  nodes: 50_000,
  /** Characters of text in all. */
  textLength: 1_000_000,
} as const;
export type ParamsLimits = Record<keyof typeof PARAMS_LIMITS, number>;

/** Members that would say who starts the process: never taken from a form. */
export const IDENTITY_KEYS = ["ExtraUserInfo", "UserId"] as const;
/** Made by the page when the form opens; a param of every method that starts something. */
export const SUBMISSION_KEY = "submissionId";
/** A mini program's call brings this along by itself: dropped unread. */
const DROPPED_KEYS = ["userInfo"];
const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);

type Fields = Record<string, unknown>;

export interface ReadParams {
  fields: Fields;
  submissionId: unknown;
}

/**
 * Flat fields and `{data: {…}}` are both accepted; null, "" and `{_id: null}` are left out, as if not filled in, except
 * within the form's `json()` fields.
 * @param labels names the fields in errors, and says whether `data` is a field of this form
 * @param limits those of this method that are not PARAMS_LIMITS
 * @throws StartflowError PARAMS_NOT_OBJECT, PARAMS_TOO_LARGE, IDENTITY_IN_FORM, INVALID_PARAMS
 */
export function readParams(params: unknown, labels: SchemaLabels, limits: Partial<ParamsLimits> = {}): ReadParams {
  if (!isPlainObject(params)) throw new StartflowError("PARAMS_NOT_OBJECT");
  const wrapped = unwrap(params, labels);
  for (const level of [params, wrapped]) {
    if (IDENTITY_KEYS.some((key) => own(level, key))) throw new StartflowError("IDENTITY_IN_FORM");
  }
  const issues = inspect(wrapped, labels, { ...PARAMS_LIMITS, ...limits });
  if (issues.length > 0) throw StartflowError.invalid(issues);
  const fields = withoutEmpty(wrapped, jsonKeysOf(labels));
  const submissionId = fields[SUBMISSION_KEY] ?? (own(params, SUBMISSION_KEY) ? params[SUBMISSION_KEY] : undefined);
  delete fields[SUBMISSION_KEY];
  for (const key of DROPPED_KEYS) delete fields[key];
  return { fields, submissionId };
}

/** `submitParams` of a form container is `{data: {…}, filter?}`. https://cloud.tencent.com/document/product/1301/104386 */
function unwrap(params: Fields, labels: SchemaLabels): Fields {
  if (labels.has("data") || !own(params, "data") || !isPlainObject(params.data)) return params;
  const beside = new Set<string>(["data", "filter", SUBMISSION_KEY, ...DROPPED_KEYS, ...IDENTITY_KEYS]);
  return Object.keys(params).every((key) => beside.has(key)) ? params.data : params;
}

/** Walks without recursion: 100,000 levels of nesting must not overflow the stack. */
function inspect(root: Fields, labels: SchemaLabels, limits: ParamsLimits): FieldIssue[] {
  const issues: FieldIssue[] = [];
  const open: { value: unknown; path: Path }[] = [{ value: root, path: [] }];
  let nodes = 0;
  let textLength = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    nodes += 1;
    if (typeof value === "string") textLength += value.length;
    if (nodes > limits.nodes || textLength > limits.textLength || path.length > limits.depth) {
      throw new StartflowError("PARAMS_TOO_LARGE");
    }
    const code = trouble(value);
    if (code !== undefined && issues.length < MAX_ISSUES) issues.push(issue(code, path, labels));
    if (typeof value !== "object" || value === null) continue;
    const keys = Array.isArray(value) && value.length > limits.nodes ? undefined : Object.keys(value);
    // Known before any of them is looked at: a list or an object can have 200,000 members.
    if (keys === undefined || nodes + keys.length > limits.nodes) throw new StartflowError("PARAMS_TOO_LARGE");
    for (const key of keys) {
      if (FORBIDDEN_KEYS.has(key)) issues.push(issue("forbidden_key", [...path, key], labels));
      else open.push({ value: (value as Fields)[key], path: [...path, Array.isArray(value) ? Number(key) : key] });
    }
  }
  return issues.slice(0, MAX_ISSUES);
}

/** Half a character pair, or a control character other than tab and line breaks. */
const BAD_TEXT = /\p{Surrogate}|(?![\t\n\r])\p{Cc}/u;

/** Lone surrogates and control characters, which UTF-8 and the engines change silently; numbers that lost digits. */
function trouble(value: unknown): IssueCode | undefined {
  if (typeof value === "string") return BAD_TEXT.test(value) ? "bad_text" : undefined;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return "not_finite";
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? "unsafe_number" : undefined;
  }
  return typeof value === "function" || typeof value === "symbol" || typeof value === "bigint"
    ? "wrong_type"
    : undefined;
}

const NO_KEYS: ReadonlySet<string> = new Set();
const jsonKeys = new WeakMap<SchemaLabels, ReadonlySet<string>>();

/** The form's `json()` fields; looked up once, because a call costs little more than looking up its fields. */
function jsonKeysOf(labels: SchemaLabels): ReadonlySet<string> {
  const known = jsonKeys.get(labels);
  if (known !== undefined) return known;
  const keys = new Set((labels.keys ?? []).filter((key) => labels.at([key])?.control === "json"));
  jsonKeys.set(labels, keys);
  return keys;
}

/** A copy without what a form container sends for "not filled in". @param untouched members that stay as they are */
function withoutEmpty(value: Fields, untouched: ReadonlySet<string> = NO_KEYS): Fields {
  const kept: Fields = {};
  for (const key of Object.keys(value)) {
    const member = value[key];
    if (untouched.has(key)) kept[key] = member;
    else if (!isEmpty(member)) kept[key] = withoutEmptyMembers(member);
  }
  return kept;
}

function withoutEmptyMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmptyMembers);
  return isPlainObject(value) ? withoutEmpty(value) : value;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  if (!isPlainObject(value)) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0] === "_id" && isEmpty(value._id);
}
