/** The rate limiter on the real database: never more than the limit in a window, and every caller gets an answer. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Admission, createLimiter, LIMITS, type Limiter } from "../../../shared/platform/limiter";
import { type TestStore, testStore } from "../../helpers/database";
import { stillClock } from "../../helpers/still-clock";

const WINDOW_MS = 60_000;
let store: TestStore;
let limiter: Limiter;
let atMs: number;
beforeEach(() => {
  store = testStore();
  // Neither the store's clock nor a time limit goes on by itself: a busy machine is no later window.
  stillClock();
  atMs = store.clock.now();
  ahead(0);
  limiter = createLimiter(store.database);
});
afterEach(() => {
  store.faults.set({});
  store.clock.set({ offsetMs: 0, rate: 1 });
  vi.restoreAllMocks();
});

const many = (count: number, key = "apaas") =>
  Promise.all(Array.from({ length: count }, () => limiter.admit(key, 20, WINDOW_MS)));
const admittedOf = (answers: Admission[]) => answers.filter(({ admitted }) => admitted).length;
const ahead = (ms: number) => store.clock.set({ offsetMs: atMs + ms - Date.now(), rate: 0 });

describe("a window", () => {
  it("admits exactly its limit of 100 callers at once, and answers all of them", async () => {
    const answers = await many(100);
    expect(answers).toHaveLength(100);
    expect(admittedOf(answers)).toBe(20);
  });

  it("admits one caller after the other up to its limit, and the first of a later window in one call of the store", async () => {
    for (let n = 0; n < 20; n += 1) expect(await limiter.admit("apaas", 20, WINDOW_MS)).toEqual({ admitted: true });
    expect(await limiter.admit("apaas", 20, WINDOW_MS)).toMatchObject({ admitted: false });
    ahead(WINDOW_MS + 1_000);
    const before = store.calls();
    expect(await limiter.admit("apaas", 20, WINDOW_MS)).toEqual({ admitted: true });
    expect(store.calls() - before).toBe(1);
  });

  it("has no turn at which twice as many are admitted, wherever it begins", async () => {
    await many(10);
    ahead(WINDOW_MS - 10_000);
    expect(admittedOf(await many(30))).toBe(10);
    ahead(WINDOW_MS + 1_000);
    expect(admittedOf(await many(30))).toBe(10);
    ahead(2 * WINDOW_MS - 8_000);
    expect(admittedOf(await many(30))).toBe(10);
  });

  it("that is full says how long to wait, never longer than a window", async () => {
    const refused = (await many(21)).find(({ admitted }) => !admitted) as { retryAfterMs: number };
    expect(refused.retryAfterMs).toBeGreaterThan(0);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(WINDOW_MS);
  });

  it("is over when the store's clock says so, and the next one has the whole limit, once", async () => {
    await many(30);
    for (const turn of [1, 2, 3]) {
      ahead(turn * (WINDOW_MS + 1_000));
      expect(admittedOf(await many(60))).toBe(20);
    }
  });

  it("is not over because this instance's clock says so", async () => {
    await many(20);
    stillClock(atMs + 10 * WINDOW_MS);
    const answer = await limiter.admit("apaas", 20, WINDOW_MS);
    expect(answer).toEqual({ admitted: false, retryAfterMs: 1 });
  });

  it("of one key leaves the others alone", async () => {
    await many(20);
    expect(admittedOf(await many(5, "corehr"))).toBe(5);
  });

  it("is as many documents for each key as its limit, however many windows there were", async () => {
    for (const turn of [0, 1, 2]) {
      ahead(turn * (WINDOW_MS + 1_000));
      await many(30);
    }
    const query = store.database.collection(LIMITS).where({ key: "apaas" }).limit(100);
    const { data } = (await query.get()) as { data: { _id: string }[] };
    expect(new Set(data.map(({ _id }) => _id))).toEqual(new Set(Array.from({ length: 20 }, (_, n) => `apaas#${n}`)));
    expect(data).toHaveLength(20);
  });
});

describe("a store that fails", () => {
  it.each(["down", "error-before", "rate-limit", "lost-after"] as const)(
    "(%s) admits, with a log line",
    async (kind) => {
      await many(20);
      store.faults.set({ store: { kind, rate: 1 } });
      const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
      expect(await limiter.admit("apaas", 20, WINDOW_MS)).toEqual({ admitted: true });
      expect(log.mock.calls.join()).toContain("rate limit not counted");
    },
  );
});
