/** The cloud function `cloudbase_module`, which runs a workflow and answers its output: as a stand-in. */
import { parseExactJson } from "../../shared/base/exact-json";
import { WORKFLOW_FUNCTION, workflowCallSchema } from "../../shared/engines/workflow/wire";
import { CloudError } from "../cloudbase/cloud-error";
import { ConnectionFault } from "../connection-fault";
import { createFlowsFolder } from "../engine/flows-folder";
import type { FaultKind, FaultSwitches } from "../faults";
import type { RequestLog } from "../requests";
import { underFault } from "../under-fault";
import { WorkflowRefusal } from "./refusal";
import { heldToRest, type RunParts, startRun } from "./run";

export interface WorkflowsParts extends Omit<RunParts, "folder" | "closing"> {
  /** Where the stand-in workflows are, `*.bpmn`. */
  flowsDir: string;
  faults: FaultSwitches;
  requests: RequestLog;
}

export interface Workflows {
  /**
   * What the function gives back.
   * @param userId who calls; null is nobody
   * @throws CloudError, ConnectionFault
   */
  invoke(requestData: string, userId: string | null): Promise<unknown>;
  /** Lets go of the calls that are held open; their instances stay. */
  close(): void;
}

export function createWorkflows({ flowsDir, faults, requests, ...parts }: WorkflowsParts): Workflows {
  const closing = new AbortController();
  const run: RunParts = { ...parts, folder: createFlowsFolder(flowsDir), closing: closing.signal };
  return {
    async invoke(requestData, userId) {
      const body = bodyOf(requestData);
      const call = workflowCallSchema.safeParse(body);
      const fault = call.success ? faults.draw("workflow") : undefined;
      // At once: a run may be held for minutes, longer than its caller waits.
      const path = `/${WORKFLOW_FUNCTION}`;
      const status = fault !== undefined && CUT.has(fault) ? 0 : 200;
      requests.record({ engine: "workflow", method: "POST", path, query: {}, headers: {}, body, status });
      if (!call.success) throw new CloudError("INVALID_PARAM", "[InvalidParameter] data is not {name, data}");
      const work = async () => heldToRest(await startRun(call.data, userId ?? "", run), run);
      return await resultOf(underFault({ fault, refusal, work, worksInStall: true }), closing.signal);
    },
    close: () => closing.abort(),
  };
}

/** As it came, where it is no JSON: the request log shows it. */
function bodyOf(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return text;
  }
}

/** The faults after which nothing is answered. */
const CUT: ReadonlySet<FaultKind> = new Set(["lost-before", "lost-after", "stall", "down"]);

/** Assumption: the codes of `token-revoked` and `no-scope`, which CloudBase has for calls of any function. */
function refusal(fault: FaultKind): Error | undefined {
  switch (fault) {
    case "reject":
    case "flow-disabled":
      return new WorkflowRefusal("disabled");
    case "rate-limit":
      return new CloudError("EXCEED_REQUEST_LIMIT", "[RequestLimitExceeded] too many requests (fault switch)");
    case "token-revoked":
      return new CloudError("SIGN_PARAM_INVALID", "[SignParamInvalid] the credentials are not valid (fault switch)");
    case "no-scope":
      return new CloudError("PERMISSION_DENIED", "[PermissionDenied] no right to call this function (fault switch)");
    case "error-before":
    case "error-after":
      return new CloudError("SYS_ERR", "[InternalError] internal error (fault switch)");
    default:
      return undefined;
  }
}

/** A refusal is a result like any other: the SDK resolves with it. */
async function resultOf(answer: Promise<unknown>, closing: AbortSignal): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof WorkflowRefusal) return { code: error.code, message: error.message };
    // The platform stops: there is nobody to answer.
    if (closing.aborted) throw new ConnectionFault("lost");
    throw error;
  }
}
