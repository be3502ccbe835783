/** CoreHR: the template of a flow's variables. */
import { describe, expect, it } from "vitest";
import { DEFINITION, openFeishuPlatform, startOf } from "./open-feishu";

const { feishu } = await openFeishuPlatform({ limits: false });

describe("a template", () => {
  const template = async (names: string[], more: object = {}) =>
    (
      await feishu.call("POST", "/open-apis/corehr/v2/query_flow_data_template", {
        body: { flow_definition_id: DEFINITION, variable_api_names: names, ...more },
      })
    ).json;
  const ALL = [
    "custom123",
    "reason",
    "urgent",
    "amount",
    "address_type",
    "starts_on",
    "meet_at",
    "title",
    "region",
    "department",
    "manager",
    "skills",
    "attachments",
    "city.city_v2",
    "city.zip",
    "items.name",
    "items.quantity",
    "submission_id",
  ];

  it("of every variable is one that a start takes", async () => {
    const { data } = await template(ALL);
    expect(data.error_info).toBe("");
    expect(data.field_values).toHaveLength(16);
    expect((await feishu.start(startOf(data.field_values))).json.code).toBe(0);
  });

  it("shows a record's members, and says where a name leads nowhere", async () => {
    const { data } = await template(["city", "city.zip", "city.street", "nothing", "reason.more"]);
    expect(data.field_values).toEqual([
      {
        variable_api_name: "city",
        variable_value: { record_values: [{ variable_api_name: "zip", sub_value_key: "city.zip" }] },
        sub_values: [{ key: "city.zip", value: { text_value: "" } }],
      },
    ]);
    expect(data.error_info).toContain("city: record type cannot assign value");
    for (const name of ["city.street", "nothing", "reason.more"]) expect(data.error_info).toContain(`${name}: `);
  });

  it("of nothing, or of a definition that is not there, is refused", async () => {
    expect(await template([])).toMatchObject({ code: 99992402 });
    expect(await template(["reason"], { flow_definition_id: "people_1_1" })).toMatchObject({ code: 1161001 });
  });
});
