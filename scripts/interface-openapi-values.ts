/** What a caller of an OpenAPI operation gives: its parameters and its body. */
import * as z from "zod";
import {
  type DraftArgument,
  type DraftInterface,
  FILE_SCHEMA,
  isObject,
  listOf,
  type Notes,
  textOf,
} from "./interface-draft";
import { MAX_SCHEMAS, merged, type SchemaReading, zodSource } from "./interface-zod";

export interface OpenApi {
  root: Record<string, unknown>;
  notes: Notes;
  /** What a `$ref` within the file points to. */
  resolve(reference: string): unknown;
  /** The object itself, or what its `$ref` points to. */
  at(value: unknown): Record<string, unknown>;
}

/** OpenAPI says of these header parameters that they are ignored: https://spec.openapis.org/oas/v3.1.1.html#parameter-object */
const IGNORED = ["accept", "content-type", "authorization"];
/** What is called so gets no default: it may be somebody's. */
const SECRET_NAME =
  /token|secret|passw|pwd|api[-_]?key|app[-_]?key|access[-_]?key|auth|credential|cookie|session|signature/i;
/** A body of more members is one argument. */
const MAX_BODY_ARGUMENTS = 12;

export function readParameters(api: OpenApi, where: string, path: string, values: unknown[]): DraftArgument[] {
  // One of the operation takes the place of the path's.
  const parameters = new Map<string, Record<string, unknown>>();
  for (const value of values) {
    const parameter = api.at(value);
    parameters.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  const args = [...parameters.values()].flatMap((parameter) => argumentsOf(api, where, parameter));
  for (const [, name = ""] of path.matchAll(/\{([^{}]*)\}/g)) {
    if (args.some((argument) => argument.in === "path" && argument.wire === name)) continue;
    api.notes.say(`${where}: {${name}} is not described; it takes any text`);
    args.push({ wire: name, in: "path", schema: "z.union([z.string(), z.number()])", required: true });
  }
  return args.filter((argument) => argument.in !== "path" || path.includes(`{${argument.wire}}`));
}

function argumentsOf(api: OpenApi, where: string, parameter: Record<string, unknown>): DraftArgument[] {
  const { notes } = api;
  const [wire, place] = [textOf(parameter.name), textOf(parameter.in)];
  if (wire === "" || (place === "header" && IGNORED.includes(wire.toLowerCase()))) return [];
  if (place !== "path" && place !== "query" && place !== "header") {
    notes.say(`${where}: ${place} ${wire}: not imported`);
    return [];
  }
  if (isObject(parameter.content))
    notes.say(`${where}: ${place} ${wire}: give it as text (${Object.keys(parameter.content)})`);
  const style = textOf(parameter.style);
  const isOdd = !["", "form", "simple"].includes(style) || (place === "query" && parameter.explode === false);
  if (isOdd) notes.say(`${where}: ${place} ${wire}: style ${style || "form, not exploded"}: give it as text`);
  const asText = isObject(parameter.content) || isOdd;
  const reading: SchemaReading = {
    notes,
    resolve: api.resolve,
    where: `${where}: ${place} ${wire}`,
    isText: true,
    budget: { left: MAX_SCHEMAS },
  };
  const schema = asText ? "z.string()" : zodSource(parameter.schema, reading);
  const fallback = asText ? undefined : defaultOf(api, reading.where, wire, parameter.schema);
  const required = parameter.required === true || place === "path";
  return [{ wire, in: place, schema, required, ...(fallback === undefined ? {} : { default: fallback }) }];
}

function defaultOf(api: OpenApi, where: string, wire: string, value: unknown): string | number | boolean | undefined {
  const schema = api.at(value);
  const { default: fallback } = schema;
  if (typeof fallback !== "string" && typeof fallback !== "number" && typeof fallback !== "boolean") return undefined;
  if (SECRET_NAME.test(wire)) {
    api.notes.secret(String(fallback));
    api.notes.say(`${where}: its default is left out: it may be a secret`);
    return undefined;
  }
  if (fits(schema, fallback)) return fallback;
  api.notes.say(`${where}: its default is left out: it does not fit its own schema`);
  return undefined;
}

function fits(schema: Record<string, unknown>, value: unknown): boolean {
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value).success;
  } catch {
    return false;
  }
}

type Body = Pick<DraftInterface, "args" | "contentType">;
const KINDS: readonly (readonly [RegExp, DraftInterface["contentType"]])[] = [
  [/^application\/([\w.-]+\+)?json\b|^\*\/\*/i, "json"],
  [/^application\/x-www-form-urlencoded\b/i, "form"],
  [/^multipart\/form-data\b/i, "multipart"],
  [/^text\/plain\b/i, "text"],
];

/** @returns undefined where its body cannot be sent, which is said */
export function readBody(api: OpenApi, where: string, value: unknown): Body | undefined {
  if (value === undefined) return { args: [], contentType: "json" };
  const body = api.at(value);
  const content = Object.entries(api.at(body.content));
  for (const [pattern, contentType] of KINDS) {
    const [type, media] = content.find(([name]) => pattern.test(name)) ?? [];
    if (type === undefined) continue;
    const others = content.map(([name]) => name).filter((name) => name !== type);
    if (others.length > 0) api.notes.say(`${where}: the body is sent as ${type}; not imported: ${others.join(", ")}`);
    return { args: bodyArguments(api, where, contentType, body.required === true, api.at(media).schema), contentType };
  }
  api.notes.say(`${where}: not imported: a body of the type ${content.map(([type]) => type).join(", ") || "unknown"}`);
  return undefined;
}

function bodyArguments(
  api: OpenApi,
  where: string,
  contentType: string,
  required: boolean,
  value: unknown,
): DraftArgument[] {
  const trail = isObject(value) && typeof value.$ref === "string" ? [value.$ref] : [];
  const budget = { left: MAX_SCHEMAS };
  const reading: SchemaReading = { notes: api.notes, resolve: api.resolve, where: `${where}: body`, trail, budget };
  const found = api.at(value);
  const schema = Array.isArray(found.allOf) ? merged(found, reading) : found;
  const properties = Object.entries(isObject(schema.properties) ? schema.properties : {});
  const isFlat = properties.length > 0 && properties.length <= MAX_BODY_ARGUMENTS && isPlainObject(schema);
  if (contentType === "text" || !isFlat || properties.some(([name]) => !/^[^.]+$/.test(name) || name === "__proto__")) {
    const source = contentType === "text" ? "z.string()" : zodSource(schema, reading);
    return [{ wire: "", in: "body", schema: source, required }];
  }
  const needed = listOf(schema.required);
  return properties.flatMap(([name, property]): DraftArgument[] => {
    const one = api.at(property);
    if (one.readOnly === true) return [];
    const isFile = contentType === "multipart" && (one.format === "binary" || textOf(one.contentMediaType) !== "");
    const source = isFile ? FILE_SCHEMA : zodSource(property, { ...reading, where: `${where}: body ${name}` });
    return [{ wire: name, in: "body", schema: source, required: required && needed.includes(name) }];
  });
}

function isPlainObject(schema: Record<string, unknown>): boolean {
  const isOpen = isObject(schema.additionalProperties) || schema.oneOf !== undefined || schema.anyOf !== undefined;
  return !isOpen && (schema.type === undefined || schema.type === "object");
}
