/** Every operation of Feishu that our client has, twice: as a call of the official SDK, and as one of ours. */
import { createReadStream, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "@larksuiteoapi/node-sdk";
import { executeFlow } from "../../shared/engines/apaas/execute";
import type { ExecuteFlow } from "../../shared/engines/apaas/wire";
import {
  flowDataTemplate,
  getProcess,
  listProcesses,
  startProcess,
  withdrawProcess,
} from "../../shared/engines/corehr/api";
import { uploadBytes } from "../../shared/engines/corehr/files";
import type { StartCorehrProcess, WithdrawProcess } from "../../shared/engines/corehr/wire";
import type { FeishuApp } from "../../shared/feishu/app";
import { fixture } from "../helpers/fixtures";
import { temporaryFolder } from "../helpers/platform";

/** The published examples, as they are printed. */
export const EXECUTE = fixture<ExecuteFlow>("feishu/execute-flow-sample.json");
export const START = fixture<StartCorehrProcess>("feishu/start-process-sample.json");
export const FLOW = { namespace: "package_7344545d87__c", flowId: "deleteObject_99c656599f" };
export const DEFINITION = START.flow_definition_id;
export const TIMEOUT_MS = 5_000;

const IDS = { user_id_type: "open_id", department_id_type: "open_department_id" } as const;

export interface Operation {
  sdk(client: Client): Promise<unknown>;
  ours(app: FeishuApp): Promise<unknown>;
}

/** What no schema of ours lets through is sent all the same: Feishu must refuse it. */
export const execute = (body: object, name = FLOW): Operation => ({
  sdk: (client) =>
    client.apaas.v1.applicationFlow.execute({
      path: { namespace: name.namespace, flow_id: name.flowId },
      data: body as ExecuteFlow,
    }),
  ours: (app) => executeFlow(app, name, body as ExecuteFlow, TIMEOUT_MS),
});

export const start = (body: StartCorehrProcess, ids: Partial<Record<keyof typeof IDS, string>> = {}): Operation => {
  const params = { ...IDS, ...(ids as typeof IDS) };
  return {
    sdk: (client) => client.corehr.v2.processStart.create({ data: body, params }),
    ours: (app) => startProcess(app, params, JSON.stringify(body), TIMEOUT_MS),
  };
};

export const get = (id: string): Operation => ({
  sdk: (client) => client.corehr.v2.process.get({ path: { process_id: id }, params: { user_id_type: "open_id" } }),
  ours: (app) => getProcess(app, id, "open_id", TIMEOUT_MS),
});

/** Each withdraws a process of its own: a second time would be refused. */
export const withdraw = ([first, second]: readonly [string, string], body: WithdrawProcess): Operation => ({
  sdk: (client) =>
    client.corehr.v2.processWithdraw.update({
      path: { process_id: first },
      params: { user_id_type: "open_id" },
      data: body,
    }),
  ours: (app) => withdrawProcess(app, second, body, "open_id", TIMEOUT_MS),
});

export interface Page {
  fromMs: number;
  toMs: number;
  pageSize?: number;
  pageToken?: string;
  statuses?: number[];
}

export const list = ({ fromMs, toMs, pageSize = 100, pageToken, statuses = [] }: Page): Operation => ({
  sdk: (client) =>
    client.corehr.v2.process.list({
      params: {
        page_size: pageSize,
        modify_time_from: String(fromMs),
        modify_time_to: String(toMs),
        flow_definition_id: DEFINITION,
        statuses,
        page_token: pageToken,
      },
    }),
  ours: (app) =>
    listProcesses(app, { flowDefinitionId: DEFINITION, fromMs, toMs, statuses, pageToken, pageSize }, TIMEOUT_MS),
});

export const template = (definition: string, variables: string[]): Operation => ({
  sdk: (client) =>
    client.corehr.v2.processQueryFlowDataTemplate.create({
      data: { flow_definition_id: definition, variable_api_names: variables },
      params: { user_id_type: "open_id" },
    }),
  ours: (app) => flowDataTemplate(app, { flowDefinitionId: definition, variables, userIdType: "open_id" }, TIMEOUT_MS),
});

export const upload = (bytes: Buffer, name: string): Operation => {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, bytes);
  return {
    sdk: (client) =>
      client.corehr.v1.person.upload({ data: { file_content: createReadStream(file), file_name: name } }),
    ours: (app) => uploadBytes(app, [bytes], name, TIMEOUT_MS),
  };
};

export async function startedId(app: FeishuApp): Promise<string> {
  const answer = await startProcess(app, IDS, JSON.stringify(START), TIMEOUT_MS);
  if ("refusal" in answer) throw new Error(`refused with ${answer.refusal.code}`);
  return answer.data.process_id;
}

/** From an hour ago until a minute from now. */
export const lately = () => ({ fromMs: Date.now() - 3_600_000, toMs: Date.now() + 60_000 });
