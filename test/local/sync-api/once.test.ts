/** One key, one run: replays, refusals, and very many calls at once; and what a fault of engine or database leaves. */
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isFull } from "../../helpers/counts";
import { folderForTests } from "../../helpers/folder";
import { each, type PlatformHere, platformHere } from "../../helpers/platform";
import { type Api, type ApiAnswer, apiOf, LOGIN, startedFromNow, TOKEN } from "./open-api";

/** The function has a process for each core: with more calls only the queue in front of them is longer. */
const CALLS = isFull ? 1_000 : 100;

let platform: PlatformHere;
let api: Api;
let started: Awaited<ReturnType<typeof startedFromNow>>;
const data = folderForTests();
beforeAll(async () => {
  platform = await platformHere(data);
  api = apiOf(platform);
});
afterAll(() => platform.stop());
beforeEach(async () => {
  started = await startedFromNow(platform);
});
afterEach(() => fault({}));

const hello = (key: string, body: unknown = { name: "x" }, headers: object = {}) =>
  api.call("/api/demo/flows/hello", { headers: { ...TOKEN, "idempotency-key": key, ...headers }, body });
const isReplay = ({ headers }: ApiAnswer) => headers.get("idempotent-replayed") === "true";
const fault = (faults: object) => platform.send("PUT", "/_local/faults", faults);

describe("an Idempotency-Key", () => {
  it("that comes again answers the first run, and starts none", async () => {
    const key = randomUUID();
    const [first, again] = [await hello(key), await hello(`"${key}"`)];
    expect(isReplay(first)).toBe(false);
    expect(isReplay(again)).toBe(true);
    expect({ status: again.status, body: again.body }).toEqual({ status: first.status, body: first.body });
    expect(await started()).toHaveLength(1);
  });

  it("with other content is refused with 422, and one that is no key with 400", async () => {
    const key = randomUUID();
    await hello(key);
    expect(await hello(key, { name: "y" })).toMatchObject({ status: 422 });
    expect(await hello("a b")).toMatchObject({ status: 400 });
    expect(await hello("x".repeat(201))).toMatchObject({ status: 400 });
    expect(await started()).toHaveLength(1);
  });

  it("that a route asks for is missed with 400", async () => {
    const answer = await api.call("/api/demo/records/delete", { headers: TOKEN, body: { record: "5454545" } });
    expect(answer).toMatchObject({ status: 400 });
    expect(answer.body.error?.message).toContain("Idempotency-Key");
  });

  it("answers a failed and a waiting run as it was answered first", async () => {
    for (const name of ["broken", "approval"]) {
      const headers = { ...TOKEN, "idempotency-key": randomUUID() };
      const call = () => api.call(`/api/demo/flows/${name}`, { headers, body: {} });
      const [first, again] = [await call(), await call()];
      expect({ ...again, headers: 0 }).toEqual({ ...first, headers: 0 });
      expect(isReplay(again)).toBe(true);
    }
    const headers = { ...LOGIN, "idempotency-key": randomUUID() };
    const body = { reason: "探亲", days: 3, startsOn: "2026-12-01" };
    const call = () => api.call("/api/demo/leave/start", { headers, body });
    const [first, again] = [await call(), await call()];
    expect({ ...again, headers: 0 }).toEqual({ ...first, headers: 0 });
    expect(await started()).toHaveLength(3);
  });

  it("answers a run whose wait was over as it was answered first", async () => {
    const headers = { ...TOKEN, "idempotency-key": randomUUID(), prefer: "wait=1" };
    const call = () => api.call("/api/demo/flows/slow", { headers, body: {} });
    const [first, again] = [await call(), await call()];
    expect(first).toMatchObject({ status: 504, body: { code: 1002 } });
    expect({ ...again, headers: 0 }).toEqual({ ...first, headers: 0 });
    expect(await started()).toHaveLength(1);
  });

  it(`that ${CALLS} calls carry at once is one run; all others are replays or 409`, async () => {
    const key = randomUUID();
    const answers: ApiAnswer[] = [];
    await each(Array.from({ length: CALLS }), CALLS, async () => {
      answers.push(await hello(key));
    });
    expect(await started()).toHaveLength(1);
    const first = answers.filter((answer) => answer.status === 200 && !isReplay(answer));
    const others = answers.filter((answer) => (answer.status === 200 && isReplay(answer)) || answer.status === 409);
    expect(first).toHaveLength(1);
    expect(others).toHaveLength(CALLS - 1);
    expect(new Set(answers.flatMap(({ status, body }) => (status === 200 ? [body.uid] : []))).size).toBe(1);
  });
});

describe("a fault of the engine", () => {
  it.each([
    ["lost-after", 502, 1005, 1],
    ["lost-before", 502, 1005, 0],
  ] as const)("%s: the run is not known, and its key starts no second one", async (kind, status, code, count) => {
    await fault({ workflow: { kind, times: 1 } });
    const key = randomUUID();
    const answer = await hello(key);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(await hello(key)).toMatchObject({ status, body: { code, uid: answer.body.uid } });
    expect(await started()).toHaveLength(count);
    expect((await api.call(`/runs/${answer.body.uid}`, { headers: TOKEN })).body.state).toBe("unknown");
  });

  it("a rate limit, or one that is down: nothing is run, and the same key may be sent again", async () => {
    await fault({ workflow: { kind: "rate-limit" } });
    const key = randomUUID();
    const refused = await hello(key);
    expect(refused).toMatchObject({ status: 503, body: { error: { code: "serverError.unavailable" } } });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    await fault({});
    const answer = await hello(key);
    expect(answer).toMatchObject({ status: 200 });
    expect(isReplay(answer)).toBe(false);
    expect(await started()).toHaveLength(1);
  });

  it("one that is silent: the wait limit answers", async () => {
    await fault({ workflow: { kind: "stall", times: 1 } });
    const answer = await hello(randomUUID(), {}, { prefer: "wait=1" });
    expect(answer).toMatchObject({ status: 504, body: { code: 1002 } });
    await expect.poll(started).toHaveLength(1);
  });

  it("a refusal is told in the engine's words, and nothing is run", async () => {
    await fault({ workflow: { kind: "flow-disabled", times: 1 } });
    expect(await hello(randomUUID())).toMatchObject({ status: 502, body: { error: { code: "serverError.refused" } } });
    expect(await started()).toEqual([]);
  });
});

describe("a database that fails", () => {
  it("starts nothing: 503", async () => {
    await hello(randomUUID());
    await fault({ store: { kind: "down" } });
    expect(await hello(randomUUID())).toMatchObject({
      status: 503,
      body: { error: { code: "serverError.unavailable" } },
    });
    await fault({});
    expect(await started()).toHaveLength(1);
  });

  it.each(["lost-after", "error-after", "lost-before"])("%s for a moment: one run, or none", async (kind) => {
    await hello(randomUUID());
    await fault({ store: { kind, rate: 0.3 } });
    const keys = Array.from({ length: 20 }, () => randomUUID());
    const answers = await Promise.all(keys.map((key) => hello(key)));
    await fault({});
    for (const [at, { status }] of answers.entries())
      expect([at, [200, 409, 502, 503].includes(status)]).toEqual([at, true]);
    const repeats = await Promise.all(keys.map((key) => hello(key)));
    expect((await started()).length).toBeLessThanOrEqual(21);
    const done = repeats.filter(({ status }) => status === 200).length;
    expect((await started()).length).toBeGreaterThanOrEqual(done + 1);
  });
});
