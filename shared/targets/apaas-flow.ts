/** Starts one Feishu aPaaS flow: `POST /open-apis/apaas/v1/applications/:namespace/flows/:flow_id/execute`. */
import { executeFlow, type FlowName, pathOf, startedBy } from "../apaas/execute";
import { type OperatorOption, operatorProblem, operatorText } from "../apaas/operator";
import { type ApaasVariable, apaasVariableCode, apaasVariableProblem, objectIn, toParams } from "../apaas/params";
import { APAAS_LIMITS, type ExecuteFlow, type FlowExecution } from "../apaas/wire";
import { integerSetting } from "../config";
import { type MethodContext, sendTimeoutMs } from "../context";
import { StartflowError } from "../errors";
import { FEISHU_SECRETS, type FeishuApp, feishuApp } from "../feishu/app";
import type { Refusal } from "../feishu/call";
import { refusalFailure } from "../feishu/failure";
import { admitted } from "../feishu/limits";
import { haveToken } from "../feishu/request";
import { log, mask, outline } from "../log";
import { hashOf, type Submission } from "../submission";
import type { Started, Target } from "./target";

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

/** As `apaasNameSchema`, without zod: every cold start looks at it. */
const NAME = /^\w{1,128}$/;

/**
 * Assumption: the page says that a repeated key is refused, and neither with which code nor for how long. Counted as that
 * refusal is one whose own words name the key; any other one leaves it unknown whether the first request started something.
 */
export const KEY_REPEATED = /idempot|幂等/i;

/** How long after the first request its key is relied on; 0: a start of which nobody knows is not sent again. */
const KEY_WINDOW_MS = { min: 0, max: 86_400_000, fallback: 600_000 };

/** @throws Error at definition, where a name, the operator or the loop masks are wrong */
export function apaasFlow(options: ApaasFlowOptions): Target<ApaasVariable> {
  const problem = optionsProblem(options);
  if (problem !== undefined) throw new Error(`apaasFlow: ${problem}`);
  const { namespace, flowId } = options;
  return {
    kind: "apaas-flow",
    processKey: `${namespace}/${flowId}`,
    problemOf: apaasVariableProblem,
    codeOf: apaasVariableCode,
    secrets: FEISHU_SECRETS,
    repeatWindowMs: () => integerSetting("STARTFLOW_APAAS_KEY_WINDOW_MS", KEY_WINDOW_MS),
    async prepare(submission, context) {
      const app = feishuApp();
      const body = bodyOf(options, submission, context);
      const sent = { params: objectIn(body.params ?? "{}"), operator: body.operator };
      return {
        request: mask({ method: "POST", path: pathOf(options).join("/"), body }),
        async ready() {
          await haveToken(app);
          await admitted(context, `${app.appId}:apaas-execute`, APAAS_LIMITS.callsPerMinute);
        },
        send: () => send(app, options, body, sent),
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
  { operator, isAsync, loopMasks }: ApaasFlowOptions,
  submission: Submission<ApaasVariable>,
  context: MethodContext,
): ExecuteFlow {
  const params = toParams(submission.fields, submission.labels);
  return {
    operator: operatorText(operator, context.auth?.getUserInfo()),
    ...(params === undefined ? {} : { params }),
    ...(isAsync === undefined ? {} : { is_async: isAsync }),
    idempotent_key: keyOf(submission),
    ...(loopMasks === undefined ? {} : { loop_masks: [...loopMasks] }),
  };
}

/** The same for every try of one start, and no other's: in the form of a UUID, which the page suggests. */
export function keyOf({ environment, id, generation }: Pick<Submission<never>, "environment" | "id" | "generation">) {
  const hash = hashOf(["apaas-flow", environment, id, generation]);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `a${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join("-");
}

async function send(app: FeishuApp, name: FlowName, body: ExecuteFlow, sent: unknown): Promise<Started> {
  const answer = await executeFlow(app, name, body, sendTimeoutMs());
  if ("refusal" in answer) return hadStarted(answer.refusal, sent);
  const { data, logId } = answer;
  const { status, code, execution_id: executionId } = data;
  log("info", "engine answered", { flow: name.flowId, sent: outline(sent), status, code, executionId, logId });
  if (isKeyRepeated(data)) return { processId: null };
  // No execution and no word of one: that Feishu took the call is all that is known.
  if (executionId === "" && status === "") throw new StartflowError("OUTCOME_UNKNOWN");
  return startedBy(data, sent);
}

/** The key is this very start's: whoever used it before was an earlier try. @throws StartflowError for any other refusal */
function hadStarted(refusal: Refusal, sent: unknown): Started {
  if (!KEY_REPEATED.test(refusal.msg)) throw refusalFailure(refusal, true, sent);
  log("info", "the key had been used: an earlier try has started it", { logId: refusal.logId });
  return { processId: null };
}

function isKeyRepeated({ code, error_msg: message }: FlowExecution): boolean {
  return code !== "" && KEY_REPEATED.test(message);
}
