/** Field types of a form: each declares what its control really sends, and what a method gets from it. */
import * as z from "zod";
import { $constructor } from "zod/v4/core";
import { looksLikeSeconds } from "./moments";
import {
  dateText,
  epochMsOf,
  exists,
  type LocalTime,
  localTimeAt,
  offsetMsAt,
  offsetText,
  timeText,
} from "./time-zone";

export const DEFAULT_ZONE = "Asia/Shanghai";
/** Dates outside are taken for a mistake. */
const YEARS = { first: 1900, last: 2100 };
const DAY_MS = 86_400_000;
/** The upload control's own default maximum. https://docs.cloudbase.net/lowcode/components/wedaUI/src/docs/compsdocs/form/WdUploadFile */
const MAX_FILES = 9;
const MAX_RELATIONS = 1_000;

/** What a field was declared with, beside its zod type. */
export interface Declared {
  control?: Control;
  zone?: string;
}

/** Which control the console shows, and which words an error uses. */
export type Control = "number" | "date" | "date-time" | "time" | "file" | "files" | "relation" | "relations" | "json";

/** A field's name for people: `.meta(label("天数", "Days"))`, last in the chain. */
export function label(zh: string, en: string): { title: string; "x-title-en": string } {
  return { title: zh, "x-title-en": en };
}

/** Empty for plain zod types. */
export function declared(schema: z.core.$ZodType): Declared {
  return schema._zod.def as Declared;
}

// The definition travels through .optional() and .meta(), which make new schemas; a registry entry would not.
function declare<O, I>(schema: z.ZodType<O, unknown>, control: Control, zone?: string): z.ZodType<O, I> {
  Object.assign(schema._zod.def, { control, zone });
  return schema as z.ZodType<O, I>;
}

interface FormNumberDef extends z.core.$ZodNumberDef {
  control: Control;
  fromText: boolean;
}

const FormNumber = $constructor<z.ZodNumber, FormNumberDef>("FormNumber", (inst, def) => {
  z.ZodNumber.init(inst, def);
  const parse = inst._zod.parse;
  inst._zod.parse = (payload, context) => {
    if (def.fromText && typeof payload.value === "string") payload.value = numberFromText(payload.value);
    return parse(payload, context);
  };
});

/** `"3"`, `" 3.50 "`, `"-2"` -> number; anything else stays text and is refused. No exponent, no hex, no empty text. */
function numberFromText(text: string): number | string {
  const trimmed = text.trim();
  return /^-?\d{1,15}(\.\d{1,15})?$/.test(trimmed) ? Number(trimmed) : text;
}

/**
 * A number. With `fromText`, also a number that a plain input sends as text.
 * @param options.fromText default false
 */
export function number(options: { fromText?: boolean } = {}): z.ZodNumber {
  return new FormNumber({ type: "number", checks: [], control: "number", fromText: options.fromText ?? false });
}

export interface ZoneOption {
  /** IANA name; default `Asia/Shanghai`. */
  zone?: string;
}

/**
 * A calendar date, `"2026-12-01"`. Takes epoch milliseconds (what a date control sends) and reads the date in `zone`;
 * takes `YYYY-MM-DD`; takes a date and time, with an offset or else in `zone`.
 */
export function date(options: ZoneOption = {}): z.ZodType<string, string | number> {
  const zone = options.zone ?? DEFAULT_ZONE;
  const convert = (value: unknown) => {
    if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value)) return value;
    const epochMs = epochMsFrom(value, zone);
    return epochMs === undefined ? value : dateText(localTimeAt(epochMs, zone));
  };
  return declare(z.preprocess(convert, z.iso.date().refine(isInYears)), "date", zone);
}

/**
 * A moment, as text with its offset: `"2026-12-01T09:30:00+08:00"`. Takes epoch milliseconds, a date and time with an
 * offset, or `YYYY-MM-DD HH:mm[:ss]` in `zone`.
 */
export function dateTime(options: ZoneOption = {}): z.ZodType<string, string | number> {
  const zone = options.zone ?? DEFAULT_ZONE;
  const convert = (value: unknown) => {
    const epochMs = epochMsFrom(value, zone);
    return epochMs === undefined ? value : momentText(epochMs, zone);
  };
  return declare(z.preprocess(convert, z.iso.datetime({ offset: true }).refine(isInYears)), "date-time", zone);
}

/** A moment as epoch milliseconds, for a start variable of type number. Takes what `dateTime` takes. */
export function timestamp(options: ZoneOption = {}): z.ZodType<number, string | number> {
  const zone = options.zone ?? DEFAULT_ZONE;
  const inYears = (epochMs: number) => isInYears(momentText(epochMs, "UTC"));
  return declare(
    z.preprocess((value) => epochMsFrom(value, zone) ?? value, z.int().refine(inYears)),
    "date-time",
    zone,
  );
}

/** A time of day, `"09:30:00"`. Takes milliseconds since 00:00 (what a time control sends) and `HH:mm[:ss]`. */
export function time(): z.ZodType<string, string | number> {
  const convert = (value: unknown) => {
    if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value < DAY_MS) {
      return timeText(localTimeAt(value, "UTC"));
    }
    return typeof value === "string" && /^\d{2}:\d{2}$/.test(value) ? `${value}:00` : value;
  };
  return declare(z.preprocess(convert, z.iso.time({ precision: 0 })), "time");
}

const FILE_ID = /^(cloud|https?):\/\/\S{1,1024}$/;

/** One file, as its `cloud://` id (or address). Takes a string, or a list of one. */
export function file(): z.ZodType<string, string | string[]> {
  const convert = (value: unknown) => (Array.isArray(value) && value.length === 1 ? value[0] : value);
  return declare(z.preprocess(convert, z.string().regex(FILE_ID)), "file");
}

/** A list of files. Takes a list, one string, or ids joined by commas. @param options.max default 9 */
export function files(options: { max?: number } = {}): z.ZodType<string[], string | string[]> {
  const convert = (value: unknown) => (typeof value === "string" ? value.split(",").filter((id) => id !== "") : value);
  return declare(z.preprocess(convert, z.array(z.string().regex(FILE_ID)).max(options.max ?? MAX_FILES)), "files");
}

type RelationInput = string | { _id: string | null };

const RECORD_ID = /^[0-9A-Za-z_-]{1,64}$/;

/** A related record, as its id. Takes `{_id}` and the id itself. */
export function relation(): z.ZodType<string, RelationInput> {
  return declare(z.preprocess(idOf, z.string().regex(RECORD_ID)), "relation");
}

/** Related records, as their ids. Takes `[{_id}]` and a list of ids; entries without an id are left out. */
export function relations(options: { max?: number } = {}): z.ZodType<string[], RelationInput[]> {
  const convert = (value: unknown) =>
    Array.isArray(value) ? value.map(idOf).filter((id) => id !== null && id !== undefined && id !== "") : value;
  return declare(
    z.preprocess(convert, z.array(z.string().regex(RECORD_ID)).max(options.max ?? MAX_RELATIONS)),
    "relations",
  );
}

/**
 * Any JSON value, passed on unchanged: a field of the form itself keeps also its null, "" and `{_id: null}` members,
 * which every other field loses.
 */
export function json(): z.ZodType<unknown, unknown> {
  return declare(
    z.unknown().refine((value) => value !== undefined),
    "json",
  );
}

function idOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0] === "_id" ? (value as { _id: unknown })._id : value;
}

const MOMENT = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?$/;

/** `undefined` for what is no moment, so that the schema refuses the value itself. */
function epochMsFrom(value: unknown, zone: string): number | undefined {
  if (typeof value === "number") {
    return Number.isInteger(value) && Math.abs(value) <= 8.64e15 && !looksLikeSeconds(value) ? value : undefined;
  }
  const found = typeof value === "string" ? MOMENT.exec(value) : null;
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second = "0", offset] = found;
  const local: LocalTime = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  };
  if (!exists(local)) return undefined;
  return offset === undefined ? epochMsOf(local, zone) : epochMsOf(local, "UTC") - offsetMsOf(offset);
}

function offsetMsOf(offset: string): number {
  if (offset === "Z") return 0;
  const sign = offset.startsWith("-") ? -1 : 1;
  return sign * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4))) * 60_000;
}

function momentText(epochMs: number, zone: string): string {
  const local = localTimeAt(epochMs, zone);
  return `${dateText(local)}T${timeText(local)}${offsetText(offsetMsAt(epochMs, zone))}`;
}

function isInYears(text: string): boolean {
  const year = Number(text.slice(0, 4));
  return year >= YEARS.first && year <= YEARS.last;
}
