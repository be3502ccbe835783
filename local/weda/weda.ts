/** The WeDa stand-in as a whole: its cloud functions, its processes and their instances, in one folder of state. */
import { mkdir } from "node:fs/promises";
import type { LocalClock } from "../clock";
import type { DiagramView, InstanceView, ProcessRow } from "../console/wire";
import type { Decision, WorkflowEngine } from "../engine/workflow-engine";
import type { FaultSwitches } from "../faults";
import type { Caller } from "./actions/action";
import { openInstances } from "./instances";
import { createService, type ServiceParts, type WedaAnswer } from "./service";
import { openSlots } from "./slots";
import { diagramView, instanceView } from "./views";

export interface WedaParts extends Pick<ServiceParts, "models" | "callMethod" | "onRequest"> {
  /** Where the state is kept; made where it is missing. */
  dir: string;
  /** Where the stand-in flows are, `*.bpmn`. */
  flowsDir: string;
  clock: LocalClock;
  faults: FaultSwitches;
  engine: WorkflowEngine;
}

/** The members about instances and processes throw `WorkflowError`. */
export interface Weda {
  /** Throws `ConnectionFault` where the connection is to be reset or never answered; every other failure is returned. */
  invokeWeda(functionName: string, requestDataText: string, caller: Caller): Promise<WedaAnswer>;
  processes(): Promise<ProcessRow[]>;
  publish(processKey: string): Promise<ProcessRow>;
  /** Newest first. */
  instances(limit?: number): Promise<InstanceView[]>;
  instance(id: string): Promise<InstanceView>;
  diagram(id: string): Promise<DiagramView>;
  /** Answered once the instance rests again. */
  completeTask(id: string, taskId: string, decision: Decision): Promise<InstanceView>;
  fastForward(id: string): Promise<InstanceView>;
  /** No instances, nothing published. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function openWeda(parts: WedaParts): Promise<Weda> {
  const { dir, flowsDir, clock, faults, engine } = parts;
  await mkdir(dir, { recursive: true });
  const slots = await openSlots({ dir, flowsDir });
  const instances = await openInstances({ dir, clock, engine, flowOf: slots.flowOf });
  return {
    invokeWeda: createService({ ...parts, slots, instances, drawFault: () => faults.draw("weda") }),
    processes: () => slots.rows(),
    publish: (processKey) => slots.publish(processKey),
    instances: async (limit) => (await instances.list(limit)).map(instanceView),
    instance: async (id) => instanceView(await instances.get(id)),
    async diagram(id) {
      const record = await instances.get(id);
      return diagramView(record, await slots.flowOf(record.flowHash));
    },
    async completeTask(id, taskId, decision) {
      const work: Parameters<typeof instances.change>[1] = ({ snapshot }, flow) =>
        engine.complete(flow, snapshot, taskId, decision);
      return instanceView(await instances.change(id, work));
    },
    async fastForward(id) {
      return instanceView(await instances.change(id, ({ snapshot }, flow) => engine.fastForward(flow, snapshot)));
    },
    async reset() {
      await instances.reset();
      await slots.reset();
    },
    async close() {
      await instances.close();
      await slots.close();
    },
  };
}
