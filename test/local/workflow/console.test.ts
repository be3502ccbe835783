/** What the console makes of an instance of a workflow: its engine's name, and what it was given, field by field. */
import { describe, expect, it } from "vitest";
import { engineName, engineOf, startsProcess, targetText } from "../../../local/console/page/engines";
import { startVariables } from "../../../local/console/page/start-variables";
import { TEXTS } from "../../../local/console/page/texts";
import type { InstanceView, MethodRow } from "../../../local/console/wire";

const target = { kind: "cloudbase-workflow", processKey: "wf_hello" };
const method: MethodRow = {
  name: "some",
  title: { zh: "", en: "" },
  target,
  inputSchema: {
    type: "object",
    properties: {
      reason: { type: "string", title: "事由", "x-title-en": "Reason" },
      days: { type: "number", title: "天数", "x-title-en": "Days" },
    },
  },
  sample: {},
  fields: { reason: { name: "why" }, days: { name: "howLong" } },
  entries: ["main"],
};

function instance(data: unknown): InstanceView {
  const known = {
    id: "1",
    name: "",
    version: "1.0",
    startedBy: "",
    startedAt: 0,
    variables: {},
    tasks: [],
    timeline: [],
  };
  const request = { name: "wf_hello", data };
  return { ...known, engine: "workflow", processKey: "wf_hello", state: "completed", request };
}

describe("the engine", () => {
  it("goes by its name in both languages, and is known by the kind of its target", () => {
    expect([TEXTS.engineWorkflow.zh, TEXTS.engineWorkflow.en]).toEqual(["云开发工作流", "CloudBase workflow"]);
    const t = (key: keyof typeof TEXTS) => TEXTS[key].zh;
    expect([engineName("workflow", t), engineOf(method)]).toEqual(["云开发工作流", "workflow"]);
    expect(targetText({ target }, t)).toBe("云开发工作流 · cloudbase-workflow → wf_hello");
    expect(startsProcess(method, instance({}))).toBe(true);
  });
});

describe("what a workflow was given", () => {
  const reason = { field: "reason", label: { zh: "事由", en: "Reason" } };
  const days = { field: "days", label: { zh: "天数", en: "Days" } };

  it.each([[{ why: "探亲", more: 1 }], [[{ why: "探亲", more: 1 }]]])(
    "as %j has one row a member, and one for each that was left out",
    (data) => {
      expect(startVariables(instance(data), [method])).toEqual({
        member: "data",
        columns: ["name"],
        rows: [
          { ...reason, cells: ["why"], value: "探亲", sent: true },
          { field: null, label: null, cells: ["more"], value: 1, sent: true },
          { ...days, cells: ["howLong"], value: undefined, sent: false },
        ],
      });
    },
  );

  it.each([["text"], [[1, 2]], [0]])("as %j is one row", (data) => {
    const whole: MethodRow = { ...method, fields: { reason: { whole: true } } };
    expect(startVariables(instance(data), [whole])?.rows).toEqual([
      { field: null, label: null, cells: ["data"], value: data, sent: true },
    ]);
  });

  it("is nothing where it was given nothing", () => {
    expect(startVariables(instance(undefined), [])?.rows).toEqual([]);
  });
});
