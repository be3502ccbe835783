/** Credentials of the sync API: right ones, and those that each route refuses which asks for any. */

import { SIGNATURE, signatureOf } from "../../shared/sync-api/gate/signature";
import type { Route } from "../../shared/sync-api/routes/route";

export interface Secrets {
  token: string;
  user: string;
  password: string;
  hmacKey: string;
}

export type Filled = [name: string, value: string][];
export interface Signed {
  method: string;
  path: string;
  query: string;
  body: Buffer;
}
const basic = (login: string) => `Basic ${Buffer.from(login).toString("base64")}`;
const signed = (key: string, parts: Signed, offsetSeconds = 0, idempotencyKey = "") => {
  const at = String(Math.floor(Date.now() / 1_000) + offsetSeconds);
  return `t=${at},v1=${signatureOf(key, { at, key: idempotencyKey, ...parts })}`;
};

/** Each is refused by every route that asks for any. */
export const WRONG: Record<string, (secrets: Secrets, text: string, parts: Signed) => Filled> = {
  none: () => [],
  empty: () => [
    ["token", ""],
    ["user", ""],
    ["password", ""],
    ["authorization", ""],
    [SIGNATURE.header, ""],
  ],
  text: (_, text) => [
    ["token", text],
    ["user", text],
    ["password", text],
    [SIGNATURE.header, text],
  ],
  bearerText: (_, text) => [["authorization", `Bearer ${text}`]],
  basicText: (_, text) => [["authorization", `Basic ${text}`]],
  long: () => [["token", "t".repeat(7_000)]],
  longBearer: () => [["authorization", `Bearer ${"b".repeat(7_000)}`]],
  longLogin: () => [
    ["user", "u".repeat(3_500)],
    ["password", "p".repeat(3_500)],
  ],
  onlyUser: ({ user }) => [["user", user]],
  onlyPassword: ({ password }) => [["password", password]],
  wrongPassword: ({ user }) => [
    ["user", user],
    ["password", "x"],
  ],
  wrongUser: ({ password }) => [
    ["user", "x"],
    ["password", password],
  ],
  swapped: ({ user, password }) => [
    ["user", password],
    ["password", user],
  ],
  more: ({ token, user, password }) => [
    ["token", `${token}x`],
    ["user", user],
    ["password", `${password}x`],
  ],
  less: ({ token, user, password }) => [
    ["token", token.slice(1)],
    ["user", user],
    ["password", password.slice(1)],
  ],
  twiceInOne: ({ token, user, password }) => [
    ["token", `${token},${token}`],
    ["user", `${user},${user}`],
    ["password", `${password},${password}`],
  ],
  wideDigits: ({ token }) => [
    ["token", token.replace(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0))],
  ],
  bearerTwice: ({ token }) => [["authorization", `Bearer Bearer ${token}`]],
  bearerComma: ({ token }) => [["authorization", `Bearer ${token}, Bearer ${token}`]],
  bearerNothing: () => [["authorization", "Bearer"]],
  wrongScheme: ({ token }) => [["authorization", `Token ${token}`]],
  wrongBeforeRight: ({ token }) => [
    ["token", "x"],
    ["authorization", `Bearer ${token}`],
  ],
  tokenWrongThenRight: ({ token }) => [
    ["token", "x"],
    ["token", token],
  ],
  bearerWrongThenRight: ({ token }) => [
    ["authorization", "Bearer x"],
    ["authorization", `Bearer ${token}`],
  ],
  basicNoColon: ({ user }) => [["authorization", basic(user)]],
  basicNoUser: ({ password }) => [["authorization", basic(`:${password}`)]],
  basicNoPassword: ({ user }) => [["authorization", basic(`${user}:`)]],
  basicBad: () => [["authorization", "Basic !!!===%%%"]],
  basicPlain: ({ user, password }) => [["authorization", `Basic ${user}:${password}`]],
  basicMore: ({ user, password }) => [["authorization", basic(`${user}:${password}:${password}`)]],
  basicNul: ({ user, password }) => [["authorization", basic(`${user}\0:${password}\0`)]],
  basicOfToken: ({ token }) => [["authorization", basic(`${token}:${token}`)]],
  keyAsToken: ({ hmacKey }) => [
    ["token", hmacKey],
    ["user", hmacKey],
    ["password", hmacKey],
  ],
  unsigned: () => [[SIGNATURE.header, `t=${Math.floor(Date.now() / 1_000)},v1=${"0".repeat(64)}`]],
  signedOld: ({ hmacKey }, _, parts) => [[SIGNATURE.header, signed(hmacKey, parts, -301)]],
  signedEarly: ({ hmacKey }, _, parts) => [[SIGNATURE.header, signed(hmacKey, parts, 360)]],
  signedWrong: (_, text, parts) => [[SIGNATURE.header, signed(`x${text}`, parts)]],
  signedOther: ({ hmacKey }, _, parts) => [
    [SIGNATURE.header, signed(hmacKey, { ...parts, body: Buffer.from("other") })],
  ],
  signedPath: ({ hmacKey }, _, parts) => [[SIGNATURE.header, signed(hmacKey, { ...parts, path: "/v1/api/x/y" })]],
  signedUpper: ({ hmacKey }, _, parts) => [[SIGNATURE.header, signed(hmacKey, parts).toUpperCase()]],
  signedTwice: ({ hmacKey }, _, parts) => [[SIGNATURE.header, `${signed(hmacKey, parts)}, ${signed(hmacKey, parts)}`]],
  signedMany: () => [[SIGNATURE.header, `t=${"1".repeat(10)},${"v1=0,".repeat(1_000)}`]],
};

export function rightCredentials({ auth }: Pick<Route, "auth">, secrets: Secrets, parts: Signed, key: string): Filled {
  switch (auth) {
    case "none":
      return [];
    case "token":
      return [["token", secrets.token]];
    case "password":
      return [
        ["user", secrets.user],
        ["password", secrets.password],
      ];
    case "hmac":
      return [[SIGNATURE.header, signed(secrets.hmacKey, parts, 0, key)]];
  }
}
