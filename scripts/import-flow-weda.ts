/** Answers of WeDa's console -> the variables of a flow's start node. */
import { parseExactJson } from "../shared/base/exact-json";
import type { StartVariable } from "../shared/engines/weda/start-params";
import type { Answer } from "./import-flow-answer";
import { type FlowVariable, shownText } from "./import-flow-variable";
import { ImportRefused, isObject } from "./interface-draft";

/**
 * Assumption: the console's answer is published nowhere; the page says only that a variable's id is its member `rightId`
 * (https://cloud.tencent.com/document/product/1301/77286). So an object counts as a variable that has a `rightId` of digits
 * beside a name, a title or a type; members are sought under these names, whatever their case and with `right` in front.
 */
const SHAPE = {
  code: ["rightid"],
  name: ["name", "variablename", "paramname", "key", "identifier"],
  title: ["title", "label", "displayname", "alias", "cnname", "showname"],
  type: ["type", "fieldtype", "datatype", "variabletype", "valuetype", "paramtype"],
  entity: ["entitycode", "datasourceid", "modelid"],
} as const;
const CODE = /^\d{1,19}$/;

/** The types of https://cloud.tencent.com/document/product/1301/77290, in the page's words and in those of the expressions. */
const FIELD_TYPES: Record<StartVariable["fieldType"], readonly string[]> = {
  string: ["短文本", "文本", "字符串", "string", "text", "shorttext"],
  // That a long integer (整数) goes as `number` is an assumption: its fieldType is published nowhere.
  number: ["数字", "小数", "整数", "长整数", "number", "real", "double", "float", "decimal", "integer", "int", "long"],
  boolean: ["布尔", "布尔值", "boolean", "bool"],
  object: ["对象", "object"],
  objectList: ["对象列表", "对象数组", "objectlist", "objectarray", "listobject"],
};
const FIELD_TYPE_OF = new Map<string, StartVariable["fieldType"]>(
  Object.entries(FIELD_TYPES).flatMap(([fieldType, words]) =>
    words.map((word): [string, StartVariable["fieldType"]] => [word, fieldType as StartVariable["fieldType"]]),
  ),
);

const MAX_DEPTH = 100;
const MAX_NODES = 5_000_000;
const MAX_VARIABLES = 1_000;
const LONGEST_NAME = 200;

interface Found {
  code: string;
  name: string;
  title: string;
  type: string;
  entityCode: string;
}

/**
 * @param processKey where some answers name it, only those count: a recording may be of several flows
 * @throws ImportRefused where there is no variable, or the file is no answer of a console
 */
export function wedaVariables(answers: readonly Answer[], processKey: string | undefined): FlowVariable[] {
  const ofFlow = processKey === undefined ? [] : answers.filter(({ text }) => text.includes(processKey));
  const named = ofFlow.length === 0 ? new Map<string, Found>() : foundIn(ofFlow);
  const found = named.size > 0 ? named : foundIn(answers);
  if (found.size === 0) {
    throw new ImportRefused(
      "no variable was found: no object with a rightId of digits beside a name, a title or a type. Open the start node " +
        "of the flow while the network panel records, and save its answer or the whole recording",
    );
  }
  return [...found.values()].map(variableOf);
}

function foundIn(answers: readonly Answer[]): Map<string, Found> {
  const found = new Map<string, Found>();
  let nodes = 0;
  const open: { value: unknown; depth: number }[] = answers.map(({ value }) => ({ value, depth: 0 })).reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    nodes += 1;
    if (nodes > MAX_NODES) throw new ImportRefused("the file holds too much JSON: save the one response");
    if (depth > MAX_DEPTH) continue;
    const inner = typeof value === "string" ? jsonWithin(value) : value;
    if (typeof inner !== "object" || inner === null) continue;
    if (isObject(inner)) note(inner, found);
    const below = Array.isArray(inner) ? inner : Object.values(inner);
    for (let at = below.length - 1; at >= 0; at -= 1) open.push({ value: below[at], depth: depth + 1 });
  }
  return found;
}

/** The cloud API answers definitions as JSON in a text. */
function jsonWithin(text: string): unknown {
  if (!/^\s*[[{]/.test(text) || !/rightId/i.test(text)) return undefined;
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}

/** Of several that say something of one id, the last one to say a member counts: a recording goes forward in time. */
function note(object: Record<string, unknown>, found: Map<string, Found>): void {
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(object)) {
    if (typeof value !== "string" && typeof value !== "number") continue;
    const plain = key.toLowerCase();
    texts.set(plain, String(value));
    if (plain.startsWith("right") && plain !== "rightid" && !texts.has(plain.slice(5)))
      texts.set(plain.slice(5), String(value));
  }
  const of = (role: keyof typeof SHAPE) =>
    SHAPE[role]
      .map((name) => texts.get(name)?.trim() ?? "")
      .find((text) => text !== "" && text.length <= LONGEST_NAME) ?? "";
  const read: Found = {
    code: of("code"),
    name: of("name"),
    title: of("title"),
    type: of("type"),
    entityCode: of("entity"),
  };
  const isNamed = read.name !== "" || read.title !== "" || fieldTypeOf(read.type) !== undefined;
  if (!CODE.test(read.code) || !isNamed) return;
  const known = found.get(read.code);
  if (known === undefined && found.size >= MAX_VARIABLES) {
    throw new ImportRefused(`the file names more than ${MAX_VARIABLES} variables: save the one response`);
  }
  // A condition that refers to the variable has a type of its own, which is no variable's.
  const type = fieldTypeOf(read.type) === undefined ? (known?.type ?? read.type) : read.type;
  const merged = { ...read, name: read.name || known?.name || "", title: read.title || known?.title || "", type };
  found.set(read.code, { ...merged, entityCode: read.entityCode || known?.entityCode || "" });
}

function fieldTypeOf(type: string): StartVariable["fieldType"] | undefined {
  return FIELD_TYPE_OF.get(type.toLowerCase().replace(/[\s_-]/g, ""));
}

function variableOf({ code, name, title, type, entityCode }: Found): FlowVariable {
  const fieldType = fieldTypeOf(type);
  const isObjects = fieldType === "object" || fieldType === "objectList";
  const shown = shownText(type) || "no type";
  return {
    code,
    names: [name, title].filter((text) => text !== ""),
    label: shownText(title || name) || code,
    typeLabel: shown,
    ...(fieldType === undefined
      ? { problem: `its type (${shown}) is none that a start variable has` }
      : {
          entry: {
            paramCode: code,
            fieldType,
            ...(isObjects && name !== "" ? { name } : {}),
            ...(isObjects && entityCode !== "" ? { entityCode } : {}),
          },
        }),
  };
}

/** What of an entry is no longer so, and the entry that is: a name and a model stay where the flow tells none. */
export function updatedWeda(old: StartVariable, variable: FlowVariable): { entry: object; changes: string[] } {
  const told = variable.entry as StartVariable | undefined;
  const [name] = variable.names;
  const entry: StartVariable = {
    ...old,
    paramCode: variable.code,
    fieldType: told?.fieldType ?? old.fieldType,
    ...(old.name === undefined || name === undefined ? {} : { name }),
    ...(told?.entityCode === undefined ? {} : { entityCode: told.entityCode }),
  };
  const words = { paramCode: "code", fieldType: "type", name: "name", entityCode: "data model" } as const;
  const changes = (Object.keys(words) as (keyof typeof words)[])
    .filter((member) => entry[member] !== old[member])
    .map((member) => `${words[member]} ${shownText(old[member] ?? "none")} -> ${shownText(entry[member] ?? "none")}`);
  return { entry, changes };
}
