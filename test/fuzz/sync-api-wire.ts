/** HTTP by hand, for what no client sends: bytes as they are, and whatever comes back. */
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { RawAnswer } from "./sync-api-answers";

export interface Exchange {
  /** Complete ones, in order, without 1xx. */
  answers: RawAnswer[];
  /** What came behind them. */
  rest: string;
  /** By the server. */
  isClosed: boolean;
}

/** A number is a pause, in milliseconds; a function is waited for, and so are as many answers, or 1xx; `end` sends no more. */
export type Piece =
  | string
  | Buffer
  | number
  | (() => Promise<unknown>)
  | { answers: number }
  | { interim: number }
  | { end: true };

export interface Sending {
  pieces: Piece[];
  /** Methods of the requests in it: how many answers are waited for, and which have no body. Default: one POST. */
  methods?: string[];
  /** Goes away after the last piece. */
  isCut?: boolean;
}

/** For all answers, or for the server to close: whoever waits so long waits for ever. */
const NEVER_MS = 300_000;

/** Latin-1 text, so that every byte is one. Never rejects: a connection that breaks is closed. */
export function exchange(port: number, { pieces, methods = ["POST"], isCut = false }: Sending): Promise<Exchange> {
  return new Promise((settle) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let received = "";
    let isClosed = false;
    let isDone = false;
    let arrived: () => void = () => {};
    const read = () => parsed(received, methods, isClosed);
    const done = () => {
      isDone = true;
      clearTimeout(timer);
      socket.destroy();
      const { answers, rest } = read();
      settle({ answers, rest, isClosed });
      arrived();
    };
    const timer = setTimeout(done, NEVER_MS);
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      arrived();
      if (!isCut && read().answers.length === methods.length) done();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      isClosed = !isDone;
      done();
    });
    const until = async (isThere: () => boolean) => {
      while (!isDone && !isThere()) {
        await new Promise<void>((one) => {
          arrived = one;
        });
      }
    };
    const send = async () => {
      for (const piece of pieces) {
        if (isDone) return;
        if (typeof piece === "number") await sleep(piece);
        else if (typeof piece === "function") await piece();
        else if (typeof piece === "string" || Buffer.isBuffer(piece))
          await new Promise((written) => socket.write(piece, written));
        else if ("answers" in piece) await until(() => read().answers.length >= piece.answers);
        else if ("interim" in piece) await until(() => read().interim >= piece.interim);
        else socket.end();
      }
      if (isCut) done();
    };
    void send();
  });
}

function parsed(text: string, methods: string[], isEnd: boolean) {
  const answers: RawAnswer[] = [];
  let interim = 0;
  let rest = text;
  while (answers.length < methods.length) {
    const read = oneOf(rest, methods[answers.length] === "HEAD", isEnd);
    if (read === undefined) break;
    rest = read.rest;
    if (read.answer.status >= 200) answers.push(read.answer);
    else interim += 1;
  }
  return { answers, interim, rest };
}

/** `undefined` while it is not complete. */
function oneOf(text: string, isHead: boolean, isEnd: boolean): { answer: RawAnswer; rest: string } | undefined {
  const end = text.indexOf("\r\n\r\n");
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1];
  if (end < 0 || status === undefined) return undefined;
  const [, ...lines] = text.slice(0, end).split("\r\n");
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const of = (name: string) => headers.find(([other]) => other.toLowerCase() === name)?.[1];
  const behind = text.slice(end + 4);
  const found = bodyOf(behind, {
    isHead,
    isEnd,
    status: Number(status),
    length: of("content-length"),
    te: of("transfer-encoding"),
  });
  if (found === undefined) return undefined;
  const body = Buffer.from(found.body, "latin1").toString("utf8");
  return { answer: { status: Number(status), headers, body }, rest: found.rest };
}

interface Framing {
  isHead: boolean;
  isEnd: boolean;
  status: number;
  length: string | undefined;
  te: string | undefined;
}

function bodyOf(text: string, framing: Framing): { body: string; rest: string } | undefined {
  const { isHead, isEnd, status, length, te } = framing;
  if (isHead || status < 200 || status === 204 || status === 304) return { body: "", rest: text };
  if (te === "chunked") return chunksOf(text);
  if (length !== undefined) {
    const bytes = Number(length);
    return text.length < bytes ? undefined : { body: text.slice(0, bytes), rest: text.slice(bytes) };
  }
  return isEnd ? { body: text, rest: "" } : undefined;
}

function chunksOf(text: string): { body: string; rest: string } | undefined {
  let [body, rest] = ["", text];
  for (;;) {
    const end = rest.indexOf("\r\n");
    const size = Number.parseInt(rest.slice(0, Math.max(0, end)), 16);
    if (end < 0 || Number.isNaN(size) || rest.length < end + size + 4) return undefined;
    body += rest.slice(end + 2, end + 2 + size);
    rest = rest.slice(end + size + 4);
    if (size === 0) return { body, rest };
  }
}

/** Bytes of a request, with its length and `connection: close` where nothing else is said. */
export function wireOf(
  { method, target, headers, body }: { method: string; target: string; headers: [string, string][]; body: Buffer },
  host: string,
): Buffer {
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const own: [string, string][] = [["Host", host]];
  if (body.length > 0 && !names.has("transfer-encoding")) own.push(["Content-Length", String(body.length)]);
  own.push(["Connection", "close"]);
  const lines = [...own, ...headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return Buffer.concat([Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines}\r\n`), body]);
}
