/** The body of one request that somebody made: its names and the kinds of its values, never a value. */
import {
  type DraftArgument,
  type DraftAuth,
  type DraftInterface,
  FILE_SCHEMA,
  isObject,
  type Notes,
} from "./interface-draft";
import { isBareValue, isDataKey, leftOut, textSchema } from "./interface-value-like";

export interface Sample {
  where: string;
  name: string;
  title: string;
  method: string;
  /** Origin, path and query; `{{name}}` and `/:name` are variables. */
  url: string;
  headers: readonly (readonly [name: string, value: string])[];
  body?: SampleBody | undefined;
}
export type SampleBody =
  | { kind: "json"; value: unknown }
  | { kind: "text" }
  | { kind: "form" | "multipart"; fields: readonly SampleField[] };
export interface SampleField {
  name: string;
  value: string;
  isFile?: boolean;
}

export interface SampleReading {
  origin: string;
  interface: DraftInterface;
  /** What the request itself shows of it. */
  auth: DraftAuth | undefined;
}

export function readBody({ body, where }: Sample, notes: Notes): Pick<DraftInterface, "args" | "contentType"> {
  const argument = (wire: string, schema: string): DraftArgument => ({ wire, in: "body", schema, required: true });
  if (body === undefined) return { args: [], contentType: "json" };
  if (body.kind === "text") return { args: [argument("", "z.string()")], contentType: "text" };
  if (body.kind === "json") {
    const { value } = body;
    const isFlat = isObject(value) && Object.keys(value).every(isName);
    const args = isFlat
      ? Object.entries(value).map(([name, member]) => argument(name, schemaOfValue(member)))
      : [argument("", schemaOfValue(value))];
    return { args, contentType: "json" };
  }
  const names = new Set(body.fields.map(({ name }) => name));
  if (names.size < body.fields.length)
    notes.say(`${where}: a field that stands several times in the body is taken once`);
  const args = [...names].flatMap((name) => {
    const field = body.fields.find((one) => one.name === name);
    if (field === undefined) return [];
    if (field.isFile !== true && isBareValue(name, field.value)) {
      leftOut(name, `${where}: a part of the body without a name`, notes);
      return [];
    }
    if (field.isFile === true) notes.say(`${where}: ${name} is a file; give {fileName, bytes, type?}`);
    return [argument(name, field.isFile === true ? FILE_SCHEMA : textSchema(field.value))];
  });
  return { args, contentType: body.kind };
}

/** Of an argument of its own in the body. */
const isName = (key: string) => /^[^.]+$/.test(key) && key !== "__proto__" && !isDataKey(key);

const DEEPEST = 6;

/** What a value shows of its kind; the value itself is not kept. */
function schemaOfValue(value: unknown, depth = 0): string {
  if (depth > DEEPEST || value === null || value === undefined) return "z.unknown()";
  if (Array.isArray(value)) {
    const kinds = [...new Set(value.map((item) => schemaOfValue(item, depth + 1)))];
    return `z.array(${kinds.length === 1 ? kinds[0] : "z.unknown()"})`;
  }
  if (!isObject(value)) return `z.${typeof value}()`;
  const members = Object.entries(value).filter(([name]) => name !== "__proto__");
  if (members.length === 0 || members.some(([name]) => isDataKey(name))) return "z.record(z.string(), z.unknown())";
  const sources = members.map(([name, member]) => `${JSON.stringify(name)}: ${schemaOfValue(member, depth + 1)}`);
  return `z.looseObject({ ${sources.join(", ")} })`;
}
