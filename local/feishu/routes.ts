/** The APIs of the Feishu stand-in: address, scope, limit, and what each does. */

import { APAAS_LIMITS } from "../../shared/engines/apaas/wire";
import { COREHR_LIMITS } from "../../shared/engines/corehr/wire";
import { matchedPath } from "../path-match";
import { executeFlow } from "./apaas/execute";
import type { ApiCall, ApiParts } from "./api";
import { uploadFile } from "./corehr/files";
import { getProcess, listProcesses, withdrawProcess } from "./corehr/processes";
import { startProcess } from "./corehr/start";
import { queryTemplate } from "./corehr/template";
import { sendMessage } from "./messages";
import { SCOPES, type Scope } from "./settings";
import { tokenAnswer } from "./tokens";

export type FeishuEngine = "feishu" | "apaas" | "corehr";

export interface ApiRoute {
  method: "GET" | "POST" | "PUT";
  /** Below `/open-apis`. */
  path: string;
  engine: FeishuEngine;
  /** What the app must be allowed to do; null: no token is asked for, and nothing is limited. */
  scope: Scope | null;
  callsPerMinute: number;
  /** Answers the whole body. @throws FeishuError */
  run(call: ApiCall, parts: ApiParts): Promise<unknown>;
}

const COREHR_PER_MINUTE = 100;
const MESSAGES_PER_MINUTE = 1_000;
/** The page says 50 in a second. */
const WITHDRAWALS_PER_MINUTE = 3_000;
const { callsPerMinute: APAAS_PER_MINUTE } = APAAS_LIMITS;
const { startsPerMinute: COREHR_SLOW_PER_MINUTE } = COREHR_LIMITS;

/** Each has its page below https://open.feishu.cn/document/ ; scope and limit are printed there. */
export const ROUTES: readonly ApiRoute[] = [
  {
    // server-docs/authentication-management/access-token/tenant_access_token_internal
    method: "POST",
    path: "/auth/v3/tenant_access_token/internal",
    engine: "feishu",
    scope: null,
    callsPerMinute: Number.POSITIVE_INFINITY,
    run: async ({ body }, { tokens, settings }) => tokenAnswer(body, tokens, settings),
  },
  {
    // apaas-v1/flow/application-flow/execute
    method: "POST",
    path: "/apaas/v1/applications/:namespace/flows/:flow_id/execute",
    engine: "apaas",
    scope: SCOPES.executeFlow,
    callsPerMinute: APAAS_PER_MINUTE,
    run: executeFlow,
  },
  {
    // corehr-v1/process-form_variable_data/process-instance/create
    method: "POST",
    path: "/corehr/v2/process_start",
    engine: "corehr",
    scope: SCOPES.writeProcess,
    callsPerMinute: COREHR_SLOW_PER_MINUTE,
    run: startProcess,
  },
  {
    // uAjLw4CM/ukTMukTMukTM/corehr-v2/process/get
    method: "GET",
    path: "/corehr/v2/processes/:process_id",
    engine: "corehr",
    scope: SCOPES.readProcess,
    callsPerMinute: COREHR_PER_MINUTE,
    run: getProcess,
  },
  {
    // uAjLw4CM/ukTMukTMukTM/corehr-v2/process/list
    method: "GET",
    path: "/corehr/v2/processes",
    engine: "corehr",
    scope: SCOPES.readProcess,
    callsPerMinute: COREHR_SLOW_PER_MINUTE,
    run: listProcesses,
  },
  {
    // uAjLw4CM/ukTMukTMukTM/corehr-v2/process_withdraw/update
    method: "PUT",
    path: "/corehr/v2/process_withdraw/:process_id",
    engine: "corehr",
    scope: SCOPES.writeProcess,
    callsPerMinute: WITHDRAWALS_PER_MINUTE,
    run: withdrawProcess,
  },
  {
    // uAjLw4CM/ukTMukTMukTM/corehr-v2/process/query_flow_data_template ; that its scope is this one is an assumption.
    method: "POST",
    path: "/corehr/v2/query_flow_data_template",
    engine: "corehr",
    scope: SCOPES.writeProcess,
    callsPerMinute: COREHR_SLOW_PER_MINUTE,
    run: queryTemplate,
  },
  {
    // server-docs/corehr-v1/employee/person/upload
    method: "POST",
    path: "/corehr/v1/persons/upload",
    engine: "corehr",
    scope: SCOPES.writeFile,
    callsPerMinute: COREHR_PER_MINUTE,
    run: uploadFile,
  },
  {
    // server-docs/im-v1/message/create
    method: "POST",
    path: "/im/v1/messages",
    engine: "feishu",
    scope: SCOPES.sendMessage,
    callsPerMinute: MESSAGES_PER_MINUTE,
    run: sendMessage,
  },
];

/** The route of a raw path, with its named parts decoded. A slash at the end is taken of the token's address only. */
export function routeOf(
  method: string,
  rawPath: string,
): { route: ApiRoute; path: Record<string, string> } | undefined {
  const parts = rawPath.replace(/^\/{1,2}open-apis\//, "").split("/");
  for (const route of ROUTES) {
    if (route.method !== method) continue;
    const given = route.scope === null && parts.at(-1) === "" ? parts.slice(0, -1) : parts;
    const path = matchedPath(route.path.slice(1).split("/"), given);
    if (path !== undefined) return { route, path };
  }
  return undefined;
}
