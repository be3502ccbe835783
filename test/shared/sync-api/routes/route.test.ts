/** Routes as data: which one a path means, and which declarations are refused before anything is deployed. */
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  defineRoutes,
  findRoute,
  LIMITS,
  NEEDED,
  type Route,
  routeName,
} from "../../../../shared/sync-api/routes/route";
import { API_METHODS, AUTH_KINDS } from "../../../../shared/sync-api/routes/route-kinds";
import { counted } from "../../../helpers/counts";
import { openEngine, routeOf, VARIABLES } from "../calls";

const engine = openEngine();
const named = (name: string, change: Partial<Route> = {}): Route => {
  const [space = "", module = "", last = ""] = name.split("/");
  return routeOf(engine, { space, module, function: last, ...change });
};

describe("a path", () => {
  const routes = defineRoutes(
    [
      "botman/test/sync",
      "admin/test/sync",
      "botman/test/index",
      "demo/flows/hello",
      "demo/async/sync",
      "flows/hello/async",
    ].map((name) => named(name)),
  );
  const found = (path: string) => {
    const { route, mode } = findRoute(routes, path.split("/")) ?? {};
    return route === undefined ? undefined : [routeName(route), mode];
  };
  beforeEach(() => {
    vi.spyOn(console, "log").mockImplementation(() => undefined);
    return () => vi.restoreAllMocks();
  });

  it.each([
    // The three of the published commands and help texts.
    ["botman/test/sync", ["botman/test/sync", undefined]],
    ["admin/test/sync", ["admin/test/sync", undefined]],
    ["test/index", ["botman/test/index", undefined]],
    // The mode as a suffix of either form.
    ["botman/test/index/sync", ["botman/test/index", "sync"]],
    ["botman/test/index/async", ["botman/test/index", "async"]],
    ["test/index/sync", ["botman/test/index", "sync"]],
    ["test/index/async", ["botman/test/index", "async"]],
    ["botman/test/sync/async", ["botman/test/sync", "async"]],
    ["botman/test/sync/sync", ["botman/test/sync", "sync"]],
    // What is there by its name comes before any suffix.
    ["flows/hello/async", ["flows/hello/async", undefined]],
    ["flows/hello/sync", ["demo/flows/hello", "sync"]],
    ["flows/hello", ["demo/flows/hello", undefined]],
    ["async/sync", ["demo/async/sync", undefined]],
    ["demo/async/sync", ["demo/async/sync", undefined]],
  ])("%s means %j", (path, expected) => expect(found(path)).toEqual(expected));

  it.each([
    "",
    "test",
    "sync",
    "botman",
    "botman/test",
    "botman/test/other",
    "botman/test/index/other",
    "botman/test/index/sync/sync",
    "botman/test/index/async/sync",
    "Botman/test/sync",
    "botman/test/SYNC",
    "botman//sync",
    "/botman/test/sync",
    "botman/test/sync/",
    "constructor/toString/sync",
    "__proto__/a/b",
  ])("%j means none", (path) => expect(found(path)).toBeUndefined());

  it("of two parts means none where two spaces have it, which the log tells", () => {
    expect(found("test/sync")).toBeUndefined();
    expect(found("test/sync/async")).toBeUndefined();
    expect(vi.mocked(console.log).mock.calls.join()).toContain("name the space");
  });

  it("of parts that hold a slash of their own means none", () => {
    expect(findRoute(routes, ["botman/test", "sync"])).toBeUndefined();
    expect(findRoute(routes, ["botman/test/sync"])).toBeUndefined();
    expect(findRoute(routes, ["botman", "test/sync", "async"])).toBeUndefined();
  });

  it("means at most the one route that is called so", () => {
    const part = fc.constantFrom("botman", "admin", "test", "sync", "async", "index", "flows", "hello", "demo", "");
    const property = fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
      const { route, mode } = findRoute(routes, parts) ?? {};
      if (route === undefined) return;
      const path = mode === undefined ? parts : parts.slice(0, -1);
      const name = routeName(route);
      expect([name, name.split("/").slice(1).join("/")]).toContain(path.join("/"));
      if (mode !== undefined) expect(parts.at(-1)).toBe(mode);
    });
    fc.assert(property, { numRuns: counted(4_000) });
  });
});

describe("a declaration", () => {
  const declared =
    (change: Partial<Route> = {}) =>
    () =>
      defineRoutes([named("demo/flows/hello", change)]);

  it("that is right is given back as it is", () => {
    const routes = [
      named("demo/flows/hello", {
        auth: "hmac",
        allowFrom: ["10.0.0.0/8", "::1"],
        cors: { origins: ["https://a.example.com", "http://localhost:8080"] },
        rateLimit: { calls: LIMITS.rateCalls, windowMs: 1 },
        bodyBytes: LIMITS.maxBodyBytes,
        waitMs: 900_000,
        keyRequired: true,
        raw: true,
        output: null,
      }),
      named("a/b/c", { auth: "none", credentials: {}, waitMs: 500, bodyBytes: 1 }),
      named("A_1-/-b/c9"),
    ];
    expect(defineRoutes(routes)).toBe(routes);
  });

  it.each(AUTH_KINDS.flatMap((auth) => API_METHODS.map((method) => ({ auth, method }))))("may be %j", (change) =>
    expect(declared(change)).not.toThrow(),
  );

  it.each(["", "a b", "a/b", "编号", "..", "a.b", "x".repeat(65)])("with the part %j is refused", (part) => {
    for (const change of [{ space: part }, { module: part }, { function: part }])
      expect(declared(change)).toThrow("its parts are not letters, digits, _ and -");
  });

  it("of a name that is taken is refused", () => {
    expect(() => defineRoutes([named("a/b/c"), named("a/b/d"), named("a/b/c")])).toThrow(
      "defineRoutes: a/b/c: there are two of this name",
    );
  });

  it.each(
    (["token", "password", "hmac"] as const).flatMap((auth) => NEEDED[auth].map((kind) => [auth, kind] as const)),
  )("of auth %s without the variable of its %s is refused", (auth, kind) => {
    const { [kind]: _, ...credentials } = VARIABLES;
    expect(declared({ auth, credentials })).toThrow(`demo/flows/hello: auth ${auth} needs credentials.${kind}`);
  });

  it.each(["123456", "token", "", "A-B", "A B", "X".repeat(65), "{{env.TOKEN}}"])(
    "with %j in place of a variable's name is refused: a secret stands in no source",
    (token) => {
      expect(declared({ auth: "token", credentials: { token } })).toThrow("a variable has a wrong name");
    },
  );

  it.each([
    [{ allowFrom: ["10.0.0.0/33"] }, "allowFrom has something that is no address"],
    [{ allowFrom: ["localhost"] }, "allowFrom has something that is no address"],
    [{ cors: { origins: ["*"] } }, "cors has something that is no origin"],
    [{ cors: { origins: ["https://a.example.com/"] } }, "cors has something that is no origin"],
    [{ cors: { origins: ["a.example.com"] } }, "cors has something that is no origin"],
    [{ cors: { origins: ["null"] } }, "cors has something that is no origin"],
    [{ rateLimit: { calls: 0, windowMs: 1_000 } }, "rateLimit: 1 … 1000 calls, in 1 millisecond or more"],
    [{ rateLimit: { calls: 1_001, windowMs: 1_000 } }, "rateLimit: 1 … 1000 calls, in 1 millisecond or more"],
    [{ rateLimit: { calls: 1, windowMs: 0 } }, "rateLimit: 1 … 1000 calls, in 1 millisecond or more"],
    [{ rateLimit: { calls: 1.5, windowMs: 1_000 } }, "rateLimit: 1 … 1000 calls, in 1 millisecond or more"],
    [{ rateLimit: { calls: Number.NaN, windowMs: 1_000 } }, "rateLimit: 1 … 1000 calls, in 1 millisecond or more"],
    [{ bodyBytes: 0 }, "bodyBytes: 1 … 6000000"],
    [{ bodyBytes: 6_000_001 }, "bodyBytes: 1 … 6000000"],
    [{ bodyBytes: Number.NaN }, "bodyBytes: 1 … 6000000"],
    [{ waitMs: -1 }, "waitMs: 500 … 900000"],
    [{ waitMs: 900_001 }, "waitMs: 500 … 900000"],
    [{ waitMs: Number.NaN }, "waitMs: 500 … 900000"],
  ] as [Partial<Route>, string][])("with %j is refused: %s", (change, problem) => {
    expect(declared(change)).toThrow(`defineRoutes: demo/flows/hello: ${problem}`);
  });

  it("that waits for what tells nothing of its end is refused; answered at once, it is not", () => {
    const silent = openEngine(undefined, {});
    const route = routeOf(silent);
    expect(() => defineRoutes([route])).toThrow("its run tells nothing of its end: mode async");
    expect(() => defineRoutes([{ ...route, mode: "async" }])).not.toThrow();
    const asked = openEngine(undefined, { status: async () => ({}) as never });
    expect(() => defineRoutes([routeOf(asked)])).not.toThrow();
  });
});
