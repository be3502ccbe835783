/** What people call the engines, and which of them a method starts something in. Pure. */
import type { InstanceView, MethodRow } from "../wire";
import type { Words } from "./language";
import type { TextKey } from "./texts";

const NAMES: Record<string, TextKey> = {
  weda: "engineWeda",
  workflow: "engineWorkflow",
  apaas: "engineApaas",
  corehr: "engineCorehr",
  function: "engineFunction",
  method: "engineMethod",
};
const OF_KIND: Record<string, string> = {
  "weda-process": "weda",
  "cloudbase-workflow": "workflow",
  "apaas-flow": "apaas",
  "corehr-process": "corehr",
  "cloud-function": "function",
  "bundle-method": "method",
};

/** One that the page does not know goes by its own name. */
export function engineName(engine: string, t: Words["t"]): string {
  const key = NAMES[engine];
  return key === undefined ? engine : t(key);
}

/** By the kind of its target; `undefined` where the method starts nothing, or nothing is known of what it starts. */
export function engineOf({ target }: Pick<MethodRow, "target">): string | undefined {
  return target === null ? undefined : OF_KIND[target.kind];
}

/** `飞书人事 · corehr-process → people_…`; null where the method starts nothing. */
export function targetText({ target }: Pick<MethodRow, "target">, t: Words["t"]): string | null {
  if (target === null) return null;
  const engine = engineOf({ target });
  const kind = engine === undefined ? target.kind : `${engineName(engine, t)} · ${target.kind}`;
  return target.processKey === undefined ? kind : `${kind} → ${target.processKey}`;
}

/** `飞书人事 → people_…`: the same without the kind, for tables. */
export function runsText(row: { target: { kind: string; processKey: string } }, t: Words["t"]): string {
  return `${engineName(engineOf(row) ?? row.target.kind, t)} → ${row.target.processKey}`;
}

/** Whether it starts the very process that this is an instance of. */
export function startsProcess(method: MethodRow, { engine, processKey }: InstanceView): boolean {
  return engineOf(method) === engine && method.target?.processKey === processKey;
}
