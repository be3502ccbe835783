/** Fetches an access token: the client credentials of OAuth 2.0, and the two-step shape of WeCom, DingTalk and Feishu. */
import type { IssuedToken } from "../../../base/token-cache";
import type { PreparedCall } from "../../call";
import type { Auth, Success } from "../../catalogue/catalogue";
import { memberAt } from "../../request/data";
import { retryAfterMs } from "../answer-failure";
import { jsonIn } from "../answer-text";
import { CallFailure } from "../call-failure";
import { exchangeWith, type Outgoing } from "../connection";
import { maskedBy, shownCode } from "../secrets";
import { secretOf } from "./credentials";
import { basicHeader } from "./fixed";
import { refusedToken, type TokenAnswer, unreadableToken } from "./refusal";

type OAuth2 = Extract<Auth, { kind: "oauth2" }>;
type TwoStep = Extract<Auth, { kind: "twoStep" }>;

/** Assumption: what is usual where a server does not say how long its token lives, which RFC 6749 §5.1 leaves open to it. */
const DEFAULT_LIFE_MS = 300_000;

/** @throws CallFailure */
export async function issuedToken(auth: OAuth2 | TwoStep, call: PreparedCall): Promise<IssuedToken> {
  const outgoing = auth.kind === "oauth2" ? oauth2Request(auth, call) : twoStepRequest(auth, call);
  const http = await exchangeWith(call, outgoing, call.platform.attemptTimeoutMs);
  const waitMs = retryAfterMs(http.header("retry-after"));
  const answer = { status: http.status, body: jsonIn(http), retryAfterMs: waitMs };
  const [token, expiresIn] = auth.kind === "oauth2" ? ["access_token", "expires_in"] : [auth.token, auth.expiresIn];
  assertSuccess(answer, auth.kind === "oauth2" ? OAUTH2_ERROR : (auth.success ?? call.platform.success), call);
  const value = memberAt(answer.body, token.split("."));
  if (typeof value !== "string" || value === "") throw new CallFailure(unreadableToken(answer));
  const seconds = Number(memberAt(answer.body, expiresIn.split(".")) ?? Number.NaN);
  return { token: value, lifeMs: Number.isFinite(seconds) ? seconds * 1_000 : DEFAULT_LIFE_MS };
}

/** The id and the secret are form-encoded before they become a Basic header. https://datatracker.ietf.org/doc/html/rfc6749#section-2.3.1 */
function oauth2Request(auth: OAuth2, { instance }: PreparedCall): Outgoing {
  const [id, secret] = [secretOf(instance, auth.clientId), secretOf(instance, auth.clientSecret)];
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  if (auth.scope !== undefined) form.set("scope", auth.scope);
  const headers: Record<string, string> = { ...COMMON, "content-type": "application/x-www-form-urlencoded" };
  if (auth.credentials === "basic") headers.authorization = basicHeader(formEncoded(id), formEncoded(secret));
  else {
    form.set("client_id", id);
    form.set("client_secret", secret);
  }
  return { method: "POST", target: auth.tokenPath, headers, body: form.toString(), isRepeatable: false };
}

function twoStepRequest(auth: TwoStep, { instance }: PreparedCall): Outgoing {
  const params = Object.entries(auth.params).map(([name, secret]) => [name, secretOf(instance, secret)] as const);
  if (auth.method === "GET") {
    const joiner = auth.tokenPath.includes("?") ? "&" : "?";
    const query = params.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
    const target = params.length === 0 ? auth.tokenPath : `${auth.tokenPath}${joiner}${query}`;
    return { method: "GET", target, headers: { ...COMMON }, body: undefined, isRepeatable: false };
  }
  const headers = { ...COMMON, "content-type": "application/json; charset=utf-8" };
  const body = JSON.stringify(Object.fromEntries(params));
  return { method: "POST", target: auth.tokenPath, headers, body, isRepeatable: false };
}

const COMMON = { accept: "application/json", "user-agent": "startflow" };

function formEncoded(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

/** https://datatracker.ietf.org/doc/html/rfc6749#section-5.2 */
const OAUTH2_ERROR = { code: "error", is: [], message: "error_description" } satisfies Success;

function assertSuccess(answer: TokenAnswer, rule: Success | undefined, { instance }: PreparedCall): void {
  const { status, body } = answer;
  const code = rule === undefined ? undefined : memberAt(body, rule.code.split("."));
  const isKnown = typeof code === "string" || typeof code === "number" || typeof code === "boolean";
  const isRefused = rule !== undefined && isKnown && !rule.is.includes(code);
  if (status >= 200 && status < 300 && !isRefused) return;
  const words = rule?.message === undefined ? undefined : memberAt(body, rule.message.split("."));
  const masked = maskedBy(instance);
  const shown = shownCode(isRefused && typeof code !== "boolean" ? code : undefined, masked);
  throw new CallFailure(refusedToken(answer, shown, typeof words === "string" ? masked(words) : ""));
}
