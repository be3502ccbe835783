/** Credentials that are the secrets themselves: basic, bearer, api key. */
import type { ResolvedInstance } from "../../call";
import type { Auth } from "../../catalogue/catalogue";
import { CallFailure, configFailure } from "../call-failure";
import { type Credentials, inHeader, placed, secretOf } from "./credentials";

/** https://datatracker.ietf.org/doc/html/rfc7617#section-2 */
export function basic(auth: Extract<Auth, { kind: "basic" }>, instance: ResolvedInstance): Credentials {
  const pair = [secretOf(instance, auth.user), secretOf(instance, auth.password)] as const;
  return { headers: { authorization: basicHeader(...pair) }, query: {} };
}

/** @throws CallFailure for a name with a colon, which would be cut there */
export function basicHeader(user: string, password: string): string {
  if (!user.includes(":")) return `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`;
  throw new CallFailure(
    configFailure(
      "Basic 认证的用户名不能含有冒号。请检查它的环境变量。",
      "The user name of Basic authentication must not have a colon. Check its environment variable.",
    ),
  );
}

/** https://datatracker.ietf.org/doc/html/rfc6750#section-2.1 */
export function bearer(auth: Extract<Auth, { kind: "bearer" }>, instance: ResolvedInstance): Credentials {
  return { headers: { authorization: inHeader(`Bearer ${secretOf(instance, auth.token)}`) }, query: {} };
}

export function apiKey(auth: Extract<Auth, { kind: "apiKey" }>, instance: ResolvedInstance): Credentials {
  return placed(auth.place, secretOf(instance, auth.key));
}
