/** A flow's variables beside a method's `fields`: which entry each belongs to, and what of the two is no longer the same. */
import type { FlowVariable } from "./import-flow-variable";

export interface MethodFields {
  fields: Readonly<Record<string, object>>;
  /** Form field -> what people call it: its own name, its labels. */
  names: ReadonlyMap<string, readonly string[]>;
  codeOf(entry: object): string | undefined;
  /** Codes that the table names without a field. */
  noted: ReadonlySet<string>;
  /** Codes that the target itself fills in: they need no field. */
  filled: ReadonlySet<string>;
  updated(old: object, variable: FlowVariable): { entry: object; changes: string[] };
}

export interface Row {
  field: string;
  entry: object;
  /** As it was: its text stays. */
  isKept: boolean;
  variable?: FlowVariable;
}
export interface Matched {
  rows: Row[];
  /** Variables that no form field is for. */
  without: FlowVariable[];
  drift: string[];
}

export function matched(method: MethodFields, variables: readonly FlowVariable[]): Matched {
  const drift: string[] = [];
  const rows: Row[] = [];
  const found = pairs(method, variables);
  for (const [field, entry] of Object.entries(method.fields)) {
    const variable = found.get(field);
    const code = method.codeOf(entry);
    if (variable === undefined && code !== undefined) drift.push(`gone: ${field} (${code}) is no variable of the flow`);
    else rows.push(rowOf(method, field, entry, variable, drift));
  }
  for (const [field, variable] of found) {
    if (Object.hasOwn(method.fields, field)) continue;
    if (variable.entry === undefined) continue;
    drift.push(`new: ${variable.label} (${variable.typeLabel}) ${variable.code} goes to the field ${field}`);
    rows.push({ field, entry: variable.entry, isKept: false, variable });
  }
  const taken = new Set([...found].filter(([field]) => rows.some((row) => row.field === field)).map(([, one]) => one));
  const without = variables.filter((variable) => !taken.has(variable) && !method.filled.has(variable.code));
  for (const { label, typeLabel, code, problem } of without) {
    if (method.noted.has(code)) continue;
    const why = problem ?? "no form field has its name or its label";
    drift.push(`new: ${label} (${typeLabel}) ${code}: ${why}`);
  }
  const codes = new Set(variables.map(({ code }) => code));
  drift.push(
    ...[...method.noted].filter((code) => !codes.has(code)).map((code) => `gone: ${code}, which no field is for`),
  );
  return { rows, without, drift };
}

function rowOf(
  method: MethodFields,
  field: string,
  old: object,
  variable: FlowVariable | undefined,
  drift: string[],
): Row {
  if (variable === undefined) return { field, entry: old, isKept: true };
  const { entry, changes } = method.updated(old, variable);
  drift.push(...changes.map((change) => `changed: ${field}: ${change}`));
  if (variable.problem !== undefined) drift.push(`not read: ${field} (${variable.code}): ${variable.problem}`);
  return { field, entry, isKept: changes.length === 0, variable };
}

/** By code first, because names change; then by name or label, where exactly one variable and one field have it. */
function pairs(method: MethodFields, variables: readonly FlowVariable[]): Map<string, FlowVariable> {
  const found = new Map<string, FlowVariable>();
  for (const [field, entry] of Object.entries(method.fields)) {
    const variable = variables.find(({ code }) => code === method.codeOf(entry));
    if (variable !== undefined) found.set(field, variable);
  }
  const isFree = ({ code }: FlowVariable) => !method.filled.has(code);
  for (const isLoose of [false, true]) {
    const taken = new Set(found.values());
    const open = variables.filter((variable) => !taken.has(variable) && isFree(variable));
    const candidates = new Map<string, FlowVariable[]>();
    for (const [field, names] of method.names) {
      if (found.has(field)) continue;
      const own = new Set(isLoose ? names.map(plain) : [field]);
      candidates.set(
        field,
        open.filter((variable) => variable.names.some((name) => own.has(isLoose ? plain(name) : name))),
      );
    }
    for (const [field, [first, ...others]] of candidates) {
      const rivals = [...candidates.values()].filter((list) => first !== undefined && list.includes(first));
      if (first !== undefined && others.length === 0 && rivals.length === 1) found.set(field, first);
    }
  }
  return found;
}

const plain = (name: string) => name.toLowerCase().replace(/[\s_-]/g, "");
