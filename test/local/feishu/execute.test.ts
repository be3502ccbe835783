/** aPaaS: executing a flow, at rest and not, with keys that are taken once; and each refusal. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { InstanceView } from "../../../local/console/wire";
import { platformProcess, temporaryFolder } from "../../helpers/platform";
import {
  type Answer,
  APPROVE,
  BROKEN,
  DELETE,
  EXECUTE_SAMPLE,
  feishuOf,
  MINUTE_MS,
  NAMESPACE,
  OPERATOR,
  openFeishuPlatform,
  outParams,
} from "./open-feishu";

const { platform, feishu } = await openFeishuPlatform();

const instances = () => platform.get<InstanceView[]>("/_local/instances");
const EXECUTION_ID = /^\d{16}$/;

/** A refusal that started nothing. */
async function expectRefused(answer: Answer, msg: string | RegExp): Promise<void> {
  expect([answer.status, answer.json.code]).toEqual([400, 2320001]);
  expect(answer.json.msg).toMatch(msg);
  expect(answer.json.error.log_id).toBe(answer.headers["x-tt-logid"]);
  expect(await instances()).toEqual([]);
}

describe("the published example", () => {
  it("is taken as it is printed, and answered as it is printed, but for the id", async () => {
    const published = readFileSync("test/fixtures/feishu/execute-flow-answer.json", "utf8");
    const { status, json } = await feishu.execute(DELETE, EXECUTE_SAMPLE);
    expect(status).toBe(200);
    const id = json.data.execution_id;
    expect(id).toMatch(EXECUTION_ID);
    // In the answer as a text, and as a bare number inside of a text.
    expect(json).toEqual(JSON.parse(published.replaceAll("1816970091484211", id)));
  });

  it("is an instance of the console: operator, flow, variables, and the body as it came", async () => {
    const { json } = await feishu.execute(DELETE, EXECUTE_SAMPLE);
    expect(await instances()).toMatchObject([
      {
        id: json.data.execution_id,
        engine: "apaas",
        processKey: `${NAMESPACE}/${DELETE}`,
        state: "completed",
        startedBy: "1111",
        variables: { variable_rgrtgqworiginal: { _id: 5454545 } },
        request: EXECUTE_SAMPLE,
      },
    ]);
  });
});

describe("an execution that is waited for", () => {
  const { is_async: _, ...waiting } = EXECUTE_SAMPLE;

  it("ends with its outputs after its id", async () => {
    const answer = await feishu.execute(DELETE, waiting);
    expect(answer.json.data).toMatchObject({ status: "end", code: "", error_msg: "" });
    expect(outParams(answer)).toEqual([
      { api_name: "_flowExecutionID", value: Number(answer.json.data.execution_id) },
      { api_name: "deletedRecord", value: { _id: 5454545 } },
    ]);
  });

  it("comes back as soon as a person has to decide, and goes on when he does", async () => {
    const { json } = await feishu.execute(APPROVE);
    expect(json.data).toMatchObject({ status: "wait", code: "" });
    const id = json.data.execution_id;
    const waitingView = await platform.get<InstanceView>(`/_local/instances/${id}`);
    expect(waitingView).toMatchObject({ state: "waiting", tasks: [{ name: "审批申请", state: "open" }] });
    const path = `/_local/instances/${id}/tasks/${waitingView.tasks[0]?.id}`;
    expect(await platform.send("POST", path, { action: "reject" })).toMatchObject({ state: "declined" });
  });

  it("that fails on its way is a success whose data tells the failure", async () => {
    const answer = await feishu.execute(BROKEN);
    expect([answer.status, answer.json.code]).toEqual([200, 0]);
    expect(answer.json.data).toMatchObject({
      status: "failed",
      code: "k_ec_000001",
      error_msg: expect.stringMatching(/./),
    });
    expect(outParams(answer)).toHaveLength(1);
    expect(await instances()).toMatchObject([{ state: "failed", id: answer.json.data.execution_id }]);
  });

  it("is known to nobody who does not wait", async () => {
    expect((await feishu.execute(BROKEN, { operator: OPERATOR, is_async: true })).json.data).toMatchObject({
      status: "in_process",
      code: "",
    });
  });
});

describe("an operator", () => {
  it.each(['{"_id": 1111}', '{"_id": "1111"}', '{"email": "apaas@bytedance.com"}'])(
    "%s is enough",
    async (operator) => {
      expect((await feishu.execute(DELETE, { operator })).json.code).toBe(0);
    },
  );

  it.each([
    ["no JSON", "1111 apaas", /operator/],
    ["no object", "[1111]", /operator: _id or email/],
    ["neither id nor email", '{"name": "x"}', /operator: _id or email/],
    ["an unknown id", '{"_id": 1112}', /operator: no such user/],
    ["an unknown email", '{"email": "x@bytedance.com"}', /operator: no such user/],
    ["an id that loses digits as a number", '{"_id": 1111000000000000001}', /operator: no such user/],
    ["the id of one and the email of another", '{"_id": 1111, "email": "x@bytedance.com"}', /no such user/],
  ])("with %s is refused", async (_, operator, msg) => {
    await expectRefused(await feishu.execute(DELETE, { operator }), msg);
  });
});

describe("params", () => {
  it.each([
    ["no JSON", "{", /params: no JSON/],
    ["no object", "[1]", /params: an object/],
    ["an undeclared variable", '{"variable_other": 1}', /variable_other is not declared/],
    ["a record without an id", '{"variable_rgrtgqworiginal": {}}', /variable_rgrtgqworiginal takes a record/],
    ["a record that is not there", '{"variable_rgrtgqworiginal": {"_id": 5454546}}', /takes a record/],
    ["a name from JavaScript", '{"__proto__": 1}', /is not declared/],
  ])("with %s are refused", async (_, params, msg) => {
    await expectRefused(await feishu.execute(DELETE, { operator: OPERATOR, params }), msg);
  });

  it("are taken by their kinds", async () => {
    const good = { variable_reason: "x", variable_amount: "1816970091484211999", variable_urgent: true };
    const params = JSON.stringify(good);
    expect((await feishu.execute(APPROVE, { operator: OPERATOR, params })).json.code).toBe(0);
    expect((await instances())[0]?.variables).toEqual(good);
    for (const wrong of [{ variable_reason: 1 }, { variable_amount: "many" }, { variable_urgent: "true" }]) {
      const answer = await feishu.execute(APPROVE, { operator: OPERATOR, params: JSON.stringify(wrong) });
      expect(answer.json.msg).toContain(Object.keys(wrong)[0]);
    }
  });
});

describe("a flow", () => {
  it("that does not exist, or not in this namespace, is refused", async () => {
    await expectRefused(await feishu.execute("none"), "namespace or flow_id");
    await expectRefused(await feishu.execute("constructor"), "namespace or flow_id");
    await expectRefused(await feishu.execute(DELETE, EXECUTE_SAMPLE, "package_other__c"), "namespace or flow_id");
  });

  it("that is not enabled is refused", async () => {
    await feishu.settings({ disabledFlows: [DELETE] });
    await expectRefused(await feishu.execute(DELETE, EXECUTE_SAMPLE), "flow is not enabled");
    expect((await feishu.execute(APPROVE)).json.code).toBe(0);
  });
});

describe("an idempotent key", () => {
  const keyed = (key: string, more: object = {}) => ({ ...EXECUTE_SAMPLE, idempotent_key: key, ...more });

  it("is taken once, and a repeat is refused and starts nothing", async () => {
    expect((await feishu.execute(DELETE, keyed("k1"))).json.code).toBe(0);
    const { status, json } = await feishu.execute(DELETE, keyed("k1"));
    expect([status, json.code, json.msg]).toEqual([400, 2320001, "idempotent_key duplicated"]);
    expect(await instances()).toHaveLength(1);
    expect((await feishu.execute(DELETE, keyed("k2"))).json.code).toBe(0);
    expect((await feishu.execute(APPROVE, { operator: OPERATOR, idempotent_key: "k1" })).json.code).toBe(0);
  });

  it("has one winner where ten come at the same moment", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => feishu.execute(DELETE, keyed("k1"))));
    expect(answers.filter(({ json }) => json.code === 0)).toHaveLength(1);
    expect(await instances()).toHaveLength(1);
  });

  it("stays free where the execution was refused", async () => {
    const refused = await feishu.execute(DELETE, keyed("k1", { params: '{"variable_other": 1}' }));
    expect(refused.json.code).toBe(2320001);
    expect((await feishu.execute(DELETE, keyed("k1"))).json.code).toBe(0);
  });

  it("is forgotten after a day", async () => {
    await feishu.execute(DELETE, keyed("k1"));
    await feishu.moveClock(23 * 60 * MINUTE_MS);
    expect((await feishu.execute(DELETE, keyed("k1"))).json.msg).toBe("idempotent_key duplicated");
    await feishu.moveClock(25 * 60 * MINUTE_MS);
    expect((await feishu.execute(DELETE, keyed("k1"))).json.code).toBe(0);
  });

  it("is remembered by a platform that was killed right after its answer", async () => {
    const data = temporaryFolder();
    const first = await platformProcess(data);
    const { json } = await feishuOf(first).execute(DELETE, keyed("k1"));
    await first.kill();
    expect(readFileSync(join(data, "instances.jsonl"), "utf8")).toContain(json.data.execution_id);
    const second = await platformProcess(data);
    const again = feishuOf(second);
    expect((await again.execute(DELETE, keyed("k1"))).json.msg).toBe("idempotent_key duplicated");
    const other = (await again.execute(DELETE, keyed("k2"))).json.data.execution_id;
    expect(other > json.data.execution_id).toBe(true);
    expect((await second.instances()).map(({ id }) => id)).toEqual([other, json.data.execution_id]);
    await second.kill();
  });
});
