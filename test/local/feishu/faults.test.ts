/** The fault switches of Feishu: what the caller gets, and whether anything was started. */
import { describe, expect, it } from "vitest";
import type { RequestRow } from "../../../local/console/wire";
import type { FaultKind } from "../../../local/faults";
import {
  type Answer,
  APP,
  DELETE,
  EXECUTE_SAMPLE,
  executePath,
  openFeishuPlatform,
  PROCESSES,
  START,
  START_SAMPLE,
  TOKEN,
} from "./open-feishu";

const { platform, feishu } = await openFeishuPlatform();

const ENGINES = {
  apaas: { path: executePath(DELETE), body: EXECUTE_SAMPLE },
  corehr: { path: START, body: START_SAMPLE },
} as const;
type Engine = keyof typeof ENGINES;

const set = (engine: string, kind: FaultKind) =>
  platform.send("PUT", "/_local/faults", { [engine]: { kind, rate: 1, times: 1 } });

async function underFault(engine: Engine, kind: FaultKind): Promise<Answer> {
  await set(engine, kind);
  const { path, body } = ENGINES[engine];
  return await feishu.call("POST", path, { body });
}
const startedCount = async () => (await platform.instances()).length;

describe("a start under the fault", () => {
  it.each<[Engine, FaultKind, number, number, number]>([
    ["apaas", "reject", 400, 2320001, 0],
    ["apaas", "rate-limit", 429, 99991400, 0],
    ["apaas", "token-revoked", 400, 99991663, 0],
    ["apaas", "no-scope", 400, 99991672, 0],
    ["apaas", "flow-disabled", 400, 2320001, 0],
    ["apaas", "error-before", 500, 5000, 0],
    ["apaas", "error-after", 500, 5000, 1],
    ["apaas", "slow", 200, 0, 1],
    ["corehr", "reject", 403, 1161002, 0],
    ["corehr", "rate-limit", 429, 99991400, 0],
    ["corehr", "token-revoked", 400, 99991663, 0],
    ["corehr", "no-scope", 400, 99991672, 0],
    ["corehr", "flow-disabled", 400, 1161059, 0],
    ["corehr", "error-before", 500, 5000, 0],
    ["corehr", "error-after", 500, 5000, 1],
    ["corehr", "slow", 200, 0, 1],
  ])("%s %s answers HTTP %d, %d, and %d were started", async (engine, kind, status, code, started) => {
    const { json, ...answer } = await underFault(engine, kind);
    expect([answer.status, json.code, await startedCount()]).toEqual([status, code, started]);
    if (status !== 200) expect(json.error.log_id).toBe(answer.headers["x-tt-logid"]);
    // The switch went off by itself.
    expect(await platform.get("/_local/faults")).toEqual({});
    const { path, body } = ENGINES[engine];
    expect((await feishu.call("POST", path, { body })).json.code).toBe(0);
  });

  it.each<[Engine, FaultKind, number]>([
    ["apaas", "lost-before", 0],
    ["apaas", "down", 0],
    ["apaas", "lost-after", 1],
    ["corehr", "lost-before", 0],
    ["corehr", "down", 0],
    ["corehr", "lost-after", 1],
  ])("%s %s resets the connection, and %d were started", async (engine, kind, started) => {
    await expect(underFault(engine, kind)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(await startedCount()).toBe(started);
    expect((await platform.get<RequestRow[]>("/_local/requests"))[0]).toMatchObject({ engine, status: 0 });
  });

  it.each<Engine>(["apaas", "corehr"])("%s stall never answers, and the process was started", async (engine) => {
    await set(engine, "stall");
    const { path, body } = ENGINES[engine];
    const giveUp = new AbortController();
    const stalled = fetch(platform.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${await feishu.token()}` },
      body: JSON.stringify(body),
      signal: giveUp.signal,
    });
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    stalled.then(over, over);
    await expect.poll(startedCount).toBe(1);
    // Later calls are answered, and that one is not.
    expect((await feishu.call("POST", path, { body })).json.code).toBe(0);
    expect(isOver).toBe(false);
    giveUp.abort();
    await expect(stalled).rejects.toMatchObject({ name: "AbortError" });
    expect(await startedCount()).toBe(2);
  });
});

describe("the fault", () => {
  it("rate-limit has both headers", async () => {
    const { headers } = await underFault("corehr", "rate-limit");
    expect(headers).toMatchObject({ "x-ogw-ratelimit-limit": "20", "x-ogw-ratelimit-reset": "60" });
  });

  it("token-revoked really ends the token, and a new one is good", async () => {
    const token = await feishu.token();
    await underFault("apaas", "token-revoked");
    const again = { body: EXECUTE_SAMPLE, authorization: `Bearer ${token}` };
    expect((await feishu.call("POST", executePath(DELETE), again)).json.code).toBe(99991663);
    expect(await feishu.token()).not.toBe(token);
  });

  it("no-scope names the scope", async () => {
    const { json } = await underFault("apaas", "no-scope");
    expect(json.error.permission_violations).toEqual([
      { type: "action_scope_required", subject: "app_engine:flow:write" },
    ]);
  });

  it("hits every API of its engine, and no other engine", async () => {
    await platform.send("PUT", "/_local/faults", { corehr: { kind: "reject", rate: 1 } });
    expect((await feishu.call("GET", `${PROCESSES}/1`)).json.code).toBe(1161002);
    expect((await feishu.execute(DELETE, EXECUTE_SAMPLE)).json.code).toBe(0);
  });

  it("is not drawn by a call that the gateway refuses before", async () => {
    await set("apaas", "reject");
    await feishu.call("POST", executePath(DELETE), { body: EXECUTE_SAMPLE, authorization: "Bearer t-1" });
    expect(await platform.get("/_local/faults")).toMatchObject({ apaas: { times: 1 } });
  });
});

describe("a call for a token under the fault", () => {
  const ask = () => feishu.call("POST", TOKEN, { body: APP, authorization: null });

  it.each<[FaultKind, number, number]>([
    ["reject", 200, 10014],
    ["rate-limit", 429, 99991400],
    ["error-before", 500, 5000],
    ["token-revoked", 200, 0],
    ["no-scope", 200, 0],
    ["flow-disabled", 200, 0],
  ])("%s answers HTTP %d, %d", async (kind, status, code) => {
    await set("feishu", kind);
    const { json, ...answer } = await ask();
    expect([answer.status, json.code]).toEqual([status, code]);
  });

  it.each<FaultKind>(["lost-before", "lost-after", "down"])("%s resets the connection", async (kind) => {
    await set("feishu", kind);
    await expect(ask()).rejects.toMatchObject({ code: "ECONNRESET" });
  });
});
