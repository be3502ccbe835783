/** The entries of the `fields` table: which are refused at definition, and which variable each is for. */
import { describe, expect, it } from "vitest";
import {
  type CorehrVariable,
  corehrVariableCode,
  corehrVariableProblem,
} from "../../../../shared/engines/corehr/fields";

const problemOf = (entry: unknown) => corehrVariableProblem(entry as CorehrVariable);

describe("an entry of the fields table", () => {
  it.each<CorehrVariable>([
    { variable: "custom123", kind: "text" },
    { variable: "batch_job_change.target_department", kind: "department" },
    { variable: "at", kind: "dateTime", unit: "s" },
    { variable: "address", kind: "enum" },
    { variable: "address", kind: "enum", options: { home_address: "家庭住址" } },
    { variable: "region", kind: "object", object: "country_region_subdivision" },
    { variable: "tags", kind: "list", of: { kind: "enum", options: { a: "A" } } },
    { variable: "home", kind: "record", fields: { city: { variable: "city_v2", kind: "text" } } },
    {
      variable: "trips",
      kind: "table",
      fields: { files: { variable: "files", kind: "list", of: { kind: "file" } } },
    },
    { kind: "flowData" },
    { kind: "flowData", variables: ["custom123"] },
  ])("is right as %j", (entry) => expect(problemOf(entry)).toBeUndefined());

  it.each([
    [{ variable: "", kind: "text" }, "variable"],
    [{ variable: "城市", kind: "text" }, "variable"],
    [{ variable: 1, kind: "text" }, "variable"],
    [{ kind: "text" }, "variable"],
    [{ variable: "x", kind: "string" }, "kind that is none of text"],
    [{ variable: "x", kind: "toString" }, "kind that is none of"],
    [{ variable: "x" }, "kind that is none of"],
    [{ paramCode: "1", fieldType: "string" }, "variable"],
    [{ variable: "x", kind: "text", lable: "x" }, "lable"],
    [{ variable: "x", kind: "text", unit: "s" }, "unit"],
    [{ variable: "x", kind: "dateTime", unit: "seconds" }, "unit"],
    [{ variable: "x", kind: "enum", options: {} }, "options"],
    [{ variable: "x", kind: "enum", options: { 家庭住址: "home_address" } }, "options"],
    [{ variable: "x", kind: "enum", options: null }, "options"],
    [{ variable: "x", kind: "object" }, "wk_api_name"],
    [{ variable: "x", kind: "list" }, "entries"],
    [{ variable: "x", kind: "list", of: { kind: "flowData" } }, "entries has a kind"],
    [{ variable: "x", kind: "list", of: { kind: "text", variable: "y" } }, "variable"],
    [{ variable: "x", kind: "record" }, "fields"],
    [{ variable: "x", kind: "table", fields: {} }, "fields"],
    [{ variable: "x", kind: "table", fields: { a: { variable: "a b", kind: "text" } } }, "a has a variable"],
    [{ variable: "x", kind: "table", fields: { a: { variable: "a.b", kind: "text" } } }, "dots"],
    [
      {
        variable: "x",
        kind: "record",
        fields: { a: { variable: "v", kind: "text" }, b: { variable: "v", kind: "bool" } },
      },
      "a and b, which share the variable v",
    ],
    [{ kind: "flowData", variables: [] }, "variables"],
    [{ kind: "flowData", variables: "custom123" }, "variables"],
    [{ kind: "flowData", variable: "x" }, "variable"],
  ])("is refused as %j", (entry, said) => expect(problemOf(entry)).toContain(said));

  it("is refused where it holds itself", () => {
    const entry: Record<string, unknown> = { variable: "x", kind: "list" };
    const of: Record<string, unknown> = { kind: "list" };
    of.of = of;
    entry.of = of;
    expect(problemOf(entry)).toContain("nested deeper");
  });

  it("has its variable as the code that no other field may have", () => {
    expect(corehrVariableCode({ variable: "custom123", kind: "text" })).toBe("custom123");
    expect(corehrVariableCode({ kind: "flowData" })).toBe("flow_data");
  });
});
