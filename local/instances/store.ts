/** The one store of all stand-ins: the instances, the flows that they run on, and what the console does with both. */
import { mkdir } from "node:fs/promises";
import type { LocalClock } from "../clock";
import type { DiagramView, InstanceView } from "../console/wire";
import type { Decision, WorkflowEngine } from "../engine/workflow-engine";
import type { CallFunction } from "./calls";
import { type FlowStore, openFlowStore } from "./flow-store";
import { type Change, type Instances, openInstances } from "./instances";
import { diagramView, instanceView } from "./views";

/** The console's way to the instances of every engine. All members throw `WorkflowError`. */
export interface InstanceConsole {
  /** Newest first. */
  list(limit?: number): Promise<InstanceView[]>;
  get(id: string): Promise<InstanceView>;
  diagram(id: string): Promise<DiagramView>;
  /** Answered once the instance rests again. */
  completeTask(id: string, taskId: string, decision: Decision): Promise<InstanceView>;
  fastForward(id: string): Promise<InstanceView>;
}

export interface InstanceStore {
  instances: Instances;
  flows: FlowStore;
  console: InstanceConsole;
  /** No instances, nothing published. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export interface InstanceStoreParts {
  /** Where the state is kept; made where it is missing. */
  dir: string;
  clock: LocalClock;
  engine: WorkflowEngine;
  /** How a function that a flow calls is reached. */
  callFunction: CallFunction;
}

export async function openInstanceStore({
  dir,
  clock,
  engine,
  callFunction,
}: InstanceStoreParts): Promise<InstanceStore> {
  await mkdir(dir, { recursive: true });
  const flows = await openFlowStore(dir);
  const instances = await openInstances({ dir, clock, engine, flowOf: flows.flowOf, callFunction });
  const changed = async (id: string, work: Change) => instanceView(await instances.change(id, work));
  return {
    instances,
    flows,
    console: {
      list: async (limit) => (await instances.list({ limit })).map(instanceView),
      get: async (id) => instanceView(await instances.get(id)),
      async diagram(id) {
        const record = await instances.get(id);
        return diagramView(record, await flows.flowOf(record.flowHash));
      },
      completeTask: (id, taskId, decision) =>
        changed(id, ({ snapshot }, flow) => engine.complete(flow, snapshot, taskId, decision)),
      fastForward: (id) => changed(id, ({ snapshot }, flow) => engine.fastForward(flow, snapshot)),
    },
    async reset() {
      await instances.reset();
      await flows.clear();
    },
    async close() {
      await instances.close();
      await flows.close();
    },
  };
}
