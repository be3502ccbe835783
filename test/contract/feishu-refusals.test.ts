/** Every refusal of an API as Feishu sends it: the same to the official SDK and to our client, with a text of its own. */
import { describe, expect, it } from "vitest";
import { executeFlow } from "../../shared/engines/apaas/execute";
import type { ExecuteFlow } from "../../shared/engines/apaas/wire";
import { FEISHU_CODES } from "../../shared/feishu/codes";
import { openContract, saidToSdk, saidToUs } from "./feishu-clients";
import {
  DEFINITION,
  EXECUTE,
  execute,
  FLOW,
  get,
  lately,
  list,
  type Operation,
  START,
  start,
  TIMEOUT_MS,
  template,
  upload,
  withdraw,
} from "./feishu-operations";

const { app, sdk, received, switches, fault, scopes } = await openContract();

const DAY_MS = 86_400_000;
const { operator: _, ...WITHOUT_OPERATOR } = EXECUTE;
const variable = (name: string, value: object) =>
  start({
    flow_definition_id: DEFINITION,
    system_initiator: true,
    flow_data: [{ variable_api_name: name, variable_value: value }],
  });

async function executedOnce(body: ExecuteFlow): Promise<Operation> {
  await executeFlow(app, FLOW, body, TIMEOUT_MS);
  return execute(body);
}

async function disabled(flow: string, operation: Operation): Promise<Operation> {
  await switches({ disabledFlows: [flow] });
  return operation;
}

async function under(...[engine, kind, operation]: [...Parameters<typeof fault>, Operation]): Promise<Operation> {
  await fault(engine, kind);
  return operation;
}

const monthUntilNow = () => ({ fromMs: Date.now() - 31 * DAY_MS, toMs: Date.now() + 1 });

const REFUSALS: [string, number, number, () => Promise<Operation> | Operation][] = [
  // The gateway, before the API.
  ["no operator", 400, 99992402, () => execute(WITHOUT_OPERATOR)],
  ["21 loop masks", 400, 99992402, () => execute({ ...EXECUTE, loop_masks: Array(21).fill("a") })],
  ["a kind of user id that there is not", 400, 99992402, () => start(START, { user_id_type: "name" })],
  ["a page of 101 processes", 400, 99992402, () => list({ ...lately(), pageSize: 101 })],
  ["a missing scope", 400, 99991672, () => under("apaas", "no-scope", execute(EXECUTE))],
  ["a rate limit of aPaaS", 429, 99991400, () => under("apaas", "rate-limit", execute(EXECUTE))],
  ["a rate limit of CoreHR", 429, 99991400, () => under("corehr", "rate-limit", start(START))],
  ["a rate limit of a look", 429, 99991400, () => under("corehr", "rate-limit", get("1"))],
  [
    "a rate limit as older APIs tell it",
    400,
    99991400,
    async () => {
      await switches({ rateLimitStatus: 400 });
      return under("corehr", "rate-limit", start(START));
    },
  ],
  // aPaaS.
  ["an operator that is no JSON", 400, 2320001, () => execute({ ...EXECUTE, operator: "me" })],
  ["an operator without _id and email", 400, 2320001, () => execute({ ...EXECUTE, operator: "{}" })],
  ["params that are no JSON", 400, 2320001, () => execute({ ...EXECUTE, params: "{" })],
  ["an unknown flow", 400, 2320001, () => execute(EXECUTE, { ...FLOW, flowId: "nothing_0000000000" })],
  ["an unknown namespace", 400, 2320001, () => execute(EXECUTE, { ...FLOW, namespace: "package_0__c" })],
  ["an unknown variable of a flow", 400, 2320001, () => execute({ ...EXECUTE, params: '{"nothing": 1}' })],
  ["a repeated key", 400, 2320001, () => executedOnce({ ...EXECUTE, idempotent_key: "key-of-the-contract" })],
  ["an aPaaS flow that is not enabled", 400, 2320001, () => disabled(FLOW.flowId, execute(EXECUTE))],
  // CoreHR.
  ["an unknown definition", 400, 1161001, () => start({ ...START, flow_definition_id: "people_1_1" })],
  ["no initiator", 400, 1161001, () => start({ flow_definition_id: DEFINITION, system_initiator: false })],
  ["an unknown initiator", 400, 1161060, () => start({ ...START, initiator_id: "ou_nobody", system_initiator: false })],
  ["an unknown variable", 400, 1161001, () => variable("nothing", { text_value: "x" })],
  ["a key without its value", 400, 1161001, () => variable("skills", { list_values: ["k1"] })],
  ["an option's label", 400, 1161001, () => variable("address_type", { enum_value: "家庭住址" })],
  ["a CoreHR flow that is not enabled", 400, 1161059, () => disabled(DEFINITION, start(START))],
  ["no permission", 403, 1161002, () => under("corehr", "reject", start(START))],
  ["an unknown process", 400, 1161001, () => get("1")],
  ["a withdrawal of an unknown process", 400, 1161001, () => withdraw(["1", "1"], { system_user: true })],
  ["a list over 31 days", 400, 1161001, () => list(monthUntilNow())],
  ["a page token that was never given", 400, 1161001, () => list({ ...lately(), pageToken: "x" })],
  ["a template of an unknown definition", 400, 1161001, () => template("people_1_1", ["reason"])],
  ["a file without a suffix", 400, 1161001, () => upload(Buffer.from("x"), "附件")],
  ["a file of 50 MB and a byte", 400, 1161001, () => upload(Buffer.alloc(52_428_801), "a.bin")],
];

describe.each(REFUSALS)("%s", (_, status, code, prepare) => {
  it(`is HTTP ${status} with ${code}, to the SDK and to us, and has a text of its own`, async () => {
    const operation = await prepare();
    const bySdk = await received(() => saidToSdk(operation.sdk(sdk())));
    const byUs = await received(() => saidToUs(operation.ours(app)));
    expect(bySdk.said).toMatchObject({ status, code, msg: expect.stringMatching(/./) });
    expect({ ...bySdk.said, ...byUs.said }).toEqual(bySdk.said);
    expect(byUs.rows).toEqual(bySdk.rows);
    expect(byUs.rows).toMatchObject([{ status }]);
    expect(FEISHU_CODES[code]?.zh).toMatch(/^飞书/);
  });
});

describe("a user id of the kind user_id", () => {
  it("needs a scope of its own", async () => {
    const operation = start({ ...START, initiator_id: undefined }, { user_id_type: "user_id" });
    expect((await saidToSdk(operation.sdk(sdk()))).code).toBe(0);
    await switches({ scopes: scopes.filter((scope) => scope !== "contact:user.employee_id:readonly") });
    const bySdk = await saidToSdk(operation.sdk(sdk()));
    expect(await saidToUs(operation.ours(app))).toEqual(bySdk);
    expect(bySdk).toMatchObject({ status: 400, code: 99991672 });
  });
});
