/** The whole of it: an engine that loses answers, submissions of which nobody knows, and the sweep that settles them. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { TARGETS } from "../../functions/targets";
import type { ApiRow, InstanceView, MethodRow, TestAnswer } from "../../local/console/wire";
import { folderForTests } from "../helpers/folder";
import { openWebhook, type Webhook } from "../helpers/notices";
import { form, type PlatformHere, platformHere } from "../helpers/platform";

let platform: PlatformHere;
let webhook: Webhook;
const data = folderForTests();
beforeAll(async () => {
  webhook = await openWebhook();
  platform = await platformHere(data, {
    functions: [
      { name: "sweep", envVariables: { STARTFLOW_NOTICE_URL: webhook.url } },
      { name: "hasty-sweep", envVariables: { STARTFLOW_SETTLE_MS: "1000" } },
      { name: "tidy-sweep", envVariables: { STARTFLOW_RETENTION_DAYS: "30" } },
    ],
    code: {
      "tidy-sweep": `module.exports = require(${JSON.stringify(`${process.cwd()}/dist/functions/sweep/index.js`)});`,
      "hasty-sweep": `module.exports = require(${JSON.stringify(`${process.cwd()}/dist/functions/sweep/index.js`)});`,
    },
  });
});
afterAll(async () => {
  await platform.stop();
  await webhook.close();
});
afterEach(async () => {
  Object.assign(webhook, { received: [], status: 200 });
  await platform.send("POST", "/_local/reset", {});
});

const SETTLE_MS = 120_000;
const leave = { reason: "探亲", days: 3, startsOn: "2026-12-01" };
const contract = { contract: { _id: "c1", title: "合同", amount: 1 }, items: [{ name: "x", quantity: 1, price: 1 }] };
const lose = (kind: string) => platform.send("PUT", "/_local/faults", { weda: { kind, times: 1 } });
const later = (offsetMs: number) => platform.send("PUT", "/_local/clock", { offsetMs });
const sweep = async (more: object = {}) => (await platform.test("sweep", { params: {}, ...more })).result;
const settledAs = (answer: object) => ({
  checked: 1,
  started: 0,
  freed: 0,
  noticed: 0,
  left: 0,
  expired: 0,
  handedOver: 0,
  called: 0,
  givenUp: 0,
  ...answer,
});
const idOf = ({ result }: TestAnswer) => (result as { processId: string }).processId;

async function unknown(name: string, params: object, more: object = {}): Promise<void> {
  const answer = await platform.test(name, { params, ...more });
  expect(answer).toMatchObject({ ok: false, error: { code: "OUTCOME_UNKNOWN" } });
}

describe("a start whose answer was lost", () => {
  it.each(["code", "main"] as const)(
    "is found by the sweep through %s, and a repeat answers with its process",
    async (entry) => {
      const params = form(contract);
      await lose("lost-after");
      await unknown("start-contract", params);
      await unknown("start-contract", params);
      expect(await sweep({ entry })).toEqual(settledAs({ started: 1 }));
      const [instance, ...others] = await platform.instances();
      expect(others).toEqual([]);
      const repeat = await platform.test("start-contract", { params });
      expect(repeat.result).toMatchObject({ outcome: "duplicate", processId: instance?.id });
      expect(await sweep()).toEqual(settledAs({ checked: 0 }));
    },
  );

  it("in production is found by a sweep that runs in preview", async () => {
    await platform.send("POST", "/_local/publish", { processKey: "flow_contract" });
    const params = form(contract);
    // The same form in preview has a process of its own, which is not taken for the other.
    const preview = await platform.test("start-contract", { params });
    await lose("lost-after");
    await unknown("start-contract", params, { env: "production" });
    expect(await sweep({ env: "preview" })).toEqual(settledAs({ started: 1 }));
    const repeat = await platform.test("start-contract", { params, env: "production" });
    expect(repeat.result).toMatchObject({ outcome: "duplicate", processId: expect.any(String) });
    expect(idOf(repeat)).not.toBe(idOf(preview));
    expect(await platform.get<InstanceView>(`/_local/instances/${idOf(repeat)}`)).toMatchObject({
      variables: { submissionId: params.submissionId },
    });
  });
});

describe("a start that was lost before it reached the engine", () => {
  it("stays unknown before the settle time, and is free after it: a repeat starts exactly one", async () => {
    const params = form(contract);
    await lose("lost-before");
    await unknown("start-contract", params);
    expect(await sweep()).toEqual(settledAs({ left: 1 }));
    await unknown("start-contract", params);
    await later(SETTLE_MS + 10_000);
    expect(await sweep()).toEqual(settledAs({ freed: 1 }));
    const repeat = await platform.test("start-contract", { params });
    expect(repeat.result).toMatchObject({ outcome: "started" });
    expect(await platform.instances()).toMatchObject([{ id: idOf(repeat) }]);
    expect(webhook.received).toEqual([]);
  });

  it.each(["error-before", "rate-limit", "lost-before", "reject"])(
    "stays unknown where the engine answers the look-up with %s",
    async (kind) => {
      const params = form(contract);
      await lose("lost-before");
      await unknown("start-contract", params);
      await later(SETTLE_MS + 10_000);
      await lose(kind);
      expect(await sweep()).toEqual(settledAs({ noticed: 1, left: 1 }));
      await unknown("start-contract", params);
      expect(await sweep()).toEqual(settledAs({ freed: 1 }));
    },
  );

  it("is settled once by two sweeps at once", async () => {
    await lose("lost-before");
    await unknown("start-contract", form(contract));
    await later(SETTLE_MS + 10_000);
    const answers = (await Promise.all([sweep(), sweep()])) as { freed: number }[];
    expect(answers[0]?.freed).not.toBe(answers[1]?.freed);
  });
});

describe("a flow that carries no submission id", () => {
  it("is told to an operator, once, after the settle time", async () => {
    const params = form(leave);
    await lose("lost-after");
    await unknown("start-leave", params);
    expect(await sweep()).toEqual(settledAs({ left: 1 }));
    await later(SETTLE_MS + 10_000);
    webhook.status = 503;
    expect(await sweep()).toEqual(settledAs({ left: 1 }));
    webhook.status = 200;
    expect(await sweep()).toEqual(settledAs({ noticed: 1, left: 1 }));
    expect(await sweep()).toEqual(settledAs({ left: 1 }));
    expect(webhook.received).toHaveLength(2);
    expect(webhook.received[1]).toMatchObject({
      submissionId: params.submissionId,
      environment: "preview",
      processKey: "flow_012",
      userId: "user-local",
    });
    await unknown("start-leave", params);
  });
});

describe("the sweep", () => {
  it("knows the target of every method and route that starts something", async () => {
    const rows = await platform.get<MethodRow[]>("/_local/methods");
    const apis = await platform.get<ApiRow[]>("/_local/apis");
    const started = [...rows, ...apis].flatMap(({ target }) =>
      target === null ? [] : [`${target.kind} ${target.processKey}`],
    );
    const known = TARGETS.map(({ kind, processKey }) => `${kind} ${processKey}`);
    expect(new Set(known)).toEqual(new Set(started));
  });

  it("takes the event of a timer, and no other params", async () => {
    const timer = { Type: "Timer", TriggerName: "every-five-minutes", Time: "2026-12-01T00:00:00Z", Message: "" };
    expect(await sweep({ params: timer, entry: "main" })).toEqual(settledAs({ checked: 0 }));
    const refused = await platform.test("sweep", { params: { all: true }, entry: "main" });
    expect(refused).toMatchObject({ ok: false, error: { code: "INVALID_PARAMS" } });
  });

  it("with a settle time that is too short is refused, and changes nothing", async () => {
    const answer = await platform.test("hasty-sweep", { params: {} });
    expect(answer).toMatchObject({
      ok: false,
      error: { code: "NOT_CONFIGURED", message: { en: expect.stringContaining("STARTFLOW_SETTLE_MS") } },
    });
  });

  it("prints the key of the webhook nowhere", async () => {
    webhook.status = 500;
    await lose("lost-after");
    await unknown("start-leave", form(leave));
    await later(SETTLE_MS + 10_000);
    const answer = await platform.test("sweep", { params: {} });
    expect(answer.result).toEqual(settledAs({ left: 1 }));
    expect(JSON.stringify(answer)).not.toContain("key=0f9c");
  });
});

describe("the age of records", () => {
  it("lets settled ones go where that is configured, and keeps what is unknown", async () => {
    const [kept, old] = [form(leave), form(leave)];
    await platform.test("start-leave", { params: old });
    await lose("lost-after");
    await unknown("start-leave", kept);
    const tidy = async () => (await platform.test("tidy-sweep", { params: {} })).result as { expired: number };
    expect(await tidy()).toMatchObject({ expired: 0 });
    await later(31 * 86_400_000);
    expect(await sweep()).toMatchObject({ expired: 0 });
    expect(await tidy()).toMatchObject({ expired: 1 });
    await unknown("start-leave", kept);
  });
});
