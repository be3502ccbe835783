/** One exchange with a platform: to a checked address, on a connection that was looked up with the same check. */
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { deadlineIn } from "../../base/deadline";
import type { ResolvedInstance } from "../call";
import type { Platform } from "../catalogue/catalogue";
import { addressNotAllowed, CallFailure, leftTheBase, redirected, transportFailure } from "./call-failure";
import { ExchangeError, exchange, type WireAnswer, type WireRequest } from "./exchange";
import { addressProblem, finalUrl, guardedLookup, inside, parsedUrl } from "./guard";

/** What is sent, with the credentials in it. */
export interface Outgoing {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Behind the base URL. */
  target: string;
  headers: Record<string, string>;
  body: string | readonly Uint8Array[] | undefined;
  /** A second try does no harm: then a connection may be used again, though it can break unseen while it rests. */
  isRepeatable: boolean;
}

const MAX_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** What a redirected request still carries. */
const HARMLESS_HEADERS: readonly string[] = ["accept", "user-agent"];

/** @throws CallFailure where no answer came, or one that leads elsewhere */
export async function exchangeWith(
  { platform, instance }: { platform: Platform; instance: ResolvedInstance },
  outgoing: Outgoing,
  timeoutMs: number,
): Promise<WireAnswer> {
  const { method, headers, body, isRepeatable } = outgoing;
  const url = finalUrl(instance.baseUrl, outgoing.target);
  if (url === undefined) throw new CallFailure(leftTheBase());
  const problem = addressProblem(url, instance.allowPrivate);
  if (problem !== undefined) throw new CallFailure(addressNotAllowed(problem));
  const agent = agentFor(url.protocol, instance.allowPrivate, isRepeatable);
  const common = { method, body, maxBytes: platform.maxAnswerBytes, agent };
  const deadline = deadlineIn(timeoutMs);
  let answer = await asked({ ...common, url, headers, timeoutMs });
  let at = url;
  for (let followed = 0; REDIRECTS.has(answer.status); followed += 1) {
    const to = followed < MAX_REDIRECTS && mayFollow(platform, method) ? next(instance, at, answer) : undefined;
    if (to === undefined) throw new CallFailure(redirected(answer.status));
    const bare = Object.fromEntries(Object.entries(headers).filter(([name]) => HARMLESS_HEADERS.includes(name)));
    // All of them together have the time of one.
    answer = await asked({ ...common, url: to, headers: bare, timeoutMs: deadline.remainingMs() }, true);
    at = to;
  }
  return answer;
}

/** @param hasLeft a request went before, and brought it here. @throws CallFailure */
async function asked(wire: WireRequest, hasLeft = false): Promise<WireAnswer> {
  try {
    return await exchange(wire);
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    const told = hasLeft ? new ExchangeError(error.code, false) : error;
    throw new CallFailure(transportFailure(told, wire.maxBytes));
  }
}

/** Whoever gets a redirected request must not get credentials, so only what needs none goes on. */
function mayFollow({ auth }: Platform, method: string): boolean {
  return auth.kind === "none" && method === "GET";
}

function next({ baseUrl }: ResolvedInstance, url: URL, { header }: WireAnswer): URL | undefined {
  const to = parsedUrl(header("location") ?? "", url);
  return to === undefined ? undefined : inside(baseUrl, to);
}

const agents = new Map<string, HttpAgent>();

function agentFor(protocol: string, allowPrivate: boolean, keeps: boolean): HttpAgent {
  const key = `${protocol} ${allowPrivate} ${keeps}`;
  const known = agents.get(key);
  if (known !== undefined) return known;
  const options = { ...(allowPrivate ? {} : { lookup: guardedLookup() }), ...(keeps ? KEPT : {}) };
  const agent = protocol === "https:" ? new HttpsAgent(options) : new HttpAgent(options);
  agents.set(key, agent);
  return agent;
}

/** Most servers keep an idle connection for 5 s or longer (nodejs.org/api/http.html, server.keepAliveTimeout). */
const KEPT = { keepAlive: true, timeout: 4_000, maxFreeSockets: 64 };
