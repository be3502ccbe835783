/** The functions that flows call, on instances that are kept: tried at most once, also when the platform ends meanwhile. */
import { cp, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createClock } from "../../../local/clock";
import { createWorkflowEngine } from "../../../local/engine/bpmn-workflow-engine";
import { readFlow } from "../../../local/engine/flows";
import type { CallOutcome, EngineCall, Flow } from "../../../local/engine/workflow-engine";
import type { CallFunction } from "../../../local/instances/calls";
import { openInstanceStore } from "../../../local/instances/store";
import { around, bpmn } from "../engine/flow-of";

const clock = createClock();
const engine = createWorkflowEngine({ clock });
const notify = await readFlow(around('<serviceTask id="t" name="通知" weda:function="notify" />', "t"));
const folder = () => mkdtemp(join(tmpdir(), "startflow-calls-"));

async function opened(dir: string, callFunction: CallFunction) {
  const store = await openInstanceStore({ dir, clock, engine, callFunction });
  const start = async (flow: Flow) => {
    const { processKey, name, version } = flow;
    const flowHash = await store.flows.keep(flow);
    const known = { engine: "weda" as const, processKey, name, version, flowHash, startedBy: "u1", request: {} };
    return await store.instances.create(known, () => engine.start(flow, {}));
  };
  return { ...store, start };
}

const calledLines = (timeline: { what: string; detail?: string }[]) =>
  timeline.filter(({ what }) => what === "called" || what === "callFailed");

describe("an instance whose flow calls a function", () => {
  it("is answered once the function was called, on behalf of who started it", async () => {
    const called: [EngineCall, string][] = [];
    const store = await opened(await folder(), async (call, record) => {
      called.push([call, record.startedBy]);
      return {};
    });
    const record = await store.start(notify);
    expect(record.snapshot.state).toBe("completed");
    expect(called).toMatchObject([[{ functionName: "notify" }, "u1"]]);
    await store.close();
  });

  it("shows itself as running meanwhile, to whoever looks, and calls nothing twice for that", async () => {
    let answer: (outcome: CallOutcome) => void = () => undefined;
    let calls = 0;
    const store = await opened(await folder(), () => {
      calls += 1;
      return new Promise((settle) => {
        answer = settle;
      });
    });
    const started = store.start(notify);
    await expect.poll(() => calls).toBe(1);
    const [shown] = await store.console.list();
    expect([shown?.state, (await store.console.diagram(shown?.id ?? "")).waiting]).toEqual(["running", ["t"]]);
    answer({ failure: "no" });
    expect((await started).snapshot.state).toBe("completed");
    expect([calls, calledLines((await store.console.list())[0]?.timeline ?? [])]).toMatchObject([
      1,
      [{ detail: "no" }],
    ]);
    await store.close();
  });

  it("goes on without the call where the platform ended during it, and never calls again", async () => {
    const dir = await folder();
    let calls = 0;
    const store = await opened(dir, () => {
      calls += 1;
      return new Promise(() => undefined);
    });
    void store.start(notify);
    await expect.poll(() => calls).toBe(1);
    // What a killed platform leaves: the files as they are at this moment.
    const left = await folder();
    await cp(join(dir, "instances.jsonl"), join(left, "instances.jsonl"));
    await cp(join(dir, "processes.jsonl"), join(left, "processes.jsonl"));
    const again = await opened(left, async () => {
      calls += 1;
      return {};
    });
    const [shown] = await again.console.list();
    expect([calls, shown?.state]).toEqual([1, "completed"]);
    expect(calledLines(shown?.timeline ?? [])).toMatchObject([{ what: "callFailed", detail: /not called again/ }]);
    await again.close();
  });

  it("is cancelled where its flow would call for ever", async () => {
    const circle = await readFlow(
      bpmn(`<startEvent id="s" /><sequenceFlow id="f1" sourceRef="s" targetRef="t" />
        <serviceTask id="t" weda:function="notify" /><sequenceFlow id="f2" sourceRef="t" targetRef="g" />
        <exclusiveGateway id="g" default="f3" /><sequenceFlow id="f3" sourceRef="g" targetRef="t" />`),
    );
    let calls = 0;
    const store = await opened(await folder(), async () => {
      calls += 1;
      return {};
    });
    expect((await store.start(circle)).snapshot.state).toBe("cancelled");
    expect(calls).toBe(20);
    await store.close();
  });
});
