/** One instance and its diagram, kept up to date; and what the methods say of its start variables. Pure but for the hook. */
import type { Text } from "../../../shared/errors";
import type { DiagramView, InstanceView, MethodRow } from "../wire";
import { api } from "./api";
import { formFields, isRecord } from "./form-model";
import { type Polled, usePolled } from "./polled";

export interface InstanceData {
  instance: InstanceView;
  /** Absent where the flow has no drawing, or the drawing cannot be had. */
  diagram: DiagramView | null;
}

export function useInstance(id: string): Polled<InstanceData> {
  return usePolled(`instance ${id}`, async () => {
    const [instance, diagram] = await Promise.all([api.instance(id), api.diagram(id).catch(() => null)]);
    return { instance, diagram };
  });
}

export interface StartParamRow {
  /** What the form calls it; null where no known method declares the code. */
  label: Text | null;
  field: string | null;
  paramCode: string;
  fieldType: string;
  entityCode: string;
  /** What was sent; `sent` is false for a declared variable that was left out. */
  value: unknown;
  sent: boolean;
}

/** `null` where the request has no StartParams at all. */
export function startParamRows(instance: InstanceView, methods: MethodRow[]): StartParamRow[] | null {
  const params = isRecord(instance.request) ? instance.request.StartParams : undefined;
  if (!Array.isArray(params)) return null;
  const declared = declaredVariables(methods.filter((method) => method.target?.processKey === instance.processKey));
  const rows = params.filter(isRecord).map((param) => sentRow(param, declared));
  const codes = new Set(rows.map(({ paramCode }) => paramCode));
  for (const [paramCode, row] of declared) if (!codes.has(paramCode)) rows.push(row);
  return rows;
}

function sentRow(param: Record<string, unknown>, declared: Map<string, StartParamRow>): StartParamRow {
  const paramCode = String(param.paramCode ?? "");
  const known = declared.get(paramCode);
  return {
    label: known?.label ?? null,
    field: known?.field ?? null,
    paramCode,
    fieldType: String(param.fieldType ?? ""),
    entityCode: String(param.entityCode ?? ""),
    value: "fieldValueMap" in param ? param.fieldValueMap : param.value,
    sent: true,
  };
}

function declaredVariables(methods: MethodRow[]): Map<string, StartParamRow> {
  const found = new Map<string, StartParamRow>();
  for (const method of methods) {
    const fields = formFields(method.inputSchema) ?? [];
    for (const [field, entry] of Object.entries(method.fields)) {
      if (!isRecord(entry) || typeof entry.paramCode !== "string") continue;
      found.set(entry.paramCode, {
        label: fields.find(({ key }) => key === field)?.label ?? null,
        field,
        paramCode: entry.paramCode,
        fieldType: String(entry.fieldType ?? ""),
        entityCode: String(entry.entityCode ?? ""),
        value: undefined,
        sent: false,
      });
    }
  }
  return found;
}
