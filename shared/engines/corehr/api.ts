/** The calls of Feishu CoreHR that are used: start a process, look at it, withdraw it, list them, and the template of a flow's variables. */
import type { FeishuApp } from "../../feishu/app";
import { type FeishuAnswer, jsonText } from "../../feishu/call";
import { ask, request } from "../../feishu/request";
import {
  type DepartmentIdType,
  flowDataTemplateSchema,
  type ProcessDetail,
  processDetailSchema,
  processListSchema,
  startedProcessSchema,
  type UserIdType,
  type WithdrawProcess,
  withdrawnProcessSchema,
} from "./wire";

/** By which kind of id users and departments are named. */
export interface IdTypes {
  user_id_type: UserIdType;
  department_id_type: DepartmentIdType;
}

export const START_PATH: readonly string[] = ["corehr", "v2", "process_start"];

/** @param body JSON text. @throws StartflowError where there is no answer that can be read; a refusal is returned */
export function startProcess(
  app: FeishuApp,
  ids: IdTypes,
  body: string,
  timeoutMs: number,
): Promise<FeishuAnswer<{ process_id: string }>> {
  return ask(app, {
    method: "POST",
    path: START_PATH,
    query: { ...ids },
    body: jsonText(body),
    schema: startedProcessSchema,
    timeoutMs,
    starts: true,
  });
}

/** @throws StartflowError */
export function getProcess(
  app: FeishuApp,
  processId: string,
  userIdType: UserIdType,
  timeoutMs: number,
): Promise<ProcessDetail> {
  return request(app, {
    method: "GET",
    path: ["corehr", "v2", "processes", processId],
    query: { user_id_type: userIdType },
    schema: processDetailSchema,
    timeoutMs,
    starts: false,
  });
}

/** @throws StartflowError where there is no answer that can be read; a refusal is returned */
export function withdrawProcess(
  app: FeishuApp,
  processId: string,
  body: WithdrawProcess,
  userIdType: UserIdType,
  timeoutMs: number,
): Promise<FeishuAnswer<object>> {
  return ask(app, {
    method: "PUT",
    path: ["corehr", "v2", "process_withdraw", processId],
    query: { user_id_type: userIdType },
    body: jsonText(JSON.stringify(body)),
    schema: withdrawnProcessSchema,
    timeoutMs,
    // It starts nothing, and leaves something done all the same: without an answer nobody knows.
    starts: true,
  });
}

export interface ProcessListQuery {
  flowDefinitionId: string;
  /** Of the last change, both in epoch milliseconds, less than 31 days apart. */
  fromMs: number;
  toMs: number;
  pageToken?: string;
  /** Codes of `PROCESS_STATUSES`; all where none is given. */
  statuses?: readonly number[];
  /** 1 to 100; default 100. */
  pageSize?: number;
}

/** One page. @throws StartflowError */
export function listProcesses(app: FeishuApp, query: ProcessListQuery, timeoutMs: number) {
  const { flowDefinitionId, fromMs, toMs, pageToken, statuses = [], pageSize = 100 } = query;
  return request(app, {
    method: "GET",
    path: ["corehr", "v2", "processes"],
    query: {
      page_size: String(pageSize),
      modify_time_from: String(fromMs),
      modify_time_to: String(toMs),
      flow_definition_id: flowDefinitionId,
      statuses: statuses.map(String),
      ...(pageToken === undefined ? {} : { page_token: pageToken }),
    },
    schema: processListSchema,
    timeoutMs,
    starts: false,
  });
}

/** What a flow's variables look like when they are filled in: for developers, not for production. @throws StartflowError */
export function flowDataTemplate(
  app: FeishuApp,
  query: { flowDefinitionId: string; variables: readonly string[]; userIdType: UserIdType },
  timeoutMs: number,
) {
  const { flowDefinitionId, variables, userIdType } = query;
  return request(app, {
    method: "POST",
    path: ["corehr", "v2", "query_flow_data_template"],
    query: { user_id_type: userIdType },
    body: jsonText(JSON.stringify({ flow_definition_id: flowDefinitionId, variable_api_names: variables })),
    schema: flowDataTemplateSchema,
    timeoutMs,
    starts: false,
  });
}
