/** CoreHR: who starts a process, and by which kinds of id users and departments are known. */
import { describe, expect, it } from "vitest";
import { DEFINITION, INITIATOR, openFeishuPlatform, startOf, variable } from "./open-feishu";

const { platform, feishu } = await openFeishuPlatform({ limits: false });

/** A refusal that started nothing. */
async function expectRefused(body: object, code: number, msg: RegExp, query?: string): Promise<void> {
  const { status, json } = await feishu.start(body, query);
  expect([status, json.code]).toEqual([400, code]);
  expect(json.msg).toMatch(msg);
  expect(await platform.instances()).toEqual([]);
}

describe("an initiator", () => {
  const by = (more: object) => ({ flow_definition_id: DEFINITION, ...more });

  it("is required unless the system starts", async () => {
    await expectRefused(by({ system_initiator: false }), 1161001, /initiator_id/);
    await expectRefused(by({}), 1161001, /initiator_id/);
    expect((await feishu.start(by({ system_initiator: true }))).json.code).toBe(0);
  });

  it("that nobody is, is 1161060, also where it is of another kind of id", async () => {
    await expectRefused(by({ initiator_id: "ou_other" }), 1161060, /./);
    await expectRefused(by({ initiator_id: INITIATOR }), 1161060, /./, "?user_id_type=union_id");
  });

  it.each([
    ["open_id", INITIATOR],
    ["union_id", "on_91791271921729102012"],
    ["user_id", "9d2beg21"],
    ["people_corehr_id", "6893014062142064135"],
  ])("is known by his %s", async (type, initiator_id) => {
    const { json } = await feishu.start(by({ initiator_id }), `?user_id_type=${type}`);
    expect(json.code).toBe(0);
    expect((await platform.instances())[0]).toMatchObject({ startedBy: INITIATOR });
    const detail = await feishu.call(
      "GET",
      `/open-apis/corehr/v2/processes/${json.data.process_id}?user_id_type=${type}`,
    );
    expect(detail.json.data.initiator_id).toBe(initiator_id);
  });
});

describe("departments and users inside the data", () => {
  it("are named by the kinds of id that the query chooses", async () => {
    const data = [
      variable("department", { department_value: "6893013238632416776" }),
      variable("manager", { employment_value: "on_c57053dad6eea0aea4696c48433d8562" }),
    ];
    const query = "?user_id_type=union_id&department_id_type=people_corehr_department_id";
    expect((await feishu.start(startOf(data), query)).json.code).toBe(0);
    expect((await feishu.start(startOf(data))).json.code).toBe(1161001);
  });
});
