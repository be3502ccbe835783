/** `/v1/…` from the request to the answer: which route, who may call it, which run; never a throw. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deadlineIn } from "../../../shared/base/deadline";
import { StartflowError } from "../../../shared/base/errors";
import { insertDocument } from "../../../shared/platform/database";
import { APIS } from "../../../shared/sync-api/gate/lockout";
import { createSyncApi, type SyncApi } from "../../../shared/sync-api/handler";
import { defineRoutes, type Route } from "../../../shared/sync-api/routes/route";
import { STATE_MS } from "../../../shared/sync-api/routes/state-cache";
import { newUid } from "../../../shared/sync-api/runs/uid";
import type { Reply } from "../../../shared/sync-api/wire/envelope";
import type { ApiRequest } from "../../../shared/sync-api/wire/request";
import { anyCharacter } from "../../helpers/any-character";
import { counted } from "../../helpers/counts";
import { type TestStore, testStore } from "../../helpers/database";
import { stillClock, unhurried } from "../../helpers/still-clock";
import { completed, contextOf, openEngine, requestOf, routeOf, type TriedEngine } from "./calls";
import { allRuns, changeRun, findRun } from "./records";

const TOKEN = { token: "canary-token-of-32-characters-xx" };
let store: TestStore;
let engine: TriedEngine;
let printed: string[];
beforeEach(() => {
  store = testStore();
  engine = openEngine(completed);
  vi.stubEnv("TEST_TOKEN", TOKEN.token);
  printed = [];
  for (const method of ["log", "error"] as const)
    vi.spyOn(console, method).mockImplementation((line: unknown) => void printed.push(String(line)));
});
afterEach(() => {
  expect(printed.join("\n")).not.toContain("canary");
  store.faults.set({});
  store.clock.set({ offsetMs: 0, rate: 1 });
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const open = (route: Partial<Route> = {}) =>
  createSyncApi(
    defineRoutes([routeOf(engine, { auth: "token", ...route }), routeOf(engine, { function: "other", method: "GET" })]),
  );
/** By an instance of its own, unless one is given. */
function answer(
  request: Partial<ApiRequest>,
  {
    route = {},
    environment = "preview",
    api = open(route),
  }: { route?: Partial<Route>; environment?: "preview" | "production"; api?: SyncApi } = {},
): Promise<Reply> {
  const call = { context: () => contextOf(store), environment, deadline: deadlineIn(20_000) };
  return api.answer(requestOf({ sourceIp: "203.0.113.7", ...request }), call);
}
const post = (
  change: Partial<ApiRequest> = {},
  ...more: Parameters<typeof answer> extends [unknown, ...infer Rest] ? Rest : never
) => answer({ body: '{"a":1}', ...change, headers: { ...TOKEN, ...change.headers } }, ...more);
const errorOf = ({ body }: Reply) =>
  (body as { response: { error: { code: string; message: string } } }).response.error;
const uidOf = ({ headers }: Reply) => headers["x-run-uid"] as string;
const switchTo = (document: object) => insertDocument(store.database, APIS, { _id: "demo/flows/hello", ...document });
async function startedRun(change: Parameters<typeof changeRun>[2] = {}): Promise<string> {
  const uid = uidOf(await post());
  await changeRun(store, uid, change);
  return uid;
}

describe("a path", () => {
  it.each([
    "/v1/api/demo/flows/hello",
    "/v1/api/flows/hello",
    "/v1/api/demo/flows/hello/sync",
    "/v1/api/demo/flows/h%65llo",
  ])("%s is answered by its route", async (path) => {
    expect(await post({ path })).toMatchObject({ status: 200, body: { response: { data: { a: 1 } } } });
  });

  it("with the suffix of the other mode is answered in that mode", async () => {
    expect(await post({ path: "/v1/api/demo/flows/hello/async" })).toMatchObject({ status: 202 });
    const sync = await post({ path: "/v1/api/flows/hello/sync" }, { route: { mode: "async" } });
    expect(sync).toMatchObject({ status: 200 });
    expect(await post({}, { route: { mode: "async" } })).toMatchObject({ status: 202 });
  });

  it.each([
    "/v1/",
    "/v1/api",
    "/v1/api/demo/flows/none",
    "/v1/api/demo/flows/hello/",
    "/v1/apis/demo/flows/hello",
    "/v1/runs",
    "/v1/runs/abc",
    "/v1/openapi.json/x",
    "/v1/%zz",
  ])("%s is not found: 404, whoever asks", async (path) => {
    const reply = await answer({ path });
    expect(reply.status).toBe(404);
    expect(errorOf(reply).code).toBe("requestError.notFound");
  });

  it("that is not found is repeated only where it is made of names", async () => {
    expect(errorOf(await answer({ path: "/v1/api/no/such/api" })).message).toContain("/v1/api/no/such/api");
    for (const path of ["/v1/<script>alert(1)</script>", `/v1/${"x".repeat(300)}`, "/v1/%0d%0aset-cookie"])
      expect(errorOf(await answer({ path })).message).toBe("There is no such API. 没有这个接口。");
  });
});

describe("a call", () => {
  it("by another method is refused with the right one, before anything else", async () => {
    const reply = await answer({ method: "GET" }, { route: { enabled: false } });
    expect(reply).toMatchObject({ status: 405, headers: { allow: "POST" } });
    expect(errorOf(reply).message).toContain("POST");
    for (const method of ["PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", ""])
      expect(await answer({ method })).toMatchObject({ status: 405, headers: { allow: "POST" } });
  });

  it("of an API that is not enabled is refused before its caller is asked who he is", async () => {
    const reply = await answer({}, { route: { enabled: false } });
    expect(reply.status).toBe(403);
    expect(errorOf(reply)).toMatchObject({ code: "requestError.notEnabled" });
    expect(errorOf(reply).message).toContain("接口未启用");
    expect(await allRuns(store)).toEqual([]);
  });

  it("without credentials is refused before its body is looked at", async () => {
    const reply = await answer({ body: "{" });
    expect(reply.status).toBe(401);
    expect(JSON.stringify(reply.body)).toBe(
      '{"response":{"error":{"code":"requestError.invalidParams","message":"Token is required"}}}',
    );
    expect(await post({ body: "{" })).toMatchObject({ status: 400 });
  });

  it("leaves one line in the log, without what was sent", async () => {
    await post({ body: '{"name":"canary-name"}', query: { q: "canary-query" } });
    const lines = printed.filter((line) => line.includes('"api call"'));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ method: "POST", path: "/v1/api/demo/flows/hello", status: 200 });
  });

  it("twenty times with a wrong token shuts its address out of the route, and no other", async () => {
    const api = open();
    for (let at = 0; at < 20; at += 1)
      expect(await post({ headers: { token: "wrong" } }, { api })).toMatchObject({ status: 401 });
    // By the very instance, at once; and by any other.
    expect(await post({}, { api })).toMatchObject({ status: 429 });
    const locked = await post();
    expect(locked).toMatchObject({ status: 429 });
    expect(Number(locked.headers["retry-after"])).toBeGreaterThan(500);
    expect(await post({ sourceIp: "203.0.113.8" })).toMatchObject({ status: 200 });
    expect(await answer({ method: "GET", path: "/v1/api/demo/flows/other" })).toMatchObject({ status: 200 });
    store.clock.set({ offsetMs: 601_000, rate: 1 });
    expect(await post()).toMatchObject({ status: 200 });
  });
});

describe("a route that is switched over", () => {
  it("is seen by an instance that is at work after a second", async () => {
    const clock = stillClock();
    const api = open();
    expect(await post({}, { api })).toMatchObject({ status: 200 });
    await switchTo({ enabled: false });
    expect(await post({}, { api })).toMatchObject({ status: 200 });
    clock.pass(STATE_MS);
    expect(await post({}, { api })).toMatchObject({ status: 403 });
  });

  it("is as the database says for an instance that is called for the first time", async () => {
    expect(await post()).toMatchObject({ status: 200 });
    await switchTo({ enabled: false });
    expect(await post()).toMatchObject({ status: 403 });
    const query = store.database.collection(APIS).where({ _id: "demo/flows/hello" });
    await query.update({ enabled: true, method: "GET", auth: "none", output: '"botman.cc"' });
    expect(await answer({ method: "GET" })).toMatchObject({ status: 200, body: { response: { data: "botman.cc" } } });
    expect(await post()).toMatchObject({ status: 405, headers: { allow: "GET" } });
  });

  it.each([{ enabled: "yes" }, { auth: "basic" }, { output: "no JSON" }])(
    "in words that nobody can read (%j) runs nothing",
    async (document) => {
      await switchTo(document);
      const reply = await post();
      expect(reply.status).toBeGreaterThanOrEqual(500);
      expect(engine.sent).toEqual([]);
    },
  );

  it("to no authentication in production still needs consent", async () => {
    await switchTo({ auth: "none" });
    expect(await answer({}, { environment: "production" })).toMatchObject({ status: 500 });
    expect(engine.sent).toEqual([]);
    expect(await answer({ body: "{}" })).toMatchObject({ status: 200 });
  });

  it("cannot be looked up where the database is down: nothing is run", async () => {
    store.faults.set({ store: { kind: "down", rate: 1 } });
    expect(await post()).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
    expect(engine.sent).toEqual([]);
  });
});

describe("a page", () => {
  const origin = "https://erp.example.com";
  const cors = { origins: [origin] };

  it("is told what it may send before it sends it, without credentials and also for what is not enabled", async () => {
    const reply = await answer({ method: "OPTIONS", headers: { origin } }, { route: { cors, enabled: false } });
    expect(reply).toMatchObject({ status: 204, body: undefined, headers: { "access-control-allow-origin": origin } });
  });

  it("may read every answer of the route, also a refusal", async () => {
    for (const token of [TOKEN.token, "wrong"]) {
      const reply = await post({ headers: { origin, token } }, { route: { cors } });
      expect(reply.headers["access-control-allow-origin"]).toBe(origin);
    }
    expect(await post({ headers: { origin } })).toMatchObject({ status: 403, headers: {} });
  });
});

describe("a page that asks for a run", () => {
  const origin = "https://erp.example.com";
  const route = { cors: { origins: [origin] } };

  it("is let in as by the run's route, before and with its request", async () => {
    const uid = await startedRun();
    const path = `/v1/runs/${uid}`;
    const asked = await answer({ method: "OPTIONS", path, headers: { origin } }, { route });
    expect(asked).toMatchObject({ status: 204, headers: { "access-control-allow-origin": origin } });
    const told = await answer({ method: "GET", path, headers: { ...TOKEN, origin } }, { route });
    expect(told).toMatchObject({ status: 200, headers: { "access-control-allow-origin": origin } });
    expect((await answer({ method: "OPTIONS", path, headers: { origin } })).status).toBe(405);
  });
});

describe("a run", () => {
  const look = (uid: string, change: Partial<ApiRequest> = {}, ...more: [Parameters<typeof answer>[1]?]) =>
    answer({ method: "GET", path: `/v1/runs/${uid}`, headers: TOKEN, ...change }, ...more);

  it("is told to who has the credentials of its route", async () => {
    const uid = await startedRun();
    expect(await look(uid)).toMatchObject({
      status: 200,
      body: { response: { uid, state: "succeeded", code: 0, data: { a: 1 }, api: "demo/flows/hello" } },
    });
  });

  it("is told to nobody else, and wrong tokens count", async () => {
    const uid = await startedRun();
    expect(errorOf(await look(uid, { headers: {} })).message).toBe("Token is required");
    for (let at = 0; at < 20; at += 1)
      expect(await look(uid, { headers: { token: "wrong" } })).toMatchObject({ status: 401 });
    expect(await look(uid)).toMatchObject({ status: 429 });
    expect(await post()).toMatchObject({ status: 429 });
  });

  it("is told also where its route is not enabled any more, and with the output that the route is given", async () => {
    const uid = await startedRun();
    expect(await look(uid, {}, { route: { enabled: false, output: "botman.cc" } })).toMatchObject({
      status: 200,
      body: { response: { data: "botman.cc" } },
    });
  });

  it("that nobody knows, of another environment, of a form, or whose route is gone is not found", async () => {
    const uid = await startedRun();
    const form = await startedRun({ api: null as never });
    const gone = await startedRun({ api: "gone/gone/gone" });
    for (const reply of [
      await look(newUid()),
      await look(uid, {}, { environment: "production" }),
      await look(form),
      await look(gone),
    ]) {
      expect(reply.status).toBe(404);
      expect(errorOf(reply).message).toBe("There is no such run. 没有这次运行的记录。");
    }
  });

  it.each([
    ["", "POST", 405, "GET"],
    ["", "DELETE", 405, "GET"],
    ["/cancel", "GET", 405, "POST"],
    ["/cancel/now", "POST", 404, undefined],
    ["/other", "GET", 404, undefined],
  ])("is not asked for by %j with %s", async (suffix, method, status, allow) => {
    const reply = await look(`${await startedRun()}${suffix}`, { method });
    expect(reply.status).toBe(status);
    expect(reply.headers.allow).toBe(allow);
  });

  it("is not told where the database is down", async () => {
    const uid = await startedRun();
    store.faults.set({ store: { kind: "down", rate: 1 } });
    expect(await look(uid)).toMatchObject({ status: 503 });
  });

  it("is ended by who has the credentials, and then told as it stands", async () => {
    let phase: "waiting" | "cancelled" = "waiting";
    engine = openEngine(() => ({ processId: "p-1", progress: { phase } }), {
      status: async () => ({ code: 1, state: "x", text: { zh: "", en: "" }, progress: { phase } }),
      cancel: async () => {
        phase = "cancelled";
      },
    });
    const uid = await startedRun();
    const cancel = (headers: Record<string, string>) => look(`${uid}/cancel`, { method: "POST", headers });
    expect(await cancel({})).toMatchObject({ status: 401 });
    expect(phase).toBe("waiting");
    expect(await cancel(TOKEN)).toMatchObject({ status: 200, body: { response: { state: "cancelled", code: 1004 } } });
    expect(await cancel(TOKEN)).toMatchObject({ status: 409 });
    expect(await findRun(store, uid)).toMatchObject({ progress: '{"phase":"cancelled"}' });
  });

  it("that waits for its turn is ended before it starts", async () => {
    const { body } = await post({ path: "/v1/api/demo/flows/hello/async" });
    const { uid } = (body as { response: { uid: string } }).response;
    expect(await look(uid)).toMatchObject({ body: { response: { state: "queued" } } });
    const cancelled = await look(`${uid}/cancel`, { method: "POST" });
    expect(cancelled).toMatchObject({ status: 200, body: { response: { state: "cancelled" } } });
    const api = createSyncApi([routeOf(engine)]);
    await api.proceed(uid, { context: () => contextOf(store), environment: "preview", deadline: deadlineIn(20_000) });
    expect(engine.sent).toEqual([]);
  });

  it("whose engine refuses to end it says why", async () => {
    const message = { zh: "已归档，不能撤回。", en: "It is archived." };
    engine = openEngine(() => ({ processId: "p-1", progress: { phase: "waiting" } }), {
      answersAtEnd: true,
      cancel: () => Promise.reject(new StartflowError("ENGINE_REFUSED", { message })),
    });
    const uid = await startedRun();
    const reply = await look(`${uid}/cancel`, { method: "POST" });
    expect(reply.status).toBe(502);
    expect(errorOf(reply).message).toBe("It is archived. 已归档，不能撤回。");
  });
});

describe("whatever comes", () => {
  it("is answered, and never with what went wrong inside", () => {
    unhurried();
    const text = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.constantFrom("..", "%2e", "//", "__proto__", "%", "%zz"),
    );
    const path = fc.oneof(
      fc.array(text).map((parts) => `/v1/${parts.join("/")}`),
      fc.constantFrom("/v1/api/demo/flows/hello", "/v1/api/flows/hello/async", "/v1/runs/379206788450353152"),
    );
    const name = fc.constantFrom(
      "token",
      "content-type",
      "idempotency-key",
      "prefer",
      "x-callback-url",
      "origin",
      "authorization",
      "x-signature",
      "x-forwarded-for",
    );
    const request = fc.record({
      method: fc.constantFrom("GET", "POST", "OPTIONS", "X"),
      path,
      headers: fc.dictionary(name, fc.oneof(fc.string(), fc.constant(TOKEN.token))),
      query: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string()))),
      body: fc.oneof(fc.string(), fc.json()),
      isBase64: fc.boolean(),
    });
    const property = fc.asyncProperty(request, async (sent) => {
      const reply = await answer(sent);
      expect(reply.status).toBeGreaterThanOrEqual(200);
      expect(reply.status).not.toBe(500);
      expect(reply.status).toBeLessThan(504);
      expect(JSON.stringify(reply.body ?? null)).not.toMatch(/\n +at |node_modules|TypeError|RangeError/);
    });
    return fc.assert(property, { numRuns: counted(4_000) });
  });

  it("of a bug is 500, without its words", async () => {
    const api = createSyncApi([routeOf(engine)]);
    const context = () => {
      throw new TypeError("canary");
    };
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    vi.spyOn(console, "log").mockImplementation(() => undefined);
    const reply = await api.answer(requestOf(), { context, environment: "preview", deadline: deadlineIn(20_000) });
    expect(reply.status).toBe(500);
    expect(JSON.stringify(reply)).not.toContain("canary");
  });
});
