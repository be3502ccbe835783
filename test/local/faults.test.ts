/** The engine misbehaves in every way: what the form is told, and what was really started. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { folderForTests } from "../helpers/folder";
import { type PlatformHere, platformHere } from "../helpers/platform";

let platform: PlatformHere;
const [data, otherData] = [folderForTests(), folderForTests()];
beforeAll(async () => {
  const envVariables = { STARTFLOW_SEND_TIMEOUT_MS: "1000" };
  platform = await platformHere(data, {
    functions: [{ name: "hasty-leave", envVariables }],
    code: {
      "hasty-leave": `module.exports = require(${JSON.stringify(`${process.cwd()}/dist/functions/start-leave/index.js`)});`,
    },
  });
});
afterAll(() => platform.stop());
beforeEach(() => platform.send("POST", "/_local/reset", {}));

const params = { reason: "探亲", days: 3, startsOn: "2026-12-01" };

describe("the engine", () => {
  it.each([
    ["reject", "ENGINE_REFUSED", "rejected", 0],
    ["error-before", "OUTCOME_UNKNOWN", "unknown", 0],
    ["error-after", "OUTCOME_UNKNOWN", "unknown", 1],
    ["lost-before", "OUTCOME_UNKNOWN", "unknown", 0],
    ["lost-after", "OUTCOME_UNKNOWN", "unknown", 1],
    ["down", "OUTCOME_UNKNOWN", "unknown", 0],
  ])("that does %s is told as %s, %s, and has started %i", async (kind, code, outcome, started) => {
    await platform.send("PUT", "/_local/faults", { weda: { kind, times: 1 } });
    const answer = await platform.test("start-leave", { params, entry: "main" });
    expect(answer).toMatchObject({ ok: false, error: { code, outcome, submissionId: expect.stringMatching(/^d-/) } });
    expect(await platform.instances()).toHaveLength(started);
    expect(await platform.get("/_local/faults")).toEqual({});
  });

  it("that is silent is told as OUTCOME_UNKNOWN once the wait for it is over, and may have started", async () => {
    await platform.send("PUT", "/_local/faults", { weda: { kind: "stall", times: 1 } });
    const answer = await platform.test("hasty-leave", { params });
    expect(answer).toMatchObject({ ok: false, error: { code: "OUTCOME_UNKNOWN", outcome: "unknown" } });
    // On a slow machine the wait may be over before the engine was at it.
    await expect.poll(async () => (await platform.instances()).length).toBe(1);
  });

  it("that cannot be reached, as all of the platform: nothing was started, and it may be repeated", async () => {
    const gone = { TCB_CONTEXT_CNFG: '{"URL":"http://127.0.0.1:9/admin"}' };
    const other = await platformHere(otherData, {
      code: {
        gone: `Object.assign(process.env, ${JSON.stringify(gone)}); module.exports = require(${JSON.stringify(`${process.cwd()}/dist/paste/start-leave.js`)});`,
      },
    });
    try {
      expect(await other.test("gone", { params })).toMatchObject({
        ok: false,
        error: { code: "STORE_UNREACHABLE", outcome: "rejected" },
      });
    } finally {
      await other.stop();
    }
  });

  it("that answers with a rate limit is asked again: nothing was started by the first try", async () => {
    await platform.send("PUT", "/_local/faults", { weda: { kind: "rate-limit", times: 1 } });
    const answer = await platform.test("start-leave", { params, entry: "main" });
    expect(answer).toMatchObject({ ok: true, result: { outcome: "started" } });
    expect(answer.requests).toHaveLength(2);
    expect(await platform.instances()).toHaveLength(1);
  });

  it("that keeps answering with a rate limit is told as busy, and the submission may be repeated", async () => {
    await platform.send("PUT", "/_local/faults", { weda: { kind: "rate-limit" } });
    const answer = await platform.test("start-leave", { params, entry: "main" });
    expect(answer).toMatchObject({ ok: false, error: { code: "ENGINE_BUSY", outcome: "rejected" } });
    await platform.send("PUT", "/_local/faults", {});
    expect(await platform.test("start-leave", { params })).toMatchObject({ ok: true, result: { outcome: "started" } });
    expect(await platform.instances()).toHaveLength(1);
  });

  it("that is slow is waited for", async () => {
    await platform.send("PUT", "/_local/faults", { weda: { kind: "slow", times: 1 } });
    const contract = {
      contract: { _id: "c1", title: "合同", amount: 1 },
      items: [{ name: "x", quantity: 1, price: 1 }],
    };
    const answer = await platform.test("start-contract", { params: contract });
    expect(answer).toMatchObject({ ok: true, result: { outcome: "started" } });
  });
});

describe("the clock of the stand-ins", () => {
  it("moves as it is told, and is what an instance is dated by", async () => {
    const before = Date.now();
    await platform.send("PUT", "/_local/clock", { offsetMs: 86_400_000 });
    await platform.test("start-leave", { params });
    const [instance] = await platform.instances();
    expect(instance?.startedAt).toBeGreaterThanOrEqual(before + 86_400_000);
  });
});

describe("the same submission again", () => {
  it("answers with the process that it started", async () => {
    const [first, second] = [
      await platform.test("start-leave", { params }),
      await platform.test("start-leave", { params, entry: "main" }),
    ];
    expect(second).toMatchObject({ ok: true, result: { ...(first.result as object), outcome: "duplicate" } });
    expect(await platform.instances()).toHaveLength(1);
  });

  it("sends nothing where the first outcome is unknown", async () => {
    await platform.send("PUT", "/_local/faults", { weda: { kind: "lost-after", times: 1 } });
    await platform.test("start-leave", { params });
    const again = await platform.test("start-leave", { params });
    expect(again).toMatchObject({ ok: false, error: { code: "OUTCOME_UNKNOWN" }, requests: [] });
    expect(await platform.instances()).toHaveLength(1);
  });

  it("starts nothing where the store is down, and can be sent again when it is back", async () => {
    await platform.send("PUT", "/_local/faults", { store: { kind: "down" } });
    const refused = await platform.test("start-leave", { params });
    expect(refused).toMatchObject({ ok: false, error: { code: "STORE_UNREACHABLE", outcome: "rejected" } });
    expect(await platform.instances()).toHaveLength(0);
    await platform.send("PUT", "/_local/faults", {});
    expect(await platform.test("start-leave", { params })).toMatchObject({ ok: true, result: { outcome: "started" } });
  });
});
