/** One HTTP exchange on node-fetch: no redirect is followed, the answer has a bound, and the whole has a time. */
import { Readable } from "node:stream";
import { after } from "../base/clock";

export interface HttpRequest {
  method: "GET" | "POST" | "PUT";
  url: string;
  headers: Record<string, string>;
  /** Text, or bytes in pieces, which are sent as they are without being put together. */
  body?: string | readonly Uint8Array[];
  /** From the first byte that is sent to the last that is read. */
  timeoutMs: number;
  /** Default 1 MB. */
  maxBytes?: number;
}

export interface HttpAnswer {
  status: number;
  /** `undefined` where there is no such header. */
  header(name: string): string | undefined;
  /** As they came: a large answer is never put together. */
  pieces: readonly Buffer[];
  /** Bytes of all pieces. */
  length: number;
}

export function textOf({ pieces }: HttpAnswer): string {
  return Buffer.concat(pieces).toString("utf8");
}

const MAX_BYTES = 1_000_000;

/** An answer that did not come in time, and one that is longer than `maxBytes`. */
export const TIMED_OUT = "ETIMEDOUT";
export const TOO_LONG = "ERR_ANSWER_TOO_LONG";
const CONNECTION_LOST = "ECONNRESET";

/**
 * A redirect comes back as what it is: its target would get the credentials.
 * @throws Error with the system's `code` (`ECONNREFUSED`, `ECONNRESET` …), `TIMED_OUT` or `TOO_LONG`
 */
export async function exchange(request: HttpRequest): Promise<HttpAnswer> {
  const { default: fetch } = await import("node-fetch");
  const { method, url, body, timeoutMs, maxBytes = MAX_BYTES } = request;
  const abort = new AbortController();
  const end = after(timeoutMs, () => abort.abort());
  try {
    const response = await fetch(url, {
      method,
      // An idle connection may be closed while it is taken up again: then nobody knows whether the request was read.
      headers: { ...request.headers, connection: "close", ...lengthOf(body) },
      body: typeof body === "object" ? Readable.from(body) : body,
      redirect: "manual",
      signal: abort.signal,
    });
    const header = (name: string) => response.headers.get(name) ?? undefined;
    if (Number(header("content-length") ?? 0) > maxBytes) {
      // Without this, the rest of it would still be sent.
      (response.body as Readable | null)?.destroy();
      throw tooLong(maxBytes);
    }
    const read = await piecesOf(response.body ?? [], maxBytes);
    return { status: response.status, header, ...read };
  } catch (error) {
    throw failed(error, abort.signal.aborted, timeoutMs);
  } finally {
    end();
  }
}

async function piecesOf(body: AsyncIterable<unknown> | Iterable<unknown>, maxBytes: number) {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of body) {
    const bytes = piece as Buffer;
    length += bytes.length;
    if (length > maxBytes) throw tooLong(maxBytes);
    pieces.push(bytes);
  }
  return { pieces, length };
}

function tooLong(maxBytes: number): Error {
  return Object.assign(new Error(`an answer of more than ${maxBytes} bytes`), { code: TOO_LONG });
}

function lengthOf(body: HttpRequest["body"]): Record<string, string> {
  if (typeof body !== "object") return {};
  return { "content-length": String(body.reduce((sum, { length }) => sum + length, 0)) };
}

/** Without the address, which may hold what a user typed. */
function failed(error: unknown, isLate: boolean, timeoutMs: number): Error {
  if (isLate) return Object.assign(new Error(`no answer within ${Math.round(timeoutMs)} ms`), { code: TIMED_OUT });
  const { code, type, erroredSysCall } = (error ?? {}) as { code?: unknown; type?: unknown; erroredSysCall?: unknown };
  // "read EHOSTUNREACH" is said of a connection that was there: only while it is made, nothing has left.
  const isLost = erroredSysCall !== undefined && erroredSysCall !== "connect" && erroredSysCall !== "getaddrinfo";
  const shown = isLost ? CONNECTION_LOST : String(code ?? type ?? "failed");
  return Object.assign(new Error(`the connection failed: ${shown}`), { code: shown });
}
