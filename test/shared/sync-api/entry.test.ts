/** The API as a function: an event of HTTP access gets an integration response, a plain call the body alone. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { syncApiFunction } from "../../../shared/sync-api/entry";
import { signatureOf } from "../../../shared/sync-api/gate/signature";
import { defineRoutes, type Route } from "../../../shared/sync-api/routes/route";
import { stubStoreVariables, type TestStore, testStore } from "../../helpers/database";
import { fixture } from "../../helpers/fixtures";
import { completed, contextOf, openEngine, routeOf, type TriedEngine } from "./calls";
import { allRuns } from "./records";

const TOKEN = { token: "canary-token-of-32-characters-xx" };
let store: TestStore;
let engine: TriedEngine;
beforeEach(() => {
  store = testStore();
  engine = openEngine(completed);
  stubStoreVariables();
  vi.stubEnv("TEST_TOKEN", TOKEN.token);
  vi.stubEnv("IS_PREVIEW", "true");
  for (const method of ["log", "error"] as const) vi.spyOn(console, method).mockImplementation(() => undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const routes = (change: Partial<Route> = {}) =>
  defineRoutes([
    routeOf(engine, { auth: "token", ...change }),
    routeOf(engine, { auth: "token", function: "look", method: "GET" }),
    routeOf(engine, { auth: "hmac", function: "signed" }),
  ]);

describe("an event of HTTP access", () => {
  const { event: curl } = fixture<{ event: object }>("sync-api/events/curl-of-the-published-page.json");
  const event = (change: object = {}) => ({
    httpMethod: "POST",
    path: "/v1/api/demo/flows/hello",
    headers: { "Content-Type": "application/json", Token: TOKEN.token },
    requestContext: { requestId: "r-1" },
    body: '{"name":"botman.cc"}',
    ...change,
  });
  /** On the real SDK, which finds the database by the environment. */
  async function over(given: object, change?: Partial<Route>) {
    const answer = (await syncApiFunction(routes(change)).main(given, { time_limit_in_ms: 20_000 })) as {
      statusCode: number;
      headers: Record<string, string>;
      body: string;
      isBase64Encoded: boolean;
    };
    return { ...answer, json: answer.body === "" ? undefined : (JSON.parse(answer.body) as { response: object }) };
  }

  it("is answered with the status, the headers and the body of its run", async () => {
    const answer = await over(event());
    expect(answer).toMatchObject({
      statusCode: 200,
      isBase64Encoded: false,
      headers: { "content-type": "application/json; charset=utf-8", "x-request-id": "r-1" },
    });
    expect(answer.json?.response).toMatchObject({ data: { name: "botman.cc" }, code: 0, msg: "" });
    expect(engine.sent).toEqual([{ name: "botman.cc" }]);
  });

  it("of the published curl is answered as printed, by user and password in its headers", async () => {
    vi.stubEnv("TEST_USER", "botman");
    vi.stubEnv("TEST_PASSWORD", "123456");
    const route = { space: "botman", module: "test", function: "sync", auth: "password" as const, output: "botman.cc" };
    const answer = await over(curl, route);
    expect(answer.statusCode).toBe(200);
    expect(answer.json?.response).toEqual({ data: "botman.cc", code: 0, msg: "", uid: expect.any(String) });
    expect(engine.sent).toEqual([{}]);
  });

  it("without credentials is answered byte for byte as published", async () => {
    const answer = await over(event({ headers: {} }));
    expect(answer).toMatchObject({ statusCode: 401, headers: { "www-authenticate": "Bearer" } });
    expect(answer.body).toBe(
      '{"response":{"error":{"code":"requestError.invalidParams","message":"Token is required"}}}',
    );
  });

  it("in production is of production: what is open in preview needs consent there", async () => {
    vi.stubEnv("IS_PREVIEW", "");
    expect(await over(event({ headers: {} }), { auth: "none" })).toMatchObject({ statusCode: 500 });
    expect(engine.sent).toEqual([]);
  });

  it("that cannot be read is refused over HTTP, and never run as a plain call", async () => {
    for (const change of [{ headers: "x" }, { httpMethod: 7 }, { path: null }, { isBase64Encoded: {} }]) {
      const answer = await over(event(change));
      expect(answer.statusCode).toBe(400);
      expect(answer.json).toHaveProperty("response.error.code");
    }
    expect(await over({ ...event(), headers: [], api: "demo/flows/hello" })).toMatchObject({ statusCode: 400 });
    expect(engine.sent).toEqual([]);
  });

  it("is answered also where the function is configured wrongly", async () => {
    vi.stubEnv("STARTFLOW_SYNC_PROXY_HOPS", "many");
    const answer = await over(event({ headers: { ...TOKEN, "x-forwarded-for": "203.0.113.7" } }));
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain("STARTFLOW");
    expect(engine.sent).toEqual([]);
  });
});

describe("a plain call", () => {
  const call = (params: object, change?: Partial<Route>) => syncApiFunction(routes(change))(params, contextOf(store));

  it("names the API, and is answered with the body", async () => {
    expect(await call({ api: "demo/flows/hello", data: { a: 1 }, headers: TOKEN })).toMatchObject({
      response: { data: { a: 1 }, code: 0, msg: "" },
    });
    expect(await call({ api: "flows/hello", data: [1], headers: { TOKEN: TOKEN.token } })).toMatchObject({
      response: { data: [1] },
    });
  });

  it("of a GET has its data as the query", async () => {
    await call({ api: "demo/flows/look", data: { customerId: "12345" }, headers: TOKEN });
    expect(engine.sent).toEqual([{ customerId: "12345" }]);
  });

  it("has no right that a caller over HTTP has not", async () => {
    expect(await call({ api: "demo/flows/hello" })).toEqual({
      response: { error: { code: "requestError.invalidParams", message: "Token is required" } },
    });
    expect(await call({ api: "demo/flows/hello", headers: TOKEN }, { allowFrom: ["10.0.0.0/8"] })).toMatchObject({
      response: { error: { code: "requestError.forbidden" } },
    });
    expect(await call({ api: "demo/flows/hello", headers: TOKEN }, { enabled: false })).toMatchObject({
      response: { error: { code: "requestError.notEnabled" } },
    });
    expect(await call({ api: "no/such/api" })).toMatchObject({
      response: { error: { code: "requestError.notFound" } },
    });
    expect(engine.sent).toEqual([]);
  });

  it("is signed as the request that it stands for", async () => {
    vi.stubEnv("TEST_HMAC_KEY", "canary-hmac-key-of-32-characters");
    const at = String(Math.floor(Date.now() / 1_000));
    const parts = { at, method: "POST", path: "/v1/api/demo/flows/signed", query: "", key: "", body: '{"a":1}' };
    const headers = { "X-Signature": `t=${at},v1=${signatureOf("canary-hmac-key-of-32-characters", parts)}` };
    expect(await call({ api: "demo/flows/signed", data: { a: 1 }, headers })).toMatchObject({ response: { code: 0 } });
    expect(await call({ api: "demo/flows/signed", data: { a: 2 }, headers })).toMatchObject({
      response: { error: { code: "requestError.unauthorized" } },
    });
  });

  it.each([
    { api: "a" },
    { api: "a/b/c/d/e" },
    { api: "../x" },
    { api: 7 },
    { method: "PUT" },
    { run: "abc" },
    { other: 1 },
  ])("with %j is refused", async (params) => {
    await expect(call(params)).rejects.toMatchObject({ code: "INVALID_PARAMS" });
  });

  it("of a run that waits takes that on, and answers nothing of it", async () => {
    const accepted = (await call({ api: "demo/flows/hello/async", data: { a: 1 }, headers: TOKEN })) as {
      response: { uid: string };
    };
    expect(engine.sent).toEqual([]);
    expect(await call({ run: accepted.response.uid })).toEqual({});
    expect(engine.sent).toEqual([{ a: 1 }]);
    expect(await call({ run: accepted.response.uid })).toEqual({});
    expect(await call({ run: "379206788450353152" })).toEqual({});
    expect(engine.sent).toHaveLength(1);
    expect(await allRuns(store)).toHaveLength(1);
  });
});

describe("a definition", () => {
  it("names every secret of its routes and of what they run, so that it is built for no custom code", () => {
    const secretive = openEngine(undefined, { answersAtEnd: true, secrets: ["CRM_KEY"] });
    const { definition } = syncApiFunction([routeOf(secretive), routeOf(engine, { function: "b", credentials: {} })]);
    expect(definition).toMatchObject({
      secrets: ["CRM_KEY", "TEST_HMAC_KEY", "TEST_PASSWORD", "TEST_TOKEN", "TEST_USER"],
    });
  });
});
