/** A webhook on loopback: it keeps what was posted to it, and answers with the status that it is told. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Webhook {
  url: string;
  received: Record<string, unknown>[];
  /** 0 never answers. */
  status: number;
  /** Where a redirect leads to. */
  location: string;
  close(): Promise<void>;
}

export async function openWebhook(): Promise<Webhook> {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    webhook.received.push(JSON.parse(body) as Record<string, unknown>);
    if (webhook.status === 0) return;
    response.writeHead(webhook.status, webhook.location === "" ? {} : { location: webhook.location }).end("{}");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", () => listening()));
  const { port } = server.address() as AddressInfo;
  const webhook: Webhook = {
    url: `http://127.0.0.1:${port}/hook?key=0f9c`,
    received: [],
    status: 200,
    location: "",
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  return webhook;
}
