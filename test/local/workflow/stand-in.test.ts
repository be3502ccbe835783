/** The stand-in on workflows of the test's own: outputs that are expressions, functions that are called, the limit of a run. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { createClock } from "../../../local/clock";
import { ConnectionFault } from "../../../local/connection-fault";
import { createWorkflowEngine } from "../../../local/engine/bpmn-workflow-engine";
import { readFlow } from "../../../local/engine/flows";
import { createFaultSwitches } from "../../../local/faults";
import { openInstanceStore } from "../../../local/instances/store";
import { createRequestLog } from "../../../local/requests";
import { createWorkflows } from "../../../local/workflow/workflows";
import { WORKFLOW_RUN_LIMIT_MS } from "../../../shared/engines/workflow/wire";
import { temporaryFolder } from "../../helpers/platform";
import { around, bpmn, placeholder } from "../engine/flow-of";
import { soon } from "./open-workflows";

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** @param xml of the one workflow that there is, `flow_test` */
async function open(xml: string, callMs = 0) {
  const dir = temporaryFolder();
  const flowsDir = join(dir, "flows");
  await mkdir(flowsDir);
  await writeFile(join(flowsDir, "flow_test.bpmn"), xml);
  const clock = createClock();
  const engine = createWorkflowEngine({ clock });
  const callFunction = async () => {
    await sleep(callMs);
    return {};
  };
  const store = await openInstanceStore({ dir, clock, engine, callFunction });
  const [faults, requests] = [createFaultSwitches(), createRequestLog(clock)];
  const workflows = createWorkflows({ store, flowsDir, clock, engine, faults, requests });
  cleanUps.push(async () => {
    workflows.close();
    await store.close();
  });
  const call = (data: unknown) => workflows.invoke(JSON.stringify({ name: "flow_test", data }), "user-1");
  return { clock, store, workflows, call, requests, instance: async () => (await store.console.list())[0] };
}

const ending = (output: string) =>
  bpmn(
    `<startEvent id="s" /><sequenceFlow id="f" sourceRef="s" targetRef="e" /><endEvent id="e" weda:output='${output}' />`,
  );
const variable = (path: string) => placeholder(`environment.variables.${path}`);
const timer = (duration: string) =>
  around(
    `<intermediateCatchEvent id="t" name="等"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">${duration}</timeDuration></timerEventDefinition></intermediateCatchEvent>`,
    "t",
  );

describe("an output", () => {
  it.each<[string, unknown, unknown]>([
    [variable("trigger"), { a: [1] }, { a: [1] }],
    [variable("trigger.days"), { days: 3 }, 3],
    [variable("trigger.nothing"), { days: 3 }, null],
    [placeholder("environment.services.gt(environment.variables.trigger.days, 2)"), { days: 3 }, true],
    ['{"a": [1, null]}', {}, { a: [1, null] }],
    ["0", {}, 0],
    ["null", {}, null],
  ])("declared as %s, of %j, is %j", async (declared, data, output) => {
    expect(await (await open(ending(declared))).call(data)).toEqual(output);
  });

  it("that is neither JSON nor an expression makes the workflow's file unusable, and nothing runs", async () => {
    await expect(readFlow(ending("hello"))).rejects.toMatchObject({ code: "FLOW_INVALID" });
    const { call, instance } = await open(ending("hello"));
    expect(await call({})).toMatchObject({ code: "WORKFLOW_DISABLED", message: expect.stringContaining("流程图") });
    expect(await instance()).toBeUndefined();
  });

  it("whose expression is not understood fails the run at that end", async () => {
    const { call, instance } = await open(ending(variable("trigger.constructor()")));
    expect(await call({})).toMatchObject({ code: "WORKFLOW_RUN_FAILED", node: { id: "e" } });
    expect(await instance()).toMatchObject({ state: "failed" });
  });

  it.each([
    ["1", "2", 2],
    ["1", "null", null],
  ])("is, of ends that are reached at once with %s and %s, that of the last", async (first, last, output) => {
    const { call } = await open(
      bpmn(`<startEvent id="s" /><sequenceFlow id="f1" sourceRef="s" targetRef="g" /><parallelGateway id="g" />
        <sequenceFlow id="f2" sourceRef="g" targetRef="e1" /><endEvent id="e1" weda:output="${first}" />
        <sequenceFlow id="f3" sourceRef="g" targetRef="e2" /><endEvent id="e2" weda:output="${last}" />`),
    );
    expect(await call({})).toEqual(output);
  });

  it("is that of the end that is reached last, also long after the other", async () => {
    const { call } = await open(
      bpmn(`<startEvent id="s" /><sequenceFlow id="f1" sourceRef="s" targetRef="g" /><parallelGateway id="g" />
        <sequenceFlow id="f2" sourceRef="g" targetRef="e1" /><endEvent id="e1" weda:output="1" />
        <sequenceFlow id="f3" sourceRef="g" targetRef="t" />
        <intermediateCatchEvent id="t"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT0.1S</timeDuration></timerEventDefinition></intermediateCatchEvent>
        <sequenceFlow id="f4" sourceRef="t" targetRef="e2" /><endEvent id="e2" weda:output="2" />`),
    );
    expect(await call({})).toBe(2);
  });
});

describe("what it is called with", () => {
  it("keeps every digit of an id that is no JavaScript number", async () => {
    const { workflows, instance } = await open(ending(variable("trigger.id")));
    const text = '{"name":"flow_test","data":{"id":1549943583216373762}}';
    expect(await workflows.invoke(text, null)).toBe("1549943583216373762");
    expect(await instance()).toMatchObject({ startedBy: "", request: { data: { id: "1549943583216373762" } } });
  });

  it.each(["", "nonsense", "[]", '"flow_test"', "null"])(
    "is refused where it is %j, and is in the request log",
    async (text) => {
      const { workflows, requests, instance } = await open(ending("1"));
      await expect(workflows.invoke(text, null)).rejects.toMatchObject({ code: "INVALID_PARAM" });
      expect(requests.list()).toMatchObject([{ engine: "workflow", path: "/cloudbase_module", status: 200 }]);
      expect(await instance()).toBeUndefined();
    },
  );
});

describe("a run", () => {
  it("waits for the functions that the workflow calls, also after a timer", async () => {
    const notify = '<serviceTask id="n" name="N" weda:function="notify-approved" />';
    const { call, instance } = await open(around(notify, "n"), 100);
    const from = Date.now();
    expect(await call({})).toBeNull();
    expect(Date.now() - from).toBeGreaterThanOrEqual(90);
    expect((await instance())?.timeline.filter(({ what }) => what === "called")).toHaveLength(1);
  });

  it("is not answered while somebody else's look has fired its timer, and the function after it is still at work", async () => {
    const xml = bpmn(`<startEvent id="s" /><sequenceFlow id="f1" sourceRef="s" targetRef="t" />
      <intermediateCatchEvent id="t"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>
      <sequenceFlow id="f2" sourceRef="t" targetRef="n" /><serviceTask id="n" weda:function="notify-approved" />
      <sequenceFlow id="f3" sourceRef="n" targetRef="e" /><endEvent id="e" weda:output='"after"' />`);
    const { call, store, instance } = await open(xml, 150);
    const called = call({});
    const { id } = await soon(instance);
    const moved = store.console.fastForward(id);
    expect(await called).toBe("after");
    expect(await moved).toMatchObject({ state: "completed" });
  });

  it("is stopped after ten minutes on the platform's clock, at the node where it was, and does not go on", async () => {
    const { call, clock, instance } = await open(timer("P1D"));
    clock.set({ rate: 10_000 });
    expect(await call({})).toEqual({
      code: "WORKFLOW_RUN_FAILED",
      message: expect.stringContaining("10 分钟"),
      node: { id: "t", name: "等" },
    });
    const stopped = await instance();
    expect(stopped).toMatchObject({ state: "cancelled" });
    const tookMs = (stopped?.timeline.at(-1)?.at ?? 0) - (stopped?.startedAt ?? 0);
    expect(tookMs).toBeGreaterThanOrEqual(WORKFLOW_RUN_LIMIT_MS);
  });

  it("that is waited for on somebody is not stopped: the call was answered, the instance stays", async () => {
    const { call, clock, instance } = await open(around('<userTask id="u" name="U" weda:assignee="主管" />', "u"));
    expect(await call({})).toMatchObject({ code: "WORKFLOW_WAITING" });
    clock.set({ offsetMs: 2 * WORKFLOW_RUN_LIMIT_MS });
    expect(await instance()).toMatchObject({ state: "waiting" });
  });

  it("that waits for somebody, with a reminder beside, is answered at once", async () => {
    const { call } = await open(
      bpmn(`<startEvent id="s" /><sequenceFlow id="f1" sourceRef="s" targetRef="u" /><userTask id="u" name="U" weda:assignee="${variable("trigger.boss")}" />
        <boundaryEvent id="b" cancelActivity="false" attachedToRef="u"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT1H</timeDuration></timerEventDefinition></boundaryEvent>
        <sequenceFlow id="f2" sourceRef="b" targetRef="e2" /><endEvent id="e2" />
        <sequenceFlow id="f3" sourceRef="u" targetRef="e" /><endEvent id="e" />`),
    );
    const waiting = [{ node: { id: "u", name: "U" }, assignee: "张三" }];
    expect(await call({ boss: "张三" })).toMatchObject({ code: "WORKFLOW_WAITING", waiting });
  });

  it("is let go of when the platform stops, and its instance stays as it is", async () => {
    const { call, workflows, instance } = await open(timer("PT1H"));
    const called = call({}).catch((error: unknown) => error);
    await soon(instance);
    workflows.close();
    expect(await called).toBeInstanceOf(ConnectionFault);
    expect(await instance()).toMatchObject({ state: "waiting" });
  });
});
