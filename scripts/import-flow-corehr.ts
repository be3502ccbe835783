/** Feishu CoreHR's template of a flow's variables -> what the `fields` table says of them. */

import { StartflowError } from "../shared/base/errors";
import { flowDataTemplate } from "../shared/engines/corehr/api";
import type { CorehrMember, CorehrType, CorehrVariable } from "../shared/engines/corehr/fields";
import { type FlowDataItem, flowDataItemSchema, type VariableValue } from "../shared/engines/corehr/wire";
import { type FeishuApp, feishuApp } from "../shared/feishu/app";
import { camelCase } from "../shared/proxy/names";
import { type FlowVariable, shownText } from "./import-flow-variable";
import { ImportRefused } from "./interface-draft";

const TIMEOUT_MS = 15_000;

/** @throws ImportRefused where Feishu refuses, cannot be reached, or knows none of the variables */
export async function corehrVariables(
  flowDefinitionId: string,
  asked: readonly string[],
  url: string | undefined,
  dotted: ReadonlySet<string> = new Set(),
): Promise<{ variables: FlowVariable[]; said: string }> {
  const query = { flowDefinitionId, variables: asked, userIdType: "open_id" as const };
  const app = await appFor(url);
  const { field_values: items, error_info: said = "" } = await flowDataTemplate(app, query, TIMEOUT_MS).catch(
    (error: unknown) => {
      throw new ImportRefused(withoutSecret(error instanceof StartflowError ? error.text.en : "Feishu did not answer"));
    },
  );
  const variables = items.flatMap((item) => {
    const read = flowDataItemSchema.safeParse(item);
    return read.success && read.data.variable_api_name !== undefined ? apart(variableOf(read.data), dotted) : [];
  });
  if (variables.length === 0) {
    throw new ImportRefused(`Feishu gave none of these variables${said === "" ? "" : `: ${shownText(said)}`}`);
  }
  return { variables, said: shownText(said) };
}

/** Of the local platform everybody knows the app, and nothing of a real one goes there. @throws ImportRefused */
async function appFor(url: string | undefined): Promise<FeishuApp> {
  if (url !== undefined) {
    // Later, because it loads the catalogue of all platforms.
    const { LOCAL_FEISHU_APP } = await import("../local/functions/environment");
    return { domain: url, ...LOCAL_FEISHU_APP };
  }
  try {
    return feishuApp();
  } catch (error) {
    throw new ImportRefused(error instanceof StartflowError ? error.text.en : String(error));
  }
}

function withoutSecret(text: string): string {
  const secret = process.env.STARTFLOW_FEISHU_APP_SECRET ?? "";
  return secret === "" ? text : text.split(secret).join("***");
}

/**
 * Assumption, as in shared/engines/corehr/values.ts: which member of a value each kind takes.
 * https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/corehr-v2/process/query_flow_data_template
 */
const KINDS = {
  text_value: "text",
  bool_value: "bool",
  number_value: "number",
  enum_value: "enum",
  date_value: "date",
  date_time_value: "dateTime",
  i18n_value: "i18n",
  department_value: "department",
  employment_value: "employee",
  file_value: "file",
} as const;

type SubValues = ReadonlyMap<string, VariableValue>;

function variableOf(item: FlowDataItem): FlowVariable {
  const { variable_api_name: variable = "", variable_value: value = {}, sub_values: subs = [] } = item;
  const below: SubValues = new Map(subs.flatMap(({ key, value: sub }) => (key && sub ? [[key, sub] as const] : [])));
  const type = typeOf(value, below, 1);
  const names = [camelCase(variable), variable];
  const common = { code: variable, names, label: shownText(variable) };
  if (type === undefined) {
    const members = shownText(Object.keys(value).join(", ")) || "nothing";
    return { ...common, typeLabel: members, problem: `its template has ${members}, which is no kind that is known` };
  }
  return { ...common, typeLabel: wordsOf(type), entry: { variable, ...type } };
}

/** A form field may be one member of a record, by its path: then the member is the variable. */
function apart(variable: FlowVariable, dotted: ReadonlySet<string>): FlowVariable[] {
  const entry = variable.entry as CorehrMember | undefined;
  if (entry?.kind !== "record") return [variable];
  const members = Object.entries(entry.fields).map(([key, member]) => {
    const path = `${variable.code}.${member.variable}`;
    return { key, member, path, own: memberOf(path, member) };
  });
  const alone = members.flatMap(({ own }) => apart(own, dotted)).filter(({ code }) => dotted.has(code));
  const isAlone = (path: string) => alone.some(({ code }) => code === path || code.startsWith(`${path}.`));
  const rest = members.filter(({ path }) => !isAlone(path));
  if (rest.length === 0) return alone;
  const fields = Object.fromEntries(rest.map(({ key, member }) => [key, member]));
  return [{ ...variable, entry: { ...entry, fields } }, ...alone];
}

function memberOf(path: string, member: CorehrMember): FlowVariable {
  const entry = { ...member, variable: path };
  return { code: path, names: [path], label: shownText(path), typeLabel: wordsOf(member), entry };
}

const MAX_DEPTH = 8;

function typeOf(value: VariableValue, below: SubValues, depth: number): CorehrType | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const scalar = Object.entries(KINDS).find(([member]) => value[member as keyof VariableValue] !== undefined);
  if (scalar !== undefined) return { kind: scalar[1] };
  const { object_value: object, record_values: record, list_values: list } = value;
  if (object?.wk_api_name !== undefined) return { kind: "object", object: String(object.wk_api_name) };
  if (record !== undefined) return membersOf("record", record, below, depth);
  const first = list?.[0] === undefined ? undefined : below.get(list[0]);
  if (first === undefined) return undefined;
  if (first.record_values !== undefined) return membersOf("table", first.record_values, below, depth);
  const of = typeOf(first, below, depth + 1);
  return of && { kind: "list", of };
}

function membersOf(
  kind: "record" | "table",
  record: NonNullable<VariableValue["record_values"]>,
  below: SubValues,
  depth: number,
): CorehrType | undefined {
  const fields = new Map<string, CorehrMember>();
  for (const { variable_api_name: variable, sub_value_key: key } of record) {
    const type = key === undefined ? undefined : typeOf(below.get(key) ?? {}, below, depth + 1);
    if (variable === undefined || type === undefined) return undefined;
    fields.set(camelCase(variable), { variable, ...type } as CorehrMember);
  }
  return fields.size === 0 ? undefined : { kind, fields: Object.fromEntries(fields) };
}

function wordsOf(type: CorehrType): string {
  if (type.kind === "list") return `list of ${wordsOf(type.of)}`;
  return type.kind === "object" ? `object ${type.object}` : type.kind;
}

/** Variables that are named by their path down into a record. */
export function dottedIn(entries: readonly CorehrVariable[]): Set<string> {
  const names = entries.flatMap((entry) => (entry.kind === "flowData" ? [] : [entry.variable]));
  return new Set(names.filter((name) => name.includes(".")));
}

/** The names to ask for, so that every member of an entry is told: Feishu tells a record's members only by their paths. */
export function askedBy(entries: readonly CorehrVariable[]): string[] {
  return entries.flatMap((entry) => {
    if (entry.kind === "flowData") return [];
    if (entry.kind !== "record" && entry.kind !== "table") return [entry.variable];
    return Object.values(entry.fields).map((member) => `${entry.variable}.${member.variable}`);
  });
}

/** What of an entry is no longer so, and the entry that is; options, units and the form's own member names stay. */
export function updatedCorehr(old: CorehrVariable, variable: FlowVariable): { entry: object; changes: string[] } {
  const told = variable.entry as CorehrMember | undefined;
  if (old.kind === "flowData" || told === undefined) return { entry: old, changes: [] };
  const changes = changesOf(old, told);
  if (changes.length === 0) return { entry: old, changes };
  return { entry: { ...merged(old, told), variable: variable.code }, changes };
}

function changesOf(old: CorehrMember, told: CorehrMember): string[] {
  const names = old.variable === told.variable ? [] : [`code ${old.variable} -> ${told.variable}`];
  return [...names, ...typeChanges(old, told)];
}

function typeChanges(old: CorehrType, told: CorehrType): string[] {
  if (wordsOf(old) !== wordsOf(told)) return [`type ${wordsOf(old)} -> ${wordsOf(told)}`];
  if ((old.kind !== "record" && old.kind !== "table") || !("fields" in told)) return [];
  const known = new Map(Object.values(old.fields).map((member) => [member.variable, member]));
  const present = new Set(Object.values(told.fields).map((member) => member.variable));
  return [
    ...Object.values(told.fields).flatMap((member) => {
      const before = known.get(member.variable);
      if (before === undefined) return [`new member ${member.variable}`];
      return typeChanges(before, member).map((change) => `member ${member.variable}: ${change}`);
    }),
    ...[...known.keys()].filter((name) => !present.has(name)).map((name) => `member ${name} is gone`),
  ];
}

function merged(old: CorehrType, told: CorehrType): CorehrType {
  if (wordsOf(old) !== wordsOf(told)) return told;
  if ((old.kind !== "record" && old.kind !== "table") || !("fields" in told)) return old;
  const nameOf = new Map(Object.entries(old.fields).map(([name, member]) => [member.variable, { name, member }]));
  const fields = Object.entries(told.fields).map(([name, member]): [string, CorehrMember] => {
    const known = nameOf.get(member.variable);
    if (known === undefined) return [name, member];
    return [known.name, { ...merged(known.member, member), variable: member.variable }];
  });
  return { kind: told.kind, fields: Object.fromEntries(fields) } as CorehrType;
}
