/** The outbound limit: calls over it wait for their place, as far as their time goes. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { admittedByLimit } from "../../../../shared/proxy/send/limit";
import { send } from "../../../../shared/proxy/send/send";
import { openScriptedServer, type ScriptedServer } from "../../../helpers/scripted-server";
import { type StillClock, stillClock } from "../../../helpers/still-clock";
import { failureOf, prepared } from "../prepared";

let server: ScriptedServer;
let clock: StillClock;
let arrivedMs: number[];
beforeAll(async () => {
  server = await openScriptedServer();
});
afterAll(() => server.close());
beforeEach(() => {
  clock = stillClock();
  arrivedMs = [];
  server.answer = (_, response) => {
    arrivedMs.push(clock.now());
    response.end("{}");
  };
  vi.spyOn(console, "log").mockImplementation(() => {});
});

const limited = (windowMs: number) => prepared({ baseUrl: server.url, platform: { limit: { calls: 3, windowMs } } });

describe("the limit", () => {
  it("lets so many go in any window, and the others wait for their turn", async () => {
    const call = limited(200);
    const goneMs: number[] = [];
    const gone = async () => {
      await admittedByLimit(call, 10_000);
      goneMs.push(clock.now());
    };
    await Promise.all(Array.from({ length: 8 }, gone));
    for (let at = 3; at < 8; at += 1) {
      expect((goneMs[at] as number) - (goneMs[at - 3] as number)).toBeGreaterThanOrEqual(200);
    }
    const sent = limited(200);
    await Promise.all(Array.from({ length: 8 }, () => send(sent)));
    expect(arrivedMs).toHaveLength(8);
  });

  it("holds for calls that wait for a token together", async () => {
    server.answer = ({ path }, response) => {
      if (path === "/token") return void response.end('{"t":"t","e":7200}');
      arrivedMs.push(clock.now());
      response.end("{}");
    };
    const auth = {
      kind: "twoStep",
      method: "GET",
      tokenPath: "/token",
      params: {},
      token: "t",
      expiresIn: "e",
    } as const;
    const platform = {
      limit: { calls: 3, windowMs: 300 },
      auth: { ...auth, place: { in: "query", name: "t" } },
    } as const;
    const call = prepared({ baseUrl: server.url, platform });
    await Promise.all(Array.from({ length: 6 }, () => send(call)));
    expect(arrivedMs).toHaveLength(6);
    expect(clock.sleptMs).toEqual([300, 300, 300]);
  });

  it("refuses at once what could not be sent in its time, and keeps no place for it", async () => {
    const call = { ...limited(400), timeoutMs: 300 };
    const ended = await Promise.all(Array.from({ length: 6 }, () => send(call).catch((error: unknown) => error)));
    expect(ended.slice(0, 3)).toMatchObject([{ status: 200 }, { status: 200 }, { status: 200 }]);
    for (const refused of ended.slice(3)) {
      expect(refused).toMatchObject({ kind: "blocked", retryable: true, attempts: 0 });
      expect((refused as { ms: number }).ms).toBe(0);
    }
    clock.pass(400);
    await send(call);
  });

  it("is of one platform, and off unless it is configured", async () => {
    const full = { ...limited(60_000), timeoutMs: 500 };
    for (let at = 0; at < 3; at += 1) await send(full);
    expect(await failureOf(send(full))).toMatchObject({ kind: "blocked" });
    const free = prepared({ baseUrl: server.url });
    await Promise.all(Array.from({ length: 20 }, () => send(free)));
  });
});
