/** How a process stands, in words: every code that the page lists, and one that it does not; for whom it waits, what happened. */
import { describe, expect, it } from "vitest";
import { describedStatus } from "../../../../shared/engines/corehr/status";
import { PROCESS_STATUSES, processDetailSchema } from "../../../../shared/engines/corehr/wire";

const ID = "7278949005675988535";
const described = (status: number, more: object = {}) =>
  describedStatus(processDetailSchema.parse({ process_id: ID, status, ...more }));
const names = (zh: string) => ({ zh_cn: zh, en_us: "English" });
const task = (more: object = {}) => ({
  approver_id: "7278949005675988536",
  type: 1,
  operator_id: "ou_1",
  operator_name: names("李伟"),
  node_name: names("人事审批"),
  node_definition_id: "approval_d25b5eddfef",
  create_time: "1694769814036",
  ...more,
});

describe("the status of a process", () => {
  it.each(Object.entries(PROCESS_STATUSES))("%s has its own word in both languages", (code, { state, zh, en }) => {
    expect(described(Number(code))).toMatchObject({ code: Number(code), state, text: { zh, en } });
    expect([zh, en]).toEqual([expect.stringMatching(/^\p{Script=Han}+$/u), expect.stringMatching(/^[a-z ]+$/)]);
  });

  it("is told apart from every other", () => {
    const all = Object.keys(PROCESS_STATUSES).map((code) => described(Number(code)));
    for (const told of [
      all.map(({ state }) => state),
      all.map(({ text }) => text.zh),
      all.map(({ text }) => text.en),
    ]) {
      expect(new Set(told).size).toBe(6);
    }
  });

  it.each([0, 3, 16, -1])("that the page does not list (%s) is passed on as it is", (code) => {
    const text = { zh: `状态 ${code}`, en: `status ${code}` };
    expect(described(code)).toEqual({ code, state: "other", text, progress: { phase: "other" } });
  });
});

describe("the progress of a process", () => {
  it.each([
    [1, "running"],
    [2, "declined"],
    [4, "cancelled"],
    [8, "cancelled"],
    [9, "completed"],
    [15, "running"],
  ] as const)("with the code %d and nothing to do is %s", (code, phase) => {
    expect(described(code, { todos: [] }).progress).toEqual({ phase });
    expect(described(code).progress).toEqual({ phase });
  });

  it("of a running one waits where somebody has to decide, each node once with all of its people", () => {
    const todos = [
      task(),
      task({ operator_id: "ou_2" }),
      task({ operator_id: "", node_definition_id: "form_1", node_name: { en_us: "Fill in" } }),
      task({ operator_id: "", operator_name: {}, node_definition_id: undefined, node_name: names("会签") }),
    ];
    expect(described(1, { todos }).progress).toEqual({
      phase: "waiting",
      places: [
        { id: "approval_d25b5eddfef", name: "人事审批", assignees: ["ou_1", "ou_2"] },
        { id: "form_1", name: "Fill in", assignees: ["李伟"] },
        { id: "", name: "会签" },
      ],
    });
  });

  it("of one that is being revoked, or has ended, waits for nobody", () => {
    for (const code of [2, 4, 8, 9, 15])
      expect(described(code, { todos: [task()] }).progress).not.toHaveProperty("places");
  });
});

describe("the timeline of a process", () => {
  it("has what happened in its order, with who did it", () => {
    const done_list = [
      task({ create_time: "1694769814036", complete_time: "1694769815000", status: 3 }),
      task({
        create_time: "1694769815000",
        complete_time: "1694769816000",
        status: 2,
        operator_id: "",
        node_name: names("财务"),
      }),
      task({ create_time: "1694769815000", complete_time: "1694769816000", status: 4, node_name: names("法务") }),
    ];
    const { timeline } = described(2, {
      flow_definition_name: names("调动"),
      initiator_id: "ou_9",
      create_time: "1694769814036",
      complete_time: "1694769816000",
      done_list,
    });
    const at = (ms: number) => new Date(ms).toISOString();
    expect(timeline).toEqual([
      { at: at(1694769814036), node: "调动", what: "created", by: "ou_9" },
      { at: at(1694769814036), node: "人事审批", what: "entered" },
      { at: at(1694769815000), node: "人事审批", what: "done", by: "ou_1" },
      { at: at(1694769815000), node: "财务", what: "entered" },
      { at: at(1694769815000), node: "法务", what: "entered" },
      { at: at(1694769816000), node: "财务", what: "rejected", by: "李伟" },
      { at: at(1694769816000), node: "法务", what: "canceled", by: "ou_1" },
      { at: at(1694769816000), node: "调动", what: "rejected" },
    ]);
  });

  it("of one that waits ends with where it is", () => {
    const { timeline } = described(1, { create_time: "1694769814000", initiator_id: "", todos: [task()] });
    expect(timeline?.map(({ what, by }) => [what, by])).toEqual([
      ["created", undefined],
      ["entered", undefined],
    ]);
  });

  it("is left out where Feishu tells no times", () => {
    for (const more of [{}, { create_time: "", complete_time: "0", done_list: [task({ create_time: null })] }])
      expect(described(9, more)).not.toHaveProperty("timeline");
  });
});

describe("a detail with odd members", () => {
  it.each([
    { todos: null },
    { todos: "none" },
    { todos: [null, "x", { operator_id: 1, node_name: "n", create_time: {} }] },
    { done_list: [{ status: "3", complete_time: "soon" }] },
    { create_time: 1694769814036, initiator_id: null },
    { create_time: "99999999999999999999" },
    { flow_definition_name: 5 },
  ])("%j is read all the same", (more) => {
    expect(described(9, more)).toMatchObject({ code: 9, progress: { phase: "completed" } });
  });
});
