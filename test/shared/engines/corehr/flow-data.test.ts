/** Lists, records and tables -> an item with its flat `sub_values`; the items together: flow-data-whole.test.ts. */
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { CorehrMember, CorehrVariable } from "../../../../shared/engines/corehr/fields";
import { label } from "../../../../shared/form/fields";
import { labelsOf } from "../../../../shared/form/labels";
import { issuesOf, itemOf, refused } from "./map";

const trip: Record<string, CorehrMember> = {
  city: { variable: "city_v2", kind: "text" },
  days: { variable: "days", kind: "number" },
  tags: { variable: "tags", kind: "list", of: { kind: "enum" } },
};

describe("a list", () => {
  it("is a list of keys, and a sub value for each", () => {
    expect(itemOf({ kind: "list", of: { kind: "enum" } }, ["a", "b"])).toEqual({
      variable_api_name: "v",
      variable_value: { list_values: ["k1", "k2"] },
      sub_values: [
        { key: "k1", value: { enum_value: "a" } },
        { key: "k2", value: { enum_value: "b" } },
      ],
    });
  });

  it("of several files holds what each was uploaded as", () => {
    const ids = ["cloud://env.b/a.pdf", "cloud://env.b/b.pdf"];
    const uploaded = new Map(ids.map((id) => [id, { open_file_id: id.slice(-5) }]));
    expect(itemOf({ kind: "list", of: { kind: "file" } }, ids, uploaded)?.sub_values).toEqual([
      { key: "k1", value: { file_value: { open_file_id: "a.pdf" } } },
      { key: "k2", value: { file_value: { open_file_id: "b.pdf" } } },
    ]);
  });

  it("is of lists, where a list holds lists", () => {
    const item = itemOf({ kind: "list", of: { kind: "list", of: { kind: "text" } } }, [["a"], ["b", "c"]]);
    expect(item?.sub_values?.map(({ key }) => key)).toEqual(["k1", "k1.1", "k2", "k2.1", "k2.2"]);
  });

  it("names the entry that is wrong", () => {
    expect(refused({ kind: "list", of: { kind: "enum" } }, ["a", "家庭住址"])).toEqual(["field[1]: invalid_id"]);
    expect(refused({ kind: "list", of: { kind: "enum" } }, "a")).toEqual(["field: expected_list"]);
  });
});

describe("a record", () => {
  it("is a list of variables, each with the key of its sub value", () => {
    expect(itemOf({ kind: "record", fields: trip }, { city: "北京", tags: ["a"], unmapped: 1 })).toEqual({
      variable_api_name: "v",
      variable_value: {
        record_values: [
          { variable_api_name: "city_v2", sub_value_key: "city_v2" },
          { variable_api_name: "tags", sub_value_key: "tags" },
        ],
      },
      sub_values: [
        { key: "city_v2", value: { text_value: "北京" } },
        { key: "tags", value: { list_values: ["tags.1"] } },
        { key: "tags.1", value: { enum_value: "a" } },
      ],
    });
  });

  it("names the member that is wrong", () => {
    expect(refused({ kind: "record", fields: trip }, { city: 1n, days: "x" })).toEqual([
      "field.city: expected_text",
      "field.days: expected_decimal",
    ]);
    expect(refused({ kind: "record", fields: trip }, [])).toEqual(["field: expected_object"]);
  });
});

describe("a table", () => {
  it("is a list of records, all values in one flat list under r1, r1.city …", () => {
    expect(
      itemOf({ kind: "table", fields: trip }, [{ city: "北京", days: 2, tags: ["a", "b"] }, { city: "上海" }]),
    ).toEqual({
      variable_api_name: "v",
      variable_value: { list_values: ["r1", "r2"] },
      sub_values: [
        {
          key: "r1",
          value: {
            record_values: [
              { variable_api_name: "city_v2", sub_value_key: "r1.city_v2" },
              { variable_api_name: "days", sub_value_key: "r1.days" },
              { variable_api_name: "tags", sub_value_key: "r1.tags" },
            ],
          },
        },
        { key: "r1.city_v2", value: { text_value: "北京" } },
        { key: "r1.days", value: { number_value: "2" } },
        { key: "r1.tags", value: { list_values: ["r1.tags.1", "r1.tags.2"] } },
        { key: "r1.tags.1", value: { enum_value: "a" } },
        { key: "r1.tags.2", value: { enum_value: "b" } },
        { key: "r2", value: { record_values: [{ variable_api_name: "city_v2", sub_value_key: "r2.city_v2" }] } },
        { key: "r2.city_v2", value: { text_value: "上海" } },
      ],
    });
  });

  it("names the row and the column by the form's labels", () => {
    const row = z.strictObject({ days: z.string().meta(label("天数", "Days")) });
    const labels = labelsOf(z.strictObject({ trips: z.array(row).meta(label("行程", "Trips")) }));
    const entry: CorehrVariable = { variable: "trips", kind: "table", fields: trip };
    const value = [{ days: "1" }, { days: "1" }, { days: "两天" }];
    expect(issuesOf([{ name: "trips", value, entry }], labels)).toEqual([
      {
        path: "trips[2].days",
        label: { zh: "行程 第 3 行 天数", en: "Trips, row 3, Days" },
        code: "expected_decimal",
        message: {
          zh: "「行程 第 3 行 天数」应为十进制数字，例如 100 或 12.5，不带指数和千分位。",
          en: '"Trips, row 3, Days" must be a decimal like 100 or 12.5, with no exponent and no thousands marks.',
        },
      },
    ]);
  });
});

describe("what was not filled in", () => {
  it.each([undefined, null, "", [], [null], [{}], [{ city: null, tags: [] }]])("is left out: %j", (value) => {
    expect(itemOf({ kind: "table", fields: trip }, value)).toBeUndefined();
  });

  it("leaves no key behind within a row, and no gap in the keys", () => {
    const rows = [{}, { city: "北京", days: null, tags: ["", null] }, null, { days: 1 }];
    expect(itemOf({ kind: "table", fields: trip }, rows)?.sub_values?.map(({ key }) => key)).toEqual([
      "r1",
      "r1.city_v2",
      "r2",
      "r2.days",
    ]);
  });

  it("is not zero, and not false", () => {
    expect(itemOf({ kind: "number" }, 0)).toBeDefined();
    expect(itemOf({ kind: "bool" }, false)).toBeDefined();
  });
});
