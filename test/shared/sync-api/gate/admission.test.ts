/** Who is let in, and in which order he is asked: what is refused first hides what would be refused later. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { addressOf, admitted, corsHeaders, type Gate, preflight } from "../../../../shared/sync-api/gate/admission";
import { LOCKOUT, lockKeyOf } from "../../../../shared/sync-api/gate/lockout";
import { readState } from "../../../../shared/sync-api/routes/overrides";
import type { Route } from "../../../../shared/sync-api/routes/route";
import { REFUSALS, type RefusalKind } from "../../../../shared/sync-api/wire/codes";
import type { ApiRequest } from "../../../../shared/sync-api/wire/request";
import { type TestStore, testStore } from "../../../helpers/database";
import { failureOf } from "../../../helpers/failure";
import { contextOf, openEngine, requestOf, routeOf } from "../calls";

let store: TestStore;
let toldOfFailures: number;
beforeEach(() => {
  store = testStore();
  toldOfFailures = 0;
  vi.stubEnv("TEST_TOKEN", "canary-token-of-32-characters-xx");
  for (const method of ["log", "error"] as const) vi.spyOn(console, method).mockImplementation(() => undefined);
});
afterEach(() => {
  store.clock.set({ offsetMs: 0, rate: 1 });
  store.faults.set({});
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const NAME = "demo/flows/hello";
const ADDRESS = "203.0.113.7";
const LOCK = lockKeyOf("preview", NAME, ADDRESS);
const TOKEN = { token: "canary-token-of-32-characters-xx" };
const PAGE = "https://erp.example.com";
const routes = openEngine();
const route = (change: Partial<Route> = {}) => routeOf(routes, { auth: "token", ...change });
const request = (headers: Record<string, string> = {}, change: Partial<ApiRequest> = {}) =>
  requestOf({ sourceIp: ADDRESS, ...change, headers });
const gate = (change: Partial<Gate> = {}): Gate => ({
  context: contextOf(store),
  environment: "preview",
  lockedForMs: 0,
  lockKey: LOCK,
  onFailure() {
    toldOfFailures += 1;
  },
  ...change,
});

type Answer = Awaited<ReturnType<typeof admitted>>;
function kindOf(answer: Answer): RefusalKind | "admitted" {
  if (!("refused" in answer)) return "admitted";
  const { status, body } = answer.refused;
  const { code, message } = (body as { response: { error: { code: string; message: string } } }).response.error;
  const kinds = Object.keys(REFUSALS) as RefusalKind[];
  const found = kinds.find((kind) => {
    const row = REFUSALS[kind];
    return row.status === status && row.code === code && message.startsWith(row.en);
  });
  return found ?? expect.fail(message);
}
const headersOf = (answer: Answer) => ("refused" in answer ? answer.refused.headers : expect.fail("admitted"));
const ask = async (...given: Parameters<typeof admitted>) => kindOf(await admitted(...given));
const failures = async () => {
  const found = store.database.collection("startflow_apis").where({ _id: LOCK }).limit(1).get();
  const { data } = (await found.catch(() => ({ data: [] }))) as { data: { failures: number }[] };
  return data[0]?.failures ?? 0;
};

describe("a call that is wrong in everything", () => {
  it("is asked for its origin, its address, its lock-out, its credentials and its rate, in this order", async () => {
    const strict = route({ allowFrom: ["10.0.0.0/8"], rateLimit: { calls: 1, windowMs: 60_000 } });
    const locked = gate({ lockedForMs: 60_000 });
    const evil = { origin: "https://evil.example.com" };
    expect(await ask(strict, request(TOKEN, { sourceIp: "10.0.0.1" }), gate())).toBe("admitted");
    expect(await ask(strict, request({ ...evil, token: "wrong" }), locked)).toBe("originRefused");
    expect(await ask(strict, request({ token: "wrong" }), locked)).toBe("addressRefused");
    const inside = { sourceIp: "10.0.0.1" };
    expect(await ask(strict, request({ token: "wrong" }, inside), locked)).toBe("lockedOut");
    expect(await ask(strict, request({ token: "wrong" }, inside), gate())).toBe("tokenWrong");
    expect(await ask(strict, request({}, inside), gate())).toBe("tokenRequired");
    expect(await ask(strict, request(TOKEN, inside), gate())).toBe("rateLimited");
  });

  it("without authentication in production is asked for consent before all of that", async () => {
    const open = route({ auth: "none", allowFrom: ["10.0.0.0/8"], rateLimit: { calls: 1, windowMs: 60_000 } });
    const production = gate({ environment: "production", lockedForMs: 60_000 });
    const evil = request({ origin: "https://evil.example.com" });
    expect(await ask(open, evil, production)).toBe("notConfigured");
    vi.stubEnv("STARTFLOW_SYNC_PUBLIC", NAME);
    const consented = { ...open, isPublic: true };
    expect(await ask(consented, evil, production)).toBe("originRefused");
    expect(await ask(consented, request(), production)).toBe("addressRefused");
    expect(await ask(consented, request({}, { sourceIp: "10.0.0.1" }), production)).toBe("lockedOut");
  });
});

describe("consent to no authentication", () => {
  const production = (change: Partial<Route> = {}) =>
    ask(route({ auth: "none", ...change }), request(), gate({ environment: "production" }));

  it("is not needed in preview", async () => {
    expect(await ask(route({ auth: "none" }), request(), gate())).toBe("admitted");
  });

  it("is said twice in production: in the route, and by its name in the environment", async () => {
    expect(await production()).toBe("notConfigured");
    expect(await production({ isPublic: true })).toBe("notConfigured");
    vi.stubEnv("STARTFLOW_SYNC_PUBLIC", `a/b/c, ${NAME}`);
    expect(await production()).toBe("notConfigured");
    expect(await production({ isPublic: false })).toBe("notConfigured");
    expect(await production({ isPublic: true })).toBe("admitted");
  });

  it.each([
    "demo/flows/hell",
    "demo/flows/hello2",
    "a/demo/flows/hello",
    "demo/flows",
    "flows/hello",
    "Demo/flows/hello",
  ])("is for no route but the one that is named: %s", async (names) => {
    vi.stubEnv("STARTFLOW_SYNC_PUBLIC", names);
    expect(await production({ isPublic: true })).toBe("notConfigured");
  });

  it("is not needed with authentication", async () => {
    expect(await ask(route(), request(TOKEN), gate({ environment: "production" }))).toBe("admitted");
  });

  it.each(["*", "{{env.STARTFLOW_SYNC_PUBLIC}}", "a b"])("is a wrong configuration as %j", async (names) => {
    vi.stubEnv("STARTFLOW_SYNC_PUBLIC", names);
    expect(await failureOf(production({ isPublic: true }))).toMatchObject({ code: "NOT_CONFIGURED" });
  });

  it("that is missing says what to do", async () => {
    const open = route({ auth: "none" });
    const answer = await admitted(open, request(), gate({ environment: "production" }));
    expect(JSON.stringify(answer)).toContain("STARTFLOW_SYNC_PUBLIC");
    expect(JSON.stringify(answer)).toContain("isPublic");
  });
});

describe("an origin", () => {
  const from = (headers: Record<string, string>, change: Partial<Route> = {}) =>
    ask(route(change), request({ ...TOKEN, ...headers }), gate());

  it.each([
    [{}],
    [{ host: "api.example.com" }],
    [{ origin: "https://api.example.com", host: "api.example.com" }],
    [{ origin: "http://127.0.0.1:4000", host: "127.0.0.1:4000" }],
  ])("of no page, or of the API's own host, may call: %j", async (headers) => {
    expect(await from(headers as Record<string, string>)).toBe("admitted");
  });

  it.each([
    [{ origin: PAGE }],
    [{ origin: PAGE, host: "api.example.com" }],
    [{ origin: "null", host: "api.example.com" }],
    [{ origin: "", host: "api.example.com" }],
    [{ origin: "https://api.example.com.evil.com", host: "api.example.com" }],
    [{ origin: "https://api.example.com:8443", host: "api.example.com" }],
    [{ origin: "https://" }],
  ])("of another page may not: %j", async (headers) => {
    expect(await from(headers as Record<string, string>)).toBe("originRefused");
  });

  it("that the route names may call, and no other", async () => {
    const cors = { origins: [PAGE] };
    expect(await from({ origin: PAGE }, { cors })).toBe("admitted");
    for (const origin of ["http://erp.example.com", `${PAGE}:8443`, "https://evil.example.com", "null"])
      expect(await from({ origin }, { cors })).toBe("originRefused");
  });
});

describe("an address", () => {
  it("is asked for only where the route has a list", async () => {
    const anywhere = request(TOKEN, { sourceIp: undefined });
    expect(await ask(route(), anywhere, gate())).toBe("admitted");
    expect(await ask(route({ allowFrom: ["0.0.0.0/0", "::/0"] }), anywhere, gate())).toBe("addressRefused");
    expect(await ask(route({ allowFrom: [] }), request(TOKEN), gate())).toBe("addressRefused");
  });

  it("is not the one that a caller writes in front of his own", async () => {
    vi.stubEnv("STARTFLOW_SYNC_PROXY_HOPS", "1");
    const listed = route({ allowFrom: ["10.0.0.0/8"] });
    const forged = (header: string) => request({ ...TOKEN, "x-forwarded-for": header }, { sourceIp: undefined });
    expect(await ask(listed, forged(`10.0.0.1, ${ADDRESS}`), gate())).toBe("addressRefused");
    expect(await ask(listed, forged(`${ADDRESS}, 10.0.0.1`), gate())).toBe("admitted");
    expect(addressOf(forged(`10.0.0.1, ${ADDRESS}`))).toBe(ADDRESS);
  });
});

describe("a failed attempt", () => {
  it("counts where something was given and is wrong", async () => {
    for (const [name, value] of Object.entries({ token: "wrong", authorization: "Bearer wrong" }))
      expect(await ask(route(), request({ [name]: value }), gate())).toBe("tokenWrong");
    expect(await failures()).toBe(2);
    // What this instance remembers of the caller is over.
    expect(toldOfFailures).toBe(2);
  });

  it("does not count where nothing was given, nothing is configured, or the caller was refused before", async () => {
    await ask(route(), request(), gate());
    await ask(route({ credentials: { token: "TEST_ABSENT" } }), request({ token: "x" }), gate());
    await ask(route({ allowFrom: [] }), request({ token: "wrong" }), gate());
    await ask(route(), request({ token: "wrong", origin: PAGE }), gate());
    await ask(route(), request({ token: "wrong" }), gate({ lockedForMs: 1 }));
    await ask(route(), request(TOKEN), gate());
    expect(await failures()).toBe(0);
    expect(toldOfFailures).toBe(0);
  });

  it("of a user without his password, or of both wrong, counts as it should", async () => {
    vi.stubEnv("TEST_USER", "botman");
    vi.stubEnv("TEST_PASSWORD", "123456");
    const login = route({ auth: "password" });
    expect(await ask(login, request({ user: "botman" }), gate())).toBe("loginRequired");
    expect(await failures()).toBe(0);
    expect(await ask(login, request({ user: "nobody", password: "x" }), gate())).toBe("loginWrong");
    expect(await failures()).toBe(1);
  });

  it("twenty times over shuts out also the right credentials, from there, and says for how long", async () => {
    for (let at = 0; at < LOCKOUT.failures; at += 1) await ask(route(), request({ token: `wrong-${at}` }), gate());
    const { lockedForMs } = await readState(store.database, NAME, LOCK);
    const answer = await admitted(route(), request(TOKEN), gate({ lockedForMs }));
    expect(kindOf(answer)).toBe("lockedOut");
    const seconds = Number(headersOf(answer)["retry-after"]);
    expect(seconds).toBeGreaterThan(590);
    expect(seconds).toBeLessThanOrEqual(600);
    const elsewhere = lockKeyOf("preview", NAME, "203.0.113.8");
    const other = await readState(store.database, NAME, elsewhere);
    expect(other.lockedForMs).toBe(0);
    expect(await ask(route(), request(TOKEN), gate({ ...other, lockKey: elsewhere }))).toBe("admitted");
  });

  it("is refused as ever where the database cannot count it", async () => {
    store.faults.set({ store: { kind: "down", rate: 1 } });
    expect(await ask(route(), request({ token: "wrong" }), gate())).toBe("tokenWrong");
  });
});

describe("a refusal of credentials", () => {
  it.each([
    ["token", "Bearer"],
    ["password", "Basic"],
    ["hmac", 'Signature header="x-signature"'],
  ] as const)("of %s says how to give them: %s", async (auth, challenge) => {
    for (const [name, value] of [
      ["TEST_USER", "botman"],
      ["TEST_PASSWORD", "123456"],
      ["TEST_HMAC_KEY", "x".repeat(32)],
    ])
      vi.stubEnv(name as string, value);
    const wrong = { token: "x", user: "x", password: "x", "x-signature": "x" };
    for (const headers of [{}, wrong]) {
      const answer = await admitted(route({ auth }), request(headers as Record<string, string>), gate());
      expect(headersOf(answer)["www-authenticate"]).toBe(challenge);
    }
  });

  it("that are not configured asks the caller for nothing", async () => {
    const answer = await admitted(route({ credentials: {} }), request(TOKEN), gate());
    expect(kindOf(answer)).toBe("notConfigured");
    expect(headersOf(answer)).toEqual({});
    expect(JSON.stringify(answer)).not.toContain("TEST_TOKEN");
  });
});

describe("the rate of a route", () => {
  const limited = route({ rateLimit: { calls: 3, windowMs: 60_000 } });

  it("is of all its callers together, and says when to come again", async () => {
    for (const sourceIp of ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
      expect(await ask(limited, request(TOKEN, { sourceIp }), gate())).toBe("admitted");
    const answer = await admitted(limited, request(TOKEN, { sourceIp: "10.0.0.4" }), gate());
    expect(kindOf(answer)).toBe("rateLimited");
    const seconds = Number(headersOf(answer)["retry-after"]);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    store.clock.set({ offsetMs: 61_000, rate: 1 });
    expect(await ask(limited, request(TOKEN), gate())).toBe("admitted");
  });

  it("is of each route and each environment", async () => {
    for (let at = 0; at < 3; at += 1) await ask(limited, request(TOKEN), gate());
    expect(await ask(limited, request(TOKEN), gate())).toBe("rateLimited");
    expect(await ask({ ...limited, function: "other" }, request(TOKEN), gate())).toBe("admitted");
    expect(await ask(limited, request(TOKEN), gate({ environment: "production" }))).toBe("admitted");
  });

  it("is used up by nobody who is not let in", async () => {
    for (let at = 0; at < 5; at += 1) await ask(limited, request({ token: "wrong" }), gate());
    expect(await ask(limited, request(TOKEN), gate())).toBe("admitted");
  });

  it("does not stop anybody where the database fails", async () => {
    store.faults.set({ store: { kind: "down", rate: 1 } });
    expect(await ask(limited, request(TOKEN), gate())).toBe("admitted");
  });
});

describe("a page of another origin", () => {
  const cors = { origins: [PAGE] };
  const open = route({ cors });
  const asked = (origin: string | undefined, method = "OPTIONS") =>
    preflight(open, request(origin === undefined ? {} : { origin }, { method }));

  it("that may call may read the answer, and which run it is", () => {
    const headers = corsHeaders(open, request({ origin: PAGE }));
    expect(headers["access-control-allow-origin"]).toBe(PAGE);
    expect(headers.vary).toBe("origin");
    expect(headers["access-control-expose-headers"]).toContain("x-run-uid");
    expect(headers).not.toHaveProperty("access-control-allow-credentials");
  });

  it("that may not, and what is no page, gets no such header", () => {
    expect(corsHeaders(open, request({ origin: "https://evil.example.com" }))).toEqual({});
    expect(corsHeaders(open, request())).toEqual({});
    expect(corsHeaders(route(), request({ origin: PAGE }))).toEqual({});
  });

  it("is answered what its browser asks first, without a body: every header that a caller sends", () => {
    const reply = asked(PAGE);
    expect(reply).toMatchObject({ status: 204, body: undefined, headers: { "access-control-allow-origin": PAGE } });
    const allowed = reply?.headers["access-control-allow-headers"] ?? "";
    for (const name of [
      "authorization",
      "content-type",
      "idempotency-key",
      "password",
      "prefer",
      "token",
      "user",
      "x-callback-url",
      "x-signature",
    ])
      expect(allowed.split(", ")).toContain(name);
  });

  it("that may not is not answered, nor any other method", () => {
    expect(asked("https://evil.example.com")).toBeUndefined();
    expect(asked(undefined)).toBeUndefined();
    expect(asked(PAGE, "POST")).toBeUndefined();
  });
});
