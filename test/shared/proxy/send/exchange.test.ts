/** One exchange on node:http: what stands on the wire, connections that are used again, and answers that break off. */
import { Agent } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ExchangeError, exchange, type WireRequest } from "../../../../shared/proxy/send/exchange";
import { send } from "../../../../shared/proxy/send/send";
import { openScriptedServer, type ScriptedServer } from "../../../helpers/scripted-server";
import { json, prepared } from "../prepared";

let server: ScriptedServer;
beforeAll(async () => {
  server = await openScriptedServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.received = [];
  server.answer = (_, response) => response.end("{}");
  vi.spyOn(console, "log").mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

const wire = (more: Partial<WireRequest> = {}): WireRequest => ({
  method: "GET",
  url: new URL(server.url),
  headers: {},
  body: undefined,
  agent: new Agent(),
  timeoutMs: 2_000,
  maxBytes: 10_000,
  ...more,
});
const failed = async (request: WireRequest) => {
  const error = await exchange(request).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ExchangeError);
  return error as ExchangeError;
};

describe("a request", () => {
  it.each(["POST", "PUT", "PATCH", "DELETE"])(
    "%s has its body with the length of it, as text and as bytes",
    async (method) => {
      await exchange(wire({ method, body: "客户" }));
      await exchange(wire({ method, body: [Buffer.from("客"), Buffer.from("户")] }));
      for (const { headers, body } of server.received) {
        expect(headers["content-length"]).toBe("6");
        expect(headers).not.toHaveProperty("transfer-encoding");
        expect(body.toString()).toBe("客户");
      }
      expect(server.received.map((received) => received.method)).toEqual([method, method]);
    },
  );

  it("asks for the very path and query that were checked", async () => {
    await exchange(wire({ url: new URL(`${server.url}/a%2Fb/..%2Fc?x=%26&y=a+b`) }));
    expect(server.received[0]?.path).toBe("/a%2Fb/..%2Fc?x=%26&y=a+b");
  });
});

describe("an answer", () => {
  it.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
    ["identity", (text: string) => Buffer.from(text)],
  ])("that comes compressed is read: %s", async (encoding, compress) => {
    server.answer = (_, response) => response.writeHead(200, { "content-encoding": encoding }).end(compress('{"a":1}'));
    expect(Buffer.concat((await exchange(wire())).pieces).toString()).toBe('{"a":1}');
  });

  it("that is not what its encoding says is a failure", async () => {
    server.answer = (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("plain");
    expect(await failed(wire())).toMatchObject({ code: "ERR_CONTENT_ENCODING", isUnsent: false });
  });

  it.each([
    ["breaks off within its length", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc"],
    ["breaks off between chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n"],
    ["never begins", ""],
    ["is no HTTP", "SSH-2.0-OpenSSH_9.6\r\n"],
    ["changes the protocol", "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"],
  ])("that %s is a failure, and the request may have been handled", async (_, text) => {
    const raw = await rawServer((socket) => void socket.once("data", () => socket.end(text)));
    const failure = await failed(wire({ url: raw.url }));
    expect(failure.isUnsent).toBe(false);
    raw.server.close();
  });
});

describe("time", () => {
  it("that is over while the name is looked up says that nothing has left", async () => {
    const agent = new Agent({ lookup: () => {} });
    const url = new URL("http://erp.example.com");
    expect(await failed(wire({ url, agent, timeoutMs: 50 }))).toMatchObject({ code: "ETIMEDOUT", isUnsent: true });
  });

  it("that is over after that does not", async () => {
    server.answer = () => {};
    expect(await failed(wire({ timeoutMs: 50 }))).toMatchObject({ code: "ETIMEDOUT", isUnsent: false });
  });
});

describe("a connection", () => {
  it("is used again where a second try does no harm, and gathers nothing", async () => {
    const warnings = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const call = prepared({ baseUrl: server.url, platform: { retry: { tries: 2 } } });
    const ports = new Set<string>();
    for (let at = 0; at < 50; at += 1) {
      server.answer = ({ headers }, response) => {
        ports.add(String(response.socket?.remotePort));
        expect(headers.connection).toBe("keep-alive");
        response.end("{}");
      };
      await send(call);
    }
    expect(ports.size).toBe(1);
    expect(warnings).not.toHaveBeenCalled();
  });

  it("is not used again where it does: nobody would know what became of the request", async () => {
    const call = prepared({ baseUrl: server.url, definition: { method: "POST" }, call: { body: json({}) } });
    await send(call);
    await send(call);
    expect(server.received.map(({ headers }) => headers.connection)).toEqual(["close", "close"]);
  });

  it("that was closed while it rested costs one more try", async () => {
    let answered = 0;
    const raw = await rawServer((socket) => {
      socket.on("data", () => {
        answered += 1;
        // The second request on a connection finds it closed.
        if (socket.bytesRead > 400) socket.destroy();
        else socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
      });
    });
    const call = prepared({
      baseUrl: raw.url.origin,
      platform: { retry: { tries: 2 } },
      call: { headers: { "x-long": "x".repeat(200) } },
    });
    await send(call);
    expect(await send(call)).toMatchObject({ status: 200, attempts: 2 });
    expect(answered).toBe(3);
    raw.server.close();
  });
});

async function rawServer(handle: (socket: Socket) => void): Promise<{ server: Server; url: URL }> {
  const raw = createServer((socket) => handle(socket.on("error", () => {})));
  await new Promise<void>((listening) => raw.listen(0, "127.0.0.1", listening));
  return { server: raw, url: new URL(`http://127.0.0.1:${(raw.address() as { port: number }).port}`) };
}
