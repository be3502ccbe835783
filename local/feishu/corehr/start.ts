/** CoreHR: starts a process. https://open.feishu.cn/document/corehr-v1/process-form_variable_data/process-instance/create */
import { type StartCorehrProcess, startCorehrProcessSchema } from "../../../shared/engines/corehr/wire";
import { type ApiCall, type ApiParts, apiParsed, flowToStart, success } from "../api";
import { COREHR_FLOWS, type CorehrFlow } from "../catalogue";
import { FeishuError } from "../feishu-error";
import { variablesOf } from "./flow-data";
import { hasDepartment, type IdTypes, idTypesOf, SYSTEM, userBy } from "./people";

export async function startProcess({ query, body }: ApiCall, parts: ApiParts): Promise<unknown> {
  const types = idTypesOf(query);
  const request = apiParsed("corehrParam", startCorehrProcessSchema, body);
  const { flow_definition_id: flowId } = request;
  const declared = declaredFlow(flowId);
  if (parts.settings.get().disabledFlows.includes(flowId)) throw new FeishuError("corehrFlowNotEnabled");
  const startedBy = initiatorOf(request, types);
  const variables = variablesOf(request.flow_data ?? [], declared.variables, {
    hasUser: (id) => userBy(types.user, id) !== undefined,
    hasDepartment: (id) => hasDepartment(types.department, id),
    hasFile: parts.files.has,
  });
  const { flow, flowHash } = await flowToStart(flowId, parts);
  const { id } = await parts.store.instances.create(
    {
      engine: "corehr",
      processKey: flowId,
      name: flow.name,
      version: flow.version,
      flowHash,
      startedBy,
      request: body,
    },
    () => parts.engine.start(flow, variables),
  );
  return success({ process_id: id });
}

/** @throws FeishuError 1161001 */
export function declaredFlow(flowId: string): CorehrFlow {
  const declared = Object.hasOwn(COREHR_FLOWS, flowId) ? COREHR_FLOWS[flowId] : undefined;
  if (declared === undefined) throw new FeishuError("corehrParam", { detail: "flow_definition_id is not known" });
  return declared;
}

/**
 * The initiator's open id. Assumption: without `system_initiator` a person starts, and with it no initiator is looked up.
 */
function initiatorOf({ system_initiator, initiator_id }: StartCorehrProcess, types: IdTypes): string {
  if (system_initiator === true) return SYSTEM;
  if (initiator_id === undefined || initiator_id === "") {
    throw new FeishuError("corehrParam", { detail: "initiator_id is required where system_initiator is false" });
  }
  const user = userBy(types.user, initiator_id);
  if (user === undefined) throw new FeishuError("corehrNoUser");
  return user.open_id;
}
