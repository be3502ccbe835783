/** Who is let in: consent, origin, address, lock-out, credentials, rate; in this order, before a body is looked at. */
import { isIP } from "node:net";
import { textSetting } from "../../base/environment";
import type { MethodContext } from "../../platform/context";
import { databaseOf } from "../../platform/database";
import { createLimiter } from "../../platform/limiter";
import { type Route, routeName } from "../routes/route";
import { type Reply, refusal } from "../wire/envelope";
import type { ApiRequest } from "../wire/request";
import { admits, sourceAddress } from "./address";
import { checkCredentials } from "./credentials";
import { countFailure } from "./lockout";
import { SIGNATURE } from "./signature";

/** The key that a signature stands for, where the caller gave none. */
export type Admission = { signatureKey?: string } | { refused: Reply };

export interface Gate {
  context: MethodContext;
  environment: "preview" | "production";
  /** Milliseconds for which the caller is shut out. */
  lockedForMs: number;
  lockKey: string;
  /** A failure was counted: what is known of the caller is over. */
  onFailure(): void;
}

/** @throws StartflowError NOT_CONFIGURED */
export function addressOf({ sourceIp, headers }: ApiRequest): string | undefined {
  return sourceAddress(sourceIp, headers["x-forwarded-for"]);
}

/**
 * For whom failures are counted. Where nobody vouches for an address, whatever stands last in the header of proxies: a caller who
 * writes it himself escapes his lock, and shuts out nobody else.
 * @throws StartflowError NOT_CONFIGURED
 */
export function callerKeyOf(request: ApiRequest): string | undefined {
  const told = request.headers["x-forwarded-for"]?.split(",").at(-1)?.trim() ?? "";
  return addressOf(request) ?? (isIP(told) === 0 ? undefined : told);
}

/** @throws StartflowError NOT_CONFIGURED, which names the variable */
export async function admitted(route: Route, request: ApiRequest, gate: Gate): Promise<Admission> {
  const refused = consentRefused(route, gate) ?? originRefused(route, request) ?? addressRefused(route, request);
  if (refused !== undefined) return { refused };
  if (gate.lockedForMs > 0) return { refused: refusal("lockedOut", { headers: retryAfter(gate.lockedForMs) }) };
  const verdict = checkCredentials(route.auth, route.credentials, request);
  if (!verdict.ok) {
    if (verdict.bad) {
      await countFailure(databaseOf(gate.context), gate.lockKey);
      gate.onFailure();
    }
    const isOfCaller = verdict.kind !== "notConfigured";
    return { refused: refusal(verdict.kind, isOfCaller ? { headers: CHALLENGES[route.auth] } : {}) };
  }
  const limited = await rateRefused(route, gate);
  if (limited !== undefined) return { refused: limited };
  return verdict.key === undefined ? {} : { signatureKey: verdict.key };
}

const CHALLENGES: Record<Route["auth"], Record<string, string>> = {
  none: {},
  token: { "www-authenticate": "Bearer" },
  password: { "www-authenticate": "Basic" },
  hmac: { "www-authenticate": `Signature header="${SIGNATURE.header}"` },
};

const NAMES = /^[\w/-]+(,\s*[\w/-]+)*$/;

/** `none` in production is said twice: in the route, and by its name in the environment. */
function consentRefused(route: Route, { environment }: Gate): Reply | undefined {
  if (route.auth !== "none" || environment !== "production") return undefined;
  const named = (textSetting("STARTFLOW_SYNC_PUBLIC", NAMES) ?? "").split(",").map((name) => name.trim());
  if (route.isPublic === true && named.includes(routeName(route))) return undefined;
  const detail = {
    zh: "没有鉴权的接口要在正式环境开放，须在路由中写 isPublic，并在 STARTFLOW_SYNC_PUBLIC 中列出",
    en: "an API without authentication is open in production only with isPublic in its route and its name in STARTFLOW_SYNC_PUBLIC",
  };
  return refusal("notConfigured", { detail });
}

/** A page of the API's own host may call, and those that the route names. What sends no origin is no page. */
function originRefused({ cors }: Route, { headers: { origin, host } }: ApiRequest): Reply | undefined {
  if (origin === undefined || cors?.origins.includes(origin) === true) return undefined;
  return host !== undefined && (origin === `https://${host}` || origin === `http://${host}`)
    ? undefined
    : refusal("originRefused");
}

function addressRefused({ allowFrom }: Route, request: ApiRequest): Reply | undefined {
  if (allowFrom === undefined) return undefined;
  return admits(allowFrom, addressOf(request)) ? undefined : refusal("addressRefused");
}

async function rateRefused(route: Route, { context, environment }: Gate): Promise<Reply | undefined> {
  if (route.rateLimit === undefined) return undefined;
  const { calls, windowMs } = route.rateLimit;
  const key = `sync-api:${environment}:${routeName(route)}`;
  const admission = await createLimiter(databaseOf(context)).admit(key, calls, windowMs);
  return admission.admitted ? undefined : refusal("rateLimited", { headers: retryAfter(admission.retryAfterMs) });
}

function retryAfter(ms: number): Record<string, string> {
  return { "retry-after": String(Math.max(1, Math.ceil(ms / 1_000))) };
}

/** What a page of an admitted origin may read. */
export function corsHeaders({ cors }: Route, { headers: { origin } }: ApiRequest): Record<string, string> {
  if (origin === undefined || cors?.origins.includes(origin) !== true) return {};
  return {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": "location, retry-after, x-run-uid, x-request-id, idempotent-replayed",
    vary: "origin",
  };
}

/** What a browser asks before it sends a request with headers of its own. */
export function preflight(route: Route, request: ApiRequest): Reply | undefined {
  const allowed = corsHeaders(route, request);
  if (request.method !== "OPTIONS" || Object.keys(allowed).length === 0) return undefined;
  const headers = {
    ...allowed,
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers":
      "authorization, content-type, idempotency-key, password, prefer, token, user, x-callback-url, x-signature",
    "access-control-max-age": "600",
  };
  return { status: 204, headers, body: undefined };
}
