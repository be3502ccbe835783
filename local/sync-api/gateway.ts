/** HTTP access of the `sync-api` function: a request becomes CloudBase's event, its integration response an answer. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Context } from "hono";
import * as z from "zod";
import { LIMITS, SYNC_API_FUNCTION } from "../../shared/sync-api/routes/route";
import type { RefusalKind } from "../../shared/sync-api/wire/codes";
import { refusal } from "../../shared/sync-api/wire/envelope";
import { addMember, type Members } from "../../shared/sync-api/wire/members";
import { integrationResponse } from "../../shared/sync-api/wire/request";
import { LOCAL_ENV_ID } from "../functions/environment";
import type { Functions } from "../functions/functions";
import { readBody } from "../read-body";

/** https://docs.cloudbase.net/service/access-cloud-function */
const responseSchema = z.looseObject({
  statusCode: z.number().int().min(200).max(599),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(""),
});

/** Whoever calls by HTTP is signed in nowhere. The local `/v1` counts as preview. */
export function createGateway(functions: Functions) {
  return async function answer(c: Context): Promise<Response> {
    const requestId = randomUUID();
    const { incoming } = c.env as { incoming: IncomingMessage };
    const bytes = await bodyOf(incoming);
    if (typeof bytes === "string") return responseOf(integrationResponse(refusal(bytes), requestId));
    const text = JSON.stringify(eventOf(incoming, bytes, requestId));
    const reply = await functions.call(SYNC_API_FUNCTION, {
      route: "main",
      text,
      userId: null,
      environment: "preview",
    });
    if (reply.error === undefined) return responseOf(JSON.parse(reply.resultText ?? "null"));
    console.error(`startflow: ${SYNC_API_FUNCTION}: ${reply.error.message}`);
    return responseOf(integrationResponse(refusal("internal"), requestId));
  };
}

function responseOf(answer: unknown): Response {
  const { statusCode, headers, body } = responseSchema.parse(answer);
  // 204 has no body, not even an empty one.
  return new Response(body === "" ? null : body, { status: statusCode, headers });
}

/** The function is not called before the last byte is there: a slow body holds its connection, and nothing else. */
async function bodyOf(incoming: IncomingMessage): Promise<Buffer | RefusalKind> {
  try {
    return (await readBody(incoming, LIMITS.maxBodyBytes)) ?? "payloadTooLarge";
  } catch {
    // It broke off.
    return "unreadable";
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What is no text travels as base64. */
function textOrBase64(bytes: Buffer): { body: string; isBase64Encoded: boolean } {
  try {
    return { body: decoder.decode(bytes), isBase64Encoded: false };
  } catch {
    return { body: bytes.toString("base64"), isBase64Encoded: true };
  }
}

function eventOf(incoming: IncomingMessage, bytes: Buffer, requestId: string) {
  const { path, query } = targetOf(incoming.url ?? "/");
  const headers = headersOf(incoming);
  const peer = incoming.socket.remoteAddress ?? "127.0.0.1";
  const forwarded = [headers["x-forwarded-for"], peer].filter(Boolean).join(", ");
  return {
    path,
    httpMethod: incoming.method,
    headers: { ...headers, "x-forwarded-for": forwarded },
    queryStringParameters: queryOf(new URLSearchParams(query)),
    requestContext: { requestId, envId: LOCAL_ENV_ID, appId: 0, uin: 0 },
    ...textOrBase64(bytes),
  };
}

/** By hand, as a target can be anything: of `http://host/path?query` the host counts for nothing. */
function targetOf(target: string): { path: string; query: string } {
  const own = target.replace(/^[a-z]+:\/\/[^/?]*/i, "");
  const at = own.indexOf("?");
  return at < 0 ? { path: own, query: "" } : { path: own.slice(0, at), query: own.slice(at + 1) };
}

/** One text each, as in CloudBase's event; what came several times is joined, as HTTP has it. */
function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) texts[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return texts;
}

/** Assumption: a name that is given twice is a list. */
function queryOf(parameters: URLSearchParams): Members {
  // Without a prototype: `__proto__` is a name like any other.
  const query: Members = Object.create(null);
  for (const [name, value] of parameters) addMember(query, name, value);
  return query;
}
