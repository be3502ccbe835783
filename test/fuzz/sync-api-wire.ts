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
  /** From the last piece that was sent to the last byte. */
  ms: number;
}

export interface Sending {
  /** A number is a pause, in milliseconds; `answers` waits for as many. */
  pieces: (string | Buffer | number | { answers: number })[];
  /** Methods of the requests in it: how many answers are waited for, and which have no body. Default: one POST. */
  methods?: string[];
  /** Goes away after the last piece. */
  isCut?: boolean;
  /** Longest wait for all answers, or for the server to close. */
  timeoutMs?: number;
}

/** Latin-1 text, so that every byte is one. Never rejects: a connection that breaks is closed. */
export function exchange(port: number, sending: Sending): Promise<Exchange> {
  const { pieces, methods = ["POST"], isCut = false, timeoutMs = 20_000 } = sending;
  return new Promise((settle) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let received = "";
    let isClosed = false;
    let arrived: () => void = () => {};
    const answered = () => parsed(received, methods, false).answers.length;
    let sentMs = performance.now();
    const done = () => {
      clearTimeout(timer);
      socket.destroy();
      settle({ ...parsed(received, methods, isClosed), isClosed, ms: performance.now() - sentMs });
    };
    const timer = setTimeout(done, timeoutMs);
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      arrived();
      if (!isCut && answered() === methods.length) done();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      isClosed = true;
      arrived();
      done();
    });
    const arrival = () =>
      new Promise<void>((one) => {
        arrived = one;
      });
    const send = async () => {
      for (const piece of pieces) {
        if (isClosed) return;
        if (typeof piece === "number") await sleep(piece);
        else if (isWait(piece)) while (!isClosed && answered() < piece.answers) await arrival();
        else await new Promise((written) => socket.write(piece, written));
      }
      sentMs = performance.now();
      if (isCut) done();
    };
    void send();
  });
}

function isWait(piece: Sending["pieces"][number]): piece is { answers: number } {
  return typeof piece === "object" && !Buffer.isBuffer(piece);
}

function parsed(text: string, methods: string[], isEnd: boolean): Pick<Exchange, "answers" | "rest"> {
  const answers: RawAnswer[] = [];
  let rest = text;
  while (answers.length < methods.length) {
    const read = oneOf(rest, methods[answers.length] === "HEAD", isEnd);
    if (read === undefined) break;
    rest = read.rest;
    if (read.answer.status >= 200) answers.push(read.answer);
  }
  return { answers, rest };
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
