/** The form's one value, a JSON value: what a control shows of it, and what a control makes of what was typed. Pure. */
import { type Field, type FieldKind, isRecord } from "./form-model";

export type Path = readonly (string | number)[];

/** `items[2].price`: how issues name a field, and the tail of its element's id. */
export function pathText(path: Path): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else text += text === "" ? part : `.${part}`;
  }
  return text;
}

export function parsePath(text: string): Path {
  return [...text.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) =>
    index === undefined ? (key ?? "") : Number(index),
  );
}

export function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const part of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, part)) return undefined;
    current = (current as Record<string | number, unknown>)[part];
  }
  return current;
}

/** A copy with another value at `path`; what stood in the way and is no container is replaced. */
export function withValueAt(value: unknown, path: Path, next: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return next;
  if (typeof part === "number") {
    const list: unknown[] = Array.isArray(value) ? [...value] : [];
    list[part] = withValueAt(list[part], rest, next);
    return list;
  }
  const record = isRecord(value) ? value : {};
  return { ...record, [part]: withValueAt(Object.hasOwn(record, part) ? record[part] : undefined, rest, next) };
}

/** What an input shows: text for every kind that is typed or picked. */
export function shownText(kind: FieldKind, value: unknown): string {
  if (value === null || value === undefined) return "";
  if (kind === "lines") return Array.isArray(value) ? value.map(idOf).join("\n") : String(value);
  if (kind === "relation") return String(idOf(value));
  if (kind === "json") return JSON.stringify(value, null, 2);
  if (kind === "date" || kind === "datetime" || kind === "time") return momentText(kind, value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** What is sent for what was typed: numbers as numbers, and null for a control that was cleared. */
export function typedValue(field: Field, text: string): unknown {
  if (field.kind === "lines") return text === "" ? null : text.split("\n").map((line) => line.trim());
  if (text === "") return null;
  if (field.kind === "number" || field.kind === "integer") return Number.isFinite(Number(text)) ? Number(text) : text;
  if (field.kind === "select") return field.choices.find((choice) => String(choice) === text) ?? text;
  return text;
}

/** The list of a checkbox group, in the schema's order. */
export function withChoice(field: Field, value: unknown, choice: string | number, on: boolean): unknown[] {
  const chosen: unknown[] = Array.isArray(value) ? value : [];
  return field.choices.filter((each) => (each === choice ? on : chosen.includes(each)));
}

/** The members of the value that the form has no field for: kept and sent, and worth saying so. */
export function unknownKeys(fields: Field[], value: unknown): string[] {
  if (!isRecord(value)) return [];
  return Object.keys(value).filter((key) => !fields.some((field) => field.key === key));
}

/** Params as they are sent. Params that are no object go as they are: then there is no place for an id. */
export function paramsToSend(params: unknown, submissionId: string | null): unknown {
  return submissionId !== null && isRecord(params) ? { submissionId, ...params } : params;
}

/**
 * The path of the control that shows an issue: the field itself, or the nearest one that holds it.
 * `undefined` where the form has none, so that only the summary shows it.
 */
export function controlPath(fields: Field[], issuePath: string): string | undefined {
  const path = parsePath(issuePath);
  let found: Path | undefined;
  let level = fields;
  let at = 0;
  while (at < path.length) {
    const part = path[at];
    if (typeof part === "number") break;
    const field = level.find(({ key }) => key === part);
    if (field === undefined) break;
    at += 1;
    found = path.slice(0, at);
    if (field.kind === "rows" && typeof path[at] === "number") at += 1;
    level = field.fields;
  }
  return found && pathText(found);
}

function idOf(value: unknown): unknown {
  return isRecord(value) && "_id" in value ? value._id : value;
}

/** A sample may hold epoch milliseconds: shown in the browser's own zone, as a date control would. */
function momentText(kind: "date" | "datetime" | "time", value: unknown): string {
  if (typeof value !== "number") return trimMoment(kind, String(value));
  if (kind === "time") return `${two(Math.floor(value / 3_600_000))}:${two(Math.floor(value / 60_000) % 60)}`;
  const moment = new Date(value);
  if (Number.isNaN(moment.getTime())) return "";
  const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return kind === "date" ? day : `${day}T${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

function trimMoment(kind: "date" | "datetime" | "time", text: string): string {
  if (kind === "date") return text.slice(0, 10);
  return kind === "datetime" ? text.replace(" ", "T").slice(0, 16) : text.slice(0, 5);
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
