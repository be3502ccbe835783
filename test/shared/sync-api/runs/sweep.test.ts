/** What the sweep does for the sync API: runs that nobody took on, callbacks, and documents that are old. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deadlineIn } from "../../../../shared/base/deadline";
import type { SweepDatabase } from "../../../../shared/once/sweep-store";
import { APIS, countFailure, LOCKOUT, lockKeyOf } from "../../../../shared/sync-api/gate/lockout";
import { KEY_WINDOW_MS, KEYS, runOfKey } from "../../../../shared/sync-api/runs/idempotency";
import { sweepApi } from "../../../../shared/sync-api/runs/sweep";
import { newUid } from "../../../../shared/sync-api/runs/uid";
import { type TestStore, testStore } from "../../../helpers/database";
import { contextOf, openEngine, routeOf } from "../calls";
import { putRun, recordOf } from "../records";

let store: TestStore;
let handedOver: unknown[];
beforeEach(() => {
  store = testStore();
  handedOver = [];
  vi.spyOn(console, "log").mockImplementation(() => undefined);
});
afterEach(() => {
  store.faults.set({});
  store.clock.set({ offsetMs: 0, rate: 1 });
  vi.restoreAllMocks();
});

const sweep = (environment: "preview" | "production" = "preview") =>
  sweepApi({
    database: store.database as SweepDatabase,
    context: contextOf(store, { callFunction: async ({ data }) => void handedOver.push(data) }),
    environment,
    routeOf: () => routeOf(openEngine()),
    deadline: deadlineIn(20_000),
  });
const ahead = (ms: number) => store.clock.set({ offsetMs: ms, rate: 1 });
const ids = async (collection: string) => {
  const found = store.database.collection(collection).where({}).limit(100).get();
  return ((await found) as { data: { _id: string }[] }).data.map(({ _id }) => _id);
};
const NOTHING = { handedOver: 0, called: 0, givenUp: 0 };

describe("a run that waits for its turn", () => {
  const queued = (ageMs: number, change: Parameters<typeof recordOf>[1] = {}) => {
    const uid = newUid();
    const changedAt = new Date(Date.now() - ageMs);
    return putRun(store, recordOf(uid, { state: "free", reason: "QUEUED", changedAt, ...change })).then(() => uid);
  };

  it("is handed over again after half a minute, not before", async () => {
    const [, old] = [await queued(20_000), await queued(40_000)];
    expect(await sweep()).toEqual({ ...NOTHING, handedOver: 1 });
    expect(handedOver).toEqual([{ run: old }]);
  });

  it("is handed over oldest first, twenty at most", async () => {
    const uids: string[] = [];
    for (let at = 0; at < 25; at += 1) uids.push(await queued(60_000 + at * 1_000));
    expect(await sweep()).toEqual({ ...NOTHING, handedOver: 20 });
    expect(handedOver).toEqual(
      [...uids]
        .reverse()
        .slice(0, 20)
        .map((run) => ({ run })),
    );
  });

  it("in another environment, that was taken back, has failed, or is on its way is not handed over", async () => {
    await queued(60_000, { environment: "production", _id: "production:1" });
    for (const change of [
      { reason: "CANCELLED" },
      { reason: "ENGINE_REFUSED" },
      { state: "dispatched" as const },
      { state: "started" as const },
      { state: "unknown" as const },
    ])
      await queued(60_000, change);
    expect(await sweep()).toEqual(NOTHING);
    expect(await sweep("production")).toMatchObject({ handedOver: 1 });
  });
});

describe("what is old", () => {
  it("is forgotten: keys after their day, failures after their ten minutes; what was switched over is not", async () => {
    const lockKey = lockKeyOf("preview", "demo/flows/hello", "203.0.113.7");
    await countFailure(store.database, lockKey);
    await store.database.collection(APIS).add({ _id: "demo/flows/hello", enabled: false });
    await runOfKey(store.database, { scope: "s", key: "k", fingerprint: "f" });
    await sweep();
    expect([(await ids(APIS)).length, (await ids(KEYS)).length]).toEqual([2, 1]);
    ahead(LOCKOUT.windowMs + 1_000);
    await sweep();
    expect(await ids(APIS)).toEqual(["demo/flows/hello"]);
    expect(await ids(KEYS)).toHaveLength(1);
    ahead(KEY_WINDOW_MS + 1_000);
    await sweep();
    expect(await ids(KEYS)).toEqual([]);
    expect(await ids(APIS)).toEqual(["demo/flows/hello"]);
  });
});

describe("a sweep", () => {
  it("finds nothing where there is nothing yet", async () => {
    expect(await sweep()).toEqual(NOTHING);
  });

  it.each(["down", "error-before", "lost-before"] as const)("survives a database that fails (%s)", async (kind) => {
    store.faults.set({ store: { kind, rate: 1 } });
    expect(await sweep()).toEqual(NOTHING);
  });
});
