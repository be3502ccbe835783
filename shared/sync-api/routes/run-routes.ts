/** `/v1/runs/…`: lets a caller in by the credentials of the route that the run came by, and answers how it stands, or ends it. */

import { recordId } from "../../engines/submission";
import type { SubmissionRecord } from "../../once/record";
import { createLedgerStore } from "../../once/store";
import type { MethodContext } from "../../platform/context";
import { databaseOf } from "../../platform/database";
import { admitted, corsHeaders, preflight } from "../gate/admission";
import { cancelRun, runNow, viewReply } from "../runs/view";
import { type Reply, refusal } from "../wire/envelope";
import type { ApiRequest } from "../wire/request";
import { type ApiCall, known, notFound, opened, type Served, wrongMethod } from "./open-route";
import { outputOf, type Route, routeName } from "./route";

const METHODS = { look: "GET", cancel: "POST" } as const;
type Action = keyof typeof METHODS;

/** @param parts of the path behind `/v1/runs/`. Whether the route is enabled now does not count: the run is there. */
export async function answerRun(served: Served, parts: string[], request: ApiRequest, call: ApiCall): Promise<Reply> {
  const [uid = "", action = "look", ...more] = parts;
  if (more.length > 0 || !isAction(action, parts)) return notFound(request);
  const isPreflight = request.method === "OPTIONS" && request.headers.origin !== undefined;
  if (request.method !== METHODS[action] && !isPreflight) return wrongMethod(METHODS[action]);
  const context = call.context();
  const record = await recordOf(context, call.environment, uid);
  const declared = served.routes.find((route) => routeName(route) === record?.api);
  if (record === undefined || declared === undefined) return refusal("runNotFound");
  if (isPreflight) return preflight(declared, request) ?? wrongMethod(METHODS[action]);
  const { route, gate } = await opened(served, declared, request, call);
  const admission = await admitted(route, request, gate);
  const reply = "refused" in admission ? admission.refused : await acted(context, route, record, action);
  return { ...reply, headers: { ...reply.headers, ...corsHeaders(route, request) } };
}

/** `/v1/runs/<uid>/look` is no address. */
function isAction(action: string, { length }: string[]): action is Action {
  return length === 1 ? action === "look" : action === "cancel";
}

async function acted(context: MethodContext, route: Route, record: SubmissionRecord, action: Action): Promise<Reply> {
  if (action === "look") return await viewed(context, route, record);
  const refused = await cancelRun(context, route, record);
  if (refused !== undefined) return refused;
  const after = await recordOf(context, record.environment, record.submissionId);
  return await viewed(context, route, after ?? record);
}

async function viewed(context: MethodContext, route: Route, record: SubmissionRecord): Promise<Reply> {
  const now = await runNow(context, route, record);
  return viewReply(record, now, outputOf(route, now.run));
}

/** @throws StartflowError STORE_UNREACHABLE */
function recordOf(context: MethodContext, environment: string, uid: string) {
  return known(() => createLedgerStore(databaseOf(context)).find(recordId(environment, uid)));
}
