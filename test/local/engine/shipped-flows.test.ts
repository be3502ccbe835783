/** The shipped flows on the engine: who approves when, what a refusal does, and what time does. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createClock } from "../../../local/clock";
import { createWorkflowEngine } from "../../../local/engine/bpmn-workflow-engine";
import { readFlowsDir } from "../../../local/engine/flows";
import type { EngineSnapshot, Flow } from "../../../local/engine/workflow-engine";
import { FLOWS_DIR, shipped } from "./flow-of";

const DAY_MS = 86_400_000;
const clock = createClock();
const engine = createWorkflowEngine({ clock });
const leave = await shipped("flow_012");
const contract = await shipped("flow_contract");

const open = (snapshot: EngineSnapshot) =>
  snapshot.tasks.filter(({ state }) => state === "open").map(({ name }) => name);

async function decide(flow: Flow, snapshot: EngineSnapshot, name: string, action: "agree" | "reject") {
  const task = snapshot.tasks.find((one) => one.name === name && one.state === "open");
  return await answered(flow, await engine.complete(flow, snapshot, task?.id ?? name, { action }));
}

/** With every function called that the flow calls. */
async function answered(flow: Flow, snapshot: EngineSnapshot): Promise<EngineSnapshot> {
  const [call] = snapshot.calls ?? [];
  return call === undefined ? snapshot : answered(flow, await engine.answerCall(flow, snapshot, call.id, {}));
}

/** As it is written and read back. */
const stored = (snapshot: EngineSnapshot) => JSON.parse(JSON.stringify(snapshot)) as EngineSnapshot;

describe("the leave approval", () => {
  it("needs one approver for three days, and two for five", async () => {
    const short = await engine.start(leave, { days: 3 });
    expect(open(short)).toEqual(["主管审批"]);
    expect((await decide(leave, short, "主管审批", "agree")).state).toBe("completed");
    const long = await decide(leave, await engine.start(leave, { days: 5 }), "主管审批", "agree");
    expect([long.state, open(long)]).toEqual(["waiting", ["人事审批"]]);
    expect((await decide(leave, stored(long), "人事审批", "agree")).state).toBe("completed");
  });

  it.each([{}, { days: undefined }, { days: null }, { days: "30" }])(
    "takes the short way for %j",
    async (variables) => {
      const asked = await engine.start(leave, variables);
      expect((await decide(leave, asked, "主管审批", "agree")).state).toBe("completed");
    },
  );

  it("ends declined when either approver rejects", async () => {
    const first = await decide(leave, await engine.start(leave, { days: 5 }), "主管审批", "reject");
    expect([first.state, open(first), first.engineState]).toEqual(["declined", [], undefined]);
    const agreed = await decide(leave, await engine.start(leave, { days: 5 }), "主管审批", "agree");
    expect((await decide(leave, agreed, "人事审批", "reject")).state).toBe("declined");
  });

  it("sends the reminder when time is moved on, and the task stays open", async () => {
    const waiting = await engine.start(leave, { days: 1 });
    expect(waiting.timers).toMatchObject([{ nodeId: "Timer_reminder", dueAt: expect.any(Number) }]);
    const reminded = await engine.fastForward(leave, stored(waiting));
    expect(reminded.timeline.map(({ nodeId }) => nodeId)).toContain("Task_remind");
    expect([reminded.state, open(reminded), reminded.timers]).toEqual(["waiting", ["主管审批"], []]);
    expect(await engine.fastForward(leave, reminded)).toBe(reminded);
    expect((await decide(leave, reminded, "主管审批", "agree")).state).toBe("completed");
  });

  it("sends the reminder by itself only after two days on the platform's clock", async () => {
    const waiting = await engine.start(leave, { days: 1 });
    expect(await engine.fireDue(leave, waiting)).toBe(waiting);
    clock.set({ offsetMs: 3 * DAY_MS });
    const reminded = await engine.fireDue(leave, waiting);
    expect(reminded.timeline.filter(({ what }) => what === "timer")).toHaveLength(1);
    clock.set({ offsetMs: 0 });
  });

  it("drops the reminder once the approver has decided", async () => {
    const agreed = await decide(leave, await engine.start(leave, { days: 5 }), "主管审批", "agree");
    expect(agreed.timers).toEqual([]);
  });
});

describe("the contract approval", () => {
  it("asks both reviewers at once, and the general manager from 100000 on", async () => {
    const asked = await engine.start(contract, { contract: { amount: 100_000 } });
    expect(open(asked)).toEqual(["法务审核", "财务审核"]);
    const half = await decide(contract, stored(asked), "财务审核", "agree");
    expect(open(half)).toEqual(["法务审核"]);
    const both = await decide(contract, stored(half), "法务审核", "agree");
    expect(open(both)).toEqual(["总经理审批"]);
    expect((await decide(contract, both, "总经理审批", "agree")).state).toBe("completed");
    expect((await decide(contract, both, "总经理审批", "reject")).state).toBe("declined");
  });

  it.each([{ amount: 99_999 }, {}])("ends after both reviews for %j", async (value) => {
    const asked = await engine.start(contract, { contract: value });
    const half = await decide(contract, asked, "法务审核", "agree");
    expect((await decide(contract, half, "财务审核", "agree")).state).toBe("completed");
  });

  it.each(["法务审核", "财务审核"])(
    "ends declined when %s rejects, and takes the other task away",
    async (reviewer) => {
      const asked = await engine.start(contract, { contract: { amount: 1 } });
      const rejected = await decide(contract, asked, reviewer, "reject");
      expect([rejected.state, open(rejected)]).toEqual(["declined", []]);
      expect(rejected.tasks.filter(({ action }) => action === undefined)).toHaveLength(1);
      expect(rejected.timeline.filter(({ what }) => what === "cancelled")).toHaveLength(1);
    },
  );
});

describe("the workflows of CloudBase", () => {
  const dir = join(FLOWS_DIR, "workflow");
  const files = readdirSync(dir).sort();

  it("are five, each in the file of its name", async () => {
    const { flows, problems } = await readFlowsDir(dir);
    expect(problems).toEqual([]);
    expect(flows.map(({ processKey }) => `${processKey}.bpmn`).sort()).toEqual(files);
    expect(files).toEqual(["approval", "broken", "hello", "quiet", "slow"].map((name) => `wf_${name}.bpmn`));
  });

  it.each(files)("%s is drawn whole: every node and every sequence flow", (file) => {
    const xml = readFileSync(join(dir, file), "utf8");
    const drawn = new Set([...xml.matchAll(/bpmnElement="([^"]+)"/g)].map(([, id]) => id));
    const elements = [...xml.matchAll(/<(?:\w+Event|task|userTask|exclusiveGateway|sequenceFlow) id="([^"]+)"/g)];
    expect(elements.length).toBeGreaterThan(4);
    expect(elements.map(([, id]) => id).filter((id) => !drawn.has(id))).toEqual([]);
  });

  it.each([
    ["wf_hello", "completed", { name: "hello world" }],
    ["wf_quiet", "completed", undefined],
    ["wf_broken", "failed", undefined],
  ])("%s is %s at once, with the output %j", async (id, state, output) => {
    const ended = stored(await engine.start(await shipped(`workflow/${id}`), { trigger: null }));
    expect([ended.state, ended.output]).toEqual([state, output]);
  });

  it.each([
    ["agree", "completed", true],
    ["reject", "declined", false],
  ] as const)(
    "wf_approval, when its approver says %s, is %s and gives approved: %s",
    async (action, state, approved) => {
      const flow = await shipped("workflow/wf_approval");
      const asked = stored(await engine.start(flow, { trigger: null }));
      expect([open(asked), asked.output]).toEqual([["主管审批"], undefined]);
      const decided = await decide(flow, asked, "主管审批", action);
      expect([decided.state, decided.output]).toEqual([state, { approved }]);
    },
  );

  it("wf_slow ends after twenty seconds, and not before", async () => {
    const flow = await shipped("workflow/wf_slow");
    const slow = stored(await engine.start(flow, { trigger: null }));
    expect(slow.state).toBe("waiting");
    expect(await engine.fireDue(flow, slow)).toBe(slow);
    clock.set({ offsetMs: 20_001 });
    expect(await engine.fireDue(flow, slow)).toMatchObject({ state: "completed", output: "done" });
    clock.set({ offsetMs: 0 });
  });
});

describe("an instance", () => {
  it("refuses a second completion of a task, and a task that it has not", async () => {
    const asked = await engine.start(leave, { days: 5 });
    const agreed = await decide(leave, asked, "主管审批", "agree");
    const again = engine.complete(leave, agreed, asked.tasks[0]?.id ?? "", { action: "agree" });
    await expect(again).rejects.toMatchObject({ code: "TASK_NOT_OPEN" });
    await expect(decide(leave, agreed, "nothing", "agree")).rejects.toMatchObject({ code: "TASK_NOT_FOUND" });
  });

  it("is cancelled once", async () => {
    const asked = await engine.start(leave, { days: 5 });
    const cancelled = await engine.cancel(leave, asked, "Revoke");
    expect([cancelled.state, open(cancelled), cancelled.timers]).toEqual(["cancelled", [], []]);
    await expect(engine.cancel(leave, cancelled, "Revoke")).rejects.toMatchObject({ code: "INSTANCE_ENDED" });
  });

  it("keeps what an approver wrote, and leaves the snapshot that it was given as it is", async () => {
    const asked = await engine.start(leave, { days: 1 });
    const before = stored(asked);
    const decision = { action: "agree", comment: "路上小心" } as const;
    const agreed = await engine.complete(leave, asked, asked.tasks[0]?.id ?? "", decision);
    expect(agreed.tasks[0]).toMatchObject({ state: "done", ...decision });
    expect(agreed.timeline.find(({ what }) => what === "agreed")).toMatchObject({ detail: "路上小心" });
    expect(stored(asked)).toEqual(before);
  });

  it("keeps the library's state without the parsed flow in it", async () => {
    const asked = await engine.start(leave, { days: 1 });
    expect(asked.engineState?.length).toBeLessThan(leave.xml.length);
  });
});
