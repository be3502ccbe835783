/** What was switched over for a deployed route: documents, read each time; what cannot be read is no permission. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { insertDocument } from "../../../../shared/platform/database";
import { APIS, countFailure, LOCKOUT, lockKeyOf } from "../../../../shared/sync-api/gate/lockout";
import { overridden, overrideSchema, readOverride, readState } from "../../../../shared/sync-api/routes/overrides";
import { type TestStore, testStore } from "../../../helpers/database";
import { openEngine, routeOf } from "../calls";

let store: TestStore;
beforeEach(() => {
  store = testStore();
});
afterEach(() => {
  store.faults.set({});
  vi.restoreAllMocks();
});

const NAME = "demo/flows/hello";
const LOCK = lockKeyOf("preview", NAME, "203.0.113.7");
const put = (document: object, name = NAME) => insertDocument(store.database, APIS, { _id: name, ...document });
const readers = {
  readOverride: () => readOverride(store.database, NAME),
  readState: async () => (await readState(store.database, NAME, LOCK)).override,
};

describe.each(Object.entries(readers))("the override of a route, by %s,", (_, read) => {
  it("is none where there is no document, nor a collection", async () => {
    expect(await read()).toEqual({});
    expect(await read()).toEqual({});
    await put({ enabled: false }, "demo/flows/other");
    expect(await read()).toEqual({});
  });

  it("is what its document says", async () => {
    const change = { enabled: false, auth: "token", method: "GET", output: '"other"', note: "by 张三" };
    await put(change);
    expect(await read()).toMatchObject(change);
  });

  it("counts from the next call on", async () => {
    await put({ enabled: false });
    expect(await read()).toMatchObject({ enabled: false });
    await store.database.collection(APIS).where({ _id: NAME }).update({ enabled: true });
    expect(await read()).toMatchObject({ enabled: true });
  });

  it.each([
    { enabled: "true" },
    { enabled: 1 },
    { enabled: null },
    { auth: "basic" },
    { auth: "" },
    { method: "PUT" },
    { method: "get" },
    { output: { a: 1 } },
  ])("cannot be read where it says %j, and nobody knows what was meant", async (document) => {
    await put(document);
    await expect(read()).rejects.toThrow();
  });

  it.each(["down", "error-before", "lost-before"] as const)(
    "is not taken for none where the database fails (%s)",
    async (kind) => {
      await put({ enabled: false });
      store.faults.set({ store: { kind, rate: 1 } });
      await expect(read()).rejects.toThrow();
    },
  );
});

describe("the state of a route", () => {
  it("is told with the lock of its caller in one look", async () => {
    await put({ enabled: false });
    for (let at = 0; at < LOCKOUT.failures; at += 1) await countFailure(store.database, LOCK);
    const before = store.calls();
    const state = await readState(store.database, NAME, LOCK);
    expect(store.calls() - before).toBe(1);
    expect(state.override).toMatchObject({ enabled: false });
    expect(state.lockedForMs).toBeGreaterThan(590_000);
  });

  it("has no lock for an override, and no override for a lock", async () => {
    for (let at = 0; at < LOCKOUT.failures; at += 1) await countFailure(store.database, LOCK);
    expect((await readState(store.database, NAME, LOCK)).override).toEqual({});
    expect(await readOverride(store.database, NAME)).toEqual({});
    await put({ enabled: true });
    expect(await readState(store.database, NAME, lockKeyOf("preview", NAME, "203.0.113.8"))).toMatchObject({
      override: { enabled: true },
      lockedForMs: 0,
    });
  });
});

describe("a route", () => {
  const route = routeOf(openEngine(), { auth: "token", output: "declared", allowFrom: ["10.0.0.0/8"] });

  it("without an override is the declared one", () => {
    expect(overridden(route, {})).toEqual(route);
  });

  it("is changed in what the override says, and in nothing else", () => {
    expect(overridden(route, { enabled: false, auth: "hmac", method: "GET", output: '{"a":[1]}' })).toEqual({
      ...route,
      enabled: false,
      auth: "hmac",
      method: "GET",
      output: { a: [1] },
    });
    const more = overrideSchema.parse({ enabled: true, allowFrom: ["0.0.0.0/0"], isPublic: true, credentials: {} });
    expect(overridden({ ...route, enabled: false }, more)).toEqual(route);
  });

  it.each(['""', "null", "false", "0", '"botman.cc"'])("can be given the output %s", (output) => {
    expect(overridden(route, { output }).output).toBe(JSON.parse(output));
  });

  it("with an output that is no JSON is refused", () => {
    expect(() => overridden(route, { output: "botman.cc" })).toThrow(SyntaxError);
  });

  it("is not changed itself", () => {
    const before = JSON.stringify(route);
    overridden(route, { enabled: false, output: "1" });
    expect(JSON.stringify(route)).toBe(before);
  });
});
