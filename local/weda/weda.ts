/** The WeDa stand-in as a whole: its cloud functions and its processes. */
import type { LocalClock } from "../clock";
import type { ProcessRow } from "../console/wire";
import type { WorkflowEngine } from "../engine/workflow-engine";
import type { FaultSwitches } from "../faults";
import type { InstanceStore } from "../instances/store";
import type { Caller } from "./actions/action";
import { createService, type ServiceParts, type WedaAnswer } from "./service";
import { createSlots } from "./slots";

export interface WedaParts extends Pick<ServiceParts, "models" | "callMethod" | "onRequest"> {
  store: Pick<InstanceStore, "instances" | "flows">;
  /** Where the stand-in flows are, `*.bpmn`. */
  flowsDir: string;
  clock: LocalClock;
  faults: FaultSwitches;
  engine: WorkflowEngine;
}

export interface Weda {
  /** Throws `ConnectionFault` where the connection is to be reset or never answered; every other failure is returned. */
  invokeWeda(functionName: string, requestDataText: string, caller: Caller): Promise<WedaAnswer>;
  processes(): Promise<ProcessRow[]>;
  /** Throws `WorkflowError`. */
  publish(processKey: string): Promise<ProcessRow>;
}

export function createWeda({ store, flowsDir, faults, ...parts }: WedaParts): Weda {
  const slots = createSlots(store.flows, flowsDir);
  const { instances } = store;
  return {
    invokeWeda: createService({ ...parts, slots, instances, drawFault: () => faults.draw("weda") }),
    processes: () => slots.rows(),
    publish: (processKey) => slots.publish(processKey),
  };
}
