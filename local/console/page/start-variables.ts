/** The variables that a process was started with, each engine's in its own words: form field -> variable. Pure. */
import type { Text } from "../../../shared/base/errors";
import { parseExactJson } from "../../../shared/base/exact-json";
import type { InstanceView, MethodRow } from "../wire";
import { startsProcess } from "./engines";
import { formFields, isRecord } from "./form-model";

export interface VariableRow {
  /** What the form calls it; null where no known method declares the variable. */
  label: Text | null;
  field: string | null;
  /** One a column; "" where there is nothing to say. The first is the variable's code. */
  cells: string[];
  /** CoreHR: the members of `variable_value`. */
  members?: string;
  /** What was sent; `sent` is false for a declared variable that was left out. */
  value: unknown;
  sent: boolean;
}

export interface StartVariables {
  /** The request's member that holds them. */
  member: string;
  columns: readonly string[];
  rows: VariableRow[];
}

interface Sent extends Pick<VariableRow, "members" | "value"> {
  /** `undefined` where only the method can say it. */
  cells: (string | undefined)[];
}

/** One engine's request, and its entries in a method's `fields` table. */
interface EngineShape {
  member: string;
  columns: readonly string[];
  /** `null` for a request of another shape. */
  sent(request: Record<string, unknown>): Sent[] | null;
  /** The cells of each variable that an entry may fill in. */
  declared(entry: Record<string, unknown>): string[][];
}

const SHAPES: Record<string, EngineShape> = {
  weda: {
    member: "StartParams",
    columns: ["paramCode", "fieldType", "entityCode"],
    sent: ({ StartParams }) => (Array.isArray(StartParams) ? StartParams.filter(isRecord).map(startParam) : null),
    declared: (entry) => (typeof entry.paramCode === "string" ? [startParam(entry).cells] : []),
  },
  workflow: { member: "data", columns: ["name"], sent: workflowInput, declared: workflowMember },
  apaas: { member: "params", columns: ["variable", "kind"], sent: executeParams, declared: declaredVariables },
  corehr: {
    member: "flow_data",
    columns: ["variable_api_name", "kind"],
    sent: ({ flow_data = [] }) => (Array.isArray(flow_data) ? flow_data.filter(isRecord).map(flowDataItem) : null),
    declared: declaredVariables,
  },
};

/** `null` where the request is of no shape that is known. */
export function startVariables(instance: InstanceView, methods: MethodRow[]): StartVariables | null {
  const shape = SHAPES[instance.engine];
  const sent = isRecord(instance.request) ? shape?.sent(instance.request) : null;
  if (shape === undefined || sent === null || sent === undefined) return null;
  const { declared, ready } = declaredRows(
    shape,
    methods.filter((method) => startsProcess(method, instance)),
  );
  const rows = sent.map(({ cells, ...rest }): VariableRow => {
    const known = declared.get(cells[0] ?? "") ?? ready;
    return {
      label: known?.label ?? null,
      field: known?.field ?? null,
      cells: cells.map((cell, at) => cell ?? known?.cells[at] ?? ""),
      ...rest,
      sent: true,
    };
  });
  const codes = new Set(rows.map(({ cells }) => cells[0]));
  for (const [code, row] of declared) if (!codes.has(code)) rows.push(row);
  return { member: shape.member, columns: shape.columns, rows };
}

interface Declared {
  /** By code. */
  declared: Map<string, VariableRow>;
  /** The field of which every variable comes that no other field has. */
  ready: VariableRow | undefined;
}

function declaredRows(shape: EngineShape, methods: MethodRow[]): Declared {
  const declared = new Map<string, VariableRow>();
  let ready: VariableRow | undefined;
  for (const method of methods) {
    const fields = formFields(method.inputSchema) ?? [];
    for (const [field, entry] of Object.entries(method.fields)) {
      if (!isRecord(entry)) continue;
      const label = fields.find(({ key }) => key === field)?.label ?? null;
      const rowOf = (cells: string[]): VariableRow => ({ label, field, cells, value: undefined, sent: false });
      for (const cells of shape.declared(entry)) declared.set(cells[0] ?? "", rowOf(cells));
      // Not so with CoreHR's `flowData`: beside its items stands the stamp, which comes from no field.
      if (entry.kind === "params") ready = rowOf(["", "params"]);
    }
  }
  return { declared, ready };
}

function startParam(param: Record<string, unknown>) {
  const cells = [param.paramCode, param.fieldType, param.entityCode].map((cell) => String(cell ?? ""));
  return { cells, value: "fieldValueMap" in param ? param.fieldValueMap : param.value };
}

/** What a workflow is given: the members of an object, also of the one in a list, or else one value. */
function workflowInput({ data }: Record<string, unknown>): Sent[] {
  const input: unknown = Array.isArray(data) && data.length === 1 ? data[0] : data;
  if (!isRecord(input)) return data === undefined ? [] : [{ cells: ["data"], value: data }];
  return Object.entries(input).map(([name, value]) => ({ cells: [name], value }));
}

/** An entry for the whole input names no member. */
function workflowMember({ name }: Record<string, unknown>): string[][] {
  return typeof name === "string" ? [[name]] : [];
}

/** `params` is a text that holds JSON, or is left out. */
function executeParams({ params = "{}" }: Record<string, unknown>): Sent[] | null {
  try {
    const variables: unknown = parseExactJson(String(params));
    if (!isRecord(variables)) return null;
    return Object.entries(variables).map(([name, value]) => ({ cells: [name, undefined], value }));
  } catch {
    return null;
  }
}

/** The one member of `variable_value` says the type; what has several, or refers to `sub_values`, is shown whole. */
function flowDataItem({ variable_api_name, variable_value, sub_values }: Record<string, unknown>): Sent {
  const members = isRecord(variable_value) ? Object.entries(variable_value) : [];
  const [only] = members;
  const isOne = members.length === 1 && sub_values === undefined;
  return {
    cells: [String(variable_api_name ?? ""), undefined],
    members: members.map(([name]) => name).join(" "),
    value: isOne ? only?.[1] : sub_values === undefined ? variable_value : { variable_value, sub_values },
  };
}

/** Of ready variables those that are listed; what may come beside them is not known. */
function declaredVariables({ variable, variables, kind }: Record<string, unknown>): string[][] {
  const names = Array.isArray(variables) ? variables : [variable];
  return names.filter((name) => typeof name === "string").map((name) => [name, String(kind ?? "")]);
}
