/** CoreHR: looking at processes, listing them, withdrawing one. */
import { describe, expect, it } from "vitest";
import type { InstanceView } from "../../../local/console/wire";
import { DEFINITION, INITIATOR, openFeishuPlatform, PROCESSES, START_SAMPLE, startOf, variable } from "./open-feishu";

const { platform, feishu } = await openFeishuPlatform({ limits: false });

const DAY_MS = 86_400_000;
const started = async (body: object = START_SAMPLE) => (await feishu.start(body)).json.data.process_id as string;
const detail = async (id: string, query = "") => (await feishu.call("GET", `${PROCESSES}/${id}${query}`)).json;

async function decide(id: string, action: "agree" | "reject"): Promise<InstanceView> {
  const { tasks } = await platform.get<InstanceView>(`/_local/instances/${id}`);
  return await platform.send("POST", `/_local/instances/${id}/tasks/${tasks[0]?.id}`, { action, comment: "好" });
}

describe("a process", () => {
  it("is shown with its texts, its initiator and who has to decide", async () => {
    const id = await started(
      startOf([variable("reason", { text_value: "部门调动" }), variable("submission_id", { text_value: "s-1" })], {
        system_initiator: false,
        initiator_id: INITIATOR,
      }),
    );
    const { code, data } = await detail(id);
    expect(code).toBe(0);
    expect(data).toMatchObject({
      process_id: id,
      status: 1,
      flow_definition_id: DEFINITION,
      flow_definition_name: { zh_cn: expect.any(String), en_us: expect.any(String) },
      initiator_id: INITIATOR,
      initiator_name: { zh_cn: "王芳" },
      create_time: expect.stringMatching(/^\d{13}$/),
      todos: [{ type: 1, operator_id: "ou_c57053dad6eea0aea4696c48433d8562", node_name: { zh_cn: "人事审批" } }],
      done_list: [],
    });
    expect(data.complete_time).toBeUndefined();
    expect(data.abstracts).toEqual([
      { name: { zh_cn: "事由", en_us: "Reason" }, value: { zh_cn: "部门调动", en_us: "部门调动" } },
      { name: { zh_cn: "提交编号", en_us: "Submission id" }, value: { zh_cn: "s-1", en_us: "s-1" } },
    ]);
  });

  it.each([
    ["agree", 9, 3],
    ["reject", 2, 2],
  ] as const)("after %s in the console has the status %d", async (action, status, doneStatus) => {
    const id = await started();
    await decide(id, action);
    expect((await detail(id)).data).toMatchObject({
      status,
      initiator_id: "",
      complete_time: expect.stringMatching(/^\d{13}$/),
      todos: [],
      done_list: [{ status: doneStatus, approval_opinion: "好" }],
    });
  });

  it("that is not there, or is another engine's, is 1161001", async () => {
    const execution = await feishu.execute("approveRequest_1a2b3c4d5e");
    for (const id of ["1", execution.json.data.execution_id]) {
      expect(await detail(id)).toMatchObject({ code: 1161001, msg: expect.stringContaining("process_id") });
    }
  });
});

describe("a withdrawal", () => {
  const withdraw = async (id: string, body: object, query = "") =>
    (await feishu.call("PUT", `/open-apis/corehr/v2/process_withdraw/${id}${query}`, { body })).json;
  const mine = () => started({ flow_definition_id: DEFINITION, system_initiator: false, initiator_id: INITIATOR });

  it("by the initiator, or by the system, ends the process with the status 4", async () => {
    const [first, second] = [await mine(), await started()];
    expect(await withdraw(first, { user_id: INITIATOR, reason: "写错了" })).toEqual({
      code: 0,
      msg: "success",
      data: {},
    });
    expect(await withdraw(second, { system_user: true })).toMatchObject({ code: 0 });
    for (const id of [first, second]) {
      expect((await detail(id)).data).toMatchObject({ status: 4, todos: [], done_list: [{ status: 4 }] });
    }
  });

  it("by anybody else, of what has ended, or of what is not there is 1161001, and changes nothing", async () => {
    const id = await mine();
    for (const body of [{}, { user_id: "ou_c57053dad6eea0aea4696c48433d8562" }]) {
      expect(await withdraw(id, body)).toMatchObject({ code: 1161001, msg: expect.stringContaining("user_id") });
    }
    expect(await withdraw(id, { user_id: INITIATOR }, "?user_id_type=union_id")).toMatchObject({ code: 1161001 });
    expect((await detail(id)).data.status).toBe(1);
    await decide(id, "agree");
    expect(await withdraw(id, { user_id: INITIATOR })).toMatchObject({ code: 1161001 });
    expect((await detail(id)).data.status).toBe(9);
    expect(await withdraw("1", { system_user: true })).toMatchObject({ code: 1161001 });
  });
});

describe("the list of processes", () => {
  const list = async (query: Record<string, string | number | string[]> = {}) => {
    const now = Date.now();
    const all = { page_size: 100, modify_time_from: now - DAY_MS, modify_time_to: now + DAY_MS, ...query };
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(all)) {
      for (const one of [value].flat()) if (String(one) !== "") search.append(key, String(one));
    }
    return (await feishu.call("GET", `${PROCESSES}?${search}`)).json;
  };

  it("goes on from page to page, newest first, also when another one is started meanwhile", async () => {
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1) ids.unshift(await started());
    const first = (await list({ page_size: 2 })).data;
    expect(first).toMatchObject({ process_ids: ids.slice(0, 2), has_more: true });
    await started();
    const second = (await list({ page_size: 2, page_token: first.page_token })).data;
    expect(second).toMatchObject({ process_ids: ids.slice(2, 4), has_more: true });
    const third = (await list({ page_size: 2, page_token: second.page_token })).data;
    expect(third).toEqual({ process_ids: ids.slice(4), has_more: false, page_token: "" });
  });

  it("has those of the statuses, the definition and the time that are asked for", async () => {
    const [running, done, declined] = [await started(), await started(), await started()];
    await decide(done, "agree");
    await decide(declined, "reject");
    await feishu.execute("approveRequest_1a2b3c4d5e");
    const ids = async (query: object) => (await list(query as Record<string, string>)).data.process_ids;
    expect(await ids({})).toEqual([declined, done, running]);
    expect(await ids({ statuses: ["1"] })).toEqual([running]);
    expect(await ids({ statuses: ["9", "2"] })).toEqual([declined, done]);
    expect(await ids({ flow_definition_id: "people_1_1" })).toEqual([]);
    expect(await ids({ modify_time_to: Date.now() - 3_600_000 })).toEqual([]);
    await feishu.moveClock(2 * DAY_MS);
    await decide(running, "agree");
    expect(await ids({ modify_time_to: Date.now() + 3 * DAY_MS, modify_time_from: Date.now() + DAY_MS })).toEqual([
      running,
    ]);
  });

  it.each([
    ["modify_time_from", { modify_time_from: "" }],
    ["modify_time_to", { modify_time_to: "" }],
    ["modify_time_to", { modify_time_to: "today" }],
    ["page_size", { page_size: 0 }],
    ["page_size", { page_size: 101 }],
    ["page_size", { page_size: "" }],
  ])("needs %s in its form", async (field, query) => {
    const json = await list(query);
    expect(json).toMatchObject({ code: 99992402, error: { field_violations: [{ field }] } });
  });

  it("is of less than 31 days, of statuses and page tokens that there are", async () => {
    const now = Date.now();
    expect((await list({ modify_time_from: now - 31 * DAY_MS + 1, modify_time_to: now })).code).toBe(0);
    expect((await list({ modify_time_from: now - 31 * DAY_MS, modify_time_to: now })).code).toBe(1161001);
    expect((await list({ modify_time_from: now, modify_time_to: now - 1 })).code).toBe(1161001);
    expect((await list({ page_token: "x" })).code).toBe(1161001);
    expect((await list({ statuses: ["3"] })).code).toBe(99992402);
  });
});
