/** What a method says of a CoreHR flow variable, and what can be wrong with it. */

/** How a value is written, apart from the variable that takes it. */
export type CorehrType =
  | { kind: "text" | "bool" | "number" | "date" | "i18n" | "department" | "employee" | "file" }
  /** `unit` of a value that is a number: epoch milliseconds where nothing is said. */
  | { kind: "dateTime"; unit?: "ms" | "s" }
  /** `options`: the option's id -> its label. Without them, whatever looks like an id is passed on. */
  | { kind: "enum"; options?: Record<string, string> }
  /** `object`: the `wk_api_name` of the metadata. */
  | { kind: "object"; object: string }
  | { kind: "list"; of: CorehrType }
  /** One nested record: form member -> variable. */
  | { kind: "record"; fields: Record<string, CorehrMember> }
  /** A list of records. */
  | { kind: "table"; fields: Record<string, CorehrMember> };

/** A type with the variable that takes it. */
export type CorehrMember = CorehrType & { variable: string };

/** Ready `flow_data` items, passed on unchanged; `variables`: those that may be among them. */
export interface ReadyFlowData {
  kind: "flowData";
  variables?: readonly string[];
}

/** What a method says of one CoreHR variable, in the `fields` table. */
export type CorehrVariable = CorehrMember | ReadyFlowData;

/** The members of an entry, beside `kind` and `variable`. */
const MEMBERS: Record<CorehrType["kind"], readonly string[]> = {
  text: [],
  bool: [],
  number: [],
  date: [],
  dateTime: ["unit"],
  i18n: [],
  department: [],
  employee: [],
  file: [],
  enum: ["options"],
  object: ["object"],
  list: ["of"],
  record: ["fields"],
  table: ["fields"],
};

/** An option's or a variable's id: what a label with spaces or in Chinese is not. Assumption: no page gives a pattern. */
export const OPTION_ID = /^[\w.-]{1,128}$/;
/** With dots down into a record. https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/corehr-v2/process/query_flow_data_template */
const VARIABLE = /^[\w.-]{1,256}$/;
/** Without dots: a member's name becomes a part of its key, `r1.city`, and keys must stay unique. */
const MEMBER_VARIABLE = /^[\w-]{1,128}$/;
/** Deeper is a table that holds itself. */
const MAX_DEPTH = 8;

/** What is wrong with an entry of the `fields` table, in words; by hand, because every cold start runs it. */
export function corehrVariableProblem(entry: CorehrVariable): string | undefined {
  return entry.kind === "flowData" ? readyProblem(entry) : memberProblem(entry, VARIABLE, 1);
}

/** The code that two fields must not share. */
export function corehrVariableCode(entry: CorehrVariable): string {
  return entry.kind === "flowData" ? "flow_data" : entry.variable;
}

function readyProblem(entry: ReadyFlowData): string | undefined {
  const unknown = unknownMember(entry, ["kind", "variables"]);
  if (unknown !== undefined) return unknown;
  const { variables } = entry;
  if (variables === undefined) return undefined;
  const isList = Array.isArray(variables) && variables.length > 0;
  return isList && variables.every((name) => typeof name === "string" && VARIABLE.test(name))
    ? undefined
    : "has variables that are no list of variable names";
}

function memberProblem(entry: CorehrMember, pattern: RegExp, depth: number): string | undefined {
  if (typeof entry !== "object" || entry === null) return "is no object with a kind and a variable";
  if (typeof entry.variable !== "string" || !pattern.test(entry.variable)) {
    return "has a variable that is no API name (letters, digits, _ and -; dots only in a form field's own variable)";
  }
  return typeProblem(entry, ["kind", "variable"], depth);
}

function typeProblem(type: CorehrType, common: readonly string[], depth: number): string | undefined {
  if (typeof type !== "object" || type === null) return "is no object with a kind";
  if (depth > MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`;
  if (!Object.hasOwn(MEMBERS, type.kind)) return `has a kind that is none of ${Object.keys(MEMBERS).join(", ")}`;
  const unknown = unknownMember(type, [...common, ...MEMBERS[type.kind]]);
  if (unknown !== undefined) return unknown;
  switch (type.kind) {
    case "dateTime":
      return [undefined, "ms", "s"].includes(type.unit) ? undefined : "has a unit that is neither ms nor s";
    case "enum":
      return optionsProblem(type.options);
    case "object":
      return typeof type.object === "string" && /^\w{1,128}$/.test(type.object)
        ? undefined
        : "has an object that is no wk_api_name";
    case "list":
      return within("entries", typeProblem(type.of, ["kind"], depth + 1));
    case "record":
    case "table":
      return fieldsProblem(type.fields, depth);
    default:
      return undefined;
  }
}

function optionsProblem(options: Record<string, string> | undefined): string | undefined {
  if (options === undefined) return undefined;
  if (typeof options !== "object" || options === null) return "has options that are no table of id and label";
  const ids = Object.keys(options);
  return ids.length > 0 && ids.every((id) => OPTION_ID.test(id) && typeof options[id] === "string")
    ? undefined
    : "has options that are no table of id and label";
}

function fieldsProblem(fields: Record<string, CorehrMember>, depth: number): string | undefined {
  if (typeof fields !== "object" || fields === null || Object.keys(fields).length === 0) {
    return "has no table of fields";
  }
  const taken = new Map<string, string>();
  for (const [name, member] of Object.entries(fields)) {
    const problem = memberProblem(member, MEMBER_VARIABLE, depth + 1);
    if (problem !== undefined) return within(name, problem);
    const other = taken.get(member.variable);
    if (other !== undefined) return `holds ${other} and ${name}, which share the variable ${member.variable}`;
    taken.set(member.variable, name);
  }
  return undefined;
}

function within(name: string, problem: string | undefined): string | undefined {
  return problem === undefined ? undefined : `holds ${name}: ${name} ${problem}`;
}

function unknownMember(entry: object, known: readonly string[]): string | undefined {
  const unknown = Object.keys(entry).find((key) => !known.includes(key));
  return unknown === undefined ? undefined : `has the unknown member "${unknown}"`;
}
