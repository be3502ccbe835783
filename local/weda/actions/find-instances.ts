/** The look-up of instances by a start variable: the local platform's own, for WeDa publishes none. */
import * as z from "zod";
import { paramCodeSchema } from "../../../shared/engines/weda/wire";
import type { InstanceRecord } from "../../instances/records";
import { type ActionCall, action, instanceData } from "./action";

/** Answers the question too, so that a caller can see that all of it was understood. */
export const findInstances = action({
  doc: "not published: an assumption of this project, see shared/engines/weda/find.ts",
  data: z.looseObject({
    ProcessKey: z.string().min(1).max(64),
    ParamCode: paramCodeSchema,
    Value: z.string().min(1).max(200),
  }),
  async run({ ProcessKey, ParamCode, Value }, call) {
    const records = await call.instances.list({ engine: "weda" });
    const ofProcess = records.filter((one) => one.processKey === ProcessKey && one.environment === call.environment);
    const oldestFirst = ofProcess.reverse();
    const values = await Promise.all(oldestFirst.map((record) => carriedBy(record, ParamCode, call)));
    const found = oldestFirst.filter((_, at) => values[at] === Value);
    return { ProcessKey, ParamCode, Value, Instances: found.map(instanceData) };
  },
});

/** By the very flow that it was started with: a code may have another name in a later one. */
async function carriedBy(
  { flowHash, snapshot }: InstanceRecord,
  code: string,
  { slots }: ActionCall,
): Promise<unknown> {
  const { startVariables } = await slots.flowOf(flowHash);
  const declared = startVariables.find(({ paramCode }) => paramCode === code);
  return declared === undefined ? undefined : snapshot.variables[declared.name];
}
