/** `StartProcessWithParams`: checks everything that can be checked, then starts one process. A refusal starts nothing. */
import * as z from "zod";
import { type StartParam, startProcessSchema } from "../../../shared/engines/weda/wire";
import type { DeclaredVariable, Flow } from "../../engine/workflow-engine";
import { WorkflowError } from "../../engine/workflow-error";
import { WedaError } from "../weda-error";
import { type ActionCall, action, instanceData } from "./action";

/** Trigger 6 is a custom API; trigger 1 a page's action, which names no API (@cloudbase/weda-client, `callProcess`). */
const dataSchema = z.discriminatedUnion("TriggerType", [
  startProcessSchema,
  startProcessSchema.omit({ ConnectorParam: true }).extend({ TriggerType: z.literal(1) }),
]);
type StartData = z.output<typeof dataSchema>;

export const startProcess = action({
  doc: "https://cloud.tencent.com/document/product/1301/77286",
  data: dataSchema,
  async run(data, call) {
    const startedBy = call.caller.userId ?? extraUser(data);
    const flow = await flowToStart(data.ProcessKey, call);
    const variables = toVariables(flow, data.StartParams);
    const flowHash = await call.slots.keep(flow);
    const { processKey, name, version } = flow;
    const record = await call.instances.create(
      {
        engine: "weda",
        processKey,
        name,
        version,
        flowHash,
        environment: call.environment,
        startedBy,
        startedForExtraUser: call.caller.userId === null,
        request: call.received,
      },
      () => call.engine.start(flow, variables),
    );
    return instanceData(record);
  },
});

/** Preview starts the saved flow, production the published one. Same page as above. */
async function flowToStart(processKey: string, { environment, slots }: ActionCall): Promise<Flow> {
  const published = environment === "production" ? await slots.published(processKey) : undefined;
  if (published !== undefined) return published;
  const shown = /^[\w-]{1,64}$/.test(processKey) ? processKey : "ProcessKey";
  try {
    const saved = await slots.saved(processKey);
    if (environment === "preview") return saved;
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error;
    throw new WedaError(error.code === "FLOW_INVALID" ? "flowInvalid" : "processUnknown", shown);
  }
  throw new WedaError("processUnpublished", shown);
}

/** Read only where nobody is signed in. Same page as above, its last note. */
function extraUser({ ExtraUserInfo }: StartData): string {
  if (ExtraUserInfo === undefined) throw new WedaError("noUser");
  const { UserId } = ExtraUserInfo;
  const digits = typeof UserId === "number" && Number.isInteger(UserId) ? BigInt(UserId).toString() : String(UserId);
  if (!/^\d{1,19}$/.test(digits)) throw new WedaError("bodyInvalid", "ExtraUserInfo.UserId");
  return digits;
}

function toVariables(flow: Flow, params: readonly StartParam[]): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  for (const param of params) {
    const declared = flow.startVariables.find(({ paramCode }) => paramCode === param.paramCode);
    if (declared === undefined) throw new WedaError("variableUnknown", param.paramCode);
    if (Object.hasOwn(variables, declared.name)) throw new WedaError("variableTwice", shown(declared));
    if (!fits(param, declared)) throw new WedaError("variableType", `${shown(declared)}: ${declared.type}`);
    variables[declared.name] = "value" in param ? param.value : param.fieldValueMap;
  }
  const missing = flow.startVariables.find(({ name, required }) => required && !Object.hasOwn(variables, name));
  if (missing !== undefined) throw new WedaError("variableMissing", shown(missing));
  return variables;
}

/** `startProcessSchema` has held object values against their type already. */
function fits(param: StartParam, { type }: DeclaredVariable): boolean {
  if (param.fieldType !== type) return false;
  if (param.fieldType === "object" || param.fieldType === "objectList") return true;
  // WeDa's whole numbers go up to 2^63-1, so one that a JavaScript number cannot hold comes as text.
  // https://cloud.tencent.com/document/product/1301/77290
  if (type === "number" && typeof param.value === "string") {
    return /^-?\d{16,19}$/.test(param.value) && !Number.isSafeInteger(Number(param.value));
  }
  return typeof param.value === type;
}

function shown({ name, paramCode }: DeclaredVariable): string {
  return `${name} (${paramCode})`;
}
