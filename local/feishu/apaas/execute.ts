/**
 * aPaaS: executes a flow. https://open.feishu.cn/document/apaas-v1/flow/application-flow/execute
 * The page has one code for whatever is wrong with a request; what stands behind it in the text is ours.
 */
import * as z from "zod";
import { parseExactJson } from "../../../shared/base/exact-json";
import { type ExecuteFlow, executeFlowSchema } from "../../../shared/engines/apaas/wire";
import type { InstanceState } from "../../engine/workflow-engine";
import type { InstanceRecord } from "../../instances/records";
import { type ApiCall, type ApiParts, flowToStart, gatewayParsed, success } from "../api";
import { APAAS_FLOWS, APAAS_RECORDS, APAAS_USERS, type ApaasKind } from "../catalogue";
import { FeishuError } from "../feishu-error";

type ApaasFlow = (typeof APAAS_FLOWS)[string];

/** How ByteDance's own SDK names the states (byted-apaas/server-sdk-go, constants). */
const STATUS: Record<InstanceState, string> = {
  running: "wait",
  waiting: "wait",
  completed: "end",
  declined: "rejected",
  cancelled: "canceled",
  failed: "failed",
};
/** Assumption: the code of a flow that failed on its way; codes of this form are on the pages of other aPaaS APIs. */
const FAILED_CODE = "k_ec_000001";

export async function executeFlow({ path, body }: ApiCall, parts: ApiParts): Promise<unknown> {
  const { namespace = "", flow_id: flowId = "" } = path;
  const request = gatewayParsed(executeFlowSchema, body);
  const declared = declaredFlow(namespace, flowId);
  if (parts.settings.get().disabledFlows.includes(flowId)) throw new FeishuError("flowNotEnabled");
  const startedBy = operatorOf(request.operator);
  const variables = variablesOf(request.params, declared);
  const processKey = `${namespace}/${flowId}`;
  const record = await onceByKey(request, processKey, parts, () =>
    start({ processKey, flowId, startedBy, variables, request: body, key: request.idempotent_key }, parts),
  );
  return success(request.is_async === true ? notWaitedFor(record) : atRest(record, declared));
}

function declaredFlow(namespace: string, flowId: string): ApaasFlow {
  const declared = Object.hasOwn(APAAS_FLOWS, flowId) ? APAAS_FLOWS[flowId] : undefined;
  if (declared === undefined || declared.namespace !== namespace) throw wrong("namespace or flow_id");
  return declared;
}

const operatorSchema = z.looseObject({
  _id: z.union([z.number().int().transform(String), z.string().min(1)]).optional(),
  email: z.string().min(1).optional(),
});

/** Assumption: where both are given, both must be of the same user. */
function operatorOf(text: string): string {
  const parsed = operatorSchema.safeParse(json(text, "operator"));
  if (!parsed.success || (parsed.data._id === undefined && parsed.data.email === undefined)) {
    throw wrong("operator: _id or email");
  }
  const { _id, email } = parsed.data;
  const user = APAAS_USERS.find((one) => (_id ?? one.id) === one.id && (email ?? one.email) === one.email);
  if (user === undefined) throw wrong("operator: no such user");
  return user.id;
}

function variablesOf(params: string | undefined, { variables }: ApaasFlow): Record<string, unknown> {
  if (params === undefined || params === "") return {};
  const given = json(params, "params");
  if (typeof given !== "object" || given === null || Array.isArray(given)) throw wrong("params: an object");
  for (const [name, value] of Object.entries(given)) {
    const kind = Object.hasOwn(variables, name) ? variables[name] : undefined;
    // A name is shown where it can be no more than a name.
    if (kind === undefined) throw wrong(`params: ${/^\w{1,64}$/.test(name) ? name : "a variable"} is not declared`);
    if (!FITS[kind](value)) throw wrong(`params: ${name} takes a ${kind}`);
  }
  return { ...given };
}

const recordSchema = z.looseObject({ _id: z.union([z.number().int(), z.string()]).transform(String) });

const FITS: Record<ApaasKind, (value: unknown) => boolean> = {
  text: (value) => typeof value === "string",
  number: (value) =>
    typeof value === "number" || (typeof value === "string" && /^-?\d{1,40}(\.\d{1,40})?$/.test(value)),
  bool: (value) => typeof value === "boolean",
  record: (value) => {
    const parsed = recordSchema.safeParse(value);
    return parsed.success && APAAS_RECORDS.includes(parsed.data._id);
  },
};

/** A repeat of a key is refused. https://open.feishu.cn/document/apaas-v1/flow/application-flow/execute, `idempotent_key` */
async function onceByKey(
  { idempotent_key: key }: ExecuteFlow,
  processKey: string,
  { keys }: ApiParts,
  work: () => Promise<InstanceRecord>,
): Promise<InstanceRecord> {
  if (key === undefined || key === "") return await work();
  const owner = { processKey, key };
  if (!keys.take(owner)) throw new FeishuError("keyDuplicated");
  try {
    return await work();
  } catch (error) {
    keys.release(owner);
    throw error;
  }
}

interface Execution {
  /** Two applications may have flows of the same name. */
  processKey: string;
  flowId: string;
  startedBy: string;
  variables: Record<string, unknown>;
  request: unknown;
  key: string | undefined;
}

async function start(execution: Execution, parts: ApiParts): Promise<InstanceRecord> {
  const { processKey, flowId, startedBy, variables, request, key } = execution;
  const { flow, flowHash } = await flowToStart(flowId, parts);
  return await parts.store.instances.create(
    {
      engine: "apaas",
      processKey,
      name: flow.name,
      version: flow.version,
      flowHash,
      startedBy,
      request,
      ...(key === undefined || key === "" ? {} : { idempotentKey: key }),
    },
    () => parts.engine.start(flow, variables),
  );
}

/** The id is a number inside `out_params` and a text beside it: the page's own example. */
const executionId = ({ id }: InstanceRecord) => ({ api_name: "_flowExecutionID", value: Number(id) });

/** The page's own example: one that is over when the answer goes out says so, and gives no outputs of its own. */
function notWaitedFor(record: InstanceRecord) {
  return answer(record, record.snapshot.state === "completed" ? "end" : "in_process", [executionId(record)]);
}

function atRest(record: InstanceRecord, { outputs }: ApaasFlow) {
  const { state, variables, timeline } = record.snapshot;
  const given = Object.entries(outputs).map(([name, variable]) => ({
    api_name: name,
    value: variables[variable] ?? null,
  }));
  const data = answer(record, STATUS[state], [executionId(record), ...(state === "completed" ? given : [])]);
  if (state !== "failed") return data;
  return { ...data, code: FAILED_CODE, error_msg: timeline.at(-1)?.detail ?? "the flow failed" };
}

function answer({ id }: InstanceRecord, status: string, outParams: { api_name: string; value: unknown }[]) {
  return { code: "", error_msg: "", execution_id: id, out_params: JSON.stringify(outParams), status };
}

function json(text: string, member: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    throw wrong(`${member}: no JSON`);
  }
}

const wrong = (detail: string) => new FeishuError("apaasParam", { detail });
