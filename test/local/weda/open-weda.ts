/** A WeDa stand-in in a folder of its own, and the calls that the tests make on it. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClock } from "../../../local/clock";
import type { RequestRow } from "../../../local/console/wire";
import { createWorkflowEngine } from "../../../local/engine/bpmn-workflow-engine";
import { createFaultSwitches } from "../../../local/faults";
import { openInstanceStore } from "../../../local/instances/store";
import type { WedaAnswer } from "../../../local/weda/service";
import { createWeda, type WedaParts } from "../../../local/weda/weda";
import { FLOWS_DIR } from "../engine/flow-of";

export const temporaryDir = () => mkdtemp(join(tmpdir(), "startflow-weda-"));

const NO_MODELS: WedaParts["models"] = {
  insert: async () => "",
  find: async () => [],
  count: async () => 0,
  update: async () => 0,
  remove: async () => 0,
};

export const DAY_MS = 86_400_000;

export async function open(options: Partial<WedaParts> & { dir?: string } = {}) {
  const clock = options.clock ?? createClock();
  const faults = options.faults ?? createFaultSwitches();
  const dir = options.dir ?? (await temporaryDir());
  const requests: Omit<RequestRow, "headers">[] = [];
  const engine = options.engine ?? createWorkflowEngine({ clock });
  const store = await openInstanceStore({ dir, clock, engine, callFunction: async () => ({}) });
  const standIn = createWeda({
    flowsDir: FLOWS_DIR,
    engine,
    models: NO_MODELS,
    callMethod: async () => null,
    onRequest: (row) => requests.push(row),
    ...options,
    store,
    clock,
    faults,
  });
  const { list: instances, get: instance, ...others } = store.console;
  const weda = { ...standIn, ...others, instances, instance, reset: store.reset, close: store.close };
  const invoke = (payload: unknown, user: string | null = "user-1", name = "lowcode-datasource-preview") =>
    weda.invokeWeda(name, typeof payload === "string" ? payload : JSON.stringify(payload), { userId: user });
  const call = (action: string, data: unknown, user?: string | null, name?: string) =>
    invoke(wedaApi(action, data), user, name);
  return { weda, clock, faults, dir, requests, invoke, call };
}

export const wedaApi = (action: string, data: unknown, more: object = {}) => ({
  methodName: "callWedaApi",
  mode: "c",
  params: { action, data, ...more },
});

/** The `data` of a start; `params` are `[paramCode, fieldType, value]`. */
export function startData(params: [code: string, type: string, value: unknown][], more: object = {}) {
  return {
    TriggerType: 6,
    ConnectorParam: { ConnectorName: "startflow_0iivqwe", FunctionName: "method_5b12595a75119" },
    ProcessKey: "flow_012",
    StartParams: params.map(([paramCode, fieldType, value]) => ({
      paramCode,
      fieldType,
      entityCode: "",
      [fieldType.startsWith("object") ? "fieldValueMap" : "value"]: value,
    })),
    ...more,
  };
}

export const DAYS = "165708798187000002";
export const leaveOf = (days: number) => startData([[DAYS, "number", days]]);

/** What stands in `data.Data` of a success. */
export function dataOf(answer: WedaAnswer): Record<string, unknown> {
  if (!("data" in answer)) throw new Error(`${answer.code}: ${answer.message}`);
  return (answer.data as { Data: Record<string, unknown> }).Data;
}

export const idOf = (answer: WedaAnswer): string => String(dataOf(answer).InstanceId);
export const codeOf = (answer: WedaAnswer): string | number => answer.code;
export const messageOf = (answer: WedaAnswer): string => ("message" in answer ? answer.message : "");
