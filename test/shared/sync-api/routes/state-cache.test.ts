/** What an instance remembers of a route and its caller: for a second, and not beyond a failure. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RouteState } from "../../../../shared/sync-api/routes/overrides";
import { createStateCache, STATE_MS, type StateCache } from "../../../../shared/sync-api/routes/state-cache";

const START_MS = Date.UTC(2026, 11, 1);
let cache: StateCache;
let reads: number;
beforeEach(() => {
  cache = createStateCache();
  reads = 0;
  vi.useFakeTimers({ toFake: ["Date"], now: START_MS });
});
afterEach(() => vi.useRealTimers());

const read = async (): Promise<RouteState> => {
  reads += 1;
  return { override: { enabled: reads % 2 === 1 }, lockedForMs: 0 };
};
const get = (key = "lock:preview:a/b/c:1.2.3.4") => cache.get(key, read);
const at = (ms: number) => vi.setSystemTime(START_MS + ms);

describe("a state", () => {
  it("is read once in a second", async () => {
    const first = await get();
    at(STATE_MS - 1);
    expect(await get()).toBe(first);
    expect(reads).toBe(1);
    at(STATE_MS);
    expect(await get()).toEqual({ override: { enabled: false }, lockedForMs: 0 });
    expect(reads).toBe(2);
  });

  it("is as old as the question was, not as its answer", async () => {
    await cache.get("k", async () => {
      at(STATE_MS + 1);
      return await read();
    });
    await cache.get("k", read);
    expect(reads).toBe(2);
  });

  it("is read again where the clock was set back, or the instance slept", async () => {
    await get();
    at(-60_000);
    await get();
    expect(reads).toBe(2);
    at(86_400_000);
    await get();
    expect(reads).toBe(3);
  });

  it("is of one caller of one route", async () => {
    await get("lock:preview:a/b/c:1.2.3.4");
    await get("lock:preview:a/b/c:1.2.3.5");
    await get("lock:production:a/b/c:1.2.3.4");
    expect(reads).toBe(3);
  });

  it("is forgotten with a failure of its caller, and of nobody else", async () => {
    await get("a");
    await get("b");
    cache.forget("a");
    await get("a");
    await get("b");
    expect(reads).toBe(3);
  });

  it("that cannot be read is not remembered", async () => {
    await expect(cache.get("a", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
    expect(await get("a")).toMatchObject({ override: { enabled: true } });
  });

  it("of the latest caller is kept, however many there were", async () => {
    for (let caller = 0; caller < 5_000; caller += 1) await get(`caller-${caller}`);
    expect(reads).toBe(5_000);
    await get("caller-4999");
    expect(reads).toBe(5_000);
  });
});
