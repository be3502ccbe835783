/** Callbacks: told once a run has ended, signed, again and later where they are not taken, and to nobody else. */
import { createHash, createHmac } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { deadlineIn } from "../../../../shared/base/deadline";
import type { SubmissionRecord } from "../../../../shared/once/record";
import type { SweepDatabase } from "../../../../shared/once/sweep-store";
import { readSignature } from "../../../../shared/sync-api/gate/signature";
import type { Route } from "../../../../shared/sync-api/routes/route";
import { CALLBACK, type CallbackParts, sendCallbacks } from "../../../../shared/sync-api/runs/callback";
import { WAIT_OVER } from "../../../../shared/sync-api/runs/run-state";
import { newUid } from "../../../../shared/sync-api/runs/uid";
import { type TestStore, testStore } from "../../../helpers/database";
import { openScriptedServer, type ScriptedServer } from "../../../helpers/scripted-server";
import { stillClock } from "../../../helpers/still-clock";
import { contextOf, openEngine, routeOf } from "../calls";
import { changeRun, findRun, putRun, recordOf } from "../records";

const KEY = "canary-callback-key-of-32-characters";
let server: ScriptedServer;
let store: TestStore;
let uid: string;
let printed: string[];
beforeAll(async () => {
  server = await openScriptedServer();
});
afterAll(() => server.close());
beforeEach(() => {
  store = testStore();
  uid = newUid();
  server.received.length = 0;
  server.answer = (_, response) => response.writeHead(204).end();
  vi.stubEnv("STARTFLOW_SYNC_CALLBACK_ORIGINS", server.url);
  vi.stubEnv("STARTFLOW_SYNC_CALLBACK_KEY", KEY);
  printed = [];
  for (const method of ["log", "error"] as const)
    vi.spyOn(console, method).mockImplementation((line: unknown) => void printed.push(String(line)));
});
afterEach(() => {
  expect(printed.join("\n")).not.toContain("canary");
  store.faults.set({});
  store.clock.set({ offsetMs: 0, rate: 1 });
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const DONE = { state: "started", progress: '{"phase":"completed"}', output: '{"a":1}' } as const;
const answers = (status: number, headers: Record<string, string> = {}) => {
  server.answer = (_, response) => response.writeHead(status, headers).end();
};
/** Asked for by the run's caller; it has ended. */
const put = (change: Partial<SubmissionRecord> = {}) =>
  putRun(
    store,
    recordOf(uid, { ...DONE, callbackUrl: `${server.url}/done?id=1`, callbackState: "pending", ...change }),
  );
function sweep(change: Partial<CallbackParts> = {}, route: Route | undefined = routeOf(openEngine())) {
  return sendCallbacks({
    database: store.database as SweepDatabase,
    context: contextOf(store),
    environment: "preview",
    routeOf: (name) => (name === "demo/flows/hello" ? route : undefined),
    deadline: deadlineIn(20_000),
    ...change,
  });
}
const NOTHING = { called: 0, givenUp: 0 };
/** Both clocks: the store's, and this instance's. */
function later(ms: number): void {
  vi.useRealTimers();
  store.clock.set({ offsetMs: ms, rate: 1 });
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
}

describe("a run that has ended", () => {
  it("is told once, as GET /v1/runs/:uid would tell it, with its id", async () => {
    await put();
    expect(await sweep()).toEqual({ called: 1, givenUp: 0 });
    expect(await sweep()).toEqual(NOTHING);
    const [call, ...others] = server.received;
    expect(others).toEqual([]);
    expect(call).toMatchObject({
      method: "POST",
      path: "/done?id=1",
      headers: { "content-type": "application/json; charset=utf-8", "x-run-uid": uid },
    });
    expect(JSON.parse(call?.body.toString() ?? "")).toMatchObject({
      response: { uid, state: "succeeded", code: 0, msg: "", data: { a: 1 }, api: "demo/flows/hello" },
    });
    expect(await findRun(store, uid)).toMatchObject({ callbackState: "sent", callbackTries: 1 });
  });

  it("is signed with the key for callbacks, over the very bytes that are sent", async () => {
    const beforeMs = Date.now();
    await put();
    await sweep();
    const [call] = server.received;
    const given = readSignature(String(call?.headers["x-signature"])) ?? expect.fail("no signature");
    const bodyHash = createHash("sha256")
      .update(call?.body ?? "")
      .digest("hex");
    const text = [given.at, "POST", "/done", "", "", bodyHash].join("\n");
    expect(given.v1).toBe(createHmac("sha256", KEY).update(text).digest("hex"));
    // Whole seconds.
    expect(Number(given.at)).toBeGreaterThanOrEqual(Math.floor(beforeMs / 1_000));
    expect(Number(given.at)).toBeLessThanOrEqual(Date.now() / 1_000);
  });

  it.each([
    ["declined", 1006],
    ["cancelled", 1004],
    ["failed", 1001],
  ] as const)("as %s is told with the code %i", async (phase, code) => {
    await put({ progress: JSON.stringify({ phase }) });
    expect(await sweep()).toMatchObject({ called: 1 });
    expect(JSON.parse(server.received[0]?.body.toString() ?? "")).toMatchObject({ response: { code } });
  });

  it("because it was taken back, or because its engine refused it, is told too", async () => {
    await put({ state: "free", reason: "CANCELLED", progress: null, output: null });
    uid = newUid();
    await put({ state: "free", reason: "ENGINE_REFUSED", progress: null, output: null });
    expect(await sweep()).toMatchObject({ called: 2 });
  });

  it("by what its engine says now is told", async () => {
    await put({ processId: "p-1", progress: '{"phase":"waiting"}' });
    let phase: "waiting" | "declined" = "waiting";
    const status = async () => ({ code: 1, state: "x", text: { zh: "", en: "" }, progress: { phase } });
    const route = routeOf(openEngine(undefined, { status }));
    expect(await sweep({}, route)).toEqual(NOTHING);
    phase = "declined";
    expect(await sweep({}, route)).toMatchObject({ called: 1 });
  });

  it("is told with the output that its route is given", async () => {
    await put();
    await sweep({}, routeOf(openEngine(), { output: "botman.cc" }));
    expect(JSON.parse(server.received[0]?.body.toString() ?? "")).toMatchObject({ response: { data: "botman.cc" } });
  });

  it("is told once by two sweeps at once", async () => {
    await put();
    const both = await Promise.all([sweep(), sweep()]);
    expect(both.map(({ called }) => called).sort()).toEqual([0, 1]);
    expect(server.received).toHaveLength(1);
  });
});

describe("a run that has not ended", () => {
  it.each([
    ["free", "QUEUED", null],
    ["dispatched", null, null],
    ["started", null, '{"phase":"waiting"}'],
    ["unknown", "NO_ANSWER", null],
    ["unknown", "OUTCOME_UNKNOWN", null],
  ] as const)("(%s %s) is told nobody", async (state, reason, progress) => {
    await put({ state, reason, progress, output: null });
    expect(await sweep()).toEqual(NOTHING);
    expect(server.received).toEqual([]);
    expect(await findRun(store, uid)).toMatchObject({ callbackState: "pending" });
  });

  it("whose wait was over is told as unknown after a quarter of an hour, not before", async () => {
    await put({ state: "unknown", reason: WAIT_OVER, progress: null, output: null });
    expect(await sweep()).toEqual(NOTHING);
    later(CALLBACK.unknownAfterMs + 5_000);
    expect(await sweep()).toMatchObject({ called: 1 });
    expect(JSON.parse(server.received[0]?.body.toString() ?? "")).toMatchObject({
      response: { state: "unknown", code: 1002 },
    });
  });

  it.each(["NO_ANSWER", "LEASE_EXPIRED", "OUTCOME_UNKNOWN"])(
    "and is not known because of %s is told as unknown, too, once the sweep has had its time to find out",
    async (reason) => {
      await put({ state: "unknown", reason, progress: null, output: null });
      expect(await sweep()).toEqual(NOTHING);
      later(CALLBACK.unknownAfterMs * 2);
      expect(await sweep()).toMatchObject({ called: 1 });
      expect(await findRun(store, uid)).toMatchObject({ callbackState: "sent" });
    },
  );

  it("does not use up a try", async () => {
    await put({ progress: '{"phase":"waiting"}', output: null });
    for (let at = 0; at < 12; at += 1) expect(await sweep()).toEqual(NOTHING);
    await changeRun(store, uid, { progress: '{"phase":"completed"}' });
    expect(await sweep()).toMatchObject({ called: 1 });
  });
});

describe("a callback that is not taken", () => {
  it.each([
    ["500", () => answers(500)],
    ["404", () => answers(404)],
    ["a redirect, which is not followed,", () => answers(302, { location: "/elsewhere" })],
    ["a reset", () => (server.answer = (_, response) => response.destroy())],
  ])("because of %s is sent again", async (_, fail) => {
    fail();
    await put();
    expect(await sweep()).toEqual(NOTHING);
    expect(server.received).toHaveLength(1);
    expect(await findRun(store, uid)).toMatchObject({ callbackState: "pending", callbackTries: 1 });
    answers(200);
    later(CALLBACK.firstWaitMs + 2_000);
    expect(await sweep()).toMatchObject({ called: 1 });
    expect(await findRun(store, uid)).toMatchObject({ callbackState: "sent", callbackTries: 2 });
  });

  it("because nothing is answered is given up after five seconds, for this time", async () => {
    await put();
    const clock = stillClock();
    server.answer = () => {
      clock.pass(4_999);
      expect(clock.limits()).toBeGreaterThan(0);
      clock.pass(1);
    };
    expect(await sweep()).toEqual(NOTHING);
  });

  it("is sent again after a minute, then after twice as long each time, and at most after six hours", async () => {
    answers(503);
    await put();
    await sweep();
    let atMs = 0;
    const waits: number[] = [];
    for (let tries = 1; tries < CALLBACK.tries; tries += 1) {
      const waitMs = Math.min(21_600_000, 60_000 * 2 ** (tries - 1));
      waits.push(waitMs);
      // The tries themselves take a moment.
      later(atMs + waitMs - 5_000);
      await sweep();
      expect({ tries, sent: server.received.length }).toEqual({ tries, sent: tries });
      later(atMs + waitMs + 5_000);
      await sweep();
      expect({ tries, sent: server.received.length }).toEqual({ tries, sent: tries + 1 });
      atMs += waitMs + 5_000;
    }
    expect(waits.slice(0, 3)).toEqual([60_000, 120_000, 240_000]);
    expect(Math.max(...waits)).toBeLessThanOrEqual(CALLBACK.longestWaitMs);
  });

  it("ten times is given up, which the log tells", async () => {
    answers(503);
    await put({ callbackTries: 9, callbackTriedAt: new Date(Date.now() - 86_400_000) });
    expect(await sweep()).toEqual({ called: 0, givenUp: 1 });
    expect(await findRun(store, uid)).toMatchObject({ callbackState: "given_up", callbackTries: 10 });
    expect(printed.join("\n")).toContain("callback given up");
    later(86_400_000);
    expect(await sweep()).toEqual(NOTHING);
    expect(server.received).toHaveLength(1);
  });

  it("is due by the store's clock, not by this instance's", async () => {
    answers(503);
    await put();
    await sweep();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 86_400_000 });
    await sweep();
    expect(server.received).toHaveLength(1);
  });
});

describe("the configuration of today", () => {
  it.each([
    ["STARTFLOW_SYNC_CALLBACK_ORIGINS", "https://other.example.com"],
    ["STARTFLOW_SYNC_CALLBACK_ORIGINS", ""],
    ["STARTFLOW_SYNC_CALLBACK_KEY", ""],
  ])("counts: with %s as %j nothing is told", async (name, value) => {
    await put();
    vi.stubEnv(name, value);
    expect(await sweep()).toEqual(NOTHING);
    expect(server.received).toEqual([]);
  });

  it("that is wrong stops no other run, and no sweep", async () => {
    await put();
    vi.stubEnv("STARTFLOW_SYNC_CALLBACK_ORIGINS", "*");
    expect(await sweep()).toEqual(NOTHING);
    expect(printed.join("\n")).toContain("STARTFLOW_SYNC_CALLBACK_ORIGINS");
  });

  it("without the route of a run leaves its callback pending", async () => {
    await put({ api: "gone/gone/gone" });
    expect(await sweep()).toEqual(NOTHING);
    expect(await findRun(store, uid)).toMatchObject({ callbackState: "pending" });
  });
});

describe("a sweep", () => {
  it("tells of no run of another environment, and of none that asked for no callback", async () => {
    await put({ _id: `production:${uid}`, environment: "production" });
    uid = newUid();
    await putRun(store, recordOf(uid, DONE));
    expect(await sweep()).toEqual(NOTHING);
    expect(await sweep({ environment: "production" })).toMatchObject({ called: 1 });
  });

  it("looks at twenty at most, first at those that it has not looked at for longest", async () => {
    const all: string[] = [];
    for (let at = 0; at < 25; at += 1) {
      uid = newUid();
      all.push(uid);
      await put(at < 20 ? { progress: '{"phase":"waiting"}', output: null } : {});
    }
    expect((await sweep()).called + (await sweep()).called).toBe(5);
    expect(server.received.map(({ headers }) => headers["x-run-uid"]).sort()).toEqual(all.slice(20));
  });

  it("begins no callback with less time left than one may take", async () => {
    await put();
    expect(await sweep({ deadline: deadlineIn(CALLBACK.stopBeforeMs - 1) })).toEqual(NOTHING);
    expect(server.received).toEqual([]);
  });

  it("survives a database that fails, one that has no runs yet, and a record that cannot be read", async () => {
    expect(await sweep()).toEqual(NOTHING);
    await put({ progress: "{" });
    uid = newUid();
    await put();
    expect(await sweep()).toMatchObject({ called: 1 });
    store.faults.set({ store: { kind: "down", rate: 1 } });
    expect(await sweep()).toEqual(NOTHING);
  });
});
