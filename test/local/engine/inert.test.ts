/** Nothing in a flow can run code: no script, no service, no expression that leaves plain data. */
import { describe, expect, it } from "vitest";
import { createClock } from "../../../local/clock";
import { createWorkflowEngine } from "../../../local/engine/bpmn-workflow-engine";
import { createExpressions } from "../../../local/engine/expressions";
import type { EngineSnapshot, Flow } from "../../../local/engine/workflow-engine";
import { around, bpmn, condition, placeholder, withCondition } from "./flow-of";

const engine = createWorkflowEngine({ clock: createClock() });
const marker = globalThis as { startflowRan?: boolean };

/** Started as it is, also where the reader of flows would have refused it. */
async function run(xml: string, variables: Record<string, unknown> = {}): Promise<EngineSnapshot["state"] | "refused"> {
  const flow: Flow = { processKey: "flow_test", name: "试验", version: "1", xml, startVariables: [] };
  try {
    return (await engine.start(flow, variables)).state;
  } catch (error) {
    expect(error).toMatchObject({ code: "FLOW_INVALID" });
    return "refused";
  }
}

const CODE =
  "globalThis.startflowRan = true; this.constructor.constructor('return process')().startflowRan = true; next()";
const REACH = "constructor.constructor('globalThis.startflowRan=true')";

describe("a flow with", () => {
  it.each([
    [
      "a script task",
      around(`<scriptTask id="t" scriptFormat="javascript"><script>${CODE}</script></scriptTask>`, "t"),
    ],
    ["a script task of no language", around(`<scriptTask id="t"><script>${CODE}</script></scriptTask>`, "t")],
    [
      "a script as a condition",
      withCondition(`<conditionExpression xsi:type="tFormalExpression" language="js">${CODE}</conditionExpression>`),
    ],
    ["a condition that is no expression", withCondition(condition("next(null, true)"))],
    ["a condition in two parts", withCondition(condition(`${placeholder("true")} || ${placeholder("true")}`))],
  ])("%s is refused before it starts", async (_, xml) => {
    expect(await run(xml)).toBe("refused");
    expect(marker.startflowRan).toBeUndefined();
  });

  it.each([
    `environment.${REACH}`,
    `environment.services.${REACH}`,
    `environment.services.gt.${REACH}`,
    "environment.services.constructor('x')",
    `environment.variables.${REACH}`,
    `environment.variables.list.${REACH}()`,
    `content.${REACH}`,
    `environment.services.gt(environment.services.${REACH}, 1)`,
    "process.exit(1)",
  ])("the condition %s fails, and runs nothing", async (inner) => {
    expect(["failed", "refused"]).toContain(await run(withCondition(condition(placeholder(inner))), { list: [] }));
    expect(marker.startflowRan).toBeUndefined();
  });

  it.each([
    ["implementation", `<serviceTask id="t" implementation="\${environment.services.${REACH}}" />`],
    ["named service", `<serviceTask id="t" implementation="\${environment.services.equals}" />`],
    ["no service", '<serviceTask id="t" />'],
    ["a function that is a path", '<serviceTask id="t" weda:function="../start-leave" />'],
    ["a function that is an expression", `<serviceTask id="t" weda:function="${placeholder(REACH)}" />`],
    [
      "a function for each of a list",
      `<serviceTask id="t" weda:function="f"><multiInstanceLoopCharacteristics /></serviceTask>`,
    ],
  ])("a service task (%s) is refused before it starts", async (_, task) => {
    expect(await run(around(task, "t"))).toBe("refused");
    expect(marker.startflowRan).toBeUndefined();
  });

  it("a circle without a task fails instead of running for ever", async () => {
    const circle = bpmn(`<startEvent id="s" /><sequenceFlow id="f1" sourceRef="s" targetRef="a" />
      <exclusiveGateway id="a" /><sequenceFlow id="f2" sourceRef="a" targetRef="b" />
      <exclusiveGateway id="b" default="f3" /><sequenceFlow id="f3" sourceRef="b" targetRef="a" />`);
    expect(await run(circle)).toBe("failed");
  });

  it("a timer that is no duration fails", async () => {
    const timer = `<userTask id="t" /><boundaryEvent id="b" attachedToRef="t"><timerEventDefinition>
      <timeDuration xsi:type="tFormalExpression">two days</timeDuration></timerEventDefinition></boundaryEvent>`;
    expect(await run(around(timer, "t"))).toBe("failed");
  });

  it("no way out of a gateway fails, and says at which", async () => {
    const xml = withCondition(condition(placeholder("environment.services.equals(1, 2)"))).replace(' default="f3"', "");
    const noWay = xml.replace('<sequenceFlow id="f3" sourceRef="g" targetRef="e" />', "");
    const flow: Flow = { processKey: "flow_test", name: "试验", version: "1", xml: noWay, startVariables: [] };
    const snapshot = await engine.start(flow, {});
    expect(snapshot.timeline.at(-1)).toMatchObject({ what: "failed", detail: expect.stringContaining("<g>") });
  });
});

describe("an expression", () => {
  const variables = { days: 5, boss: "王主管", contract: { amount: 3, parties: [{ name: "甲方" }] } };
  const { resolveExpression } = createExpressions({ variables, decisions: { t: "reject" } });

  it.each([
    ["environment.variables.days", 5],
    ["environment.variables.contract.parties[0].name", "甲方"],
    ["environment.variables.constructor", undefined],
    ["environment.variables.__proto__", undefined],
    ["environment.variables.contract.parties.length", 1],
    ["environment.services.gt(environment.variables.days, 3)", true],
    ["environment.services.gte(environment.variables.days, 5.5)", false],
    ["environment.services.lt(environment.variables.missing, 3)", false],
    ["environment.services.lte(3, 3)", true],
    ["environment.services.equals(environment.decisions.t, 'reject')", true],
  ])("%s is %j", (inner, value) => {
    expect(resolveExpression(placeholder(inner))).toEqual(value);
  });

  it("stands inside a text, and what is no expression stays as it is", () => {
    expect(resolveExpression(`请 ${placeholder("environment.variables.boss")} 审批`)).toBe("请 王主管 审批");
    expect(["主管", 7].map(resolveExpression)).toEqual(["主管", 7]);
  });

  it("names the approver of a task", async () => {
    const xml = withCondition(condition(placeholder("environment.services.equals(true, true)")));
    const flow: Flow = { processKey: "flow_test", name: "试验", version: "1", xml, startVariables: [] };
    expect((await engine.start(flow, variables)).tasks).toMatchObject([{ assignee: "王主管" }]);
  });
});
