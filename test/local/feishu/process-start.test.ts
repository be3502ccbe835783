/** CoreHR: starting a process, every kind of variable, and each refusal with its code. */
import { describe, expect, it } from "vitest";
import type { InstanceView } from "../../../local/console/wire";
import { fixture } from "../../helpers/fixtures";
import { DEFINITION, openFeishuPlatform, START_SAMPLE, startOf, variable } from "./open-feishu";

const { platform, feishu } = await openFeishuPlatform({ limits: false });

const instances = () => platform.get<InstanceView[]>("/_local/instances");
const DEPARTMENT = "od-a761814f6bc3f14bd3b00905ec1d7c6f";
const MANAGER = "ou_c57053dad6eea0aea4696c48433d8562";
const FILE = "66867ed00740ddd4a0bad4a5_c99b5322dc744fe4b99b76426ffe5d53";
const text = (value: string) => ({ text_value: value });

async function expectRefused(body: object, code: number, msg: string | RegExp, query?: string): Promise<void> {
  const { status, json } = await feishu.start(body, query);
  expect([status, json.code]).toEqual([400, code]);
  expect(json.msg).toMatch(msg);
  expect(await instances()).toEqual([]);
}

describe("the published example", () => {
  it("is taken as it is printed, and answered in the shape that is printed", async () => {
    const { status, json } = await feishu.start(
      START_SAMPLE,
      "?user_id_type=open_id&department_id_type=open_department_id",
    );
    expect(status).toBe(200);
    const { data, ...rest } = fixture<{ data: object }>("feishu/start-process-answer.json");
    expect(json).toEqual({ ...rest, data: { process_id: expect.stringMatching(/^\d{19}$/) } });
    expect(Object.keys(json.data)).toEqual(Object.keys(data));
  });

  it("is an instance of the console, with every id as it was sent", async () => {
    const { json } = await feishu.start(START_SAMPLE);
    const [instance] = await instances();
    expect(instance).toMatchObject({
      id: json.data.process_id,
      engine: "corehr",
      processKey: DEFINITION,
      state: "waiting",
      startedBy: "system",
      tasks: [{ name: "人事审批", assignee: "李伟", state: "open" }],
    });
    expect(instance?.request).toEqual(START_SAMPLE);
  });
});

describe("a variable", () => {
  const ROWS = {
    list_values: ["r1"],
  };
  const ROW_VALUES = [
    {
      key: "r1",
      value: {
        record_values: [
          { variable_api_name: "name", sub_value_key: "r1.name" },
          { variable_api_name: "quantity", sub_value_key: "r1.quantity", record_id: "1" },
        ],
      },
    },
    { key: "r1.name", value: text("笔记本电脑") },
    { key: "r1.quantity", value: { number_value: "1" } },
  ];
  const ZIP = { record_values: [{ variable_api_name: "zip", sub_value_key: "z" }] };

  it.each<[string, object, unknown, unknown[]?]>([
    ["reason", text("部门调动"), "部门调动"],
    ["urgent", { bool_value: false }, false],
    ["amount", { number_value: "-12.50" }, "-12.50"],
    ["address_type", { enum_value: "office_address" }, "office_address"],
    ["starts_on", { date_value: "19838" }, "19838"],
    ["meet_at", { date_time_value: "1714013877512" }, "1714013877512"],
    ["title", { i18n_value: { zh_cn: "北京", en_us: "Beijing" } }, { zh_cn: "北京", en_us: "Beijing" }],
    [
      "region",
      { object_value: { wk_id: "6863326263210149383", wk_api_name: "country_region_subdivision" } },
      { wk_id: "6863326263210149383", wk_api_name: "country_region_subdivision" },
    ],
    ["department", { department_value: DEPARTMENT }, DEPARTMENT],
    ["manager", { employment_value: MANAGER }, MANAGER],
    [
      "skills",
      { list_values: ["b", "a"] },
      ["2", "1"],
      [
        { key: "a", value: text("1") },
        { key: "b", value: text("2") },
      ],
    ],
    ["skills", { list_values: [] }, []],
    [
      "attachments",
      { list_values: ["f"] },
      [{ open_file_id: FILE, length: 1 }],
      [{ key: "f", value: { file_value: { open_file_id: FILE, length: 1 } } }],
    ],
    ["city", ZIP, { zip: "100000" }, [{ key: "z", value: text("100000") }]],
    ["items", ROWS, [{ name: "笔记本电脑", quantity: "1" }], ROW_VALUES],
  ])("%s is taken: %j", async (name, value, kept, subValues) => {
    expect((await feishu.start(startOf([variable(name, value, subValues)]))).json).toMatchObject({ code: 0 });
    expect((await instances())[0]?.variables).toEqual({ [name]: kept });
  });

  it.each<[string, object, RegExp, unknown[]?]>([
    ["nothing", text("x"), /flow_data\[0\]\.variable_api_name: nothing is not a variable/],
    ["toString", text("x"), /toString is not a variable/],
    ["reason", { number_value: "1" }, /reason.*takes text_value/],
    ["reason", {}, /reason.*takes text_value/],
    ["reason", { text_value: "x", bool_value: true }, /reason.*takes text_value/],
    ["amount", { number_value: "1e3" }, /amount.*number_value/],
    ["amount", { number_value: "1,000" }, /amount.*number_value/],
    ["address_type", { enum_value: "家庭住址" }, /address_type.*enum_value/],
    ["starts_on", { date_value: "2024-04-25" }, /starts_on.*date_value/],
    ["meet_at", { date_time_value: "2024-04-25T10:57:57Z" }, /meet_at.*date_time_value/],
    ["region", { object_value: { wk_id: "1", wk_api_name: "country_region_subdivision" } }, /region.*object_value/],
    ["region", { object_value: { wk_id: "6863326263210149383", wk_api_name: "city" } }, /region.*object_value/],
    ["department", { department_value: "od-other" }, /department.*department_value/],
    ["manager", { employment_value: "ou_other" }, /manager.*employment_value/],
    [
      "attachments",
      { list_values: ["f"] },
      /file_value/,
      [{ key: "f", value: { file_value: { open_file_id: "none" } } }],
    ],
    ["skills", { list_values: ["a", "b"] }, /skills.*not in sub_values/, [{ key: "a", value: text("1") }]],
    ["skills", { list_values: ["a"] }, /skills.*takes text_value/, [{ key: "a", value: { bool_value: true } }]],
    ["city", ZIP, /city.*not in sub_values/],
    [
      "city",
      { record_values: [{ variable_api_name: "street", sub_value_key: "z" }] },
      /street is not a variable of the record/,
      [{ key: "z", value: text("x") }],
    ],
    ["items", ROWS, /items.*record takes record_values/, [{ key: "r1", value: text("x") }]],
    ["skills", { list_values: [] }, /sub_values\[0\]\.key/, [{ value: text("1") }]],
    ["custom123", { list_values: ["key1"] }, /custom123.*not in sub_values/],
    ["custom123", { file_value: { open_file_id: "none" } }, /custom123.*open_file_id/],
  ])("%s that does not fit is refused with 1161001: %j", async (name, value, msg, subValues) => {
    await expectRefused(startOf([variable(name, value, subValues)]), 1161001, msg);
  });

  it("without a name, or that comes twice, is refused", async () => {
    await expectRefused(startOf([{ variable_value: text("x") }]), 1161001, /flow_data\[0\]\.variable_api_name/);
    const twice = [variable("reason", text("1")), variable("reason", text("2"))];
    await expectRefused(startOf(twice), 1161001, /flow_data\[1\].*reason occurs twice/);
  });

  it("that a user typed is never repeated in a refusal", async () => {
    const { text: answer } = await feishu.start(startOf([variable("13812345678 !", { number_value: "秘密" })]));
    expect(answer).not.toMatch(/13812345678|秘密/);
    const { text: other } = await feishu.start(startOf([variable("amount", { number_value: "秘密" })]));
    expect(other).not.toContain("秘密");
  });
});

describe("a body", () => {
  it.each([
    [{ flow_definition_id: 1 }, /flow_definition_id/],
    [{}, /flow_definition_id/],
    [startOf([variable("reason", { text_value: 1 })]), /flow_data\[0\]\.variable_value\.text_value/],
    [startOf([variable("amount", { number_value: 100 })]), /flow_data\[0\]\.variable_value\.number_value/],
    [startOf([{ variable_api_name: "skills", sub_values: [{ key: 1 }] }]), /flow_data\[0\]\.sub_values\[0\]\.key/],
    [startOf([], { system_initiator: "true" }), /system_initiator/],
    [
      startOf([variable("custom123", { file_value: { open_file_id: FILE, length: 52_428_801 } })]),
      /file_value\.length/,
    ],
  ])("%j is refused with 1161001, which names the member", async (body, msg) => {
    await expectRefused(body, 1161001, msg);
  });

  it("of an unknown definition is 1161001, of one that is not enabled 1161059", async () => {
    await expectRefused({ ...START_SAMPLE, flow_definition_id: "people_1_1" }, 1161001, /flow_definition_id/);
    await feishu.settings({ disabledFlows: [DEFINITION] });
    await expectRefused(START_SAMPLE, 1161059, "flow is not enabled");
  });
});

it("a list of 10000 values is started, and one more is refused", async () => {
  const keys = Array.from({ length: 10_001 }, (_, index) => `k${index}`);
  const subValues = keys.map((key) => ({ key, value: text(key) }));
  const of = (count: number) => startOf([variable("skills", { list_values: keys.slice(0, count) }, subValues)]);
  expect((await feishu.start(of(10_000))).json.code).toBe(0);
  expect((await feishu.start(of(10_001))).json).toMatchObject({
    code: 1161001,
    msg: expect.stringContaining("list_values"),
  });
});
