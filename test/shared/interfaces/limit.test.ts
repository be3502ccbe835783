/** The outbound limit: calls over it wait for their place, as far as their time goes. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { send } from "../../../shared/interfaces/send";
import { openScriptedServer, type ScriptedServer } from "../../helpers/scripted-server";
import { failureOf, prepared } from "./prepared";

let server: ScriptedServer;
let arrivedMs: number[];
beforeAll(async () => {
  server = await openScriptedServer();
});
afterAll(() => server.close());
beforeEach(() => {
  arrivedMs = [];
  server.answer = (_, response) => {
    arrivedMs.push(performance.now());
    response.end("{}");
  };
  vi.spyOn(console, "log").mockImplementation(() => {});
});

const limited = (windowMs: number) => prepared({ baseUrl: server.url, platform: { limit: { calls: 3, windowMs } } });

describe("the limit", () => {
  it("lets so many go in any window, and the others wait for their turn", async () => {
    const call = limited(200);
    await Promise.all(Array.from({ length: 8 }, () => send(call)));
    expect(arrivedMs).toHaveLength(8);
    for (let at = 3; at < 8; at += 1) {
      // Between the place that a call gets and its arrival lies a network.
      expect((arrivedMs[at] as number) - (arrivedMs[at - 3] as number)).toBeGreaterThan(170);
    }
  });

  it("refuses at once what could not be sent in its time, and keeps no place for it", async () => {
    const call = { ...limited(400), timeoutMs: 300 };
    const ended = await Promise.all(Array.from({ length: 6 }, () => send(call).catch((error: unknown) => error)));
    expect(ended.slice(0, 3)).toMatchObject([{ status: 200 }, { status: 200 }, { status: 200 }]);
    for (const refused of ended.slice(3)) {
      expect(refused).toMatchObject({ kind: "blocked", retryable: true, attempts: 0 });
      expect((refused as { ms: number }).ms).toBeLessThan(200);
    }
    await new Promise((next) => setTimeout(next, 420));
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
