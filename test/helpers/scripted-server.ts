/** A server on loopback that does what the test tells it, request by request: for the answers that no good server gives. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedRequest {
  method: string;
  /** Raw, still encoded. */
  path: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

export interface ScriptedServer {
  url: string;
  received: ReceivedRequest[];
  /** Called for each request, after its body was read. */
  answer: (request: ReceivedRequest, response: ServerResponse) => void;
  close(): Promise<void>;
}

export async function openScriptedServer(): Promise<ScriptedServer> {
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { method = "", url: path = "", headers } = request;
    const received = { method, path, headers, body: Buffer.concat(pieces) };
    scripted.received.push(received);
    scripted.answer(received, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", () => listening()));
  const scripted: ScriptedServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: [],
    answer: (_, response) => response.end(),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  return scripted;
}

/** Answers JSON. */
export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify(body));
}
