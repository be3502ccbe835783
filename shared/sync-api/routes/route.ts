/** A route of the sync API as data: where it is, who may call it, what it runs, and what it answers. */
import type { Text } from "../../base/error-texts";
import { log } from "../../base/log";
import { isAddressList } from "../gate/address";
import type { Runnable } from "../runs/runnable";
import type { ApiMethod, AuthKind } from "./route-kinds";

/** Names of the environment variables that hold a route's secrets: each has one, or two with a comma while they are changed. */
export interface CredentialVariables {
  token?: string;
  user?: string;
  password?: string;
  hmacKey?: string;
}

export interface Route {
  /** The three parts of `/v1/api/:space/:module/:function`. */
  space: string;
  module: string;
  function: string;
  title: Text;
  method: ApiMethod;
  auth: AuthKind;
  credentials: CredentialVariables;
  /** The first of the two consents to `none` in production; the second is `STARTFLOW_SYNC_PUBLIC`. */
  isPublic?: boolean;
  /** False: refused, until it is switched on here or in the collection `startflow_apis`. */
  enabled: boolean;
  run: Runnable;
  /** An input that works: for the console, and for tests. */
  debug: unknown;
  /** What is answered as `data`; null is no output. Absent: what the run itself gives. */
  output?: unknown;
  /** Longest wait for the run's end, in milliseconds. Default `LIMITS.waitMs`. */
  waitMs?: number;
  /** `async` answers the uid at once. Default `sync`. */
  mode?: "sync" | "async";
  /** Answers the output without the envelope. */
  raw?: boolean;
  /** IPv4 and IPv6 addresses and networks (`10.0.0.0/8`) that may call. Default: all. */
  allowFrom?: readonly string[];
  /** Origins of pages that may call. Default: none. */
  cors?: { origins: readonly string[] };
  /** Of all callers together. */
  rateLimit?: { calls: number; windowMs: number };
  /** Default `LIMITS.bodyBytes`. */
  bodyBytes?: number;
  /** Refuses calls without an Idempotency-Key. */
  keyRequired?: boolean;
}

/** The function that serves the routes, as its folder is called. */
export const SYNC_API_FUNCTION = "sync-api";

/** docs/sync-api.md prints these. */
export const LIMITS = {
  waitMs: 15_000,
  bodyBytes: 1_000_000,
  /** What a function's event holds, less the room that JSON needs. https://cloud.tencent.com/document/product/583/11637 */
  maxBodyBytes: 6_000_000,
  /** Of a run that is answered before it starts: its input waits in the database. */
  queuedBytes: 200_000,
  rateCalls: 1_000,
} as const;

export function routeName({ space, module, function: name }: Pick<Route, "space" | "module" | "function">): string {
  return `${space}/${module}/${name}`;
}

/** What is answered as `data`: what the route says, else what its run gave. */
export function outputOf({ output }: Pick<Route, "output">, run: { output?: unknown }): unknown {
  return output === undefined ? run.output : output;
}

const PART = /^[0-9A-Za-z_-]{1,64}$/;
const VARIABLE = /^[A-Z][A-Z0-9_]{0,63}$/;
const ORIGIN = /^https?:\/\/[\w.-]+(:\d{1,5})?$/;

/** @throws Error at definition, which names the route and what is wrong with it */
export function defineRoutes(routes: readonly Route[]): readonly Route[] {
  const names = new Set<string>();
  for (const route of routes) {
    const name = routeName(route);
    const problem = names.has(name) ? "there are two of this name" : problemOf(route);
    if (problem !== undefined) throw new Error(`defineRoutes: ${name}: ${problem}`);
    names.add(name);
  }
  return routes;
}

function problemOf(route: Route): string | undefined {
  const { space, module, function: name, credentials, allowFrom = [], cors, rateLimit } = route;
  if (![space, module, name].every((part) => PART.test(part))) return "its parts are not letters, digits, _ and -";
  if (!Object.values(credentials).every((variable) => VARIABLE.test(variable))) return "a variable has a wrong name";
  const missing = NEEDED[route.auth].find((kind) => credentials[kind] === undefined);
  if (missing !== undefined) return `auth ${route.auth} needs credentials.${missing}`;
  if (!isAddressList(allowFrom)) return "allowFrom has something that is no address";
  if (!(cors?.origins ?? []).every((origin) => ORIGIN.test(origin))) return "cors has something that is no origin";
  const { calls = 1, windowMs = 1 } = rateLimit ?? {};
  if (!isCount(calls, 1, LIMITS.rateCalls) || !isCount(windowMs, 1)) {
    return `rateLimit: 1 … ${LIMITS.rateCalls} calls, in 1 millisecond or more`;
  }
  return boundsProblem(route);
}

const MIN_WAIT_MS = 500;

function boundsProblem({ bodyBytes = 1, waitMs = MIN_WAIT_MS, mode, run }: Route): string | undefined {
  if (!isCount(bodyBytes, 1, LIMITS.maxBodyBytes)) return `bodyBytes: 1 … ${LIMITS.maxBodyBytes}`;
  // A run that answers at its end is sent with this as its timeout.
  if (!isCount(waitMs, MIN_WAIT_MS, 900_000)) return `waitMs: ${MIN_WAIT_MS} … 900000`;
  if (mode !== "async" && !run.canBeWaitedFor) return "its run tells nothing of its end: mode async";
  return undefined;
}

/** NaN is none, which would be no limit at all. */
function isCount(value: number, min: number, max: number = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

/** Which secrets each kind of authentication needs. */
export const NEEDED: Record<AuthKind, (keyof CredentialVariables)[]> = {
  none: [],
  token: ["token"],
  password: ["user", "password"],
  hmac: ["hmacKey"],
};

export interface FoundRoute {
  route: Route;
  /** By a suffix of the path; `undefined`: as the route says. */
  mode?: "sync" | "async";
}

/**
 * `space/module/function`, then `module/function`, then both without a last part `sync` or `async`. The shorter one finds
 * a route where only one space has it.
 */
export function findRoute(routes: readonly Route[], parts: readonly string[]): FoundRoute | undefined {
  const exact = byParts(routes, parts);
  if (exact !== undefined) return { route: exact };
  const suffix = parts.at(-1);
  if (suffix !== "sync" && suffix !== "async") return undefined;
  const route = byParts(routes, parts.slice(0, -1));
  return route && { route, mode: suffix };
}

function byParts(routes: readonly Route[], parts: readonly string[]): Route | undefined {
  if (parts.length === 3) return routes.find((route) => routeName(route) === parts.join("/"));
  if (parts.length !== 2) return undefined;
  const found = routes.filter(({ module, function: name }) => module === parts[0] && name === parts[1]);
  if (found.length > 1) log("warn", "several spaces have this API: name the space", { path: parts.join("/") });
  return found.length === 1 ? found[0] : undefined;
}
