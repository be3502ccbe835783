/** The lock-out on the real database: twenty failures, ten minutes on its clock, and nobody else is shut out. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { APIS, countFailure, LOCKOUT, lockKeyOf } from "../../../../shared/sync-api/gate/lockout";
import { readState } from "../../../../shared/sync-api/routes/overrides";
import { type TestStore, testStore } from "../../../helpers/database";

let store: TestStore;
beforeEach(() => {
  store = testStore();
});
afterEach(() => {
  store.faults.set({});
  store.clock.set({ offsetMs: 0, rate: 1 });
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const ROUTE = "demo/flows/hello";
const ADDRESS = "203.0.113.7";
const KEY = lockKeyOf("preview", ROUTE, ADDRESS);
const locked = async (key = KEY) => (await readState(store.database, ROUTE, key)).lockedForMs;
async function fail(count: number, key = KEY): Promise<void> {
  for (let at = 0; at < count; at += 1) await countFailure(store.database, key);
}
async function lock(): Promise<{ failures: number; since: Date } | undefined> {
  const found = store.database.collection(APIS).doc(KEY).get();
  return ((await found) as { data: { failures: number; since: Date }[] }).data[0];
}
const ahead = (ms: number) => store.clock.set({ offsetMs: ms, rate: 1 });

describe("a caller", () => {
  it("who has not failed may call, also where nobody ever failed", async () => {
    expect(await locked()).toBe(0);
  });

  it("is shut out with the twentieth failure, not before", async () => {
    expect(LOCKOUT).toEqual({ failures: 20, windowMs: 600_000 });
    await fail(19);
    expect(await locked()).toBe(0);
    await fail(1);
    const leftMs = await locked();
    expect(leftMs).toBeGreaterThan(590_000);
    expect(leftMs).toBeLessThanOrEqual(600_000);
  });

  it("is shut out to the end of the ten minutes since his first failure, by the store's clock", async () => {
    await fail(10);
    ahead(300_000);
    await fail(10);
    expect(await locked()).toBeGreaterThan(0);
    ahead(600_000 - 3_000);
    expect(await locked()).toBeGreaterThan(0);
    ahead(600_000 + 1_000);
    expect(await locked()).toBe(0);
  });

  it("is not let in because this instance's clock says that it is time", async () => {
    await fail(20);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 86_400_000 });
    const leftMs = await locked();
    vi.useRealTimers();
    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThanOrEqual(LOCKOUT.windowMs);
  });

  it("is not told to wait for longer than the ten minutes by a clock that is behind", async () => {
    await fail(20);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 86_400_000 });
    const leftMs = await locked();
    vi.useRealTimers();
    expect(leftMs).toBe(LOCKOUT.windowMs);
  });

  it("begins at one again after the ten minutes", async () => {
    await fail(20);
    ahead(600_000 + 1_000);
    await fail(1);
    expect(await lock()).toMatchObject({ failures: 1 });
    expect(await locked()).toBe(0);
    await fail(19);
    expect(await locked()).toBeGreaterThan(0);
  });

  it("whose failures are spread over more than ten minutes is not shut out", async () => {
    for (const turn of [0, 1, 2, 3]) {
      ahead(turn * 601_000);
      await fail(19);
      expect(await locked()).toBe(0);
    }
  });

  it.each([
    lockKeyOf("preview", ROUTE, "203.0.113.8"),
    lockKeyOf("preview", "demo/flows/quiet", ADDRESS),
    lockKeyOf("production", ROUTE, ADDRESS),
    lockKeyOf("preview", ROUTE, undefined),
  ])("at another address, of another route or environment is not shut out: %s", async (other) => {
    await fail(20);
    expect(await locked(other)).toBe(0);
    expect(await locked()).toBeGreaterThan(0);
  });
});

describe("failures at once", () => {
  it("are all counted", async () => {
    await Promise.all(Array.from({ length: 60 }, () => fail(1)));
    expect(await lock()).toMatchObject({ failures: 60 });
  });

  it("are all counted also where the ten minutes are over", async () => {
    await fail(5);
    ahead(601_000);
    await Promise.all(Array.from({ length: 30 }, () => fail(1)));
    expect(await lock()).toMatchObject({ failures: 30 });
  });
});

describe("a database that fails", () => {
  it.each(["down", "error-before", "rate-limit", "lost-before"] as const)(
    "(%s) counts no failure, and leaves a log line",
    async (kind) => {
      await fail(19);
      const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
      store.faults.set({ store: { kind, rate: 1 } });
      await fail(1);
      store.faults.set({});
      expect(log.mock.calls.join()).toContain("failed attempt not counted");
      expect(await locked()).toBe(0);
    },
  );
});
