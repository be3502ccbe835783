/**
 * JSON Schema of a method's params -> the schema that WeDa's console keeps of a method's 入参 and 出参. Pure.
 * Its words (`x-index` from 1, `x-required`, `x-enumObj`, the formats) are those of `types/platform/datasource.d.ts` in
 * https://www.npmjs.com/package/@cloudbase/cals
 */
import { choicesOf, isRecord, MAX_DEPTH, resolve, type Schema, typeOf } from "./form-model";

export interface WedaSchema {
  type: "object" | "array" | "string" | "number" | "boolean";
  title?: string;
  description?: string;
  format?: string;
  default?: string | number | boolean;
  enum?: (string | number)[];
  "x-enumObj"?: { label: string; value: string | number }[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  items?: WedaSchema;
  properties?: Record<string, WedaSchema>;
  required?: string[];
  "x-index"?: number;
  "x-required"?: boolean;
}

/**
 * What a control sends, which the method then converts: the console must not refuse it first. A date control sends epoch
 * milliseconds, a time control milliseconds since 00:00, so theirs are formats of a number.
 */
export const PASTE_CONTROLS: Record<string, WedaSchema> = {
  number: { type: "number" },
  date: { type: "number", format: "date" },
  "date-time": { type: "number", format: "datetime" },
  time: { type: "number", format: "time" },
  file: { type: "string", format: "x-file" },
  files: { type: "array", items: { type: "string", format: "x-file" } },
  // The record's id: a format that names a relation would need the data model that it leads to.
  relation: { type: "string" },
  relations: { type: "array", items: { type: "string" } },
  json: { type: "object", description: "任意 JSON" },
};
const FORMATS: Record<string, string> = { email: "email", uri: "url", url: "url" };

/** An object with these members, in their order. */
export function objectOf(properties: Record<string, WedaSchema>, required: readonly string[]): WedaSchema {
  const rows = Object.entries(properties).map(([key, schema], at): [string, WedaSchema] => {
    return [key, { ...schema, "x-index": at + 1, "x-required": required.includes(key) }];
  });
  // From entries, because a member may have any name.
  return { type: "object", properties: Object.fromEntries(rows), required: [...required] };
}

/** @param root where `$ref` leads to */
export function wedaSchema(declared: Schema, root: Schema = declared, depth = 0): WedaSchema {
  const schema = firstBranch(resolve(declared, root), root);
  const common = commonOf(schema);
  const control = PASTE_CONTROLS[String(schema["x-control"])];
  if (control !== undefined) return { ...control, ...common, ...(control.type === "number" ? bounds(schema) : {}) };
  const type = typeOf(schema);
  if (type === "object" && isRecord(schema.properties) && depth <= MAX_DEPTH) {
    return { ...membersOf(schema, root, depth), ...common };
  }
  if (type === "array") {
    const items = isRecord(schema.items) && depth <= MAX_DEPTH ? wedaSchema(schema.items, root, depth + 1) : undefined;
    return { type: "array", ...common, items: items ?? { type: "object" } };
  }
  return { ...scalarOf(schema, type), ...common };
}

function membersOf(schema: Schema, root: Schema, depth: number): WedaSchema {
  const properties = Object.entries(schema.properties as Record<string, unknown>).map(([key, value]) => {
    return [key, wedaSchema(isRecord(value) ? value : {}, root, depth + 1)] as const;
  });
  const required = Array.isArray(schema.required) ? schema.required.filter((key) => typeof key === "string") : [];
  return objectOf(Object.fromEntries(properties), required);
}

/** The console knows no choice of types: the first one that is there. */
function firstBranch(schema: Schema, root: Schema): Schema {
  const branches = schema.anyOf ?? schema.oneOf;
  if (!Array.isArray(branches) || choicesOf(schema).length > 0) return schema;
  const first = branches.filter(isRecord).find(({ type }) => type !== "null");
  return first === undefined ? schema : { ...resolve(first, root), ...schema };
}

function scalarOf(schema: Schema, type: unknown): WedaSchema {
  const choices = choicesOf(schema);
  if (choices.length > 0) {
    const isNumber = choices.every((choice) => typeof choice === "number");
    const listed = choices.map((value) => ({ label: String(value), value }));
    return { type: isNumber ? "number" : "string", enum: choices, "x-enumObj": listed };
  }
  if (type === "number" || type === "integer") return { type: "number", ...bounds(schema) };
  if (type === "boolean") return { type: "boolean" };
  if (type !== "string") return { type: "object" };
  const format = FORMATS[String(schema.format)];
  return { type: "string", ...(format === undefined ? {} : { format }), ...lengths(schema) };
}

function commonOf(schema: Schema): Partial<WedaSchema> {
  const { title, description, default: value } = schema;
  const isScalar = ["string", "number", "boolean"].includes(typeof value);
  return {
    ...(typeof title === "string" ? { title } : {}),
    ...(typeof description === "string" ? { description } : {}),
    ...(isScalar ? { default: value as string | number | boolean } : {}),
  };
}

/** Where the bound itself does not count, there is no word for it: the method refuses it. */
function bounds({ minimum, maximum }: Schema): Partial<WedaSchema> {
  const isBound = (value: unknown): value is number =>
    typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  return { ...(isBound(minimum) ? { minimum } : {}), ...(isBound(maximum) ? { maximum } : {}) };
}

function lengths({ minLength, maxLength, pattern }: Schema): Partial<WedaSchema> {
  return {
    ...(typeof minLength === "number" ? { minLength } : {}),
    ...(typeof maxLength === "number" ? { maxLength } : {}),
    ...(typeof pattern === "string" ? { pattern } : {}),
  };
}
