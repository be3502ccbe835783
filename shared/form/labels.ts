/** The fields of a form, by path: how people call them, and which control they were declared for. */
import type * as z from "zod";
import type { Text } from "../base/errors";
import { own, shownKey } from "../base/objects";
import { type Control, declared } from "./fields";

export type Path = readonly (string | number)[];

export interface FieldNames {
  label: Text | undefined;
  control: Control | undefined;
}

export interface SchemaLabels {
  /** `undefined` where the form has no such field. */
  at(path: Path): FieldNames | undefined;
  /** Whether the form itself has a field of this name. */
  has(key: string): boolean;
  /** The form's field names; `undefined` where they cannot be listed (a transformed or open schema). */
  keys: readonly string[] | undefined;
}

/** Reads names from `.meta(label(…))`, through optional, default and preprocessing. */
export function labelsOf(schema: z.ZodType): SchemaLabels {
  const shape = shapeOf(inner(schema));
  return {
    at(path) {
      let current: z.ZodType | undefined = schema;
      for (const part of path) current = current && memberOf(inner(current), part);
      return current && namesOf(current);
    },
    has: (key) => shape !== undefined && own(shape, key),
    keys: shape && Object.keys(shape),
  };
}

/** `第 3 行 金额` for `items[2].amount`: the nearest label, and the row that it stands in. */
export function fieldLabel(path: Path, labels: SchemaLabels): Text {
  const last = path[path.length - 1];
  if (last === undefined) return { zh: "表单", en: "the form" };
  const own =
    labels.at(path)?.label ?? (typeof last === "string" ? { zh: shownKey(last), en: shownKey(last) } : undefined);
  const rowAt = lastRow(path);
  if (rowAt === -1) return own ?? { zh: "表单", en: "the form" };
  const list = labels.at(path.slice(0, rowAt))?.label ?? fieldLabel(path.slice(0, rowAt), labels);
  const row = Number(path[rowAt]) + 1;
  return {
    zh: `${list.zh} 第 ${row} 行${own === undefined ? "" : ` ${own.zh}`}`,
    en: `${list.en}, row ${row}${own === undefined ? "" : `, ${own.en}`}`,
  };
}

function lastRow(path: Path): number {
  for (let at = path.length - 1; at >= 0; at -= 1) if (typeof path[at] === "number") return at;
  return -1;
}

interface AnyDef {
  type: string;
  innerType?: z.ZodType;
  in?: z.ZodType;
  out?: z.ZodType;
  element?: z.ZodType;
  valueType?: z.ZodType;
  shape?: Record<string, z.ZodType>;
}

function defOf(schema: z.ZodType): AnyDef {
  return schema._zod.def as unknown as AnyDef;
}

/** The schema of what is sent: without optional, default, nullable, and the conversion in front. */
function inner(schema: z.ZodType): z.ZodType {
  const def = defOf(schema);
  if (def.innerType !== undefined) return inner(def.innerType);
  if (def.type !== "pipe" || def.in === undefined || def.out === undefined) return schema;
  return inner(defOf(def.in).type === "transform" ? def.out : def.in);
}

function shapeOf(schema: z.ZodType): Record<string, z.ZodType> | undefined {
  const { type, shape } = defOf(schema);
  return type === "object" ? shape : undefined;
}

function memberOf(schema: z.ZodType, part: string | number): z.ZodType | undefined {
  const def = defOf(schema);
  if (typeof part === "number") return def.type === "array" ? def.element : undefined;
  const shape = shapeOf(schema);
  if (shape !== undefined) return own(shape, part) ? shape[part] : undefined;
  return def.type === "record" ? def.valueType : undefined;
}

function namesOf(schema: z.ZodType): FieldNames {
  const names: FieldNames = { label: undefined, control: undefined };
  for (let current: z.ZodType | undefined = schema; current !== undefined; current = next(current)) {
    const meta = current.meta();
    const zh = meta?.title;
    const en = meta?.["x-title-en"];
    if (zh !== undefined) names.label ??= { zh, en: typeof en === "string" ? en : zh };
    names.control ??= declared(current).control;
  }
  return names;
}

function next(schema: z.ZodType): z.ZodType | undefined {
  const def = defOf(schema);
  if (def.innerType !== undefined) return def.innerType;
  const reached = inner(schema);
  return reached === schema ? undefined : reached;
}
