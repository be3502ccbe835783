/** The frequency limits, on a moved clock. */
import { describe, expect, it } from "vitest";
import { DELETE, EXECUTE_SAMPLE, executePath, openFeishuPlatform, PROCESSES, START } from "./open-feishu";

const { feishu } = await openFeishuPlatform();

async function statuses(count: number, method: string, path: string, authorization: string): Promise<number[]> {
  const all: number[] = [];
  for (let at = 0; at < count; at += 1) {
    all.push((await feishu.call(method, path, { authorization, body: {} })).status);
  }
  return all;
}

describe("in one minute", () => {
  it.each([
    ["POST", START, 20],
    ["GET", PROCESSES, 20],
    ["POST", "/open-apis/corehr/v2/query_flow_data_template", 20],
    ["GET", `${PROCESSES}/1`, 100],
    ["POST", executePath(DELETE), 100],
    ["POST", "/open-apis/corehr/v1/persons/upload", 100],
  ])("%s %s takes %d calls, and says when to call again", async (method, path, limit) => {
    const authorization = `Bearer ${await feishu.token()}`;
    const before = await statuses(limit, method, path, authorization);
    expect(before).not.toContain(429);
    const { status, json, headers } = await feishu.call(method, path, { authorization, body: {} });
    expect([status, json.code, json.msg]).toEqual([429, 99991400, "request trigger frequency limit"]);
    expect(headers["x-ogw-ratelimit-limit"]).toBe(String(limit));
    const resetS = Number(headers["x-ogw-ratelimit-reset"]);
    expect(resetS).toBeGreaterThan(50);
    expect(resetS).toBeLessThanOrEqual(60);
    await feishu.moveClock(resetS * 1_000);
    expect(await statuses(1, method, path, authorization)).not.toContain(429);
  });

  it("the limit is one for each API, and what is refused does not count", async () => {
    const authorization = `Bearer ${await feishu.token()}`;
    expect((await statuses(30, "POST", START, authorization)).filter((status) => status === 429)).toHaveLength(10);
    expect(await statuses(1, "GET", `${PROCESSES}/1`, authorization)).toEqual([400]);
    await feishu.moveClock(61_000);
    expect(await statuses(20, "POST", START, authorization)).not.toContain(429);
  });

  it("there is no limit when it is switched off, nor for what the gateway refuses before", async () => {
    expect(await statuses(120, "POST", executePath(DELETE), "Bearer t-1")).not.toContain(429);
    await feishu.settings({ limits: false });
    const authorization = `Bearer ${await feishu.token()}`;
    expect(await statuses(30, "POST", START, authorization)).not.toContain(429);
  });
});

it("a clock that was moved back does not leave an API shut", async () => {
  const authorization = `Bearer ${await feishu.token()}`;
  await feishu.moveClock(3_600_000);
  await statuses(20, "POST", START, authorization);
  await feishu.moveClock(0);
  expect(await statuses(1, "POST", START, authorization)).not.toContain(429);
});

it("a published example is taken under the limits as they are shipped", async () => {
  expect((await feishu.execute(DELETE, EXECUTE_SAMPLE)).json.code).toBe(0);
});
