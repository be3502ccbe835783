/**
 * What stands before every API: address, token, scope, fault switch, frequency limit, in this order; and the shape of
 * every answer. https://open.feishu.cn/document/server-docs/api-call-guide/generic-error-code
 */
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Context } from "hono";
import { ConnectionFault, cut } from "../connection-fault";
import type { FaultKind, FaultSwitches } from "../faults";
import { CALL_HEADER } from "../functions/call-header";
import type { RequestLog } from "../requests";
import { underFault } from "../under-fault";
import type { ApiParts } from "./api";
import { errorBody, FeishuError, missingScope } from "./feishu-error";
import { type Limiter, rateLimited } from "./limiter";
import { type Body, bodyOf, queryRow, type Received, readable, receive } from "./received";
import { type ApiRoute, type FeishuEngine, routeOf } from "./routes";
import { SCOPES } from "./settings";
import { checkToken } from "./tokens";

export interface GatewayParts extends ApiParts {
  faults: FaultSwitches;
  requests: RequestLog;
  limiter: Limiter;
}

interface Reply {
  status: number;
  /** Text where it is no JSON. */
  body: unknown;
  headers?: Record<string, string>;
}

/** Also for a wrong method: the JSON codes that are documented for both are not what is sent. */
const NOT_FOUND: Reply = { status: 404, body: "404 page not found", headers: { "content-type": "text/plain" } };

export function createGateway(parts: GatewayParts): (c: Context) => Promise<Response> {
  return async (c) => {
    const { incoming } = c.env as { incoming: IncomingMessage };
    const callId = incoming.headers[CALL_HEADER];
    const answer = () => answered(incoming, parts);
    return typeof callId === "string" ? await parts.requests.during(callId, answer) : await answer();
  };
}

async function answered(incoming: IncomingMessage, parts: GatewayParts): Promise<Response> {
  const received = await receive(incoming).catch(() => undefined);
  // The caller went away in the middle of its request: nobody waits for an answer.
  if (received === undefined) return await cut(incoming, new ConnectionFault("lost"));
  const body = await bodyOf(received);
  const logId = newLogId(parts.clock.now());
  const row = {
    engine: engineOf(received.path),
    method: received.method,
    path: received.path,
    query: queryRow(received.query),
    headers: received.headers,
    body: body.value,
  };
  try {
    const reply = await replyTo(received, body, logId, parts);
    parts.requests.record({ ...row, status: reply.status });
    return responseOf(reply, logId);
  } catch (error) {
    if (!(error instanceof ConnectionFault)) throw error;
    parts.requests.record({ ...row, status: 0 });
    return await cut(incoming, error);
  }
}

async function replyTo(received: Received, body: Body, logId: string, parts: GatewayParts): Promise<Reply> {
  const found = routeOf(received.method, received.path);
  if (found === undefined) return NOT_FOUND;
  try {
    return { status: 200, body: await guarded(found, received, body, parts) };
  } catch (error) {
    if (error instanceof ConnectionFault) throw error;
    if (!(error instanceof FeishuError)) console.error("Feishu stand-in:", error);
    const refusal = error instanceof FeishuError ? error : new FeishuError("internal");
    const status = refusal.kind === "rateLimited" ? parts.settings.get().rateLimitStatus : refusal.status;
    return { status, body: errorBody(refusal, logId), headers: refusal.extras.headers ?? {} };
  }
}

async function guarded(
  { route, path }: { route: ApiRoute; path: Record<string, string> },
  { headers, query }: Received,
  body: Body,
  parts: GatewayParts,
): Promise<unknown> {
  const { settings, tokens, limiter, faults } = parts;
  let token: string | undefined;
  if (route.scope !== null) {
    token = checkToken(headers.authorization, tokens);
    const needed = query.get("user_id_type") === "user_id" ? [route.scope, SCOPES.userId] : [route.scope];
    const missing = needed.find((scope) => !settings.get().scopes.includes(scope));
    if (missing !== undefined) throw missingScope(missing, settings.get().appId);
  }
  return await underFault({
    fault: faults.draw(route.engine),
    refusal: (fault) => refusalOf(fault, route, token, parts),
    worksInStall: true,
    async work() {
      if (settings.get().limits) limiter.take(route.path, route.callsPerMinute);
      // Whoever asks for a token gets that API's own words for what is no JSON.
      const value = route.scope === null && !body.isReadable ? undefined : readable(body);
      return await route.run({ path, query, body: value }, parts);
    },
  });
}

/** What the fault `rate-limit` says: as long as the documented window. */
const FAULT_WAIT_MS = 60_000;

/** A fault in the words of the engine; undefined where the engine has none for it, and then the call goes on. */
function refusalOf(
  fault: FaultKind,
  { engine, scope, callsPerMinute }: ApiRoute,
  token: string | undefined,
  { tokens, settings }: ApiParts,
): FeishuError | undefined {
  switch (fault) {
    case "reject":
      return new FeishuError(
        ({ feishu: "appUnknown", apaas: "apaasParam", corehr: "corehrNoPermission" } as const)[engine],
      );
    case "rate-limit":
      return rateLimited(Number.isFinite(callsPerMinute) ? callsPerMinute : 1_000, FAULT_WAIT_MS);
    case "error-before":
    case "error-after":
      return new FeishuError("internal");
    case "token-revoked":
      if (token !== undefined) tokens.revoke(token);
      return token === undefined ? undefined : new FeishuError("tokenInvalid");
    case "no-scope":
      return scope === null ? undefined : missingScope(scope, settings.get().appId);
    case "flow-disabled":
      return DISABLED[engine] && new FeishuError(DISABLED[engine]);
    default:
      return undefined;
  }
}

const DISABLED = { feishu: undefined, apaas: "flowNotEnabled", corehr: "corehrFlowNotEnabled" } as const;

function engineOf(path: string): FeishuEngine {
  const [, name] = /open-apis\/(apaas|corehr)\//.exec(path) ?? [];
  return name === "apaas" || name === "corehr" ? name : "feishu";
}

/** The form of the real ones: when, and what no other has. */
function newLogId(nowMs: number): string {
  const when = new Date(nowMs).toISOString().replace(/\D/g, "").slice(0, 14);
  return `${when}${randomBytes(9).toString("hex").toUpperCase()}`;
}

function responseOf({ status, body, headers = {} }: Reply, logId: string): Response {
  return new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers, "x-tt-logid": logId },
  });
}
