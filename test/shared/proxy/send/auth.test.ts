/** How a platform knows its caller: each kind as it stands on the wire, and tokens that are fetched once for many. */
import { createHash, createHmac } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { PreparedCall } from "../../../../shared/proxy/call";
import type { PlatformInput } from "../../../../shared/proxy/catalogue/catalogue";
import { send } from "../../../../shared/proxy/send/send";
import {
  answerJson,
  openScriptedServer,
  type ReceivedRequest,
  type ScriptedServer,
} from "../../../helpers/scripted-server";
import { stillClock } from "../../../helpers/still-clock";
import { failureOf, json, prepared, type Wanted } from "../prepared";

type AuthInput = PlatformInput["auth"];
let server: ScriptedServer;
let printed: string[];
beforeAll(async () => {
  server = await openScriptedServer();
});
afterAll(() => server.close());
beforeEach(() => {
  [server.received, printed] = [[], []];
  server.answer = (_, response) => answerJson(response, 200, { errcode: 0 });
  vi.spyOn(console, "log").mockImplementation((line: unknown) => void printed.push(String(line)));
});
afterEach(() => {
  expect(printed.join("\n")).not.toMatch(/canary-/);
  vi.restoreAllMocks();
});

const SECRETS = { id: "canary-id", secret: "canary-secret é" };
const call = (auth: AuthInput, wanted: Partial<Wanted> = {}): PreparedCall =>
  prepared({ baseUrl: server.url, secrets: SECRETS, ...wanted, platform: { auth, ...wanted.platform } });
const first = (): ReceivedRequest => server.received[0] as ReceivedRequest;
const PLAIN = { id: "canary-id", secret: "canary-secret" };

describe("fixed credentials", () => {
  it("basic are user and password in UTF-8", async () => {
    await send(call({ kind: "basic", user: "id", password: "secret" }));
    const expected = Buffer.from("canary-id:canary-secret é").toString("base64");
    expect(first().headers.authorization).toBe(`Basic ${expected}`);
  });

  it("a bearer token and an api key go where the catalogue says", async () => {
    await send(call({ kind: "bearer", token: "id" }));
    await send(call({ kind: "apiKey", key: "id", place: { in: "header", name: "X-Api-Key", prefix: "Key " } }));
    const inQuery: AuthInput = { kind: "apiKey", key: "secret", place: { in: "query", name: "api key" } };
    await send(call(inQuery));
    await send(call(inQuery, { call: { target: "/a?x=1" } }));
    const [bearer, header, ...query] = server.received;
    expect(bearer?.headers.authorization).toBe("Bearer canary-id");
    expect(header?.headers["x-api-key"]).toBe("Key canary-id");
    expect(query.map(({ path }) => path)).toEqual([
      "/customers/12345?api%20key=canary-secret%20%C3%A9",
      "/a?x=1&api%20key=canary-secret%20%C3%A9",
    ]);
  });

  it.each([
    ["is missing", {}],
    ["is empty", { id: "" }],
    ["has a line break", { id: "canary-\r\nx-evil: 1" }],
    ["is Chinese", { id: "canary-密钥" }],
  ])("fail before anything is sent where the secret %s, without its value", async (_, secrets) => {
    const failure = await failureOf(send(call({ kind: "bearer", token: "id" }, { secrets })));
    expect(failure).toMatchObject({ kind: "config", attempts: 0, retryable: false });
    expect(failure.message).not.toMatch(/canary|evil|密钥x/);
    expect(server.received).toEqual([]);
  });

  it("refuse a user with a colon, which would be cut there", async () => {
    const secrets = { id: "a:b", secret: "c" };
    const auth: AuthInput = { kind: "basic", user: "id", password: "secret" };
    expect(await failureOf(send(call(auth, { secrets })))).toMatchObject({ kind: "config" });
  });
});

describe("a signature", () => {
  const hmac: AuthInput = { kind: "hmac", secret: "secret", keyId: "id", headers: {} };

  it.each([
    ["text", '{"客户":1}'],
    ["bytes in pieces", [Buffer.from('{"客'), Buffer.from('户":1}')]],
  ])("is made over time, method, target and the body's hash: %s", async (_, content) => {
    const body = { type: "application/json", content };
    const wanted = { definition: { method: "POST" as const }, call: { target: "/orders?b=2", body } };
    const beforeMs = Date.now();
    await send(call(hmac, { ...wanted, baseUrl: `${server.url}/v1`, secrets: PLAIN }));
    const { headers, path } = first();
    const bodyHash = createHash("sha256").update('{"客户":1}').digest("hex");
    const text = `${headers["x-timestamp"]}\nPOST\n${path}\n${bodyHash}`;
    expect(path).toBe("/v1/orders?b=2");
    expect(headers["x-signature"]).toBe(createHmac("sha256", PLAIN.secret).update(text).digest("hex"));
    expect(headers["x-key-id"]).toBe(PLAIN.id);
    expect(Number(headers["x-timestamp"])).toBeGreaterThanOrEqual(beforeMs);
    expect(Number(headers["x-timestamp"])).toBeLessThanOrEqual(Date.now());
  });

  it("of a function gets the request as it will be sent, and adds headers and query members", async () => {
    const sign = vi.fn((request: { body: string }, secrets: Readonly<Record<string, string>>) => ({
      headers: { "X-Sign": `${request.body.length}` },
      query: { key: secrets.id ?? "" },
    }));
    const body = json({ a: 1 });
    await send(call({ kind: "function", sign }, { definition: { method: "POST" }, call: { body } }));
    expect(sign.mock.calls[0]?.[0]).toMatchObject({ method: "POST", target: "/customers/12345", body: '{"a":1}' });
    expect(first().headers["x-sign"]).toBe("7");
    expect(first().path).toBe("/customers/12345?key=canary-id");
  });
});

/** WeCom's shape: https://developer.work.weixin.qq.com/document/path/91039 */
const WECOM: AuthInput = {
  kind: "twoStep",
  method: "GET",
  tokenPath: "/cgi-bin/gettoken",
  params: { corpid: "id", corpsecret: "secret" },
  token: "access_token",
  expiresIn: "expires_in",
  place: { in: "query", name: "access_token" },
  expiredCodes: [40014, 42001],
};
const RULE = { code: "errcode", is: [0], message: "errmsg" };

/** Tokens as WeCom gives them; the API answers by its own count of calls. */
function serveTokens(api: (count: number) => unknown, expiresIn: unknown = 7_200): { tokens: () => number } {
  let [issued, asked] = [0, 0];
  server.answer = ({ path }, response) => {
    if (path.includes("token") && !path.includes("access_token")) {
      issued += 1;
      const token = { errcode: 0, errmsg: "ok", access_token: `canary-t${issued}`, expires_in: expiresIn };
      return answerJson(response, 200, token);
    }
    asked += 1;
    answerJson(response, 200, api(asked));
  };
  return { tokens: () => issued };
}
const wecom = (wanted: Partial<Wanted> = {}) =>
  call(WECOM, {
    secrets: PLAIN,
    definition: { method: "POST" },
    ...wanted,
    platform: { success: RULE, ...wanted.platform },
  });

describe("a fetched token", () => {
  it("is fetched by one request for 50 parallel calls, and kept", async () => {
    const { tokens } = serveTokens(() => ({ errcode: 0 }));
    const one = wecom();
    await Promise.all(Array.from({ length: 50 }, () => send(one)));
    await send(one);
    expect(tokens()).toBe(1);
    expect(first().path).toBe("/cgi-bin/gettoken?corpid=canary-id&corpsecret=canary-secret");
    expect(server.received.slice(1).every(({ path }) => path.endsWith("?access_token=canary-t1"))).toBe(true);
  });

  it("that the platform says is over is fetched anew once, and the call is sent again once", async () => {
    const { tokens } = serveTokens((count) => ({ errcode: count === 1 ? 42001 : 0, errmsg: "access_token expired" }));
    expect(await send(wecom())).toMatchObject({ body: { errcode: 0 }, attempts: 2 });
    expect(tokens()).toBe(2);
    expect(server.received.map(({ path }) => path.slice(-9))).toEqual([
      "ry-secret",
      "canary-t1",
      "ry-secret",
      "canary-t2",
    ]);
  });

  it("that is always over is one failure", async () => {
    const { tokens } = serveTokens(() => ({ errcode: 42001, errmsg: "access_token canary-t2 expired" }));
    const failure = await failureOf(send(wecom({ platform: { retry: { tries: 3 } } })));
    expect(failure).toMatchObject({ kind: "auth", code: 42001, attempts: 2, retryable: false });
    expect(failure.message).not.toContain("canary");
    expect(tokens()).toBe(2);
  });

  it("that 50 callers hear is over is fetched once for all of them", async () => {
    let isOver = false;
    let issued = 0;
    server.answer = ({ path }, response) => {
      if (!path.includes("access_token")) issued += 1;
      const body = path.includes("access_token")
        ? { errcode: isOver && path.endsWith("t1") ? 42001 : 0 }
        : { errcode: 0, access_token: `canary-t${issued}`, expires_in: 7_200 };
      answerJson(response, 200, body);
    };
    const one = wecom();
    await send(one);
    isOver = true;
    await Promise.all(Array.from({ length: 50 }, () => send(one)));
    expect(issued).toBe(2);
  });

  it("is fetched anew after HTTP 401 too, and where the code comes with another status", async () => {
    for (const [status, errcode] of [
      [401, 0],
      [400, 40014],
    ] as const) {
      let isFirst = true;
      server.answer = ({ path }, response) => {
        if (!path.includes("access_token"))
          return answerJson(response, 200, { errcode: 0, access_token: "canary-t", expires_in: 9 });
        answerJson(response, isFirst ? status : 200, { errcode: isFirst ? errcode : 0 });
        isFirst = false;
      };
      expect(await send(wecom())).toMatchObject({ status: 200, attempts: 2 });
    }
  });

  it("is kept for the time that is given, less a part, and for each set of secrets alone", async () => {
    const clock = stillClock();
    const { tokens } = serveTokens(() => ({ errcode: 0 }), 0.4);
    const one = wecom();
    await send(one);
    await send({ ...one, instance: { ...one.instance } });
    expect(tokens()).toBe(1);
    await send({ ...one, instance: { ...one.instance, secrets: { ...PLAIN, secret: "canary-other" } } });
    expect(tokens()).toBe(2);
    clock.pass(400);
    await send(one);
    expect(tokens()).toBe(3);
  });

  it("that is refused is a failure of each caller, told without secrets, and asked for again by the next call", async () => {
    server.answer = (_, response) =>
      answerJson(response, 200, { errcode: 40001, errmsg: "invalid secret canary-secret" });
    const one = wecom();
    const [first, second] = await Promise.all([failureOf(send(one)), failureOf(send({ ...one, caller: "other" }))]);
    expect(first).toMatchObject({ kind: "auth", code: 40001, attempts: 0, caller: "test" });
    expect(second).toMatchObject({ caller: "other" });
    expect(first.message).toContain("invalid secret ***");
    expect(server.received).toHaveLength(1);
    await failureOf(send(one));
    expect(server.received).toHaveLength(2);
  });

  it("is asked for again where that failed for a moment, also by a call that is sent once only", async () => {
    let count = 0;
    server.answer = ({ path }, response) => {
      count += 1;
      if (count === 1) return void response.destroy();
      answerJson(
        response,
        200,
        path.includes("access_token") ? { errcode: 0 } : { errcode: 0, access_token: "canary-t", expires_in: 7_200 },
      );
    };
    expect(await send(wecom({ platform: { retry: { tries: 2 } } }))).toMatchObject({ attempts: 1 });
  });

  it("is waited for as long as the caller's own time goes, and comes for the others", async () => {
    const clock = stillClock();
    let give = () => {};
    server.answer = ({ path }, response) => {
      const token = { errcode: 0, access_token: "canary-t", expires_in: 7_200 };
      if (path.includes("access_token")) return answerJson(response, 200, { errcode: 0 });
      give = () => answerJson(response, 200, token);
      clock.pass(100);
    };
    const one = wecom();
    const patiently = send(one);
    const hasty = await failureOf(send({ ...one, timeoutMs: 100 }));
    give();
    const patient = await patiently;
    expect(hasty).toMatchObject({ kind: "timeout", attempts: 0 });
    expect(patient.status).toBe(200);
  });

  it("is not taken from a redirect", async () => {
    server.answer = (_, response) => response.writeHead(302, { location: "/cgi-bin/other" }).end();
    expect(await failureOf(send(wecom()))).toMatchObject({ kind: "blocked" });
    expect(server.received).toHaveLength(1);
  });

  it("is posted for as JSON, and sent in a header, in Feishu's shape", async () => {
    server.answer = ({ path }, response) =>
      answerJson(
        response,
        200,
        path === "/token" ? { code: 0, tenant_access_token: "canary-t", expire: 7_200 } : { code: 0 },
      );
    const auth: AuthInput = {
      kind: "twoStep",
      method: "POST",
      tokenPath: "/token",
      params: { app_id: "id", app_secret: "secret" },
      token: "tenant_access_token",
      expiresIn: "expire",
      success: { code: "code", is: [0], message: "msg" },
      place: { in: "header", name: "Authorization", prefix: "Bearer " },
    };
    await send(call(auth, { secrets: PLAIN }));
    expect(JSON.parse(first().body.toString())).toEqual({ app_id: "canary-id", app_secret: "canary-secret" });
    expect(server.received[1]?.headers.authorization).toBe("Bearer canary-t");
  });
});

describe("OAuth 2.0 client credentials", () => {
  const oauth = (credentials: "basic" | "body"): AuthInput => ({
    kind: "oauth2",
    tokenPath: "/oauth/token",
    clientId: "id",
    clientSecret: "secret",
    scope: "read write",
    credentials,
  });

  it.each(["basic", "body"] as const)("are sent in the %s, and the token as a bearer token", async (credentials) => {
    server.answer = ({ path }, response) =>
      answerJson(response, 200, path === "/oauth/token" ? { access_token: "canary-t", expires_in: 3_600 } : {});
    await send(call(oauth(credentials), { secrets: { id: "canary id", secret: "canary:+" } }));
    const form = Object.fromEntries(new URLSearchParams(first().body.toString()));
    const pair = Buffer.from("canary+id:canary%3A%2B").toString("base64");
    expect(first().headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect([form, first().headers.authorization]).toEqual(
      credentials === "basic"
        ? [{ grant_type: "client_credentials", scope: "read write" }, `Basic ${pair}`]
        : [
            {
              grant_type: "client_credentials",
              scope: "read write",
              client_id: "canary id",
              client_secret: "canary:+",
            },
            undefined,
          ],
    );
    expect(server.received[1]?.headers.authorization).toBe("Bearer canary-t");
  });

  it("that are refused say so in the server's words", async () => {
    const body = { error: "invalid_client", error_description: "unknown client canary-id" };
    server.answer = (_, response) => answerJson(response, 401, body);
    const failure = await failureOf(send(call(oauth("basic"), { secrets: PLAIN })));
    expect(failure).toMatchObject({ kind: "auth", status: 401, code: "invalid_client" });
    expect(failure.message).toContain("unknown client ***");
  });

  it("without a token in the answer are a failure", async () => {
    server.answer = (_, response) => answerJson(response, 200, { token: "canary-x" });
    expect(await failureOf(send(call(oauth("basic"), { secrets: PLAIN })))).toMatchObject({
      kind: "auth",
      status: 200,
    });
  });
});
