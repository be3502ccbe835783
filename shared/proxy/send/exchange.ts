/**
 * One HTTP exchange with a platform, on node:http itself: the address that was checked is the one that is asked, nothing
 * is followed, the answer has a bound, the whole has a time, and a failure says whether the request has left.
 */
import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import { after } from "../../base/clock";
import { type HttpAnswer, TIMED_OUT, TOO_LONG } from "../../http/request";
import { decoded } from "./decode";
import { gathered } from "./gather";

export interface WireRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  /** Text, or bytes in pieces, which are sent as they are without being put together. */
  body: string | readonly Uint8Array[] | undefined;
  agent: Agent;
  /** From the look-up of the name to the last byte that is read. */
  timeoutMs: number;
  maxBytes: number;
}

export interface WireAnswer extends HttpAnswer {
  /** By lower-case names. */
  headers(): Record<string, string>;
}

/** What an exchange ends with. It has no address in it, which may hold secrets and what a user typed. */
export class ExchangeError extends Error {
  constructor(
    readonly code: string,
    /** No connection was made, so the request has not left. */
    readonly isUnsent: boolean,
  ) {
    super(`the exchange failed: ${code}`);
  }
}

const CONNECTION_LOST = "ECONNRESET";

/** @throws ExchangeError with the system's code, `TIMED_OUT` or `TOO_LONG` */
export function exchange(wire: WireRequest): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const sent = started(wire);
    const isConnected = connectionOf(sent, wire.url);
    let isRead = false;
    const fail = (code: string) => {
      endTimer();
      reject(new ExchangeError(code, !isConnected()));
      sent.destroy();
    };
    const endTimer = after(Math.max(1, Math.ceil(wire.timeoutMs)), () => fail(TIMED_OUT));
    sent.on("error", (error) => fail(codeOf(error)));
    // A connection may end without answer and without error, as after an upgrade that nobody asked for.
    sent.on("close", () => isRead || fail(CONNECTION_LOST));
    sent.on("response", (message) => {
      collect(message, wire.maxBytes, fail, (pieces) => {
        isRead = true;
        endTimer();
        const encoding = message.headers["content-encoding"];
        if (encoding === undefined) return resolve(answerOf(message, pieces));
        decoded(encoding, pieces, wire.maxBytes).then(
          (whole) => resolve(answerOf(message, whole)),
          (error) => fail(codeOf(error)),
        );
      });
    });
  });
}

/** Tells whether the request may have left: only on a connection that was made. */
function connectionOf(sent: ClientRequest, url: URL): () => boolean {
  let isMade = false;
  sent.on("socket", (socket: Socket) => {
    isMade = sent.reusedSocket;
    if (isMade) return;
    socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => {
      isMade = true;
    });
  });
  return () => isMade;
}

function started({ method, url, headers, body, agent }: WireRequest): ClientRequest {
  const options = {
    method,
    agent,
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port,
    path: url.pathname + url.search,
    headers: { ...headers, ...lengthOf(body) },
  };
  const request = url.protocol === "https:" ? httpsRequest(options) : httpRequest(options);
  if (typeof body === "object") for (const piece of body) request.write(piece);
  // As bytes: of a text, node:http would make one piece with the headers, and write those in UTF-8 as well.
  request.end(typeof body === "string" ? Buffer.from(body, "utf8") : undefined);
  return request;
}

/** Said always: of a DELETE with a body node:http says neither length nor chunks, and the body is read as the next request. */
function lengthOf(body: WireRequest["body"]): Record<string, string> {
  if (body === undefined) return {};
  const length =
    typeof body === "string" ? Buffer.byteLength(body) : body.reduce((sum, piece) => sum + piece.length, 0);
  return { "content-length": String(length) };
}

function collect(
  message: IncomingMessage,
  maxBytes: number,
  fail: (code: string) => void,
  done: (pieces: Buffer[]) => void,
): void {
  const pieces = gathered();
  let length = 0;
  // Without this, the rest of it would still be sent.
  if (Number(message.headers["content-length"] ?? 0) > maxBytes) fail(TOO_LONG);
  message.on("data", (piece: Buffer) => {
    length += piece.length;
    if (length > maxBytes) fail(TOO_LONG);
    else pieces.add(piece);
  });
  message.on("error", (error) => fail(codeOf(error)));
  message.on("end", () => done(pieces.all()));
}

function answerOf(message: IncomingMessage, pieces: readonly Buffer[]): WireAnswer {
  const header = (name: string) => {
    const value = message.headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  };
  return {
    status: message.statusCode ?? 0,
    header,
    headers: () => Object.fromEntries(Object.keys(message.headers).map((name) => [name, header(name) ?? ""])),
    pieces,
    length: pieces.reduce((sum, piece) => sum + piece.length, 0),
  };
}

/** "read EHOSTUNREACH" is said of a connection that was there: only while it is made, such a code tells the reason. */
function codeOf(error: unknown): string {
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown };
  const isLost = syscall !== undefined && syscall !== "connect" && syscall !== "getaddrinfo";
  return isLost || code === undefined ? CONNECTION_LOST : String(code);
}
