/** A call of a route with the local platform's credentials: what is sent, and the curl command that sends it. */
import { randomUUID } from "node:crypto";
import { SIGNATURE, signatureOf, signedQuery } from "../../shared/sync-api/gate/signature";
import type { ApiRow } from "../console/wire";
import { LOCAL_SYNC } from "../functions/environment";

export interface ApiRequestParts {
  method: string;
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body?: string;
}

type Called = Pick<ApiRow, "space" | "module" | "function" | "method" | "auth" | "keyRequired">;

/** @param mode goes on the path as a suffix */
export function requestParts(row: Called, { data, mode }: { data: unknown; mode?: string }): ApiRequestParts {
  const path = ["/v1/api", row.space, row.module, row.function, ...(mode === undefined ? [] : [mode])].join("/");
  const query = row.method === "GET" ? textsOf(data) : {};
  const body = row.method === "GET" ? undefined : JSON.stringify(data ?? {});
  const key = row.keyRequired ? randomUUID() : "";
  const headers = {
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(key === "" ? {} : { "idempotency-key": key }),
    ...credentialsOf(row, { path, query: signedQuery(query), key, body: body ?? "" }),
  };
  const search = signedQuery(query);
  return {
    method: row.method,
    path: search === "" ? path : `${path}?${search}`,
    headers,
    ...(body === undefined ? {} : { body }),
  };
}

function textsOf(data: unknown): Record<string, string> {
  if (typeof data !== "object" || data === null) return {};
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, String(value)]));
}

interface Signed {
  path: string;
  query: string;
  key: string;
  body: string;
}

function credentialsOf({ auth, method }: Called, signed: Signed): Record<string, string> {
  if (auth === "token") return { token: LOCAL_SYNC.token };
  if (auth === "password") return { user: LOCAL_SYNC.user, password: LOCAL_SYNC.password };
  if (auth === "none") return {};
  const at = String(Math.floor(Date.now() / 1_000));
  return { [SIGNATURE.header]: `t=${at},v1=${signatureOf(LOCAL_SYNC.hmacKey, { at, method, ...signed })}` };
}

/** In the manner of the published examples; for a POSIX shell. */
export function curlOf(origin: string, { headers, path, body }: ApiRequestParts): string {
  const given = Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return ["curl", ...given, ...(body === undefined ? [] : [`-d ${quoted(body)}`]), quoted(origin + path)].join(" ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
