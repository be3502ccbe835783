/** Starts one Feishu CoreHR process: `POST /open-apis/corehr/v2/process_start`. */
import { requiredSetting, textSetting } from "../../base/environment";
import { StartflowError } from "../../base/errors";
import { log, mask, outline } from "../../base/log";
import { FEISHU_SECRETS, type FeishuApp, feishuApp } from "../../feishu/app";
import { refusalFailure } from "../../feishu/failure";
import { admitted } from "../../feishu/limits";
import { haveToken } from "../../feishu/request";
import type { MethodContext, UserInfo } from "../../platform/context";
import { sendTimeoutMs } from "../../platform/time-limits";
import type { Engine, Started } from "../engine";
import { recordId, type Submission } from "../submission";
import { type IdTypes, START_PATH, startProcess } from "./api";
import { withdraw } from "./cancel";
import { type CorehrVariable, corehrVariableCode, corehrVariableProblem } from "./fields";
import { uploadFiles } from "./files";
import { findProcess } from "./find";
import { fileIdsIn, toFlowData } from "./flow-data";
import { processStatus } from "./status";
import { typedIn } from "./typed";
import { type FileValue, fileNameOf } from "./values";
import { COREHR_LIMITS, type FlowDataItem, type StartCorehrProcess } from "./wire";

export interface CorehrProcessOptions {
  /** The last part of the flow builder's address: `people_<digits>_<digits>`. */
  flowDefinitionId: string;
  /** Whether the process is started in the name of the system; always sent, because no page says what is meant without it. */
  systemInitiator: boolean;
  /** Who starts it: made of the signed-in user. Default: `STARTFLOW_COREHR_INITIATOR_ID`. */
  initiator?: (user: UserInfo) => string | undefined;
  /** Kinds of the ids of users and departments. Default `open_id` and `open_department_id`, as Feishu's own. */
  userIdType?: IdTypes["user_id_type"];
  departmentIdType?: IdTypes["department_id_type"];
  /**
   * A text variable that carries the submission's id, and the name under which the flow shows it among its abstracts: so
   * that the process can be found again.
   */
  stamp?: { variable: string; abstract: string };
}

const DEFINITION_ID = /^people_\d{1,20}_\d{1,20}$/;
const USER_ID = /^[\w-]{1,128}$/;
/** A synchronous event of a function has no more, and what comes in is what goes out. https://cloud.tencent.com/document/product/583/11637 */
export const MAX_BODY_BYTES = 6_291_456;

/**
 * 100 details are to be had in a minute, of all who wait for one together: 40 for each leaves room for two.
 * https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/corehr-v2/process/get
 */
const POLL_MS = 1_500;

/** @throws Error at definition, where the flow's id or the stamp are wrong */
export function corehrProcess(options: CorehrProcessOptions): Engine<CorehrVariable> {
  const { flowDefinitionId, stamp, userIdType = "open_id", departmentIdType = "open_department_id" } = options;
  const ids: IdTypes = { user_id_type: userIdType, department_id_type: departmentIdType };
  const problem = optionsProblem(options);
  if (problem !== undefined) throw new Error(`corehrProcess: ${problem}`);
  const isStamped = (entry: CorehrVariable) => corehrVariableCode(entry) === stamp?.variable;
  return {
    kind: "corehr-process",
    processKey: flowDefinitionId,
    problemOf: (entry) =>
      corehrVariableProblem(entry) ?? (isStamped(entry) ? "has the variable of the stamp" : undefined),
    codeOf: corehrVariableCode,
    secrets: FEISHU_SECRETS,
    ...(stamp === undefined ? {} : { stamp: stamp.variable }),
    find: (sought, context) =>
      findProcess({ app: feishuApp, context, flowDefinitionId, userIdType, stamp }, stampedId(sought)),
    status: (processId) => processStatus(feishuApp(), processId, userIdType),
    pollMs: POLL_MS,
    cancel: (processId, context) => withdraw(feishuApp(), processId, cancelledBy(options, context), userIdType),
    async prepare(submission, context) {
      const app = feishuApp();
      const stamped = { ...submission, fields: withStamp(submission, stamp?.variable) };
      const initiatorId = initiatorOf(options, context);
      const toBody = (files: ReadonlyMap<string, FileValue>) =>
        bodyOf(options, initiatorId, toFlowData(stamped.fields, submission.labels, files));
      let body = checkedText(toBody(namesOnly(stamped)));
      return {
        // Made only where it is shown: a body can have 6 MB.
        get request() {
          const shown = { method: "POST", path: START_PATH.join("/"), query: ids, body: JSON.parse(body) as unknown };
          return mask(shown, SHOWN_LEVELS);
        },
        async ready(deadline) {
          await haveToken(app, deadline);
          if (fileIdsIn(stamped.fields).length > 0)
            body = checkedText(toBody(await uploadFiles(app, { context, deadline }, stamped)));
          await admitted(context, `${app.appId}:corehr-process-start`, COREHR_LIMITS.startsPerMinute);
        },
        send: () => send(app, ids, body, stamped),
      };
    },
  };
}

/** A value in a row of a table stands ten levels deep. */
const SHOWN_LEVELS = 16;

function optionsProblem({ flowDefinitionId, stamp }: CorehrProcessOptions): string | undefined {
  if (!DEFINITION_ID.test(flowDefinitionId)) return "the flowDefinitionId is not people_<digits>_<digits>";
  if (stamp === undefined) return undefined;
  const entryProblem = corehrVariableProblem({ variable: stamp.variable, kind: "text" });
  if (entryProblem !== undefined) return `the stamp ${entryProblem}`;
  return typeof stamp.abstract === "string" && stamp.abstract !== "" ? undefined : "the stamp has no abstract";
}

/** One app serves both environments, and their processes stand in one list. */
function stampedId<Found extends { environment: string; id: string }>(sought: Found): Found {
  return { ...sought, id: recordId(sought.environment, sought.id) };
}

function withStamp(submission: Submission<CorehrVariable>, variable: string | undefined) {
  if (variable === undefined) return submission.fields;
  const value = recordId(submission.environment, submission.id);
  return [...submission.fields, { name: "submissionId", value, entry: { variable, kind: "text" as const } }];
}

/** What a dry run shows of files, and what is measured before they are uploaded. */
function namesOnly({ fields }: Submission<CorehrVariable>): Map<string, FileValue> {
  return new Map(fileIdsIn(fields).map((id) => [id, { file_name: fileNameOf(id) }]));
}

/** @throws StartflowError NOT_CONFIGURED or NOT_SIGNED_IN, where the process needs a starter and there is none */
function initiatorOf({ systemInitiator, initiator }: CorehrProcessOptions, context: MethodContext): string | undefined {
  if (initiator === undefined) {
    const read = systemInitiator ? textSetting : requiredSetting;
    return read("STARTFLOW_COREHR_INITIATOR_ID", USER_ID, "ou_…");
  }
  const id = initiator(context.auth?.getUserInfo() ?? {});
  if (id !== undefined && USER_ID.test(id)) return id;
  if (systemInitiator) return undefined;
  throw new StartflowError("NOT_SIGNED_IN", {
    message: {
      zh: "登录用户没有可用的飞书用户 id，流程没有发起。请先登录，或联系管理员。",
      en: "The signed-in user has no Feishu user id that can be used, so nothing was started. Sign in, or tell the administrator.",
    },
  });
}

/** In the name of whoever started it: the system, or the initiator; the system too where nobody is named any more. */
function cancelledBy({ systemInitiator, initiator }: CorehrProcessOptions, context: MethodContext) {
  if (systemInitiator) return { system_user: true };
  const user_id =
    initiator === undefined
      ? textSetting("STARTFLOW_COREHR_INITIATOR_ID", USER_ID, "ou_…")
      : initiator(context.auth?.getUserInfo() ?? {});
  return user_id !== undefined && USER_ID.test(user_id) ? { user_id } : { system_user: true };
}

/** In the order of the published example. */
function bodyOf(
  { flowDefinitionId, systemInitiator }: CorehrProcessOptions,
  initiatorId: string | undefined,
  flowData: FlowDataItem[],
): StartCorehrProcess {
  return {
    flow_definition_id: flowDefinitionId,
    ...(initiatorId === undefined ? {} : { initiator_id: initiatorId }),
    system_initiator: systemInitiator,
    flow_data: flowData,
  };
}

/** @throws StartflowError PARAMS_TOO_LARGE */
function checkedText(body: StartCorehrProcess): string {
  const text = JSON.stringify(body);
  if (text.length <= MAX_BODY_BYTES && Buffer.byteLength(text) <= MAX_BODY_BYTES) return text;
  throw new StartflowError("PARAMS_TOO_LARGE");
}

async function send(
  app: FeishuApp,
  ids: IdTypes,
  body: string,
  { fields }: Submission<CorehrVariable>,
): Promise<Started> {
  const answer = await startProcess(app, ids, body, sendTimeoutMs());
  if ("refusal" in answer)
    throw refusalFailure(answer.refusal, true, typedIn(fields, JSON.parse(body) as StartCorehrProcess));
  const { data, logId } = answer;
  log("info", "engine answered", { process: data.process_id, sent: outline(fields.map(({ value }) => value)), logId });
  return { processId: data.process_id };
}
