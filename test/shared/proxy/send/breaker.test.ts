/** The breaker: after failures in a row nothing is sent, then one call tries. */
import { createServer } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { send } from "../../../../shared/proxy/send/send";
import { answerJson, openScriptedServer, type ScriptedServer } from "../../../helpers/scripted-server";
import { type StillClock, stillClock } from "../../../helpers/still-clock";
import { failureOf, prepared } from "../prepared";

let server: ScriptedServer;
let status: number;
let clock: StillClock;
beforeAll(async () => {
  server = await openScriptedServer();
});
afterAll(() => server.close());
beforeEach(() => {
  [server.received, status, clock] = [[], 500, stillClock()];
  server.answer = (_, response) => answerJson(response, status, {});
  vi.spyOn(console, "log").mockImplementation(() => {});
});

const OPEN_MS = 200;
const wanted = (tries = 1, openMs = OPEN_MS) => ({
  baseUrl: server.url,
  platform: { breaker: { failures: 3, openMs }, retry: { tries } },
});
const TWO_STEP = {
  kind: "twoStep",
  method: "GET",
  tokenPath: "/token",
  params: {},
  token: "t",
  expiresIn: "e",
  place: { in: "query", name: "t" },
} as const;

describe("the breaker", () => {
  it("opens after failures in a row, and then nothing is sent", async () => {
    const call = prepared(wanted());
    for (let at = 0; at < 3; at += 1) expect(await failureOf(send(call))).toMatchObject({ kind: "http" });
    expect(await failureOf(send(call))).toMatchObject({ kind: "blocked", retryable: true, attempts: 0 });
    expect(server.received).toHaveLength(3);
    const other = { ...call, instance: { ...call.instance, key: "second" } };
    expect(await failureOf(send(other))).toMatchObject({ kind: "http" });
  });

  it("lets one call of many try after a while, and closes when that one has its answer", async () => {
    const call = prepared(wanted());
    for (let at = 0; at < 3; at += 1) await failureOf(send(call));
    clock.pass(OPEN_MS);
    status = 200;
    const ended = await Promise.allSettled(Array.from({ length: 5 }, () => send(call)));
    expect(ended.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    expect(server.received).toHaveLength(4);
    await send(call);
  });

  it("opens again where that one fails", async () => {
    const call = prepared(wanted());
    for (let at = 0; at < 3; at += 1) await failureOf(send(call));
    clock.pass(OPEN_MS);
    expect(await failureOf(send(call))).toMatchObject({ kind: "http" });
    expect(await failureOf(send(call))).toMatchObject({ kind: "blocked" });
    expect(server.received).toHaveLength(4);
  });

  it("does not count refusals, and begins anew after each answer", async () => {
    const call = prepared(wanted());
    for (const next of [500, 500, 404, 500, 500, 429, 500]) {
      status = next;
      expect(await failureOf(send(call))).toMatchObject({ kind: "http", status: next });
    }
  });

  it("ends a call's tries with what it opened for", async () => {
    expect(await failureOf(send(prepared(wanted(5, 60_000))))).toMatchObject({
      kind: "http",
      status: 500,
      attempts: 3,
    });
  });

  it.each([
    ["no connection is made in time", undefined],
    ["no token is given in time", "stall"],
    ["the request for a token fails", "500"],
  ])("opens also where %s", async (_, token) => {
    const silent = createServer((socket) => {
      socket.on("error", () => {}).resume();
      clock.expire();
    });
    await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
    const address = `https://127.0.0.1:${(silent.address() as { port: number }).port}`;
    server.answer = (_request, response) => (token === "500" ? answerJson(response, 500, {}) : clock.expire());
    const { baseUrl, platform } = wanted(1, 60_000);
    const auth = token === undefined ? { kind: "none" as const } : TWO_STEP;
    const call = prepared({
      baseUrl: token === undefined ? address : baseUrl,
      platform: { ...platform, auth, attemptTimeoutMs: 60 },
    });
    for (let at = 0; at < 3; at += 1) expect((await failureOf(send(call))).kind).not.toBe("blocked");
    expect(await failureOf(send(call))).toMatchObject({ kind: "blocked" });
    silent.close();
  });

  it("does not count a call whose own time was over", async () => {
    server.answer = () => {};
    const call = prepared({ ...wanted(), call: { timeoutMs: 40 }, platform: { ...wanted().platform, auth: TWO_STEP } });
    for (let at = 0; at < 5; at += 1) {
      const failure = failureOf(send(call));
      // The request for the token goes on: it is the next call's, too.
      await expect.poll(() => clock.limits()).toBe(2);
      clock.pass(40);
      expect(await failure).toMatchObject({ kind: "timeout" });
    }
  });

  it("closes with any answer, also one that cannot be used", async () => {
    const call = prepared({ ...wanted(), platform: { ...wanted().platform, maxAnswerBytes: 10 } });
    for (let at = 0; at < 3; at += 1) await failureOf(send(call));
    clock.pass(OPEN_MS);
    server.answer = (_, response) => response.end("x".repeat(100));
    expect(await failureOf(send(call))).toMatchObject({ kind: "size" });
    const ended = await Promise.all(Array.from({ length: 5 }, () => failureOf(send(call))));
    expect(ended.map(({ kind }) => kind)).toEqual(["size", "size", "size", "size", "size"]);
  });

  it("is off unless it is configured", async () => {
    const call = prepared({ baseUrl: server.url });
    for (let at = 0; at < 20; at += 1) expect(await failureOf(send(call))).toMatchObject({ kind: "http" });
  });
});
