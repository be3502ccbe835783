/** How a process stands, and its cancellation, by the WeDa target on the stand-in: running, ended, failed, refused. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StartflowError } from "../../../shared/base/errors";
import type { ProcessStatus } from "../../../shared/engines/engine";
import { wedaProcess } from "../../../shared/engines/weda";
import type { MethodContext } from "../../../shared/platform/context";
import { bpmn, condition, placeholder, withCondition } from "../engine/flow-of";
import { idOf, leaveOf, open, startData, temporaryDir } from "./open-weda";

const START = "StartProcessWithParams";
const target = wedaProcess({ connector: { ConnectorName: "api", FunctionName: "method" }, processKey: "flow_012" });
const EXTRA_USER = { ExtraUserInfo: { UserId: "1000000000000000000", Source: 4 } };

beforeEach(() => vi.spyOn(console, "log").mockImplementation(() => undefined));
afterEach(() => vi.restoreAllMocks());

type Opened = Awaited<ReturnType<typeof open>>;

/** As `createContext` gives it: a failure is thrown, the useful part is unwrapped. */
function contextOf({ call }: Pick<Opened, "call">, user: string | null = "user-1"): MethodContext {
  return {
    async callWorkflow({ action, data }) {
      const answer = await call(action, data, user);
      if ("message" in answer) throw Object.assign(new Error(answer.message), { code: answer.code });
      return (answer.data as { Data: unknown }).Data;
    },
  };
}

async function looked(opened: Opened, id: string): Promise<ProcessStatus> {
  const status = await target.status?.(id, contextOf(opened));
  if (status === undefined) throw new Error("no status");
  return status;
}

async function decide({ weda }: Opened, id: string, action: "agree" | "reject"): Promise<void> {
  const { tasks } = await weda.instance(id);
  const task = tasks.find(({ state }) => state === "open");
  await weda.completeTask(id, task?.id ?? "", { action });
}

async function refusalOf(work: Promise<unknown> | undefined): Promise<StartflowError> {
  const error = await work?.catch((thrown: unknown) => thrown);
  if (error instanceof StartflowError) return error;
  throw new Error("not refused");
}

/** A folder with one flow, `flow_test`. */
async function flowsWith(xml: string): Promise<string> {
  const flowsDir = join(await temporaryDir(), "flows");
  await mkdir(flowsDir);
  await writeFile(join(flowsDir, "flow_test.bpmn"), xml);
  return flowsDir;
}

describe("a process", () => {
  it("waits at its nodes one after the other, and has passed once all have agreed", async () => {
    const opened = await open();
    const id = idOf(await opened.call(START, leaveOf(5)));
    const places = async () => (await looked(opened, id)).progress;
    expect(await places()).toEqual({
      phase: "waiting",
      places: [{ id: "Task_manager", name: "主管审批", assignees: ["主管"] }],
    });
    await decide(opened, id, "agree");
    expect(await places()).toMatchObject({ phase: "waiting", places: [{ id: "Task_hr", assignees: ["人事"] }] });
    await decide(opened, id, "agree");
    expect(await looked(opened, id)).toEqual({
      code: 3,
      state: "passed",
      text: { zh: "审批通过", en: "passed" },
      progress: { phase: "completed" },
    });
    await opened.weda.close();
  });

  it("that an approver rejects is declined", async () => {
    const opened = await open();
    const id = idOf(await opened.call(START, leaveOf(1)));
    await decide(opened, id, "reject");
    expect(await looked(opened, id)).toMatchObject({ code: 2, state: "rejected", progress: { phase: "declined" } });
    await opened.weda.close();
  });

  it("that waits for nothing but a timer is running", async () => {
    const timer = `<startEvent id="s" /><sequenceFlow id="f1" sourceRef="s" targetRef="w" />
      <intermediateCatchEvent id="w" name="等一天"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">P1D</timeDuration>
      </timerEventDefinition></intermediateCatchEvent><sequenceFlow id="f2" sourceRef="w" targetRef="e" /><endEvent id="e" />`;
    const opened = await open({ flowsDir: await flowsWith(bpmn(timer)) });
    const id = idOf(await opened.call(START, { ...startData([]), ProcessKey: "flow_test" }));
    expect((await looked(opened, id)).progress).toEqual({ phase: "running" });
    await opened.weda.fastForward(id);
    expect((await looked(opened, id)).progress).toEqual({ phase: "completed" });
    await opened.weda.close();
  });

  it("that failed on its way says where and why, which a terminated one does not", async () => {
    const never = condition(placeholder("environment.services.equals(1, 2)"));
    const xml = withCondition(never)
      .replace('<exclusiveGateway id="g" default="f3" />', '<exclusiveGateway id="g" name="金额？" />')
      .replace(/<sequenceFlow id="f3"[^>]*>/, "");
    const opened = await open({ flowsDir: await flowsWith(xml) });
    const id = idOf(await opened.call(START, { ...startData([]), ProcessKey: "flow_test" }));
    expect(await looked(opened, id)).toEqual({
      code: 1,
      state: "failed",
      text: { zh: "运行失败", en: "failed" },
      progress: {
        phase: "failed",
        places: [{ id: "g", name: "金额？" }],
        reason: expect.stringContaining("<g>"),
      },
    });
    await opened.weda.close();
  });

  it("that failed for what was typed says where, and never repeats it", async () => {
    const typed = "canary typed text";
    const timer = placeholder("environment.variables.wait");
    const start = `<startEvent id="s"><extensionElements>
      <weda:startVariable paramCode="1" name="wait" type="string" required="true" /></extensionElements></startEvent>`;
    const xml = bpmn(`${start}<sequenceFlow id="f1" sourceRef="s" targetRef="t" /><userTask id="t" name="等" />
      <boundaryEvent id="b" attachedToRef="t"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">${timer}</timeDuration>
      </timerEventDefinition></boundaryEvent><sequenceFlow id="f2" sourceRef="t" targetRef="e" /><endEvent id="e" />`);
    const opened = await open({ flowsDir: await flowsWith(xml) });
    const answer = await opened.call(START, { ...startData([["1", "string", typed]]), ProcessKey: "flow_test" });
    expect(JSON.stringify(answer)).not.toContain("canary");
    const { state, progress } = await looked(opened, idOf(answer));
    expect([state, progress.phase, progress.reason]).toEqual(["failed", "failed", "failed"]);
    await opened.weda.close();
  });

  it("that there is not is a refusal in the engine's words", async () => {
    const opened = await open();
    const { code, text } = await refusalOf(target.status?.("1", contextOf(opened)));
    expect([code, text.zh]).toEqual(["ENGINE_REFUSED", expect.stringContaining("没有这个流程实例")]);
    await opened.weda.close();
  });
});

describe("a cancellation", () => {
  it("by who started it ends the process, once", async () => {
    const opened = await open();
    const id = idOf(await opened.call(START, leaveOf(5)));
    await target.cancel?.(id, contextOf(opened));
    expect(await looked(opened, id)).toMatchObject({ code: 1, state: "terminated", progress: { phase: "cancelled" } });
    expect((await looked(opened, id)).progress).toEqual({ phase: "cancelled" });
    expect(await opened.weda.instance(id)).toMatchObject({ state: "cancelled", tasks: [{ state: "done" }] });
    const { code, text } = await refusalOf(target.cancel?.(id, contextOf(opened)));
    expect([code, text.zh]).toEqual(["ENGINE_REFUSED", expect.stringContaining("流程实例已经结束")]);
    await opened.weda.close();
  });

  it("by anybody else is refused in the engine's words, and changes nothing", async () => {
    const opened = await open();
    const id = idOf(await opened.call(START, leaveOf(5)));
    for (const user of ["user-2", null]) {
      const { code, text } = await refusalOf(target.cancel?.(id, contextOf(opened, user)));
      expect([code, text.zh]).toEqual(["ENGINE_REFUSED", expect.stringContaining("只有发起人可以撤回流程")]);
    }
    expect((await opened.weda.instance(id)).state).toBe("waiting");
    await opened.weda.close();
  });

  it("by a function that started it for the user of ExtraUserInfo ends it; by somebody who is signed in it does not", async () => {
    const opened = await open();
    const id = idOf(await opened.call(START, { ...leaveOf(5), ...EXTRA_USER }, null));
    expect((await refusalOf(target.cancel?.(id, contextOf(opened, "user-2")))).code).toBe("ENGINE_REFUSED");
    await target.cancel?.(id, contextOf(opened, null));
    expect((await opened.weda.instance(id)).state).toBe("cancelled");
    await opened.weda.close();
  });

  it("of a process that there is not is refused", async () => {
    const opened = await open();
    expect((await refusalOf(target.cancel?.("1", contextOf(opened)))).code).toBe("ENGINE_REFUSED");
    await opened.weda.close();
  });
});
