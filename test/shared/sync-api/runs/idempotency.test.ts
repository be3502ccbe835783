/** One key, one run: on the real database, also for two hundred calls at once and after the key's day is over. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KEY_WINDOW_MS, KEYS, type KeyedRun, readKey, runOfKey } from "../../../../shared/sync-api/runs/idempotency";
import { UID } from "../../../../shared/sync-api/runs/uid";
import { type TestStore, testStore } from "../../../helpers/database";
import { failureOf } from "../../../helpers/failure";
import { unhurried } from "../../../helpers/still-clock";
import { sha256 } from "../calls";

let store: TestStore;
/** The store's clock stands still but for `later`: how long a test takes is no time that passes. */
let startMs: number;
beforeEach(() => {
  store = testStore();
  startMs = Date.now();
  store.clock.set({ offsetMs: 0, rate: 0 });
});
afterEach(() => {
  store.faults.set({});
  store.clock.set({ offsetMs: 0, rate: 1 });
  vi.useRealTimers();
});

const SCOPE = "preview:demo/flows/hello";
const run = (change: Partial<Parameters<typeof runOfKey>[1]> = {}) =>
  runOfKey(store.database, { scope: SCOPE, key: "order-1", fingerprint: "content-1", ...change });
const uidOf = (found: KeyedRun) => (found === "other-content" ? expect.fail("other content") : found.uid);
/** The store's clock, and this instance's, which is off by so much. */
function later(ms: number, offMs = 0): void {
  vi.useRealTimers();
  store.clock.set({ offsetMs: startMs + ms - Date.now(), rate: 0 });
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms + offMs });
}
async function documents(): Promise<Record<string, unknown>[]> {
  const found = store.database.collection(KEYS).where({}).limit(100).get();
  return ((await found) as { data: Record<string, unknown>[] }).data;
}
const atOnce = (count: number, change?: Parameters<typeof run>[0]) =>
  Promise.all(Array.from({ length: count }, () => run(change)));

describe("the header", () => {
  it.each([
    ["order-1", "order-1"],
    ['"order-1"', "order-1"],
    ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', "8e03978e-40d5-43dd-bc93-6894a57f9324"],
    ['""order""', '"order"'],
    ['"half', '"half'],
    ["x".repeat(200), "x".repeat(200)],
    ["~!@#$%^&*()", "~!@#$%^&*()"],
  ])("%j is the key %j", (header, key) => expect(readKey(header, true)).toEqual({ key }));

  it.each(['""', '" "', "a b", "键", "x".repeat(201), "a\tb", "a\u0000", "\u007f", "é"])(
    "%j is none: 400, which says what is",
    (header) => {
      const read = readKey(header, false);
      expect(read).toMatchObject({ refused: { status: 400 } });
      expect(JSON.stringify(read)).toContain("requestError.invalidParams");
      expect(JSON.stringify(read)).toContain("1 to 200 visible characters");
      expect(JSON.stringify(read)).toContain("1 到 200 个可见字符");
    },
  );

  it.each([undefined, ""])("that is missing (%j) is refused only where the route asks for it", (header) => {
    expect(readKey(header, false)).toEqual({});
    const read = readKey(header, true);
    expect(read).toMatchObject({ refused: { status: 400 } });
    expect(JSON.stringify(read)).toContain("Idempotency-Key is missing");
  });
});

describe("a key", () => {
  it("stands for a new run, and then for that run", async () => {
    const first = await run();
    expect(first).toEqual({ uid: expect.stringMatching(UID), isRepeat: false });
    expect(await run()).toEqual({ uid: uidOf(first), isRepeat: true });
    expect(await run()).toEqual({ uid: uidOf(first), isRepeat: true });
  });

  it("with other content stands for none, and goes on to stand for its own", async () => {
    const first = await run();
    expect(await run({ fingerprint: "content-2" })).toBe("other-content");
    expect(await run()).toEqual({ uid: uidOf(first), isRepeat: true });
  });

  it("is another one for another route, environment or caller's key", async () => {
    const uids = new Set<string>();
    for (const change of [
      {},
      { scope: "production:demo/flows/hello" },
      { scope: "preview:a/b/c" },
      { key: "order-2" },
    ]) {
      const found = await run(change);
      expect(found).toMatchObject({ isRepeat: false });
      uids.add(uidOf(found));
    }
    expect(uids.size).toBe(4);
    // Where one ends and the other begins counts.
    expect(await run({ scope: `${SCOPE}\norder`, key: "-1" })).toMatchObject({ isRepeat: false });
  });

  it("is kept as a hash only", async () => {
    await run({ key: "canary-key" });
    const [found, ...others] = await documents();
    expect(others).toEqual([]);
    expect(found).toEqual({
      _id: expect.stringMatching(sha256),
      uid: expect.stringMatching(UID),
      fingerprint: "content-1",
      at: expect.any(Date),
    });
  });

  it("that 200 calls carry at once is one new run, and theirs", async () => {
    unhurried();
    const found = await atOnce(200);
    expect(found.filter((one) => one !== "other-content" && !one.isRepeat)).toHaveLength(1);
    expect(new Set(found.map(uidOf)).size).toBe(1);
    expect(await documents()).toHaveLength(1);
  });
});

describe("the day of a key", () => {
  it("is 24 hours", () => expect(KEY_WINDOW_MS).toBe(24 * 3_600_000));

  it("lasts to its last second, and then the key stands for a new run, also of other content", async () => {
    const first = await run();
    later(KEY_WINDOW_MS - 1_000);
    expect(await run()).toEqual({ uid: uidOf(first), isRepeat: true });
    expect(await run({ fingerprint: "content-2" })).toBe("other-content");
    later(KEY_WINDOW_MS + 1_000);
    const second = await run({ fingerprint: "content-2" });
    expect(second).toMatchObject({ isRepeat: false });
    expect(uidOf(second)).not.toBe(uidOf(first));
    expect(await run({ fingerprint: "content-2" })).toEqual({ uid: uidOf(second), isRepeat: true });
    expect(await run()).toBe("other-content");
  });

  it("begins anew with the new run", async () => {
    await run();
    later(KEY_WINDOW_MS + 1_000);
    const second = await run();
    later(2 * KEY_WINDOW_MS - 10_000);
    expect(await run()).toEqual({ uid: uidOf(second), isRepeat: true });
    later(2 * KEY_WINDOW_MS + 5_000);
    expect(await run()).toMatchObject({ isRepeat: false });
  });

  it("is not over because this instance's clock says so", async () => {
    const first = await run();
    later(3_600_000, 10 * KEY_WINDOW_MS);
    expect(await run()).toEqual({ uid: uidOf(first), isRepeat: true });
    expect(await run({ fingerprint: "content-2" })).toBe("other-content");
  });

  it("is over by the store's clock also where this instance's is minutes behind", async () => {
    await run();
    later(KEY_WINDOW_MS + 1_000, -300_000);
    expect(await run()).toMatchObject({ isRepeat: false });
  });

  it("that is over for 200 calls at once begins anew with one new run, which is theirs", async () => {
    const first = await run();
    later(KEY_WINDOW_MS + 1_000);
    unhurried();
    const found = await atOnce(200);
    expect(found.filter((one) => one !== "other-content" && !one.isRepeat)).toHaveLength(1);
    const uids = new Set(found.map(uidOf));
    expect(uids.size).toBe(1);
    expect(uids).not.toContain(uidOf(first));
  });

  it("that is over for two contents at once begins anew for one of them, and the other is refused", async () => {
    await run();
    later(KEY_WINDOW_MS + 1_000);
    const found = await Promise.all([...Array(20).keys()].map((at) => run({ fingerprint: `content-${at % 2}` })));
    expect(found.filter((one) => one === "other-content")).toHaveLength(10);
    expect(found.filter((one) => one !== "other-content" && !one.isRepeat)).toHaveLength(1);
  });
});

describe("a database that fails", () => {
  it.each(["down", "error-before"] as const)("(%s) gives no run at all", async (kind) => {
    await run({ key: "makes-the-collection" });
    store.faults.set({ store: { kind, rate: 1 } });
    expect(await failureOf(run())).toMatchObject({ code: "STORE_UNREACHABLE", outcome: "rejected" });
  });

  it.each(["lost-after", "lost-before", "error-after", "error-before"] as const)(
    "for a moment (%s) gives the one run, to the call that made it",
    async (kind) => {
      await run({ key: "makes-the-collection" });
      store.faults.set({ store: { kind, rate: 1, times: 1 } });
      const first = await run();
      expect(first).toMatchObject({ isRepeat: false });
      expect(await run()).toEqual({ uid: uidOf(first), isRepeat: true });
    },
  );

  it("whose answer to a renewal is lost gives the new run to the call that made it", async () => {
    const first = await run();
    later(KEY_WINDOW_MS + 1_000);
    const { collection } = store.database;
    // The insert and the read before it are answered.
    let calls = 0;
    const database = {
      ...store.database,
      collection(name: string) {
        calls += 1;
        if (calls === 3) store.faults.set({ store: { kind: "lost-after", rate: 1, times: 1 } });
        return collection(name);
      },
    };
    const second = await runOfKey(database, { scope: SCOPE, key: "order-1", fingerprint: "content-1" });
    expect(second).toMatchObject({ isRepeat: false });
    expect(uidOf(second)).not.toBe(uidOf(first));
    expect(await run()).toEqual({ uid: uidOf(second), isRepeat: true });
  });
});
