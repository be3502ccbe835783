/** A proxy between a worker and the platform, which knows the steps of a submission and can act at each of them. */
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SUBMISSIONS } from "../../shared/once/record";

/** What a request is for, told by its body alone; and the moment: before it is passed on, or when its answer is here. */
export const STEPS = [
  "before claim",
  "after claim",
  "before send",
  "after send",
  "before record",
  "after record",
] as const;
export type Step = (typeof STEPS)[number];

export interface Proxy {
  url: string;
  close(): Promise<void>;
}

/** What is done at a step: `cut` ends the connection, so that nothing is passed on. */
export type AtStep = (step: Step) => Promise<"pass" | "cut">;

export async function openProxy(platformUrl: string, atStep: AtStep): Promise<Proxy> {
  const server = createServer((incoming, outgoing) => {
    void pass(platformUrl, incoming, outgoing, atStep).catch(() => incoming.socket.destroy());
  });
  // The worker may be gone before it has its answer: that is what this is for.
  server.on("connection", (socket) => socket.on("error", () => undefined));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function pass(platformUrl: string, incoming: IncomingMessage, outgoing: ServerResponse, atStep: AtStep) {
  const body = await bytesOf(incoming);
  const kind = kindOf(body.toString());
  if (kind !== undefined && (await atStep(`before ${kind}`)) === "cut") return incoming.socket.destroy();
  const answer = await forwarded(platformUrl, incoming, body);
  if (kind !== undefined && (await atStep(`after ${kind}`)) === "cut") return incoming.socket.destroy();
  outgoing.writeHead(answer.status, { "content-type": answer.type, "content-length": answer.body.length });
  outgoing.end(answer.body);
}

function kindOf(text: string): "claim" | "send" | "record" | undefined {
  const { action, collectionName, request_data: data } = JSON.parse(text || "{}") as Record<string, unknown>;
  if (action === "functions.invokeFunction")
    return String(data).includes("StartProcessWithParams") ? "send" : undefined;
  if (collectionName !== SUBMISSIONS) return undefined;
  if (action === "database.insertDocument") return "claim";
  return action === "database.modifyDocument" ? "record" : undefined;
}

interface Forwarded {
  status: number;
  type: string;
  body: Buffer;
}

/** Host and signature stay as they are: the worker signed the address of the proxy. */
function forwarded(platformUrl: string, { method, url = "/", headers }: IncomingMessage, body: Buffer) {
  return new Promise<Forwarded>((settle, reject) => {
    const outgoing = request(new URL(url, platformUrl), { method, headers }, (answer) => {
      const { statusCode: status = 502 } = answer;
      const type = answer.headers["content-type"] ?? "application/json";
      bytesOf(answer).then((bytes) => settle({ status, type, body: bytes }), reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
