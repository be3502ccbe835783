/** A service task on the engine: it rests until its function was called, and goes on whatever became of it. */
import { describe, expect, it } from "vitest";
import { createClock } from "../../../local/clock";
import { createWorkflowEngine } from "../../../local/engine/bpmn-workflow-engine";
import { readFlow } from "../../../local/engine/flows";
import type { EngineSnapshot } from "../../../local/engine/workflow-engine";
import { around, bpmn, placeholder, shipped } from "./flow-of";

const engine = createWorkflowEngine({ clock: createClock() });
const leave = await shipped("flow_012");
const stored = (snapshot: EngineSnapshot) => JSON.parse(JSON.stringify(snapshot)) as EngineSnapshot;

async function agreed(variables: Record<string, unknown>): Promise<EngineSnapshot> {
  const asked = await engine.start(leave, variables);
  return await engine.complete(leave, asked, asked.tasks[0]?.id ?? "", { action: "agree" });
}

describe("a service task", () => {
  it("rests with the function to call and what it is given, also after it was written and read back", async () => {
    const resting = stored(await agreed({ days: 3, reason: "探亲", secret: "x" }));
    expect(resting).toMatchObject({
      state: "running",
      calls: [{ nodeId: "Task_notify", functionName: "notify-approved", params: { days: 3, reason: "探亲" } }],
    });
    expect(Object.keys(resting.calls?.[0]?.params ?? {})).toEqual(["reason", "days"]);
    const done = await engine.answerCall(leave, resting, resting.calls?.[0]?.id ?? "", {});
    expect([done.state, done.calls]).toEqual(["completed", undefined]);
    expect(done.timeline.filter(({ what }) => what === "called")).toMatchObject([{ nodeId: "Task_notify" }]);
  });

  it("lets the flow go on where the function failed, and says why", async () => {
    const resting = await agreed({ days: 1 });
    const done = await engine.answerCall(leave, resting, resting.calls?.[0]?.id ?? "", { failure: "errcode 60011" });
    expect(done.state).toBe("completed");
    const lines = done.timeline.filter(({ what }) => what === "callFailed" || what === "called");
    expect(lines).toMatchObject([{ what: "callFailed", nodeId: "Task_notify", detail: "errcode 60011" }]);
  });

  it("is answered once: an answer to no open call changes nothing", async () => {
    const resting = await agreed({ days: 1 });
    expect(await engine.answerCall(leave, resting, "nothing", {})).toBe(resting);
    const done = await engine.answerCall(leave, resting, resting.calls?.[0]?.id ?? "", {});
    expect(await engine.answerCall(leave, done, resting.calls?.[0]?.id ?? "", {})).toBe(done);
  });

  it("can be cancelled while it rests", async () => {
    const cancelled = await engine.cancel(leave, await agreed({ days: 1 }), "Revoke");
    expect([cancelled.state, cancelled.calls]).toEqual(["cancelled", undefined]);
  });

  it("calls two functions side by side, each answered for itself", async () => {
    const flow = await readFlow(
      bpmn(`<startEvent id="s" /><sequenceFlow id="f0" sourceRef="s" targetRef="g" /><parallelGateway id="g" />
        <sequenceFlow id="f1" sourceRef="g" targetRef="a" /><sequenceFlow id="f2" sourceRef="g" targetRef="b" />
        <serviceTask id="a" weda:function="one" /><serviceTask id="b" weda:function="two" />
        <sequenceFlow id="f3" sourceRef="a" targetRef="e" /><sequenceFlow id="f4" sourceRef="b" targetRef="e2" />
        <endEvent id="e" /><endEvent id="e2" />`),
    );
    const both = await engine.start(flow, {});
    expect(both.calls?.map(({ functionName }) => functionName)).toEqual(["one", "two"]);
    const half = await engine.answerCall(flow, stored(both), both.calls?.[1]?.id ?? "", {});
    expect(half.calls?.map(({ functionName }) => functionName)).toEqual(["one"]);
    expect((await engine.answerCall(flow, stored(half), half.calls?.[0]?.id ?? "", {})).state).toBe("completed");
  });

  it("has nothing for its function where it declares nothing", async () => {
    const inputs = `<serviceTask id="t" weda:function="f"><extensionElements>
      <weda:input name="text" value="至 ${placeholder("environment.variables.to")}" /></extensionElements></serviceTask>`;
    const given = await engine.start(await readFlow(around(inputs, "t")), { to: "李四" });
    expect(given.calls?.[0]?.params).toEqual({ text: "至 李四" });
    const none = await engine.start(await readFlow(around('<serviceTask id="t" weda:function="f" />', "t")), { to: 1 });
    expect(none.calls?.[0]?.params).toEqual({});
  });
});
