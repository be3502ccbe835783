/** One request as it arrived: read from Node's own message, because a GET of the official SDK has a body. */
import type { IncomingMessage } from "node:http";
import { parseExactJson } from "../../shared/base/exact-json";
import { COREHR_LIMITS } from "../../shared/engines/corehr/wire";
import { CALL_HEADER } from "../functions/call-header";
import { FeishuError } from "./feishu-error";

export interface Received {
  method: string;
  /** Raw, still encoded. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  bytes: Buffer;
  /** Longer than any of the APIs takes: the rest was thrown away. */
  isTooLong: boolean;
}

/** The largest file, and what a multipart form adds to it. */
const MAX_BYTES = COREHR_LIMITS.fileBytes + 1024 * 1024;
const FIRST_BYTES = 1_000;

export async function receive(incoming: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MAX_BYTES) chunks.push(chunk);
  }
  const [path = "", search = ""] = (incoming.url ?? "").split(/\?(.*)/s);
  const headers = Object.entries(incoming.headers)
    .filter(([name]) => name !== CALL_HEADER)
    .map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? "GET",
    path,
    query: new URLSearchParams(search),
    headers: Object.fromEntries(headers),
    bytes: Buffer.concat(chunks),
    isTooLong: length > MAX_BYTES,
  };
}

export type Body = { isReadable: true; value: unknown } | { isReadable: false; value: string };

/** JSON, with every digit of its integers; the members of a form, where a file is told by its size. No body is `{}`. */
export async function bodyOf({ headers, bytes, isTooLong }: Received): Promise<Body> {
  const type = headers["content-type"] ?? "";
  const unreadable = { isReadable: false, value: bytes.toString("utf8", 0, FIRST_BYTES) } as const;
  if (isTooLong) return unreadable;
  try {
    if (/^multipart\/form-data/i.test(type)) return { isReadable: true, value: await formOf(type, bytes) };
    const text = bytes.toString("utf8");
    return { isReadable: true, value: text.trim() === "" ? {} : parseExactJson(text) };
  } catch {
    return unreadable;
  }
}

async function formOf(type: string, bytes: Buffer): Promise<Record<string, unknown>> {
  const form = await new Response(new Uint8Array(bytes), { headers: { "content-type": type } }).formData();
  return Object.fromEntries(
    [...form].map(([name, value]) => [
      name,
      typeof value === "string" ? value : { bytes: value.size, name: value.name },
    ]),
  );
}

/** @throws FeishuError where it is no JSON and no form */
export function readable(body: Body): unknown {
  if (body.isReadable) return body.value;
  throw new FeishuError("bodyUnreadable");
}

/** For the request log: a key that came several times has a list. */
export function queryRow(query: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(query.keys())].map((key) => {
      const values = query.getAll(key);
      return [key, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}
