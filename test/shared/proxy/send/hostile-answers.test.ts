/** Answers that mean harm, or that no good system gives: what is kept secret, how long they are waited for, what they cost. */
import { Agent } from "node:http";
import { createServer, type Server } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { PlatformInput } from "../../../../shared/proxy/catalogue/catalogue";
import { exchange } from "../../../../shared/proxy/send/exchange";
import { send } from "../../../../shared/proxy/send/send";
import { answerJson, openScriptedServer, type ScriptedServer } from "../../../helpers/scripted-server";
import { stillClock } from "../../../helpers/still-clock";
import { failureOf, json, prepared, type Wanted } from "../prepared";

let server: ScriptedServer;
let printed: string[];
beforeAll(async () => {
  server = await openScriptedServer();
});
afterAll(() => server.close());
beforeEach(() => {
  [server.received, printed] = [[], []];
  vi.spyOn(console, "log").mockImplementation((line: unknown) => void printed.push(String(line)));
});
afterEach(() => vi.restoreAllMocks());

const call = (wanted: Partial<Wanted> = {}) => prepared({ baseUrl: server.url, ...wanted });
const RULE = { code: "errcode", is: [0], message: "errmsg" };
const listening = async (raw: Server) => {
  await new Promise<void>((ready) => raw.listen(0, "127.0.0.1", ready));
  return (raw.address() as { port: number }).port;
};

describe("redirects", () => {
  it("have the time of one request between them all", async () => {
    const clock = stillClock();
    server.answer = (_, response) => {
      clock.pass(150);
      response.writeHead(302, { location: "/on" }).end("{}");
    };
    const platform = { attemptTimeoutMs: 300, retry: { tries: 1 } };
    const failure = await failureOf(send(call({ platform, call: { timeoutMs: 400 } })));
    expect(failure).toMatchObject({ kind: "timeout", ms: 300 });
    expect(server.received).toHaveLength(2);
  });

  it("that end at a closed door were sent: the first request has arrived", async () => {
    const raw = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => {
        raw.close();
        socket.end("HTTP/1.1 302 Found\r\nlocation: /on\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
      });
    });
    const baseUrl = `http://127.0.0.1:${await listening(raw)}`;
    const definition = { idempotent: false };
    const failure = await failureOf(send(prepared({ baseUrl, definition, platform: { retry: { tries: 3 } } })));
    expect(failure).toMatchObject({ kind: "network", attempts: 1, retryable: false });
  });
});

describe("a connection that is not made in time", () => {
  it("says that nothing was sent", async () => {
    const silent = createServer((socket) => void socket.on("error", () => {}).resume());
    const baseUrl = `https://127.0.0.1:${await listening(silent)}`;
    const failure = await failureOf(send(prepared({ baseUrl, platform: { attemptTimeoutMs: 60 } })));
    expect(failure).toMatchObject({ kind: "timeout", retryable: true });
    expect(failure.text.en).toContain("nothing was sent");
    silent.close();
  });
});

describe("an answer", () => {
  it("loses a member __proto__ also where any letter of it is escaped", async () => {
    server.answer = (_, response) => response.end('{"a":{"__p\\u0072oto__":{"isAdmin":true},"b":1}}');
    expect(JSON.stringify((await send(call())).body)).toBe('{"a":{"b":1}}');
  });

  it.each(["bytes", "text"] as const)(
    "that is a failure in place of %s is one, whatever type it says",
    async (type) => {
      server.answer = (_, response) => {
        response.writeHead(200, { "content-type": "text/plain" });
        response.end('{"errcode":40004,"errmsg":"invalid media_id"}');
      };
      const wanted = call({ platform: { success: RULE }, definition: { response: { type } } });
      expect(await failureOf(send(wanted))).toMatchObject({ kind: "business", code: 40004 });
      server.answer = (_, response) => response.end("{not JSON");
      expect((await send(wanted)).status).toBe(200);
    },
  );

  it("is read in the character set that it names", async () => {
    const gbk = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xd6, 0xd0, 0xce, 0xc4]), Buffer.from('"}')]);
    for (const charset of ["GBK", '"gb2312"', "gb18030"]) {
      server.answer = (_, response) =>
        response.writeHead(200, { "content-type": `application/json; charset=${charset}` }).end(gbk);
      expect((await send(call())).body).toEqual({ a: "中文" });
    }
    server.answer = (_, response) =>
      response.writeHead(200, { "content-type": "application/json; charset=nonsense" }).end('{"a":"中文"}');
    expect((await send(call())).body).toEqual({ a: "中文" });
  });

  it.each([
    ["BR", brotliCompressSync('{"a":1}')],
    ["Identity", Buffer.from('{"a":1}')],
  ])("is read by its encoding in either case: %s", async (encoding, bytes) => {
    server.answer = (_, response) => response.writeHead(200, { "content-encoding": encoding }).end(bytes);
    expect((await send(call())).body).toEqual({ a: 1 });
  });

  it.each([
    ["zstd", Buffer.from('{"a":1}')],
    ["br, gzip", gzipSync(brotliCompressSync('{"a":1}'))],
  ])("in an encoding that is not known came all the same, and is not asked for again: %s", async (encoding, bytes) => {
    server.answer = (_, response) => response.writeHead(200, { "content-encoding": encoding }).end(bytes);
    const wanted = { platform: { retry: { tries: 3 } }, definition: { response: { type: "text" as const } } };
    const failure = await failureOf(send(call(wanted)));
    expect(failure).toMatchObject({ kind: "http", code: "ERR_CONTENT_ENCODING", attempts: 1 });
    expect(failure.text.en).not.toContain("broke");
  });

  it("in pieces of one byte is put together, as each piece costs more than is in it", async () => {
    const raw = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        socket.end(`${"1\r\na\r\n".repeat(900_000)}0\r\n\r\n`);
      });
    });
    const baseUrl = `http://127.0.0.1:${await listening(raw)}`;
    const { pieces } = await exchange({
      method: "GET",
      url: new URL(baseUrl),
      headers: {},
      body: undefined,
      agent: new Agent(),
      timeoutMs: 20_000,
      maxBytes: 1_000_000,
    });
    expect(pieces.length).toBeLessThan(2_000);
    expect(Buffer.concat(pieces).toString()).toBe("a".repeat(900_000));
    raw.close();
  });
});

describe("a platform's message", () => {
  const told = async (errmsg: string, wanted: Partial<Wanted>) => {
    server.answer = (_, response) => answerJson(response, 200, { errcode: 7, errmsg });
    return await failureOf(send(call({ ...wanted, platform: { success: RULE, ...wanted.platform } })));
  };

  it.each<[string, string, Partial<Wanted>]>([
    [
      "the value in a part of a segment",
      "no user zhangsan",
      { definition: { path: "/u-{id}.json" }, call: { target: "/u-zhangsan.json" } },
    ],
    [
      "a header that takes the place of the catalogue's",
      "no tenant acme-2",
      { definition: { headers: { "x-tenant": "main" } }, call: { headers: { "x-tenant": "acme-2" } } },
    ],
    [
      "the name of a file",
      "bad file 张三.pdf",
      {
        definition: { method: "POST" },
        call: {
          body: {
            type: "multipart/form-data; boundary=x",
            content: [
              Buffer.from('--x\r\ncontent-disposition: form-data; name="f"; filename="张三.pdf"\r\n\r\nx\r\n--x--'),
            ],
          },
        },
      },
    ],
  ])("is not shown where it repeats %s", async (_, errmsg, wanted) => {
    expect((await told(errmsg, wanted)).message).not.toContain(errmsg);
  });

  it("is shown where it repeats what the catalogue itself sends", async () => {
    const platform = { headers: { "X-Tenant": "main-tenant" } };
    const failure = await told("no tenant main-tenant", { platform, call: { headers: { "x-tenant": "main-tenant" } } });
    expect(failure.message).toContain("no tenant main-tenant");
  });

  it("of a megabyte holds nobody up", async () => {
    const body = json({ text: "甲乙丙丁".repeat(30_000) });
    const before = process.cpuUsage();
    const failure = await told("abcdefghijkl".repeat(80_000), { definition: { method: "POST" }, call: { body } });
    expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
    expect(failure.message.length).toBeLessThan(2_000);
  });
});

describe("a refusal of the token", () => {
  const secrets = { id: "canary-id", secret: "canary+secret/é=" };
  const oauth: PlatformInput["auth"] = { kind: "oauth2", tokenPath: "/t", clientId: "id", clientSecret: "secret" };
  const refusedWith = async (status: number, body: object, headers: Record<string, string> = {}) => {
    server.answer = (_, response) => answerJson(response, status, body, headers);
    return await failureOf(send(call({ secrets, platform: { auth: oauth, retry: { tries: 3 } } })));
  };

  it.each(["unknown_client:canary-id", "no client canary+secret/é="])(
    "shows no secret in its code, and nothing in it that is no code: %s",
    async (error) => {
      const failure = await refusedWith(400, { error });
      expect(`${failure.message} ${failure.code} ${printed.join()}`).not.toContain("canary");
    },
  );

  it("shows no secret as it stood in the Basic header", async () => {
    const pair = ["canary-id", "canary%2Bsecret%2F%C3%A9%3D"];
    const failure = await refusedWith(400, { error: "bad", error_description: `(${btoa(pair.join(":"))})` });
    const [, shown = ""] = /\((.*?)\)\)/.exec(failure.text.en.replace("bad, ", "").replace("(HTTP 400, ", "")) ?? [];
    expect(shown).toContain("***");
    expect(shown.replaceAll("*", "").length).toBeLessThan(10);
  });

  it("is asked again no sooner than the platform says", async () => {
    const failure = await refusedWith(429, {}, { "retry-after": "60" });
    expect(failure).toMatchObject({ status: 429, retryable: true });
    expect(server.received).toHaveLength(1);
  });

  it("says that the call itself was not sent", async () => {
    server.answer = (_, response) => void response.destroy();
    const failure = await failureOf(send(call({ secrets, platform: { auth: oauth } })));
    expect(failure.text.en).toContain("before the call itself was sent");
    expect(failure.text.zh).toContain("调用本身没有发出");
  });
});

describe("tokens", () => {
  const shape = (scope: string): Partial<PlatformInput> => ({
    platform_key: "shared_key",
    auth: { kind: "oauth2", tokenPath: "/t", clientId: "id", clientSecret: "id", scope },
  });

  it("of one system for two scopes are two", async () => {
    server.answer = ({ body }, response) =>
      answerJson(response, 200, { access_token: `t-${new URLSearchParams(String(body)).get("scope")}` });
    for (const scope of ["read", "admin"]) await send(call({ secrets: { id: "canary-id" }, platform: shape(scope) }));
    const used = server.received.filter(({ path }) => path !== "/t").map(({ headers }) => headers.authorization);
    expect(used).toEqual(["Bearer t-read", "Bearer t-admin"]);
  });

  it("that are over do not hide that there are too many calls", async () => {
    server.answer = ({ path }, response) => answerJson(response, path === "/t" ? 200 : 401, { access_token: "t" });
    const platform = { ...shape("held"), limit: { calls: 1, windowMs: 60_000 } };
    const failure = await failureOf(send(call({ secrets: { id: "canary-id" }, platform })));
    expect(failure).toMatchObject({ kind: "blocked", retryable: true, attempts: 1 });
  });
});
