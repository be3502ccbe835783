/** Ready `flow_data`: passed on as it came, or refused with the path of what is wrong. */
import { describe, expect, it } from "vitest";
import { toFlowData } from "../../../../shared/engines/corehr/flow-data";
import type { FlowDataItem, SubValue, VariableValue } from "../../../../shared/engines/corehr/wire";
import { fixture } from "../../../helpers/fixtures";
import { flowDataOf, readyIssues } from "./map";
import { wrongVariantsOf } from "./wrong-variants";

const sample = fixture<{ flow_data: FlowDataItem[] }>("feishu/start-process-sample.json").flow_data;
const passed = (value: unknown) => flowDataOf([{ name: "flowData", value, entry: { kind: "flowData" } }]);
const item = (value: object, sub_values?: object[]) => ({ variable_api_name: "v", variable_value: value, sub_values });
const at = "flowData[0].variable_value";

describe("ready flow_data", () => {
  it("that the page publishes, with every kind at once and a key that refers to itself, is passed on as it is", () => {
    const text = JSON.stringify(sample);
    expect(passed(sample)).toEqual(sample);
    expect(passed(sample)[0]).toBe(sample[0]);
    expect(JSON.stringify(passed(sample))).toBe(text);
  });

  it("keeps the order of its members and what is empty", () => {
    const text = '[{"variable_value":{"text_value":"","list_values":[]},"sub_values":[],"variable_api_name":"b"},{}]';
    expect(JSON.stringify(passed(JSON.parse(text)))).toBe(text);
  });

  it("is not changed, not even frozen", () => {
    const freeze = (value: unknown): unknown => {
      if (typeof value === "object" && value !== null) Object.values(value).forEach(freeze);
      return Object.freeze(value);
    };
    expect(() => passed(freeze(structuredClone(sample)))).not.toThrow();
  });

  it("is left out where it was not filled in", () => {
    for (const value of [undefined, null, "", []]) expect(passed(value)).toEqual([]);
  });

  it("may name only the variables that the method lists", () => {
    expect(readyIssues(sample, ["custom123"])).toEqual([]);
    expect(readyIssues(sample, ["custom1"])).toEqual(["flowData[0].variable_api_name: invalid_choice"]);
    expect(readyIssues([{}], ["custom1"])).toEqual(["flowData[0].variable_api_name: required"]);
  });

  it.each([
    ["{}", "flowData: expected_list"],
    ['"[]"', "flowData: expected_list"],
    ["[null]", "flowData[0]: expected_object"],
    ['["x"]', "flowData[0]: expected_object"],
    ['[{"variable_api_name":1}]', "flowData[0].variable_api_name: expected_text"],
    ['[{"variable_api_name":"v","variable":1}]', "flowData[0].variable: unknown_field"],
    ['[{"variable_value":"x"}]', "flowData[0].variable_value: expected_object"],
    ['[{"sub_values":{}}]', "flowData[0].sub_values: expected_list"],
    ['[{"sub_values":[1]}]', "flowData[0].sub_values[0]: expected_object"],
    ['[{"sub_values":[{"value":{}}]}]', "flowData[0].sub_values[0].key: required"],
    ['[{"sub_values":[{"key":1}]}]', "flowData[0].sub_values[0].key: expected_text"],
    [
      '[{"variable_value":{"list_values":["k"]},"sub_values":[{"key":"k","val":1}]}]',
      "flowData[0].sub_values[0].val: unknown_field",
    ],
    ['[{"variable_value":{"sub_values":[]}}]', "flowData[0].variable_value.sub_values: unknown_field"],
  ])("%s is refused", (text, issue) => expect(readyIssues(JSON.parse(text))).toEqual([issue]));

  it.each([
    [{ text_value: 1 }, "text_value: expected_text"],
    [{ text_value: null }, "text_value: expected_text"],
    [{ bool_value: "true" }, "bool_value: expected_boolean"],
    [{ number_value: 100 }, "number_value: expected_text"],
    [{ number_value: "1e3" }, "number_value: expected_decimal"],
    [{ enum_value: "家庭住址" }, "enum_value: invalid_id"],
    [{ date_value: "2024-04-25" }, "date_value: expected_days"],
    [{ date_time_value: "1714013877" }, "date_time_value: seconds_given"],
    [{ date_time_value: "2024-04-25T00:00:00Z" }, "date_time_value: expected_milliseconds"],
    [{ date_time_value: 1714013877512 }, "date_time_value: expected_text"],
    [{ i18n_value: { "zh-CN": "x" } }, "i18n_value.zh-CN: unknown_field"],
    [{ i18n_value: { zh_cn: 1 } }, "i18n_value.zh_cn: expected_text"],
    [{ i18n_value: "北京" }, "i18n_value: expected_object"],
    [{ object_value: { id: "1" } }, "object_value.id: unknown_field"],
    [{ object_value: "1" }, "object_value: expected_object"],
    [{ department_value: [] }, "department_value: expected_text"],
    [{ file_value: "x" }, "file_value: expected_object"],
    [{ file_value: { file_name: "../a.pdf" } }, "file_value.file_name: invalid_file_name"],
    [{ file_value: { file_name: "a\\b.pdf" } }, "file_value.file_name: invalid_file_name"],
    [{ file_value: { file_name: 1 } }, "file_value.file_name: expected_text"],
    [{ file_value: { length: 52_428_801 } }, "file_value.length: too_big"],
    [{ file_value: { length: -1 } }, "file_value.length: too_small"],
    [{ file_value: { length: 1.5 } }, "file_value.length: expected_number"],
    [{ file_value: { length: "1" } }, "file_value.length: expected_number"],
    [{ file_value: { url: "x" } }, "file_value.url: unknown_field"],
    [{ list_values: "k" }, "list_values: expected_list"],
    [{ list_values: [1] }, "list_values[0]: expected_text"],
    [{ list_values: ["k"] }, "list_values[0]: missing_sub_value"],
    [{ record_values: {} }, "record_values: expected_list"],
    [{ record_values: ["k"] }, "record_values[0]: expected_object"],
    [{ record_values: [{ sub_value_key: "k" }] }, "record_values[0].sub_value_key: missing_sub_value"],
    [{ record_values: [{ record_id: 1 }] }, "record_values[0].record_id: expected_text"],
    [{ record_values: [{ key: "k" }] }, "record_values[0].key: unknown_field"],
    [{ toString: "x" }, "toString: unknown_field"],
  ])("with %j is refused, in a value and in a sub value", (value, issue) => {
    expect(readyIssues([item(value)])).toEqual([`${at}.${issue}`]);
    const nested = item({ list_values: ["key"] }, [{ key: "key", value }]);
    expect(readyIssues([nested])).toEqual([`flowData[0].sub_values[0].value.${issue}`]);
  });

  it("takes the published maximum of a file, and no more kinds of checks than there are members", () => {
    expect(readyIssues([item({ file_value: { length: 52_428_800, open_file_id: "x" } })])).toEqual([]);
    expect(readyIssues([item({ text_value: "x", bool_value: false })])).toEqual([]);
  });

  it("has every sub value referred to, each key once", () => {
    const a = { key: "a", value: { text_value: "x" } };
    expect(readyIssues([item({ list_values: ["a"] }, [a, a])])).toEqual([
      "flowData[0].sub_values[1].key: duplicate_key",
    ]);
    expect(readyIssues([item({ list_values: [] }, [a])])).toEqual(["flowData[0].sub_values[0].key: unused_sub_value"]);
    expect(readyIssues([item({ list_values: ["b"] }, [a, { key: "b", value: { list_values: ["a"] } }])])).toEqual([]);
    expect(readyIssues([item({ list_values: ["a", "a"] }, [a])])).toEqual([]);
  });

  it("never repeats what was sent", () => {
    const issues = readyIssues([item({ text_value: 1, "<script>": 1, enum_value: "张三" })]);
    expect(issues.join()).not.toMatch(/script|张三/);
  });

  it("agrees with the wire's schema on every part of the page's example that is made wrong", () => {
    for (const [where, wrong] of wrongVariantsOf(sample)) {
      expect(readyIssues(wrong), where).not.toEqual([]);
    }
  });
});

describe("large ready flow_data", () => {
  const text = (at: number): FlowDataItem => ({ variable_api_name: `v${at}`, variable_value: { text_value: "x" } });
  const list = (values: VariableValue, sub_values: SubValue[]) => item(values, sub_values) as FlowDataItem;

  it("of 100,000 items passes, each the same object, and one more is refused", () => {
    const items = Array.from({ length: 100_000 }, (_, at) => text(at));
    expect(passed(items).every((one, at) => one === items[at])).toBe(true);
    expect(readyIssues([...items, text(-1)])).toEqual(["flowData: too_many"]);
  });

  it("of 100,000 sub values passes, and one more is refused", () => {
    const sub = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ key: `k${at}`, value: { text_value: "x" } }));
    const records = (count: number) => ({ record_values: sub(count).map(({ key }) => ({ sub_value_key: key })) });
    expect(readyIssues([list(records(100_000), sub(100_000))])).toEqual([]);
    expect(readyIssues([list(records(100_001), sub(100_001))])).toEqual(["flowData[0].sub_values: too_many"]);
  });

  it("of 10,001 entries in a list is refused", () => {
    expect(readyIssues([item({ list_values: new Array(10_001).fill("k") }, [{ key: "k" }])])).toContain(
      `${at}.list_values: too_many`,
    );
  });

  it("takes ten times as long for ten times as much, with much room", () => {
    // Of this process alone, whatever else the machine does.
    const cpuUs = (count: number) => {
      const value = Array.from({ length: count }, (_, at) => text(at));
      const runs = Array.from({ length: 5 }, () => {
        const before = process.cpuUsage();
        toFlowData(
          [{ name: "f", value, entry: { kind: "flowData" } }],
          { at: () => undefined, has: () => false, keys: undefined },
          new Map(),
        );
        const { user, system } = process.cpuUsage(before);
        return user + system;
      });
      return Math.min(...runs);
    };
    cpuUs(10_000);
    expect(cpuUs(100_000) / cpuUs(10_000)).toBeLessThan(60);
  });
});
