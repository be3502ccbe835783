/** Runs that are answered before they start: kept on the real database, taken on once, and lost by nobody. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { deadlineIn } from "../../../../shared/base/deadline";
import { StartflowError } from "../../../../shared/base/errors";
import { type Route, SYNC_API_FUNCTION } from "../../../../shared/sync-api/routes/route";
import { handOver, queueAgain, queueRun, runQueued } from "../../../../shared/sync-api/runs/queue";
import { claimOf } from "../../../../shared/sync-api/runs/run";
import { runsWhole } from "../../../../shared/sync-api/runs/runnable";
import { newUid } from "../../../../shared/sync-api/runs/uid";
import { cancelRun } from "../../../../shared/sync-api/runs/view";
import { type TestStore, testStore } from "../../../helpers/database";
import { failureOf } from "../../../helpers/failure";
import { stillClock } from "../../../helpers/still-clock";
import { completed, contextOf, openEngine, routeOf, type TriedEngine } from "../calls";
import { findRun } from "../records";

let store: TestStore;
let uid: string;
beforeEach(() => {
  store = testStore();
  uid = newUid();
  vi.spyOn(console, "log").mockImplementation(() => undefined);
});
afterEach(() => {
  store.faults.set({});
  vi.restoreAllMocks();
});

const claim = (route: Route) => claimOf({ environment: "preview" }, { route, uid, fields: [], contentHash: "hash" });
const queue = (engine: TriedEngine, input: unknown = { name: "x" }) =>
  queueRun(contextOf(store), claim(routeOf(engine)), input);
const takeOn = (route: Route | undefined, limitMs = 20_000, of = store) => {
  const parts = { context: contextOf(of), environment: "preview" as const, deadline: deadlineIn(limitMs) };
  return runQueued(parts, uid, (name) => (name === "demo/flows/hello" ? route : undefined));
};

describe("a run that is queued", () => {
  it("is kept with its input until it is taken on", async () => {
    expect(await queue(openEngine(), { 编号: "1549943583216373762" })).toBe(true);
    expect(await findRun(store, uid)).toMatchObject({
      submissionId: uid,
      environment: "preview",
      api: "demo/flows/hello",
      state: "free",
      reason: "QUEUED",
      generation: 0,
      input: '{"编号":"1549943583216373762"}',
    });
  });

  it("is queued once: a repeat changes nothing", async () => {
    await queue(openEngine(), { first: 1 });
    expect(await queue(openEngine(), { second: 2 })).toBe(false);
    expect(await findRun(store, uid)).toMatchObject({ input: '{"first":1}' });
  });

  it.each([[{ a: [1, null, ""] }], [[1]], ["text"], [0], [false], [null], [""]])(
    "with the input %j is run with just that",
    async (input) => {
      const engine = openEngine();
      await queue(engine, input);
      await takeOn(routeOf(engine));
      expect(engine.sent).toStrictEqual([input]);
    },
  );

  it("is run by the call that takes it on, and its input is kept no longer", async () => {
    const engine = openEngine(() => completed("done"));
    await queue(engine);
    await takeOn(routeOf(engine));
    expect(await findRun(store, uid)).toMatchObject({
      state: "started",
      input: null,
      reason: null,
      generation: 1,
      output: '"done"',
      api: "demo/flows/hello",
    });
  });

  it("is run once by ten calls at once, and not again afterwards", async () => {
    const engine = openEngine();
    await queue(engine);
    await Promise.all(Array.from({ length: 10 }, () => takeOn(routeOf(engine))));
    await takeOn(routeOf(engine));
    expect(engine.sent).toHaveLength(1);
  });

  it("needs a database", async () => {
    store.faults.set({ store: { kind: "down", rate: 1 } });
    expect(await failureOf(queue(openEngine()))).toMatchObject({ code: "STORE_UNREACHABLE", outcome: "rejected" });
  });

  it("is not known to a call of another environment", async () => {
    const engine = openEngine();
    await queue(engine);
    const parts = { context: contextOf(store), environment: "production" as const, deadline: deadlineIn(20_000) };
    await runQueued(parts, uid, () => routeOf(engine));
    expect(engine.sent).toEqual([]);
  });
});

describe("nothing is run", () => {
  it("that nobody queued, or that does not wait any more", async () => {
    const engine = openEngine();
    await takeOn(routeOf(engine));
    await queue(engine);
    await takeOn(routeOf(engine));
    uid = newUid();
    await takeOn(routeOf(engine));
    expect(engine.sent).toHaveLength(1);
  });

  it("of which its route is gone: it has failed", async () => {
    await queue(openEngine());
    await takeOn(undefined);
    expect(await findRun(store, uid)).toMatchObject({ state: "free", reason: "NOT_CONFIGURED", input: null });
  });

  it("of which the input is none any more: it has failed", async () => {
    const engine = openEngine();
    await queue(engine, { days: "many" });
    const strict = z.strictObject({ days: z.number() });
    await takeOn(routeOf(engine, { run: runsWhole({ start: engine.target, whole: { whole: true }, input: strict }) }));
    expect(engine.sent).toEqual([]);
    expect(await findRun(store, uid)).toMatchObject({ state: "free", reason: "INVALID_PARAMS", input: null });
  });

  it("where the function has too little time left: it waits on", async () => {
    const engine = openEngine();
    await queue(engine);
    await takeOn(routeOf(engine), 5_000);
    expect(await findRun(store, uid)).toMatchObject({ state: "free", reason: "QUEUED", input: '{"name":"x"}' });
    await takeOn(routeOf(engine));
    expect(engine.sent).toHaveLength(1);
  });

  it("where the database is down: it waits on", async () => {
    const engine = openEngine();
    await queue(engine);
    store.faults.set({ store: { kind: "down", rate: 1 } });
    await takeOn(routeOf(engine));
    store.faults.set({});
    expect(await findRun(store, uid)).toMatchObject({ state: "free", reason: "QUEUED" });
  });

  it("by an engine that is busy: it waits on, and is started by a later turn, once", async () => {
    let isBusy = true;
    const engine = openEngine(() => {
      if (isBusy) throw new StartflowError("ENGINE_BUSY");
      return { processId: null, progress: { phase: "completed" } };
    });
    await queue(engine);
    await takeOn(routeOf(engine));
    expect(await findRun(store, uid)).toMatchObject({ state: "free", reason: "QUEUED", input: '{"name":"x"}' });
    isBusy = false;
    await takeOn(routeOf(engine));
    await takeOn(routeOf(engine));
    expect(await findRun(store, uid)).toMatchObject({ state: "started", input: null });
  });

  it("by an engine that refuses it: it has failed, and says so", async () => {
    const engine = openEngine(() => {
      throw new StartflowError("ENGINE_REFUSED");
    });
    await queue(engine);
    await takeOn(routeOf(engine));
    await takeOn(routeOf(engine));
    expect(engine.sent).toHaveLength(1);
    expect(await findRun(store, uid)).toMatchObject({ state: "free", reason: "ENGINE_REFUSED", input: null });
  });
});

describe("a run that was taken back", () => {
  const cancelled = async (route: Route) => {
    const record = (await findRun(store, uid)) ?? expect.fail("no record");
    return await cancelRun(contextOf(store), route, record);
  };

  it("is not run", async () => {
    const engine = openEngine();
    await queue(engine);
    expect(await cancelled(routeOf(engine))).toBeUndefined();
    await takeOn(routeOf(engine));
    expect(engine.sent).toEqual([]);
    expect(await findRun(store, uid)).toMatchObject({ state: "free", reason: "CANCELLED", input: null });
  });

  it("is not run either where that happens while a call takes it on, at any moment", async () => {
    // Between which two calls of the store: two reads, then the claim.
    for (const moment of [1, 2, 3]) {
      uid = newUid();
      const engine = openEngine();
      await queue(engine);
      let calls = 0;
      const cancelledFirst = async () => {
        calls += 1;
        if (calls === moment) await cancelled(routeOf(engine));
      };
      const { collection } = store.database;
      const database: TestStore["database"] = {
        ...store.database,
        collection(name) {
          const real = collection(name);
          return {
            ...real,
            add: (document) => real.add(document),
            doc: (id) => ({ get: () => cancelledFirst().then(() => real.doc(id).get()) }),
            where(query) {
              const found = real.where(query);
              return {
                limit: (count) => found.limit(count),
                update: (change) => cancelledFirst().then(() => found.update(change)),
              };
            },
          };
        },
      };
      await takeOn(routeOf(engine), 20_000, { ...store, database });
      expect({ moment, calls: calls >= moment, sent: engine.sent }).toEqual({ moment, calls: true, sent: [] });
      expect(await findRun(store, uid)).toMatchObject({ state: "free", reason: "CANCELLED" });
    }
  });

  it("is not queued again by a repeat", async () => {
    const engine = openEngine();
    await queue(engine);
    await cancelled(routeOf(engine));
    expect(await queueAgain(contextOf(store), claim(routeOf(engine)), {})).toBe(false);
    await takeOn(routeOf(engine));
    expect(engine.sent).toEqual([]);
  });
});

describe("a run that is known not to have been started", () => {
  it("waits for its turn again with its repeat, which brings its input along", async () => {
    let isRefused = true;
    const engine = openEngine(() => {
      if (isRefused) throw new StartflowError("ENGINE_REFUSED");
      return completed();
    });
    await queue(engine);
    await takeOn(routeOf(engine));
    isRefused = false;
    expect(await queueAgain(contextOf(store), claim(routeOf(engine)), { name: "x" })).toBe(true);
    expect(await findRun(store, uid)).toMatchObject({ reason: "QUEUED", input: '{"name":"x"}' });
    await takeOn(routeOf(engine));
    expect(await findRun(store, uid)).toMatchObject({ state: "started" });
  });

  it("is none of those that wait, run, have run, or are not known", async () => {
    const engine = openEngine();
    const again = () => queueAgain(contextOf(store), claim(routeOf(engine)), {});
    expect(await again()).toBe(false);
    await queue(engine);
    expect(await again()).toBe(false);
    await takeOn(routeOf(engine));
    expect(await again()).toBe(false);
    expect(engine.sent).toHaveLength(1);
  });
});

describe("handing over", () => {
  it("calls the function of the API by its name, with the run alone", async () => {
    const calls: unknown[] = [];
    const app = {
      isSdk: true,
      async callFunction(this: { isSdk?: boolean }, call: unknown) {
        if (this.isSdk !== true) throw new TypeError("callFunction without its app");
        calls.push(call);
      },
    };
    await handOver(contextOf(store, app), uid);
    expect(calls).toEqual([{ name: SYNC_API_FUNCTION, data: { run: uid } }]);
    expect(SYNC_API_FUNCTION).toBe("sync-api");
  });

  it("waits for no answer, and fails for none", async () => {
    const clock = stillClock();
    const handed = handOver(contextOf(store, { callFunction: () => new Promise(() => {}) }), uid);
    await expect.poll(clock.limits).toBe(1);
    clock.expire();
    await handed;
    await handOver(contextOf(store, { callFunction: () => Promise.reject(new Error("down")) }), uid);
    await handOver(contextOf(store), uid);
  });
});
