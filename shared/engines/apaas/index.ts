/** Starts one Feishu aPaaS flow: `POST /open-apis/apaas/v1/applications/:namespace/flows/:flow_id/execute`. */

import { integerSetting } from "../../base/environment";
import { StartflowError } from "../../base/errors";
import { hashOf } from "../../base/hash";
import { log, mask, outline } from "../../base/log";
import { anyCode, safeWords } from "../../base/safe-words";
import { FEISHU_SECRETS, type FeishuApp, feishuApp } from "../../feishu/app";
import type { Refusal } from "../../feishu/call";
import { refusalFailure } from "../../feishu/failure";
import { admitted } from "../../feishu/limits";
import { haveToken } from "../../feishu/request";
import type { MethodContext } from "../../platform/context";
import { sendTimeoutMs } from "../../platform/time-limits";
import type { Engine, Started } from "../engine";
import type { Submission } from "../submission";
import { executeFlow, type FlowName, pathOf, startedBy } from "./execute";
import { type OperatorOption, operatorProblem, operatorText } from "./operator";
import { type ApaasVariable, apaasVariableCode, apaasVariableProblem, objectIn, toParams } from "./params";
import { APAAS_LIMITS, type ExecuteFlow } from "./wire";

export interface ApaasFlowOptions {
  /** Low-code platform -> my apps -> app management: `package_7344545d87__c`. */
  namespace: string;
  /** The flow's API name. */
  flowId: string;
  /** Not to wait for the flow's end. Default false, which is Feishu's own: then it is left out. */
  isAsync?: boolean;
  /** Who runs it. Default: `STARTFLOW_APAAS_OPERATOR_ID` and `…_EMAIL`. */
  operator?: OperatorOption;
  /** 0 to 20 texts; the page says that the present version may do without. */
  loopMasks?: readonly string[];
}

/** Both stand in the path. The page shows letters, digits and `_`. */
const NAME = /^\w{1,128}$/;

/**
 * Assumption: the page says that a repeated key is refused, and neither with which code nor for how long. Counted as that
 * refusal is one of the API's own whose words name the key and its repetition, after a request that had no answer. Any other
 * one leaves it unknown whether the first request started something.
 */
export const KEY_REPEATED = /^(?=.*(idempot|幂等))(?=.*(duplicat|repeat|exist|already|重复|已))/i;
/** Codes of the gateway, which knows nothing of keys, are longer. */
const MAX_API_CODE = 9_999_999;

/** How long after the first request its key is relied on; 0: a start of which nobody knows is not sent again. */
const KEY_WINDOW_MS = { min: 0, max: 86_400_000, fallback: 600_000 };

/** @throws Error at definition, where a name, the operator or the loop masks are wrong */
export function apaasFlow(options: ApaasFlowOptions): Engine<ApaasVariable> {
  const problem = optionsProblem(options);
  if (problem !== undefined) throw new Error(`apaasFlow: ${problem}`);
  const { namespace, flowId } = options;
  return {
    kind: "apaas-flow",
    processKey: `${namespace}/${flowId}`,
    problemOf: apaasVariableProblem,
    codeOf: apaasVariableCode,
    secrets: FEISHU_SECRETS,
    answersAtEnd: options.isAsync !== true,
    repeatWindowMs: () => integerSetting("STARTFLOW_APAAS_KEY_WINDOW_MS", KEY_WINDOW_MS),
    async prepare(submission, context) {
      const app = feishuApp();
      const body = bodyOf(options, submission, context);
      const typed = typedIn(submission.fields, body);
      return {
        // Made only where it is shown.
        get request() {
          return mask({ method: "POST", path: pathOf(options).join("/"), body });
        },
        async ready(deadline) {
          await haveToken(app, deadline);
          await admitted(context, `${app.appId}:apaas-execute`, APAAS_LIMITS.callsPerMinute);
        },
        send: (isRepeat = false) =>
          send(app, options, { body, timeoutMs: submission.sendTimeoutMs ?? sendTimeoutMs() }, typed, isRepeat),
      };
    },
  };
}

function optionsProblem({ namespace, flowId, operator, loopMasks = [] }: ApaasFlowOptions): string | undefined {
  if (!NAME.test(namespace)) return "the namespace is not made of letters, digits and _";
  if (!NAME.test(flowId)) return "the flowId is not made of letters, digits and _";
  if (loopMasks.length > APAAS_LIMITS.loopMasks) return `there are more than ${APAAS_LIMITS.loopMasks} loopMasks`;
  return operatorProblem(operator);
}

/** In the order of the published example, then the members that it leaves out. */
function bodyOf(
  { namespace, flowId, operator, isAsync, loopMasks }: ApaasFlowOptions,
  submission: Submission<ApaasVariable>,
  context: MethodContext,
): ExecuteFlow {
  const params = toParams(submission.fields, submission.labels);
  return {
    operator: operatorText(operator, context.auth?.getUserInfo()),
    ...(params === undefined ? {} : { params }),
    ...(isAsync === undefined ? {} : { is_async: isAsync }),
    idempotent_key: keyOf(submission, `${namespace}/${flowId}`),
    ...(loopMasks === undefined ? {} : { loop_masks: [...loopMasks] }),
  };
}

/** The same for every try of one start, and no other's: in the form of a UUID, which the page suggests. */
export function keyOf(
  { environment, id, generation }: Pick<Submission<never>, "environment" | "id" | "generation">,
  processKey: string,
): string {
  const hash = hashOf(["apaas-flow", processKey, environment, id, generation]);
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`, `a${hash.slice(17, 20)}`];
  return [...parts, hash.slice(20, 32)].join("-");
}

/** As it was typed, and as it is sent; of ready params what they hold. The operator is a person's too. */
export function typedIn(fields: Submission<ApaasVariable>["fields"], { params, operator }: ExecuteFlow) {
  const values = fields.filter(({ entry }) => entry.kind !== "params").map(({ value }) => value);
  return { params: objectIn(params ?? "{}"), operator, values };
}

async function send(
  app: FeishuApp,
  name: FlowName,
  { body, timeoutMs }: { body: ExecuteFlow; timeoutMs: number },
  typed: unknown,
  isRepeat: boolean,
): Promise<Started> {
  const answer = await executeFlow(app, name, body, timeoutMs);
  if ("refusal" in answer) return refused(answer.refusal, typed, isRepeat);
  const { data, logId } = answer;
  const { status, execution_id: executionId } = data;
  const shown = { status: anyCode(status, typed), code: anyCode(data.code, typed) };
  log("info", "engine answered", { flow: name.flowId, sent: outline(typed), ...shown, executionId, logId });
  if (executionId !== "" || status !== "") return startedBy(data, typed);
  // No execution and no word of one.
  if (isRepeat && KEY_REPEATED.test(safeWords(data.error_msg, typed))) return { processId: null };
  throw new StartflowError("OUTCOME_UNKNOWN");
}

/** The key is this very start's: whoever used it before was an earlier try. @throws StartflowError for any other refusal */
function refused(refusal: Refusal, typed: unknown, isRepeat: boolean): Started {
  const isOfKey = refusal.code <= MAX_API_CODE && KEY_REPEATED.test(safeWords(refusal.msg, typed));
  if (!isOfKey) throw refusalFailure(refusal, true, typed);
  // Nobody has sent it before, as far as this ledger knows: what used the key, cannot be said.
  if (!isRepeat) throw new StartflowError("OUTCOME_UNKNOWN", { cause: refusalFailure(refusal, true, typed) });
  log("info", "the key had been used: an earlier try has started it", { logId: refusal.logId });
  return { processId: null };
}
