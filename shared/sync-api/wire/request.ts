/** The event of CloudBase's HTTP access -> a request; an answer -> its integration response. */
import * as z from "zod";
import { isPlainObject } from "../../base/objects";
import { type Reply, withoutOutput } from "./envelope";

/** A record of texts: anything else in it is left out where it is read, as nobody could have sent it. */
const texts = z.custom<Record<string, unknown>>(isPlainObject).nullish();

/** https://docs.cloudbase.net/service/access-cloud-function ; members that are not named there are not read, but `sourceIp`. */
const eventSchema = z.looseObject({
  httpMethod: z.string(),
  path: z.string(),
  headers: texts,
  queryStringParameters: texts,
  requestContext: z.looseObject({ requestId: z.unknown(), sourceIp: z.unknown() }).partial().nullish(),
  body: z.unknown().optional(),
  isBase64Encoded: z.union([z.boolean(), z.string()]).nullish(),
});

export interface ApiRequest {
  method: string;
  /** Always from `/v1` on: whether the platform takes the part away under which a function is reached is not published. */
  path: string;
  /** Names in small letters. */
  headers: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string | string[]>>;
  /** As text; of bytes that are no text, base64. */
  body: string;
  isBase64: boolean;
  sourceIp?: unknown;
  requestId?: string;
}

const PREFIX = /^\/*(?:v1(?=\/|$))?\/*/;

/** Whoever sent it waits for an integration response, also where it cannot be read. */
export function isHttpEvent(event: unknown): event is object {
  return typeof event === "object" && event !== null && "httpMethod" in event && "path" in event;
}

/** `undefined` for what is no event of HTTP access, or none that can be read: with a list as its headers, say. */
export function readEvent(event: unknown): ApiRequest | undefined {
  if (!isHttpEvent(event)) return undefined;
  const read = eventSchema.safeParse(event);
  const body = read.success ? bodyText(read.data.body) : undefined;
  if (!read.success || body === undefined) return undefined;
  const { httpMethod, path, headers, queryStringParameters, requestContext, isBase64Encoded } = read.data;
  const requestId = requestContext?.requestId;
  return {
    method: httpMethod.toUpperCase(),
    path: `/v1/${path.replace(PREFIX, "")}`,
    headers: lowerCased(headers ?? {}),
    query: queryOf(queryStringParameters ?? {}),
    body,
    isBase64: isBase64Encoded === true || isBase64Encoded === "true",
    sourceIp: requestContext?.sourceIp,
    ...(typeof requestId === "string" && /^[\w-]{1,100}$/.test(requestId) ? { requestId } : {}),
  };
}

/** `undefined` for what is nested so deep that it cannot be written. */
function bodyText(body: unknown): string | undefined {
  if (typeof body === "string") return body;
  try {
    return body === undefined || body === null ? "" : JSON.stringify(body);
  } catch {
    return undefined;
  }
}

const FORWARDED_FOR = "x-forwarded-for";

function lowerCased(headers: Record<string, unknown>): Record<string, string> {
  const named: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const key = name.toLowerCase();
    const value = headers[name];
    // Sent twice, it says two things: the first counts, as with one that nobody may add to. To this one proxies add.
    if (key === FORWARDED_FOR) {
      const all = [named[key] ?? [], textsOf(value)].flat();
      if (all.length > 0) named[key] = all.join(", ");
      continue;
    }
    const text = typeof value === "string" ? value : textsOf(value)[0];
    if (text !== undefined) named[key] ??= text;
  }
  return named;
}

function textsOf(value: unknown): string[] {
  return [value].flat().filter((one): one is string => typeof one === "string");
}

function queryOf(parameters: Record<string, unknown>): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(parameters)) {
    if (name === "__proto__") continue;
    if (typeof value === "string") query[name] = value;
    else if (Array.isArray(value)) query[name] = value.filter((one): one is string => typeof one === "string");
  }
  return query;
}

export function bytesOf({ body, isBase64 }: Pick<ApiRequest, "body" | "isBase64">): Buffer {
  return Buffer.from(body, isBase64 ? "base64" : "utf8");
}

/** Without decoding it. */
export function byteLength({ body, isBase64 }: Pick<ApiRequest, "body" | "isBase64">): number {
  return Buffer.byteLength(body, isBase64 ? "base64" : "utf8");
}

const COMMON_HEADERS = {
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
} as const;

/** Of a function's result of 6 MB, less the room that JSON in JSON needs. https://cloud.tencent.com/document/product/583/11637 */
const MAX_ANSWER = 5_000_000;

/** https://docs.cloudbase.net/service/access-cloud-function */
export function integrationResponse(reply: Reply, requestId: string | undefined) {
  const { status, headers, body } = reply;
  const text = body === undefined ? "" : JSON.stringify(body);
  const isTooLong = text.length > MAX_ANSWER / 3 && Buffer.byteLength(text) > MAX_ANSWER;
  return {
    statusCode: status,
    headers: { ...COMMON_HEADERS, ...(requestId === undefined ? {} : { "x-request-id": requestId }), ...headers },
    body: isTooLong ? JSON.stringify(withoutOutput(reply)) : text,
    isBase64Encoded: false,
  };
}
