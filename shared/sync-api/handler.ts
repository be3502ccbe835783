/** `/v1/…`: finds the route of a request, lets the caller in or not, and answers. Never throws. */

import { monotonicMs } from "../base/clock";
import { reported } from "../base/failure";
import { log } from "../base/log";
import { decodedPart } from "../base/url-part";
import { databaseOf } from "../platform/database";
import { admitted, corsHeaders, type Gate, preflight } from "./gate/admission";
import { type ApiCall, known, notFound, opened, type Served, wrongMethod } from "./routes/open-route";
import { openapiOf } from "./routes/openapi";
import { overridden, readOverride } from "./routes/overrides";
import { type FoundRoute, findRoute, type Route, routeName } from "./routes/route";
import { answerRun } from "./routes/run-routes";
import { createStateCache } from "./routes/state-cache";
import { answerCall, type CallParts } from "./runs/api-call";
import { runQueued } from "./runs/queue";
import { UID } from "./runs/uid";
import { type Reply, refusal } from "./wire/envelope";
import { failureReply } from "./wire/failure-reply";
import type { ApiRequest } from "./wire/request";

export type { ApiCall };

export interface SyncApi {
  answer(request: ApiRequest, call: ApiCall): Promise<Reply>;
  /** Takes on a run that was answered before it started. */
  proceed(uid: string, call: ApiCall): Promise<void>;
  routes: readonly Route[];
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
  if (kind === "runs" && UID.test(parts[0] ?? "")) return await answerRun(served, parts, request, call);
  if (kind === "openapi.json" && parts.length === 0) return await describe(served.routes, request, call);
  return notFound(request);
}

async function callRoute(served: Served, found: FoundRoute, request: ApiRequest, call: ApiCall): Promise<Reply> {
  const asked = preflight(found.route, request);
  if (asked !== undefined) return asked;
  const { route, gate } = await opened(served, found.route, request, call);
  const reply = await routeReply({ ...found, route }, request, { ...call, context: gate.context }, gate);
  return { ...reply, headers: { ...reply.headers, ...corsHeaders(route, request) } };
}

async function routeReply(
  { route, mode: asked = route.mode ?? "sync" }: FoundRoute,
  request: ApiRequest,
  parts: CallParts,
  gate: Gate,
): Promise<Reply> {
  // What nobody can wait for is not waited for, whatever the path says.
  const mode = route.run.canBeWaitedFor ? asked : "async";
  if (request.method !== route.method) return wrongMethod(route.method);
  if (!route.enabled) return refusal("notEnabled");
  const admission = await admitted(route, request, gate);
  if ("refused" in admission) return admission.refused;
  return await answerCall(parts, { route, mode, request, ...admission });
}

/** As the routes are switched now. */
async function describe(routes: readonly Route[], request: ApiRequest, call: ApiCall): Promise<Reply> {
  if (request.method !== "GET") return wrongMethod("GET");
  const database = databaseOf(call.context());
  const open = await Promise.all(
    routes.map((route) => known(async () => overridden(route, await readOverride(database, routeName(route))))),
  );
  return { status: 200, headers: {}, body: openapiOf(open) };
}
