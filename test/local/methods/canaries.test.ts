/** After every kind of failure: no app secret, no token and no phone number that was typed, wherever somebody could read it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FeishuSettings, TestAnswer } from "../../../local/console/wire";
import { faultKindSchema } from "../../../local/faults";
import { form } from "../../helpers/platform";
import { APAAS, COREHR, DEFINITION, openMethods, transfer } from "./feishu-helpers";

const PHONE = "13812345678";
const { data, platform, feishu } = await openMethods();

/** The app's, and every token that was out so far. */
const { appSecret } = await platform.get<FeishuSettings>("/_local/feishu");
const secrets = new Set([PHONE, appSecret, await feishu.token()]);

async function everythingReadable(answers: unknown): Promise<string> {
  const pages = ["/_local/requests", "/_local/instances", "/_local/methods", "/_local/processes"];
  const read = await Promise.all(pages.map((page) => platform.get(page)));
  return JSON.stringify([answers, read]) + readFileSync(join(data, "documents.jsonl"), "utf8");
}

async function expectNothing(answers: unknown): Promise<void> {
  const text = await everythingReadable(answers);
  expect([...secrets].filter((secret) => text.includes(secret))).toEqual([]);
}

const reason = `请致电 ${PHONE}`;
const item = { variable_api_name: "nothing", variable_value: { text_value: PHONE } };

/** The call for a token is answered all the same. */
const OF_NO_TOKEN = new Set<string>(["token-revoked", "no-scope", "flow-disabled"]);

it.each(faultKindSchema.options.filter((kind) => !["stall", "slow"].includes(kind)))(
  "under the fault %s of each engine, and of the tokens",
  async (kind) => {
    const answers: TestAnswer[] = [];
    const underFault = async (engine: string, starts: (() => Promise<TestAnswer>)[]) => {
      await platform.send("POST", "/_local/feishu/revoke-tokens", {});
      await platform.send("PUT", "/_local/faults", { [engine]: { kind, rate: 1, times: 2 } });
      for (const start of starts) answers.push(await start());
      secrets.add(await feishu.token().catch(() => appSecret));
    };
    const apaas = () => {
      const params = form({ record: PHONE });
      return [() => feishu.start(APAAS, params), () => feishu.start(APAAS, params, { entry: "main" })];
    };
    const corehr = () => feishu.start(COREHR, transfer({ reason }), { entry: "main" });
    await underFault("apaas", apaas());
    await underFault("corehr", [corehr]);
    if (!OF_NO_TOKEN.has(kind)) await underFault("feishu", [...apaas(), corehr]);
    await expectNothing(answers);
  },
);

describe("in the name of a file", () => {
  it.each([
    ["reject", 403],
    ["rate-limit", 429],
    ["error-after", 500],
  ])("under the fault %s of corehr, at the upload and at the start", async (kind, hit) => {
    const params = transfer({ reason, attachments: [await feishu.upload(`${PHONE}.pdf`, 100)] });
    const start = () => feishu.start(COREHR, params, { entry: "main" });
    const answers = [await feishu.start(COREHR, params, { dryRun: true })];
    await feishu.fault("corehr", kind);
    answers.push(await start());
    // That one was the upload's. Now it is done, and Feishu refuses the start.
    await feishu.switches({ disabledFlows: [DEFINITION] });
    answers.push(await start());
    await feishu.switches({ disabledFlows: [] });
    await feishu.fault("corehr", kind);
    answers.push(await start());
    expect(answers.map(({ ok }) => ok)).toEqual([true, false, false, false]);
    const statuses = (await feishu.requests(/persons\/upload|process_start/)).map(({ status }) => status);
    expect(statuses).toEqual([hit, 200, 400, hit]);
    secrets.add(await feishu.token());
    await expectNothing(answers);
  });
});

it("in refused input, in a dry run, and in what an engine refuses in its own words", async () => {
  await expectNothing([
    await feishu.start(COREHR, transfer({ reason, amount: PHONE, addressType: PHONE, startsOn: PHONE, meetAt: PHONE })),
    await feishu.start(COREHR, transfer({ reason, flowData: [item, item] })),
    await feishu.start(COREHR, transfer({ reason, flowData: [item] })),
    await feishu.start(COREHR, transfer({ reason }), { dryRun: true }),
    await feishu.start(APAAS, form({ record: PHONE }), { dryRun: true }),
    await feishu.start(APAAS, form({ record: PHONE, [PHONE]: PHONE })),
  ]);
});

it("in what was started, as the console shows it", async () => {
  const answer = await feishu.start(
    COREHR,
    transfer({ reason, flowData: [{ ...item, variable_api_name: "custom123" }] }),
  );
  expect(answer.ok).toBe(true);
  await expectNothing(answer);
});
