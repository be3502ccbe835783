/** A JSON schema as the source text of a zod schema. What zod is not asked to check is said. */
import { isObject, listOf, type Notes, textOf } from "./interface-draft";

export interface SchemaReading {
  notes: Notes;
  /** What a `$ref` points to, or undefined where it cannot be read. */
  resolve(reference: string): unknown;
  /** Where the schema stands, for notes. */
  where: string;
  /** In a JSON body a number is a number; elsewhere all is text, and an id may have more digits than a number keeps. */
  isText?: boolean;
  /** How many schemas may still be written out: what refers to much that refers to much would have no end. */
  budget?: { left: number };
  /** The references that lead here. */
  trail?: readonly string[];
}

const MAX_DEPTH = 12;
/** In one parameter or one body. */
export const MAX_SCHEMAS = 1_000;
/** Checks of JSON schema that no zod source is written for. */
const UNCHECKED = [
  "not",
  "if",
  "then",
  "else",
  "patternProperties",
  "propertyNames",
  "dependentRequired",
  "dependentSchemas",
  "uniqueItems",
  "contains",
  "prefixItems",
  "minProperties",
  "maxProperties",
  "unevaluatedProperties",
  "multipleOf",
];

/** Source text is made of JSON alone: nothing in the input can become code. */
const literal = (value: unknown): string =>
  JSON.stringify(value)
    .replace(/\u2028/g, "\\u2028")
    .replace(/\u2029/g, "\\u2029");

export function zodSource(schema: unknown, reading: SchemaReading, depth = 0): string {
  const { notes, where } = reading;
  if (!isObject(schema)) return schema === false ? "z.never()" : "z.unknown()";
  if (depth > MAX_DEPTH) {
    notes.say(`${where}: a schema deeper than ${MAX_DEPTH} levels; what is below is not checked`);
    return "z.unknown()";
  }
  if (reading.budget !== undefined && --reading.budget.left < 0) {
    notes.say(`${where}: a schema with more than ${MAX_SCHEMAS} others in it; the rest is not checked`);
    return "z.unknown()";
  }
  if (typeof schema.$ref === "string") return referenced(schema.$ref, reading, depth);
  const unchecked = UNCHECKED.filter((name) => Object.hasOwn(schema, name));
  if (unchecked.length > 0) notes.say(`${where}: not checked: ${unchecked.join(", ")}`);
  const source = sourceOf(schema, reading, depth);
  return schema.nullable === true && !source.endsWith(".nullable()") ? `${source}.nullable()` : source;
}

function referenced(reference: string, reading: SchemaReading, depth: number): string {
  const { notes, where, trail = [] } = reading;
  if (trail.includes(reference)) {
    notes.say(`${where}: ${reference} holds itself; the inner one is not checked`);
    return "z.unknown()";
  }
  const target = reading.resolve(reference);
  if (target === undefined) {
    notes.say(`${where}: ${reference} is not in this file; what it stands for is not checked`);
    return "z.unknown()";
  }
  return zodSource(target, { ...reading, trail: [...trail, reference] }, depth + 1);
}

function sourceOf(schema: Record<string, unknown>, reading: SchemaReading, depth: number): string {
  if (Object.hasOwn(schema, "const")) return choice([schema.const]);
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return choice(schema.enum);
  if (Array.isArray(schema.allOf)) return sourceOf(merged(schema, reading), reading, depth + 1);
  const either = [...listOf(schema.oneOf), ...listOf(schema.anyOf)];
  if (either.length > 0) return union(either.map((one) => zodSource(one, reading, depth + 1)));
  const types = typesOf(schema);
  const sources = types.filter((type) => type !== "null").map((type) => typeSource(type, schema, reading, depth));
  if (sources.length === 0) return types.includes("null") ? "z.null()" : "z.unknown()";
  return types.includes("null") ? `${union(sources)}.nullable()` : union(sources);
}

function typesOf(schema: Record<string, unknown>): string[] {
  if (typeof schema.type === "string") return [schema.type];
  if (Array.isArray(schema.type)) return schema.type.filter((type) => typeof type === "string");
  if (isObject(schema.properties)) return ["object"];
  return Object.hasOwn(schema, "items") ? ["array"] : [];
}

const union = (sources: string[]): string => {
  const [first = "z.unknown()", ...others] = new Set(sources);
  return others.length === 0 ? first : `z.union([${[first, ...others].join(", ")}])`;
};

function choice(values: unknown[]): string {
  const isScalar = (value: unknown) => value === null || ["string", "number", "boolean"].includes(typeof value);
  if (!values.every(isScalar)) return "z.unknown()";
  if (values.length === 1) return `z.literal(${literal(values[0])})`;
  return values.every((value) => typeof value === "string")
    ? `z.enum(${literal([...new Set(values)])})`
    : `z.literal(${literal([...new Set(values)])})`;
}

/** `allOf` of objects is one object with the members of all. */
export function merged(schema: Record<string, unknown>, reading: SchemaReading): Record<string, unknown> {
  const { allOf, ...rest } = schema;
  const { trail = [], notes, where } = reading;
  let result: Record<string, unknown> = rest;
  for (const one of listOf(allOf)) {
    const reference = isObject(one) ? textOf(one.$ref) : "";
    const isKnown = trail.includes(reference);
    if (isKnown) notes.say(`${where}: ${reference} holds itself; the inner one is not checked`);
    const part = isKnown ? {} : reference === "" ? one : reading.resolve(reference);
    if (!isObject(part)) notes.say(`${where}: a part of allOf cannot be read, and is not checked`);
    else result = joined(result, Array.isArray(part.allOf) ? merged(part, within(reading, reference)) : part);
  }
  return result;
}

const within = (reading: SchemaReading, reference: string): SchemaReading => ({
  ...reading,
  trail: [...(reading.trail ?? []), reference],
});

function joined(first: Record<string, unknown>, second: Record<string, unknown>): Record<string, unknown> {
  const result = { ...first, ...second };
  if (isObject(first.properties) || isObject(second.properties)) {
    result.properties = { ...(first.properties as object | undefined), ...(second.properties as object | undefined) };
    result.required = [...listOf(first.required), ...listOf(second.required)];
  }
  return result;
}

function typeSource(type: string, schema: Record<string, unknown>, reading: SchemaReading, depth: number): string {
  switch (type) {
    case "string":
      return `z.string()${lengths(schema, "minLength", "maxLength")}${pattern(schema, reading)}`;
    case "integer":
    case "number":
      return numberSource(type, schema, reading);
    case "boolean":
      return "z.boolean()";
    case "array":
      return `z.array(${zodSource(schema.items, reading, depth + 1)})${lengths(schema, "minItems", "maxItems")}`;
    case "object":
      return objectSource(schema, reading, depth);
    default:
      return "z.unknown()";
  }
}

function numberSource(type: string, schema: Record<string, unknown>, { isText = false }: SchemaReading): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const source = [type === "integer" ? "z.int()" : "z.number()"];
  // OpenAPI 3.0 has booleans beside the bound, 3.1 has numbers in their place.
  if (typeof minimum === "number") source.push(`.${exclusiveMinimum === true ? "gt" : "min"}(${minimum})`);
  if (typeof maximum === "number") source.push(`.${exclusiveMaximum === true ? "lt" : "max"}(${maximum})`);
  if (typeof exclusiveMinimum === "number") source.push(`.gt(${exclusiveMinimum})`);
  if (typeof exclusiveMaximum === "number") source.push(`.lt(${exclusiveMaximum})`);
  const number = source.join("");
  return isText && schema.format === "int64" ? `z.union([${number}, z.string().regex(/^-?\\d+$/)])` : number;
}

function lengths(schema: Record<string, unknown>, min: string, max: string): string {
  const bound = (name: string, method: string) =>
    Number.isInteger(schema[name]) && (schema[name] as number) >= 0 ? `.${method}(${schema[name]})` : "";
  return bound(min, "min") + bound(max, "max");
}

function pattern(schema: Record<string, unknown>, { notes, where }: SchemaReading): string {
  if (typeof schema.pattern !== "string") return "";
  try {
    // As text a regular expression escapes what would end it.
    return `.regex(${new RegExp(schema.pattern, "u")})`;
  } catch {
    notes.say(`${where}: a pattern that is no regular expression here; not checked`);
    return "";
  }
}

function objectSource(schema: Record<string, unknown>, reading: SchemaReading, depth: number): string {
  const { additionalProperties: others } = schema;
  const required = listOf(schema.required);
  const properties = Object.entries(isObject(schema.properties) ? schema.properties : {});
  if (properties.length === 0) {
    return others === false ? "z.strictObject({})" : `z.record(z.string(), ${zodSource(others, reading, depth + 1)})`;
  }
  const members = properties.flatMap(([name, property]) => {
    if (name === "__proto__" || (isObject(property) && property.readOnly === true)) {
      reading.notes.say(`${reading.where}: ${name} is not sent`);
      return [];
    }
    const source = zodSource(property, reading, depth + 1);
    return [`${literal(name)}: ${source}${required.includes(name) ? "" : ".optional()"}`];
  });
  return `z.${others === false ? "strictObject" : "looseObject"}({ ${members.join(", ")} })`;
}
