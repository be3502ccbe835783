/** Every place of a CoreHR start where somebody types: fields of each kind, and each member of ready `flow_data` items. */
import * as z from "zod";
import type { CorehrType, CorehrVariable } from "../../../shared/engines/corehr/fields";
import { flowDataItemSchema } from "../../../shared/engines/corehr/wire";
import { type Typed, textOf } from "./names";

export interface Place {
  typed: Typed[];
  value: unknown;
}

let count = 0;
/** @param written the text in the form that its place asks for */
function placeOf(at: string, written: (text: string, digits: number) => string): { text: string; at: string } {
  count += 1;
  return { text: written(textOf(count), 700_000 + count), at };
}

const asIs = (text: string) => text;
const id = (_: string, digits: number) => `id_${digits}`;
const number = (_: string, digits: number) => String(digits);

const MOMENT = "2031-07-09T10:11:12+08:00";

/** What is typed for a type, and in which words a refusal repeats it: as it was typed, and as it is sent. */
const KINDS: Record<CorehrType["kind"], (at: string) => { type: CorehrType; place: Place }> = {
  text: (at) => scalar({ kind: "text" }, placeOf(at, asIs)),
  bool: () => ({ type: { kind: "bool" }, place: { typed: [], value: true } }),
  number: (at) => {
    const one = placeOf(at, number);
    return { type: { kind: "number" }, place: { typed: [one], value: `00${one.text}` } };
  },
  date: (at) => encoded({ kind: "date" }, at, "2031-07-09", String(Date.UTC(2031, 6, 9) / 86_400_000)),
  dateTime: (at) => encoded({ kind: "dateTime" }, at, MOMENT, String(Date.parse(MOMENT))),
  enum: (at) => scalar({ kind: "enum" }, placeOf(at, id)),
  i18n: (at) => {
    const [zh, en] = [placeOf(`${at}.zh_cn`, asIs), placeOf(`${at}.en_us`, asIs)];
    return { type: { kind: "i18n" }, place: { typed: [zh, en], value: { zh_cn: zh.text, en_us: en.text } } };
  },
  object: (at) => {
    const one = placeOf(at, id);
    return {
      type: { kind: "object", object: "location" },
      place: { typed: [one], value: { wk_id: one.text, wk_api_name: "location" } },
    };
  },
  department: (at) => scalar({ kind: "department" }, placeOf(at, id)),
  employee: (at) => scalar({ kind: "employee" }, placeOf(at, id)),
  file: (at) => {
    const one = placeOf(at, (text) => `${text}.pdf`);
    return {
      type: { kind: "file" },
      place: { typed: [one], value: `cloud://env.bucket/${encodeURIComponent(one.text)}` },
    };
  },
  list: (at) => {
    const { type, place } = KINDS.text(`${at}[]`);
    return { type: { kind: "list", of: type }, place: { ...place, value: [place.value] } };
  },
  record: (at) => {
    const { members, typed, value } = recordOf(at);
    return { type: { kind: "record", fields: members }, place: { typed, value } };
  },
  table: (at) => {
    const { members, typed, value } = recordOf(`${at}[]`);
    return { type: { kind: "table", fields: members }, place: { typed, value: [value] } };
  },
};

const scalar = (type: CorehrType, typed: Typed) => ({ type, place: { typed: [typed], value: typed.text } });
const encoded = (type: CorehrType, at: string, text: string, sent: string) => ({
  type,
  place: {
    typed: [
      { text, at },
      { text: sent, at: `${at}, as it is sent` },
    ],
    value: text,
  },
});

/** A member of each kind that holds no others, under the name that was once taken for the developer's. */
function recordOf(at: string) {
  const of = (["text", "number", "object", "list", "file"] as const).map((kind) => KINDS[kind](`${at}.${kind}`));
  const names = ["name", "variable_api_name", "wk_api_name", "paramCode", "value"];
  const members = Object.fromEntries(
    of.map(({ type }, nth) => [names[nth], { ...type, variable: names[nth] as string }]),
  );
  const value = Object.fromEntries(of.map(({ place }, nth) => [names[nth], place.value]));
  return { members, typed: of.flatMap(({ place }) => place.typed), value };
}

export function mappedPlaces() {
  const all = Object.entries(KINDS).map(([kind, make]) => ({ kind, ...make(kind) }));
  const fields = all.map(({ kind, type, place }) => {
    const entry: CorehrVariable = { ...type, variable: `v_${kind}` };
    return { name: kind, value: place.value, entry };
  });
  return { fields, typed: all.flatMap(({ place }) => place.typed) };
}

/** What a member's text must look like; any other text may be anything. */
const FITS: Record<string, (text: string, digits: number) => string> = {
  number_value: number,
  date_value: number,
  date_time_value: (_, digits) => `1941${digits}000`,
  enum_value: id,
  file_name: (text) => `${text}.pdf`,
};
/** One key: where it is made, and wherever it is referred to. */
const KEY = placeOf("a key of sub_values", asIs);

/** One value for each member of a wire schema, so that a new one cannot be forgotten. */
function filled(schema: z.ZodType, at: string, typed: Typed[]): unknown {
  if (schema instanceof z.ZodOptional) return filled(schema.unwrap() as z.ZodType, at, typed);
  if (schema instanceof z.ZodArray) return [filled(schema.element as z.ZodType, `${at}[]`, typed)];
  if (schema instanceof z.ZodObject) {
    const members = Object.entries(schema.shape as Record<string, z.ZodType>);
    return Object.fromEntries(members.map(([name, member]) => [name, filled(member, `${at}.${name}`, typed)]));
  }
  if (schema instanceof z.ZodBoolean) return true;
  if (/list_values\[\]$|sub_value_key$|\.key$/.test(at)) return KEY.text;
  const one = placeOf(at, FITS[at.slice(at.lastIndexOf(".") + 1)] ?? asIs);
  const value = schema instanceof z.ZodNumber ? 880_000 + count : one.text;
  typed.push({ ...one, text: String(value) });
  return value;
}

/** @param variables those that the method declares: the item has the first of them */
export function readyPlaces(variables?: readonly string[]) {
  const typed: Typed[] = [KEY];
  const item = filled(flowDataItemSchema, "item", typed) as { variable_api_name?: string };
  if (variables === undefined) return { item, typed };
  const undeclared = typed.filter(({ at }) => at !== "item.variable_api_name");
  return { item: { ...item, variable_api_name: variables[0] }, typed: undeclared };
}
