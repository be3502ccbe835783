/** The credentials of a call, by the platform's kind of authentication; and what a dry run shows of them. */
import type { Deadline } from "../../../base/deadline";
import type { PreparedCall } from "../../call";
import type { Auth } from "../../catalogue/catalogue";
import { type Credentials, NO_CREDENTIALS } from "./credentials";
import { apiKey, basic, bearer } from "./fixed";
import { byFunction, hmac } from "./signed";
import { byToken } from "./tokens";

/** @throws CallFailure */
export function credentialsFor(call: PreparedCall, deadline: Deadline): Credentials | Promise<Credentials> {
  const { auth } = call.platform;
  switch (auth.kind) {
    case "none":
      return NO_CREDENTIALS;
    case "basic":
      return basic(auth, call.instance);
    case "bearer":
      return bearer(auth, call.instance);
    case "apiKey":
      return apiKey(auth, call.instance);
    case "hmac":
      return hmac(auth, call);
    case "function":
      return byFunction(auth, call);
    default:
      return byToken(auth, call, deadline);
  }
}

/** Its credentials are asked for at the platform, which takes its time. */
export function hasFetchedToken({ platform: { auth } }: PreparedCall): boolean {
  return auth.kind === "oauth2" || auth.kind === "twoStep";
}

const MASK = "***";

/** Where the credentials will stand; nothing is fetched or signed for it. */
export function shownCredentials(auth: Auth): Credentials {
  switch (auth.kind) {
    case "none":
    case "function":
      return NO_CREDENTIALS;
    case "basic":
      return { headers: { authorization: `Basic ${MASK}` }, query: {} };
    case "bearer":
    case "oauth2":
      return { headers: { authorization: `Bearer ${MASK}` }, query: {} };
    case "hmac":
      return { headers: hmacHeaders(auth), query: {} };
    default:
      return shownPlace(auth.place);
  }
}

function shownPlace({
  in: where,
  name,
  prefix,
}: {
  in: "header" | "query";
  name: string;
  prefix: string;
}): Credentials {
  const shown = `${prefix}${MASK}`;
  return where === "query"
    ? { headers: {}, query: { [name]: shown } }
    : { headers: { [name.toLowerCase()]: shown }, query: {} };
}

function hmacHeaders({ headers, keyId }: Extract<Auth, { kind: "hmac" }>): Record<string, string> {
  const names = [headers.signature, headers.timestamp, ...(keyId === undefined ? [] : [headers.keyId])];
  return Object.fromEntries(names.map((name) => [name.toLowerCase(), MASK]));
}
