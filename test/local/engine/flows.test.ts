/** Reading flows: what the shipped files declare, that they can be drawn, and what is refused. */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readFlow, readFlowsDir } from "../../../local/engine/flows";
import { around, bpmn, FLOWS_DIR, shipped } from "./flow-of";

describe("the shipped flows", () => {
  it("are read with their keys, names and versions", async () => {
    const { flows, problems } = await readFlowsDir(FLOWS_DIR);
    expect(problems).toEqual([]);
    const read = flows.map(({ processKey, name, version }) => [processKey, name, version]);
    expect(read).toContainEqual(["flow_012", "请假审批", "1.0"]);
    expect(read).toContainEqual(["flow_contract", "合同审批", "1.0"]);
  });

  it("declare the start variables that the functions send", async () => {
    const { startVariables } = await shipped("flow_012");
    expect(startVariables).toEqual([
      { paramCode: "165708798187000001", name: "reason", type: "string", required: false },
      { paramCode: "165708798187000002", name: "days", type: "number", required: false },
      { paramCode: "165708798187000003", name: "startsOn", type: "string", required: false },
      { paramCode: "165708798187000009", name: "submissionId", type: "string", required: false },
      { paramCode: "165708798187xxxxxx", name: "testData", type: "string", required: false },
    ]);
    expect((await shipped("flow_contract")).startVariables.map(({ type }) => type)).toEqual([
      "object",
      "objectList",
      "boolean",
      "string",
    ]);
  });

  it.each(["flow_012", "flow_contract"])("%s has a drawing of every node and every sequence flow", async (key) => {
    const { xml } = await shipped(key);
    const [model = "", drawing = ""] = xml.split("<bpmndi:BPMNDiagram");
    const elements =
      /<(?:startEvent|endEvent|boundaryEvent|task|userTask|serviceTask|\w+Gateway|sequenceFlow) id="(\w+)"/g;
    const inModel = [...model.matchAll(elements)].map((match) => match[1]);
    const inDrawing = [...drawing.matchAll(/bpmnElement="(\w+)"/g)].map((match) => match[1]);
    expect(inDrawing.filter((id) => id !== key).sort()).toEqual(inModel.sort());
  });
});

describe("a flow file", () => {
  const variable = (code: string, name: string, type = "string") =>
    `<weda:startVariable paramCode="${code}" name="${name}" type="${type}" />`;
  const declaring = (...variables: string[]) =>
    bpmn(`<startEvent id="s"><extensionElements>${variables.join("")}</extensionElements></startEvent>`);

  it.each([
    ["no XML", "hello"],
    ["a process that cannot be run", bpmn("").replace('isExecutable="true"', "")],
    ["a variable of a type that does not exist", declaring(variable("1", "a", "date"))],
    ["a paramCode twice", declaring(variable("1", "a"), variable("1", "b"))],
    ["a variable name twice", declaring(variable("1", "a"), variable("2", "a"))],
    ["a variable called __proto__", declaring(variable("1", "__proto__"))],
  ])("with %s is refused", async (_, xml) => {
    await expect(readFlow(xml)).rejects.toMatchObject({ code: "FLOW_INVALID" });
  });

  it("that cannot be used leaves the others usable", async () => {
    const dir = await mkdtemp(join(tmpdir(), "startflow-flows-"));
    await writeFile(join(dir, "bad.bpmn"), "<definitions");
    await writeFile(join(dir, "good.bpmn"), around('<task id="t" />', "t"));
    await writeFile(join(dir, "same-key.bpmn"), around('<task id="u" />', "u"));
    const { flows, problems } = await readFlowsDir(dir);
    expect(flows.map(({ processKey }) => processKey)).toEqual(["flow_test"]);
    expect(problems.map(({ file }) => file)).toEqual(["bad", "same-key"]);
  });
});
