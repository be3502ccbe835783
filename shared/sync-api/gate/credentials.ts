/** Who may call a route: reads the credentials of a request, and compares them so that nothing can be timed. */
import { timingSafeEqual } from "node:crypto";
import { now } from "../../base/clock";
import { log } from "../../base/log";
import type { CredentialVariables } from "../routes/route";
import type { AuthKind } from "../routes/route-kinds";
import type { RefusalKind } from "../wire/codes";
import { type ApiRequest, bytesOf } from "../wire/request";
import { readSignature, SIGNATURE, signatureOf, signedQuery } from "./signature";

/** `bad`: something was given and is wrong, which counts towards the lock-out. */
export type Verdict = { ok: true; key?: string } | { ok: false; kind: RefusalKind; bad: boolean };

const OK: Verdict = { ok: true };

/** @param credentials names of the environment variables */
export function checkCredentials(auth: AuthKind, credentials: CredentialVariables, request: ApiRequest): Verdict {
  switch (auth) {
    case "none":
      return OK;
    case "token":
      return checkToken(credentials, request);
    case "password":
      return checkLogin(credentials, request);
    case "hmac":
      return checkSignature(credentials, request);
  }
}

/** The seed's header `token`, or `Authorization: Bearer`. */
function checkToken({ token }: CredentialVariables, { headers }: ApiRequest): Verdict {
  const given = headers.token ?? authorization(headers, "bearer");
  if (given === undefined || given === "") return { ok: false, kind: "tokenRequired", bad: false };
  const configured = secretsOf(token);
  if (configured === undefined) return { ok: false, kind: "notConfigured", bad: false };
  return matches(given, configured) ? OK : { ok: false, kind: "tokenWrong", bad: true };
}

/** The seed's headers `user` and `password`, or `Authorization: Basic`. Both are compared, whichever is wrong. */
function checkLogin({ user, password }: CredentialVariables, { headers }: ApiRequest): Verdict {
  const basic = headers.user === undefined && headers.password === undefined ? basicLogin(headers) : undefined;
  const given = basic ?? { user: headers.user ?? "", password: headers.password ?? "" };
  if (given.user === "" || given.password === "") return { ok: false, kind: "loginRequired", bad: false };
  const [users, passwords] = [secretsOf(user, 1), secretsOf(password)];
  if (users === undefined || passwords === undefined) return { ok: false, kind: "notConfigured", bad: false };
  const [isUser, isPassword] = [matches(given.user, users), matches(given.password, passwords)];
  return isUser && isPassword ? OK : { ok: false, kind: "loginWrong", bad: true };
}

/** A request that is repeated with its signature is the same request: its key, where it has no other. */
function checkSignature({ hmacKey }: CredentialVariables, request: ApiRequest): Verdict {
  const header = request.headers[SIGNATURE.header];
  if (header === undefined || header === "") return { ok: false, kind: "signatureRequired", bad: false };
  const configured = secretsOf(hmacKey);
  if (configured === undefined) return { ok: false, kind: "notConfigured", bad: false };
  const given = readSignature(header);
  if (given === undefined) return { ok: false, kind: "signatureWrong", bad: true };
  const isFresh = Math.abs(now() / 1_000 - Number(given.at)) <= SIGNATURE.toleranceSeconds;
  const { method, path, query, headers } = request;
  const parts = {
    at: given.at,
    method,
    path,
    query: signedQuery(query),
    key: headers["idempotency-key"] ?? "",
    body: bytesOf(request),
  };
  const isSigned = matches(
    given.v1,
    configured.map((secret) => ({ bytes: padded(signatureOf(secret.text, parts)), text: "" })),
  );
  return isFresh && isSigned ? { ok: true, key: given.v1 } : { ok: false, kind: "signatureWrong", bad: true };
}

function authorization(headers: ApiRequest["headers"], scheme: string): string | undefined {
  const [given = "", value = ""] = (headers.authorization ?? "").trim().split(/\s+/, 2);
  return given.toLowerCase() === scheme ? value : undefined;
}

function basicLogin(headers: ApiRequest["headers"]): { user: string; password: string } | undefined {
  const encoded = authorization(headers, "basic");
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

interface Secret {
  text: string;
  /** As `padded` makes them. */
  bytes: Buffer;
}

/** No braces, which a template has that was not filled in; no comma, which parts two. */
const SECRET = /^[^\s,{}]{1,200}$/;
/** Two while they are changed. */
const MAX_SECRETS = 2;
const known = new Map<string, Secret[]>();

/** `undefined` where the variable is not set, or is no secret: then nobody is let in. */
function secretsOf(variable: string | undefined, least?: 1): Secret[] | undefined {
  const value = variable === undefined ? undefined : process.env[variable];
  if (value === undefined || value === "") return notUsable(variable);
  const cached = known.get(value);
  if (cached !== undefined) return cached;
  const texts = value.split(",").map((text) => text.trim());
  if (texts.length > MAX_SECRETS || !texts.every((text) => SECRET.test(text))) return notUsable(variable);
  if (least === undefined && texts.some((text) => text.length < SHORT)) {
    log("warn", "a secret of the sync API is short: 32 random characters are not guessed", { variable });
  }
  const secrets = texts.map((text) => ({ text, bytes: padded(text) }));
  known.set(value, secrets);
  return secrets;
}
const SHORT = 16;

function notUsable(variable: string | undefined): undefined {
  log("error", "a route of the sync API has no secret: set its variable to one, or to two with a comma", { variable });
}

/** Longer than any secret. What is given and is longer still has another length, which is compared too. */
const PADDED_BYTES = 1_024;
const LENGTH_BYTES = 4;

/** The text's length and its bytes, in a buffer that is as long for every text. */
function padded(text: string, into = Buffer.alloc(PADDED_BYTES)): Buffer {
  into.fill(0);
  into.writeUInt32BE(Math.min(Buffer.byteLength(text), 0xffff_ffff), 0);
  into.write(text, LENGTH_BYTES);
  return into;
}

const givenText = Buffer.alloc(PADDED_BYTES);

/** With every secret, of whatever length, in the same time: all that is compared has one length, and all of it is. */
export function matches(given: string, secrets: readonly Secret[]): boolean {
  padded(given, givenText);
  let found = 0;
  for (const { bytes } of secrets) found |= Number(timingSafeEqual(bytes, givenText));
  givenText.fill(0);
  return found === 1;
}
