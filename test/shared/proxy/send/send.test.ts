/** Sending a call against a server that does everything wrong: what is known after it, what is tried again, what is said. */
import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import type { PlatformInput } from "../../../../shared/proxy/catalogue/catalogue";
import { send } from "../../../../shared/proxy/send/send";
import { answerJson, openScriptedServer, type ScriptedServer } from "../../../helpers/scripted-server";
import { type StillClock, stillClock } from "../../../helpers/still-clock";
import { failureOf, json, prepared, type Wanted } from "../prepared";

let server: ScriptedServer;
let other: ScriptedServer;
let printed: string[];
let clock: StillClock;
beforeAll(async () => {
  [server, other] = await Promise.all([openScriptedServer(), openScriptedServer()]);
});
afterAll(async () => {
  await Promise.all([server.close(), other.close()]);
});
beforeEach(() => {
  [server.received, other.received, printed] = [[], [], []];
  clock = stillClock();
  vi.spyOn(console, "log").mockImplementation((line: unknown) => void printed.push(String(line)));
});
afterEach(() => {
  expect(printed.join("\n")).not.toMatch(/canary-/);
  vi.restoreAllMocks();
});

const call = (wanted: Partial<Wanted> = {}) => prepared({ baseUrl: server.url, ...wanted });
const WECOM: Partial<PlatformInput> = { success: { code: "errcode", is: [0], message: "errmsg" } };
const lastLine = () => JSON.parse(printed[printed.length - 1] ?? "{}") as Record<string, unknown>;

describe("an answer", () => {
  it("comes with status, headers, time and tries, and ids keep their digits", async () => {
    server.answer = (_, response) => {
      response.writeHead(201, { "content-type": "application/json", "x-request-id": "r-1" });
      response.end('{"id":1549943583216373762,"n":1}');
    };
    const answer = await send(call());
    expect(answer).toMatchObject({ status: 201, body: { id: "1549943583216373762", n: 1 }, attempts: 1 });
    expect(answer.headers["x-request-id"]).toBe("r-1");
    expect(answer.ms).toBeGreaterThanOrEqual(0);
  });

  it("is text or bytes where the interface says so, and nothing where there is none", async () => {
    server.answer = (_, response) => response.end("客户");
    expect((await send(call({ definition: { response: { type: "text" } } }))).body).toBe("客户");
    expect((await send(call({ definition: { response: { type: "bytes" } } }))).body).toEqual(Buffer.from("客户"));
    server.answer = (_, response) => response.writeHead(204).end();
    expect(await send(call())).toMatchObject({ status: 204, body: undefined });
  });

  it("loses a member __proto__, by which a copy would get another prototype", async () => {
    server.answer = (_, response) => response.end('{"a":[{"__proto__":{"isAdmin":true},"b":1}],"\\u005f_proto__":1}');
    const { body } = await send(call());
    expect(JSON.stringify(body)).toBe('{"a":[{"b":1}]}');
  });

  it("that is no JSON is a failure with its status, and none of it is repeated", async () => {
    server.answer = (_, response) => response.end("<html>canary-page</html>");
    const failure = await failureOf(send(call()));
    expect(failure).toMatchObject({ kind: "http", status: 200, retryable: false });
    expect(failure.message).not.toContain("canary");
  });

  it.each([
    ["announced", (body: Buffer) => ({ headers: { "content-length": String(body.length) }, body })],
    ["unannounced", (body: Buffer) => ({ headers: {}, body })],
    ["compressed", (body: Buffer) => ({ headers: { "content-encoding": "gzip" }, body: gzipSync(body) })],
  ])("that is too long is not read to its end: %s", async (_, made) => {
    const { headers, body } = made(Buffer.alloc(200_000, "a"));
    server.answer = (_request, response) => {
      response.writeHead(200, headers);
      response.write(body);
      response.end();
    };
    const failure = await failureOf(send(call({ platform: { maxAnswerBytes: 100_000 } })));
    expect(failure).toMatchObject({ kind: "size", retryable: false, attempts: 1 });
    expect(failure.message).toContain("100000");
  });
});

describe("the success rule", () => {
  it("makes a failure of an answer that is HTTP 200 with another code, in the platform's own words", async () => {
    server.answer = (_, response) =>
      answerJson(response, 200, { errcode: 81013, errmsg: "user & party are all invalid" });
    const failure = await failureOf(send(call({ platform: WECOM })));
    expect(failure).toMatchObject({ kind: "business", status: 200, code: 81013, retryable: false, attempts: 1 });
    expect(failure.text.en).toContain("errcode 81013, user & party are all invalid");
  });

  it("of the interface counts before the platform's", async () => {
    server.answer = (_, response) => answerJson(response, 200, { result: { ok: true } });
    const definition = { success: { code: "result.ok", is: [true] } };
    expect((await send(call({ platform: WECOM, definition }))).body).toEqual({ result: { ok: true } });
  });

  it("takes no answer for a success that has no code", async () => {
    server.answer = (_, response) => answerJson(response, 200, { portal: "sign in" });
    expect(await failureOf(send(call({ platform: WECOM })))).toMatchObject({ kind: "business", code: undefined });
  });

  it("finds the failure that stands in place of a file", async () => {
    server.answer = (_, response) => answerJson(response, 200, { errcode: 40007, errmsg: "invalid media_id" });
    const definition = { response: { type: "bytes" as const } };
    expect(await failureOf(send(call({ platform: WECOM, definition })))).toMatchObject({ code: 40007 });
    server.answer = (_, response) => answerJson(response, 200, { a: "a JSON file" });
    expect((await send(call({ platform: WECOM, definition }))).status).toBe(200);
  });

  it.each([
    ["in the path", { target: "/customers/%E5%BC%A0%E4%B8%89%E4%B8%B0" }, "没有客户 张三丰"],
    ["in the query", { target: "/customers/1?phone=86-555-0199" }, "no such phone 86-555-0199"],
    ["in the body", { body: json({ text: { content: "今晚加班" } }) }, "content 今晚加班 has bad words"],
    ["in a header", { headers: { "x-name": "Wang Wu" } }, "unknown Wang Wu"],
    ["in a member called name", { body: json({ rows: [{ name: "今晚加班" }] }) }, "name: 今晚加班"],
    ["as a key of the body", { body: json({ rows: [{ 张三丰: true }] }) }, "no column 张三丰"],
    ["as a key of the query", { target: "/customers/1?%E5%BC%A0%E4%B8%89=1" }, "no column 张三"],
  ])("never repeats what was sent: %s", async (_, sent, errmsg) => {
    server.answer = (_request, response) => answerJson(response, 200, { errcode: 1, errmsg });
    const wanted = call({ platform: WECOM, definition: { method: "POST" }, call: sent });
    const failure = await failureOf(send(wanted));
    expect(failure.code).toBe(1);
    expect(failure.message).not.toContain(errmsg);
    expect(printed.join()).not.toMatch(/张三|86-555|加班|Wang|%E5/);
  });
});

it("a platform's words about a member that the catalogue declares are shown, whatever its language", async () => {
  server.answer = (_request, response) => answerJson(response, 200, { errcode: 1, errmsg: "客户 is missing" });
  const args = [{ name: "customer", in: "body" as const, as: "订单.客户", schema: z.unknown() }];
  const sent = { body: json({ 订单: { 客户: true } }) };
  const failure = await failureOf(send(call({ platform: WECOM, definition: { method: "POST", args }, call: sent })));
  expect(failure.text.en).toContain("客户 is missing");
});

describe("a status that is no success", () => {
  it.each([
    [401, "auth", false],
    [403, "auth", false],
    [404, "http", false],
    [429, "http", true],
    [500, "http", true],
    [503, "http", true],
  ])("%i is of kind %s", async (status, kind, retryable) => {
    server.answer = (_, response) => answerJson(response, status, {});
    expect(await failureOf(send(call()))).toMatchObject({ kind, status, code: status, retryable });
  });

  it("comes with the platform's own code where it has one", async () => {
    server.answer = (_, response) => answerJson(response, 400, { errcode: 230001, errmsg: "bad receive_id" });
    expect(await failureOf(send(call({ platform: WECOM })))).toMatchObject({ kind: "http", status: 400, code: 230001 });
  });
});

describe("another try", () => {
  const three = { retry: { tries: 3 } };

  it.each([408, 429, 500, 502, 503, 504])("follows HTTP %i where the interface is idempotent", async (status) => {
    let left = 2;
    server.answer = (_, response) => {
      left -= 1;
      answerJson(response, left >= 0 ? status : 200, {});
    };
    expect(await send(call({ platform: three }))).toMatchObject({ status: 200, attempts: 3 });
  });

  it.each([
    ["a POST", { method: "POST" as const }, 1],
    ["a POST that says it is idempotent", { method: "POST" as const, idempotent: true }, 3],
    ["a GET", { method: "GET" as const }, 3],
    ["a GET that says it is not", { method: "GET" as const, idempotent: false }, 1],
    ["a DELETE", { method: "DELETE" as const }, 1],
  ])("is made of %s as often as it may: %#", async (_, definition, attempts) => {
    for (const fail of [429, 503, "reset"] as const) {
      server.received = [];
      server.answer = (_request, response) => {
        if (fail === "reset") response.destroy();
        else answerJson(response, fail, {});
      };
      expect(await failureOf(send(call({ platform: three, definition })))).toMatchObject({ attempts });
      expect(server.received).toHaveLength(attempts);
    }
  });

  it("is made of anything that was not sent, as nobody listened", async () => {
    const port = await freePort();
    const baseUrl = `http://127.0.0.1:${port}`;
    const failure = await failureOf(send(prepared({ baseUrl, platform: three, definition: { method: "POST" } })));
    expect(failure).toMatchObject({ kind: "network", code: "ECONNREFUSED", attempts: 3, retryable: true });
  });

  it("is never made of a refusal by the platform's own code", async () => {
    server.answer = (_, response) => answerJson(response, 200, { errcode: -1, errmsg: "system busy" });
    expect(await failureOf(send(call({ platform: { ...WECOM, ...three } })))).toMatchObject({ attempts: 1 });
  });

  it("waits as long as the platform asks for, in seconds or until a date", async () => {
    for (const [after, leastMs] of [
      ["7", 7_000],
      // Of whole seconds.
      [new Date(clock.now() + 9_000).toUTCString(), 1_000],
    ] as const) {
      let isFirst = true;
      server.answer = (_, response) => {
        answerJson(response, isFirst ? 503 : 200, {}, { "retry-after": after });
        isFirst = false;
      };
      expect((await send(call({ platform: three }))).ms).toBeGreaterThanOrEqual(leastMs);
    }
  });

  it("is not waited for where the time is too short for it", async () => {
    server.answer = (_, response) => answerJson(response, 429, {}, { "retry-after": "60" });
    const failure = await failureOf(send(call({ platform: three, call: { timeoutMs: 2_000 } })));
    expect(failure).toMatchObject({ status: 429, attempts: 1, retryable: true });
    expect(clock.sleptMs).toEqual([]);
  });
});

describe("time", () => {
  it("of one try ends it, and the next one may have its answer", async () => {
    let isFirst = true;
    server.answer = (_, response) => {
      if (!isFirst) response.end("{}");
      else clock.expire();
      isFirst = false;
    };
    const platform = { attemptTimeoutMs: 100, retry: { tries: 2 } };
    expect(await send(call({ platform }))).toMatchObject({ attempts: 2 });
  });

  it("of the whole call ends all tries", async () => {
    server.answer = () => clock.expire();
    const platform = { attemptTimeoutMs: 150, retry: { tries: 5 } };
    const failure = await failureOf(send(call({ platform, call: { timeoutMs: 400 } })));
    expect(failure).toMatchObject({ kind: "timeout", code: "ETIMEDOUT", retryable: true });
    // A timer has whole milliseconds.
    expect(failure.ms).toBeLessThanOrEqual(401);
  });

  it("counts to the last byte, and a call that may have been done is not to be made again", async () => {
    server.answer = (_, response) => void response.writeHead(200).write('{"a":', () => clock.expire());
    const platform = { attemptTimeoutMs: 100 };
    const failure = await failureOf(send(call({ platform, definition: { method: "POST" } })));
    expect(failure).toMatchObject({ kind: "timeout", retryable: false, attempts: 1 });
  });
});

describe("a redirect", () => {
  const auths: [string, PlatformInput["auth"]][] = [
    ["an api key", { kind: "apiKey", key: "k", place: { in: "header", name: "X-Api-Key" } }],
    ["a bearer token", { kind: "bearer", token: "k" }],
    ["no credentials", { kind: "none" }],
  ];

  it.each(auths)("to another host is not followed, and nothing arrives there: %s", async (_, auth) => {
    const location = `${other.url.replace("127.0.0.1", "localhost")}/steal`;
    for (const status of [301, 302, 303, 307, 308]) {
      server.answer = (_request, response) => response.writeHead(status, { location }).end();
      const failure = await failureOf(send(call({ platform: { auth }, secrets: { k: "canary-key" } })));
      expect(failure).toMatchObject({ kind: "blocked", status, retryable: false });
      expect(failure.message).not.toContain("steal");
    }
    expect(other.received).toEqual([]);
  });

  it("within the origin is not followed with credentials", async () => {
    server.answer = (_, response) => response.writeHead(302, { location: "/elsewhere" }).end();
    const platform = { auth: { kind: "bearer" as const, token: "k" } };
    expect(await failureOf(send(call({ platform, secrets: { k: "canary-key" } })))).toMatchObject({ kind: "blocked" });
    expect(server.received).toHaveLength(1);
  });

  it("within the origin is followed where no credentials are needed, without the caller's headers", async () => {
    server.answer = ({ path }, response) => {
      if (path === "/v1/new") response.end('{"ok":true}');
      else response.writeHead(308, { location: "/v1/new" }).end();
    };
    const baseUrl = `${server.url}/v1`;
    const answer = await send(prepared({ baseUrl, call: { headers: { "x-session": "canary-session" } } }));
    expect(answer.body).toEqual({ ok: true });
    expect(server.received[1]?.headers).not.toHaveProperty("x-session");
  });

  it.each([
    ["out of the prefix", "/admin"],
    ["without an end", "/v1/again"],
    ["to nowhere", ""],
  ])("%s is not followed", async (_, location) => {
    server.answer = (_request, response) => response.writeHead(302, location === "" ? {} : { location }).end();
    expect(await failureOf(send(prepared({ baseUrl: `${server.url}/v1` })))).toMatchObject({ kind: "blocked" });
    expect(server.received.length).toBeLessThanOrEqual(4);
    expect(server.received.every(({ path }) => path.startsWith("/v1/"))).toBe(true);
  });

  it("of a POST is never followed", async () => {
    server.answer = (_, response) => response.writeHead(307, { location: "/v1/new" }).end();
    const wanted = { baseUrl: `${server.url}/v1`, definition: { method: "POST" as const } };
    expect(await failureOf(send(prepared(wanted)))).toMatchObject({ kind: "blocked", attempts: 1 });
  });
});

describe("the log", () => {
  it("has one line a call: who, where, how it ended; of the query the names alone, and no body", async () => {
    server.answer = (_, response) => answerJson(response, 200, { name: "canary-customer" });
    const body = json({ text: "canary-text" });
    const target = "/customers/canary-id?fields=canary-a&phone=canary-b";
    await send(call({ definition: { method: "POST" }, call: { target, body } }));
    expect(printed).toHaveLength(1);
    const { platform, ...line } = lastLine();
    expect(platform).toMatch(/^p_/);
    expect(line).toEqual({
      at: expect.any(String),
      level: "info",
      event: "interface call",
      caller: "test",
      instance: "main",
      interface: "it",
      method: "POST",
      target: "/customers/{id}?fields&phone",
      status: 200,
      attempts: 1,
      ms: expect.any(Number),
      outcome: "ok",
    });
  });

  it("has one for a failure as well", async () => {
    server.answer = (_, response) => answerJson(response, 200, { errcode: 9, errmsg: "no" });
    await failureOf(send(call({ platform: WECOM })));
    expect(lastLine()).toMatchObject({ level: "warn", status: 200, code: 9, attempts: 1, outcome: "business" });
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening) => probe.listen(0, "127.0.0.1", listening));
  const { port } = probe.address() as { port: number };
  await new Promise((closed) => probe.close(closed));
  return port;
}
