/** What the instance page makes of each engine's request: form field, code, type and value of every variable. */
import { describe, expect, it } from "vitest";
import { startVariables } from "../../../local/console/page/start-variables";
import type { InstanceView, MethodRow } from "../../../local/console/wire";

function method(target: MethodRow["target"], fields: Record<string, unknown>): MethodRow {
  const properties = Object.fromEntries(
    Object.keys(fields).map((key) => [key, { type: "string", title: `${key} 标题`, "x-title-en": `${key} title` }]),
  );
  const inputSchema = { type: "object", properties };
  return { name: "some", title: { zh: "", en: "" }, target, inputSchema, sample: {}, fields, entries: ["main"] };
}

function instance(engine: string, processKey: string, request: unknown): InstanceView {
  return {
    id: "1",
    engine,
    processKey,
    name: "",
    version: "1.0",
    state: "waiting",
    startedBy: "",
    startedAt: 0,
    variables: {},
    request,
    tasks: [],
    timeline: [],
  };
}

const labelled = (field: string) => ({ field, label: { zh: `${field} 标题`, en: `${field} title` } });
const unlabelled = { field: null, label: null };

describe("WeDa's StartParams", () => {
  const leave = method(
    { kind: "weda-process", processKey: "flow_012" },
    {
      days: { paramCode: "1", fieldType: "number" },
      contract: { paramCode: "2", fieldType: "object", entityCode: "contract", name: "contract" },
      note: { paramCode: "3", fieldType: "string" },
    },
  );

  it("has one row a param, and one for each that was left out", () => {
    const StartParams = [
      { paramCode: "1", fieldType: "number", entityCode: "", value: 0 },
      { paramCode: "2", fieldType: "object", entityCode: "contract", fieldValueMap: { _id: "c-1" } },
      { paramCode: "9", fieldType: "string", entityCode: "", value: "x" },
    ];
    expect(startVariables(instance("weda", "flow_012", { StartParams }), [leave])).toEqual({
      member: "StartParams",
      columns: ["paramCode", "fieldType", "entityCode"],
      rows: [
        { ...labelled("days"), cells: ["1", "number", ""], value: 0, sent: true },
        { ...labelled("contract"), cells: ["2", "object", "contract"], value: { _id: "c-1" }, sent: true },
        { ...unlabelled, cells: ["9", "string", ""], value: "x", sent: true },
        { ...labelled("note"), cells: ["3", "string", ""], value: undefined, sent: false },
      ],
    });
  });

  it("is told by nobody's table but that of the methods that start this very process", () => {
    const request = { StartParams: [{ paramCode: "1", fieldType: "number", entityCode: "", value: 3 }] };
    for (const other of [instance("weda", "flow_other", request), instance("apaas", "flow_012", request)]) {
      expect(startVariables(other, [leave])?.rows.some(({ field }) => field !== null)).toBe(false);
    }
  });
});

describe("the params of an aPaaS flow", () => {
  const target = { kind: "apaas-flow", processKey: "package__c/delete_1" };
  const flow = method(target, {
    record: { variable: "variable_a", kind: "record" },
    note: { variable: "variable_b", kind: "text" },
  });
  const rowsOf = (params: unknown, methods: MethodRow[]) =>
    startVariables(instance("apaas", target.processKey, { operator: "{}", params }), methods)?.rows;

  it("are read out of their text, and keep every digit", () => {
    expect(rowsOf('{"variable_a": {"_id": 1549943583216373762}}', [flow])).toEqual([
      { ...labelled("record"), cells: ["variable_a", "record"], value: { _id: "1549943583216373762" }, sent: true },
      { ...labelled("note"), cells: ["variable_b", "text"], value: undefined, sent: false },
    ]);
  });

  it("are all left out where the request has none", () => {
    expect(rowsOf(undefined, [flow])?.map(({ sent }) => sent)).toEqual([false, false]);
  });

  it("come from the field that holds the whole of them, where there is one", () => {
    const whole = method(target, { all: { kind: "params" } });
    expect(rowsOf('{"x": 1}', [whole])).toEqual([{ ...labelled("all"), cells: ["x", "params"], value: 1, sent: true }]);
    const listed = method(target, { all: { kind: "params", variables: ["x", "y"] } });
    expect(rowsOf('{"x": 1}', [listed])).toEqual([
      { ...labelled("all"), cells: ["x", "params"], value: 1, sent: true },
      { ...labelled("all"), cells: ["y", "params"], value: undefined, sent: false },
    ]);
  });

  it("are not shown where their text holds no JSON object", () => {
    for (const params of ["[1]", "no JSON", 3]) expect(rowsOf(params, [flow])).toBeUndefined();
  });
});

describe("the flow_data of a CoreHR process", () => {
  const transfer = method(
    { kind: "corehr-process", processKey: "people_1_2" },
    {
      reason: { variable: "reason", kind: "text" },
      skills: { variable: "skills", kind: "list", of: { kind: "text" } },
      urgent: { variable: "urgent", kind: "bool" },
      flowData: { kind: "flowData" },
    },
  );

  it("shows the one member of a value as the value, and what refers to sub values as it was sent", () => {
    const list = {
      variable_value: { list_values: ["k1"] },
      sub_values: [{ key: "k1", value: { text_value: "BPMN" } }],
    };
    const flow_data = [
      { variable_api_name: "reason", variable_value: { text_value: "调动" } },
      { variable_api_name: "skills", ...list },
      { variable_api_name: "submission_id", variable_value: { text_value: "preview:1" } },
      { variable_api_name: "both", variable_value: { text_value: "x", bool_value: true } },
    ];
    const request = { flow_definition_id: "people_1_2", flow_data };
    expect(startVariables(instance("corehr", "people_1_2", request), [transfer])).toEqual({
      member: "flow_data",
      columns: ["variable_api_name", "kind"],
      rows: [
        { ...labelled("reason"), cells: ["reason", "text"], members: "text_value", value: "调动", sent: true },
        { ...labelled("skills"), cells: ["skills", "list"], members: "list_values", value: list, sent: true },
        { ...unlabelled, cells: ["submission_id", ""], members: "text_value", value: "preview:1", sent: true },
        {
          ...unlabelled,
          cells: ["both", ""],
          members: "text_value bool_value",
          value: { text_value: "x", bool_value: true },
          sent: true,
        },
        { ...labelled("urgent"), cells: ["urgent", "bool"], value: undefined, sent: false },
      ],
    });
  });

  it("has a row for each declared variable where the request has no flow_data at all", () => {
    const rows = startVariables(instance("corehr", "people_1_2", {}), [transfer])?.rows;
    expect(rows?.map(({ cells }) => cells[0])).toEqual(["reason", "skills", "urgent"]);
  });
});

it("says nothing of a request whose shape it does not know", () => {
  expect(startVariables(instance("weda", "flow_012", { other: 1 }), [])).toBeNull();
  expect(startVariables(instance("weda", "flow_012", "text"), [])).toBeNull();
  expect(startVariables(instance("corehr", "people_1_2", { flow_data: {} }), [])).toBeNull();
  expect(startVariables(instance("another", "x", { StartParams: [] }), [])).toBeNull();
});
