/** JSON Schema of a method's params -> the fields that the page draws. Pure: knows no DOM. */
import type { Text } from "../../../shared/base/errors";

export type FieldKind =
  | "text"
  | "textarea"
  | "number"
  | "integer"
  | "boolean"
  | "select"
  | "checkboxes"
  | "date"
  | "datetime"
  | "time"
  | "file"
  | "files"
  | "relation"
  | "lines"
  | "group"
  | "rows"
  | "json";

export type Choice = string | number;

export interface Field {
  key: string;
  kind: FieldKind;
  label: Text;
  /** From the schema's `description`. */
  help?: string;
  required: boolean;
  choices: Choice[];
  /** The members of a group, or of one row. */
  fields: Field[];
  limits: Limits;
}

/** Bounds that are worth telling before the server refuses. */
export interface Limits {
  maxLength?: number;
  maxItems?: number;
  atLeast?: number;
  above?: number;
  atMost?: number;
  below?: number;
}

export type Schema = Record<string, unknown>;

/** Deeper members are edited as JSON: a recursive schema must not draw forever. */
export const MAX_DEPTH = 6;
const TEXTAREA_FROM = 100;
/** `x-control` names a control; what is not listed is decided by type. */
const CONTROLS: Record<string, FieldKind> = {
  date: "date",
  "date-time": "datetime",
  datetime: "datetime",
  time: "time",
  file: "file",
  files: "files",
  relation: "relation",
  relations: "lines",
  json: "json",
};
const FORMATS: Record<string, FieldKind> = { date: "date", "date-time": "datetime", time: "time" };

/** `null` where no form can be drawn: no schema, or params that are no object with known members. */
export function formFields(schema: Schema | null): Field[] | null {
  if (schema === null) return null;
  const root = resolve(schema, schema);
  return isRecord(root.properties) ? members(root, schema, 0) : null;
}

function members(schema: Schema, root: Schema, depth: number): Field[] {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(properties).map(([key, value]) =>
    fieldOf(key, isRecord(value) ? value : {}, required.includes(key), root, depth),
  );
}

function fieldOf(key: string, declared: Schema, required: boolean, root: Schema, depth: number): Field {
  const schema = resolve(declared, root);
  const items = isRecord(schema.items) ? resolve(schema.items, root) : {};
  const kind = kindOf(schema, items, depth);
  return {
    key,
    kind,
    label: labelOf(key, schema),
    ...(typeof schema.description === "string" ? { help: schema.description } : {}),
    required: required && schema.default === undefined,
    choices: choicesOf(kind === "checkboxes" ? items : schema),
    fields:
      kind === "group" ? members(schema, root, depth + 1) : kind === "rows" ? members(items, root, depth + 1) : [],
    limits: limitsOf(schema),
  };
}

function kindOf(schema: Schema, items: Schema, depth: number): FieldKind {
  const control = CONTROLS[String(schema["x-control"])];
  if (control !== undefined) return control;
  if (choicesOf(schema).length > 0) return "select";
  const type = typeOf(schema);
  if (type === "string") return stringKind(schema);
  if (type === "number" || type === "integer" || type === "boolean") return type;
  if (type === "object" && isRecord(schema.properties) && depth < MAX_DEPTH) return "group";
  if (type === "array") return arrayKind(items, depth);
  return "json";
}

function stringKind(schema: Schema): FieldKind {
  const format = FORMATS[String(schema.format)];
  if (format !== undefined) return format;
  return typeof schema.maxLength === "number" && schema.maxLength > TEXTAREA_FROM ? "textarea" : "text";
}

function arrayKind(items: Schema, depth: number): FieldKind {
  if (choicesOf(items).length > 0) return "checkboxes";
  if (typeOf(items) === "object" && isRecord(items.properties) && depth < MAX_DEPTH) return "rows";
  return typeOf(items) === "string" ? "lines" : "json";
}

/** Follows `$ref` into the same document, and takes the one branch that is not null. */
export function resolve(schema: Schema, root: Schema): Schema {
  let current = schema;
  for (let hops = 0; hops < MAX_DEPTH; hops += 1) {
    const next = target(current, root);
    if (next === undefined) return current;
    const { $ref: _ref, anyOf: _anyOf, oneOf: _oneOf, ...beside } = current;
    current = { ...next, ...beside };
  }
  return current;
}

function target(schema: Schema, root: Schema): Schema | undefined {
  if (typeof schema.$ref === "string") {
    let found: unknown = root;
    for (const part of schema.$ref.split("/").slice(1)) found = isRecord(found) ? found[part] : undefined;
    return isRecord(found) ? found : undefined;
  }
  const branches = branchesOf(schema).filter((branch) => branch.type !== "null");
  return branches.length === 1 ? branches[0] : undefined;
}

export function branchesOf(schema: Schema): Schema[] {
  const branches = schema.anyOf ?? schema.oneOf;
  return Array.isArray(branches) ? branches.filter(isRecord) : [];
}

/** Of `["string", "null"]` the type that can be typed in. */
export function typeOf(schema: Schema): unknown {
  if (!Array.isArray(schema.type)) return schema.type;
  const types = schema.type.filter((type) => type !== "null");
  return types.length === 1 ? types[0] : undefined;
}

export function choicesOf(schema: Schema): Choice[] {
  const listed = Array.isArray(schema.enum) ? schema.enum : branchesOf(schema).map((branch) => branch.const);
  const choices = listed.filter((choice): choice is Choice => typeof choice === "string" || typeof choice === "number");
  return choices.length === listed.filter((choice) => choice !== null).length ? choices : [];
}

function labelOf(key: string, schema: Schema): Text {
  const zh = typeof schema.title === "string" ? schema.title : key;
  const en = schema["x-title-en"];
  return { zh, en: typeof en === "string" ? en : zh };
}

function limitsOf(schema: Schema): Limits {
  const limits: Limits = {};
  const put = (name: keyof Limits, value: unknown) => {
    if (typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER) limits[name] = value;
  };
  put("maxLength", schema.maxLength);
  put("maxItems", schema.maxItems);
  put("atLeast", schema.minimum);
  put("above", schema.exclusiveMinimum);
  put("atMost", schema.maximum);
  put("below", schema.exclusiveMaximum);
  return limits;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
