/** `/v1/…`: finds the route of a request, lets the caller in or not, and answers. Never throws. */

import { monotonicMs } from "../clock";
import type { MethodContext } from "../context";
import { StartflowError } from "../errors";
import { reported } from "../failure";
import { log } from "../log";
import { recordId, type SubmissionRecord } from "../once/record";
import { createLedgerStore, databaseOf } from "../once/store";
import { decodedPart } from "../url-part";
import { addressOf, admitted, corsHeaders, type Gate, preflight } from "./admission";
import { answerCall, type CallParts } from "./api-call";
import { type Reply, refusal } from "./envelope";
import { failureReply } from "./failure-reply";
import { lockKeyOf } from "./lockout";
import { openapiOf } from "./openapi";
import { overridden, readOverride, readState } from "./overrides";
import { runQueued } from "./queue";
import type { ApiRequest } from "./request";
import { type FoundRoute, findRoute, type Route, routeName } from "./route";
import { createStateCache, type StateCache } from "./state-cache";
import { UID } from "./uid";
import { cancelRun, runNow, viewReply } from "./view";

/** The context is made when it is needed: making it loads the SDK. */
export interface ApiCall extends Omit<CallParts, "context"> {
  context(): MethodContext;
}

export interface SyncApi {
  answer(request: ApiRequest, call: ApiCall): Promise<Reply>;
  /** Takes on a run that was answered before it started. */
  proceed(uid: string, call: ApiCall): Promise<void>;
  routes: readonly Route[];
}

/** What is served, and what is known of it for a moment. */
interface Served {
  routes: readonly Route[];
  states: StateCache;
}

export function createSyncApi(routes: readonly Route[]): SyncApi {
  const served: Served = { routes, states: createStateCache() };
  const routeOf = (name: string) => routes.find((route) => routeName(route) === name);
  return {
    routes,
    async answer(request, call) {
      const startedMs = monotonicMs();
      const reply = await guarded(() => dispatch(served, request, call));
      const { method, path } = request;
      log("info", "api call", { method, path, status: reply.status, ms: Math.round(monotonicMs() - startedMs) });
      return reply;
    },
    proceed: (uid, call) => runQueued({ ...call, context: call.context() }, uid, routeOf),
  };
}

async function guarded(work: () => Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    return failureReply(reported(error));
  }
}

async function dispatch(served: Served, request: ApiRequest, call: ApiCall): Promise<Reply> {
  const [, , kind, ...parts] = request.path.split("/").map(decodedPart);
  if (kind === "api") {
    const found = findRoute(served.routes, parts);
    return found === undefined ? notFound(request) : await callRoute(served, found, request, call);
  }
  if (kind === "runs" && UID.test(parts[0] ?? "")) return await callRun(served, parts, request, call);
  if (kind === "openapi.json" && parts.length === 0) return await describe(served.routes, request, call);
  return notFound(request);
}

function notFound({ path }: ApiRequest): Reply {
  const isName = /^[\w/.-]{1,200}$/.test(path);
  return refusal("notFound", isName ? { detail: { zh: path, en: path } } : {});
}

interface OpenRoute {
  route: Route;
  gate: Gate;
}

/** The route as it is switched now. @throws StartflowError where nobody can tell whether it is enabled */
async function opened({ states }: Served, declared: Route, request: ApiRequest, call: ApiCall): Promise<OpenRoute> {
  const { environment } = call;
  const context = call.context();
  const name = routeName(declared);
  const lockKey = lockKeyOf(environment, name, addressOf(request));
  const read = () => readState(databaseOf(context), name, lockKey);
  const { override, lockedForMs } = await known(() => states.get(lockKey, read));
  const onFailure = () => states.forget(lockKey);
  return { route: overridden(declared, override), gate: { context, environment, lockKey, lockedForMs, onFailure } };
}

/** @throws StartflowError STORE_UNREACHABLE */
async function known<Result>(look: () => Promise<Result>): Promise<Result> {
  try {
    return await look();
  } catch (cause) {
    throw new StartflowError("STORE_UNREACHABLE", { cause });
  }
}

async function callRoute(served: Served, found: FoundRoute, request: ApiRequest, call: ApiCall): Promise<Reply> {
  const asked = preflight(found.route, request);
  if (asked !== undefined) return asked;
  const { route, gate } = await opened(served, found.route, request, call);
  const reply = await routeReply({ ...found, route }, request, { ...call, context: gate.context }, gate);
  return { ...reply, headers: { ...reply.headers, ...corsHeaders(route, request) } };
}

async function routeReply(
  { route, mode = route.mode ?? "sync" }: FoundRoute,
  request: ApiRequest,
  parts: CallParts,
  gate: Gate,
): Promise<Reply> {
  if (request.method !== route.method) return wrongMethod(route.method);
  if (!route.enabled) return refusal("notEnabled");
  const admission = await admitted(route, request, gate);
  if ("refused" in admission) return admission.refused;
  return await answerCall(parts, { route, mode, request, ...admission });
}

function wrongMethod(method: string): Reply {
  const detail = { zh: `请用 ${method}`, en: `send a ${method} request` };
  return refusal("methodNotAllowed", { detail, headers: { allow: method } });
}

/** By the credentials of the route that the run came by, whether or not that is enabled now. */
async function callRun(
  served: Served,
  [uid = "", action, ...more]: string[],
  request: ApiRequest,
  call: ApiCall,
): Promise<Reply> {
  if (more.length > 0 || (action !== undefined && action !== "cancel")) return notFound(request);
  const method = action === undefined ? "GET" : "POST";
  if (request.method !== method) return wrongMethod(method);
  const context = call.context();
  const record = await recordOf(context, call.environment, uid);
  const declared = served.routes.find((route) => routeName(route) === record?.api);
  if (record === undefined || declared === undefined) return refusal("runNotFound");
  const { route, gate } = await opened(served, declared, request, call);
  const admission = await admitted(route, request, gate);
  if ("refused" in admission) return admission.refused;
  return action === undefined
    ? await viewed(context, route, record)
    : ((await cancelRun(context, route, record)) ??
        (await viewed(context, route, (await recordOf(context, call.environment, uid)) ?? record)));
}

async function viewed(context: MethodContext, route: Route, record: SubmissionRecord): Promise<Reply> {
  const now = await runNow(context, route, record);
  return viewReply(record, now, route.output === undefined ? now.run.output : route.output);
}

/** @throws StartflowError STORE_UNREACHABLE */
function recordOf(context: MethodContext, environment: string, uid: string) {
  return known(() => createLedgerStore(databaseOf(context)).find(recordId(environment, uid)));
}

/** As the routes are switched now. */
async function describe(routes: readonly Route[], request: ApiRequest, call: ApiCall): Promise<Reply> {
  if (request.method !== "GET") return wrongMethod("GET");
  const database = databaseOf(call.context());
  const open = await Promise.all(
    routes.map(async (route) => overridden(route, await known(() => readOverride(database, routeName(route))))),
  );
  return { status: 200, headers: {}, body: openapiOf(open) };
}
