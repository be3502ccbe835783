/** After every kind of failure: no app secret, no token and no phone number that was typed, wherever somebody could read it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { faultKindSchema } from "../../../local/faults";
import { form, type PlatformHere, platformHere, temporaryFolder } from "../../helpers/platform";
import { APAAS, COREHR, feishuOf, transfer } from "./feishu-helpers";

const PHONE = "13812345678";
const data = temporaryFolder();
let platform: PlatformHere;
let feishu: ReturnType<typeof feishuOf>;
let secrets: string[];
beforeAll(async () => {
  platform = await platformHere(data);
  feishu = feishuOf(platform);
  const { appId, appSecret } = await platform.get<{ appId: string; appSecret: string }>("/_local/feishu");
  secrets = [appSecret, await tokenOf(appId, appSecret), PHONE];
});
afterAll(() => platform.stop());
afterEach(() => platform.send("PUT", "/_local/faults", {}));

/** The very token that the functions get: Feishu gives out one while it has half an hour left. */
async function tokenOf(app_id: string, app_secret: string): Promise<string> {
  const path = "/open-apis/auth/v3/tenant_access_token/internal";
  const answer = await platform.send<{ tenant_access_token: string }>("POST", path, { app_id, app_secret });
  return answer.tenant_access_token;
}

async function everythingReadable(answers: unknown): Promise<string> {
  const pages = ["/_local/requests", "/_local/instances", "/_local/methods", "/_local/processes"];
  const read = await Promise.all(pages.map((page) => platform.get(page)));
  return JSON.stringify([answers, read]) + readFileSync(join(data, "documents.jsonl"), "utf8");
}

async function expectNothing(answers: unknown): Promise<void> {
  const text = await everythingReadable(answers);
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
}

const reason = `请致电 ${PHONE}`;
const item = { variable_api_name: "nothing", variable_value: { text_value: PHONE } };

describe.each(faultKindSchema.options.filter((kind) => !["stall", "slow"].includes(kind)))(
  "under the fault %s",
  (kind) => {
    it.each(["apaas", "corehr", "feishu"])(
      "of %s",
      async (engine) => {
        await platform.send("POST", "/_local/feishu/revoke-tokens", {});
        await platform.send("PUT", "/_local/faults", { [engine]: { kind, rate: 1, times: 2 } });
        const params = form({ record: PHONE });
        const answers = [
          await feishu.start(APAAS, params),
          await feishu.start(APAAS, params, { entry: "main" }),
          await feishu.start(COREHR, transfer({ reason }), { entry: "main" }),
        ];
        const { appId, appSecret } = await platform.get<{ appId: string; appSecret: string }>("/_local/feishu");
        secrets = [...new Set([...secrets, await tokenOf(appId, appSecret).catch(() => "startflow-secret")])];
        await expectNothing(answers);
      },
      30_000,
    );
  },
);

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
  // Else the minute's starts are used up.
  await platform.send("POST", "/_local/reset", {});
  const answer = await feishu.start(
    COREHR,
    transfer({ reason, flowData: [{ ...item, variable_api_name: "custom123" }] }),
  );
  expect(answer.ok).toBe(true);
  await expectNothing(answer);
});
