import { describe, expect, it } from "vitest";
import { StartflowError } from "../../../../shared/base/errors";
import { type StartVariable, startVariableProblem, toStartParams } from "../../../../shared/engines/weda/start-params";
import { startParamSchema, startProcessSchema } from "../../../../shared/engines/weda/wire";
import { fixture } from "../../../helpers/fixtures";

const one = (value: unknown, entry: StartVariable) => toStartParams([{ name: "field", value, entry }]);

describe("a start parameter", () => {
  it("of a scalar has the published members, in their order", () => {
    const params = one("test data", { paramCode: "165708798187xxxxxx", fieldType: "string" });
    const sample = fixture<{ data: { StartParams: unknown } }>("weda/start-process-sample.json");
    expect(JSON.stringify(params)).toBe(JSON.stringify(sample.data.StartParams));
  });

  it("carries its name where the method gives one", () => {
    expect(one(3, { name: "days", paramCode: "1", fieldType: "number" })).toEqual([
      { name: "days", paramCode: "1", fieldType: "number", entityCode: "", value: 3 },
    ]);
  });

  it("of an object has a fieldValueMap with the record's _id", () => {
    const value = { _id: "r1", title: "合同" };
    expect(one(value, { paramCode: "1", fieldType: "object", entityCode: "contract" })).toEqual([
      { paramCode: "1", fieldType: "object", entityCode: "contract", fieldValueMap: value },
    ]);
  });

  it("of an object list has a list of them", () => {
    const value = [{ _id: "r1" }, { name: "x" }];
    expect(one(value, { paramCode: "1", fieldType: "objectList", entityCode: "item" })).toEqual([
      { paramCode: "1", fieldType: "objectList", entityCode: "item", fieldValueMap: value },
    ]);
  });

  it("is left out where the field was not filled in", () => {
    expect(one(undefined, { paramCode: "1", fieldType: "string" })).toEqual([]);
    expect(one(null, { paramCode: "1", fieldType: "object" })).toEqual([]);
  });

  it("writes a number as text where the variable is text", () => {
    expect(one(1796054400000, { paramCode: "1", fieldType: "string" })).toMatchObject([{ value: "1796054400000" }]);
  });

  it.each([
    ["text for a number", "3", "number"],
    ["a list for text", ["a"], "string"],
    ["text for an object", "x", "object"],
    ["an object for a list", {}, "objectList"],
    ["a number for yes or no", 1, "boolean"],
  ] as const)("refuses %s before anything is sent, and names the field", (_, value, fieldType) => {
    expect(() => one(value, { paramCode: "1", fieldType })).toThrow(StartflowError);
    expect(() => one(value, { paramCode: "1", fieldType })).toThrow(/field/);
  });
});

describe("an entry of the fields table", () => {
  it.each(["165708798187000001", "165708798187xxxxxx", "a-b_c"])("takes the code %s", (paramCode) => {
    expect(startVariableProblem({ paramCode, fieldType: "string" })).toBeUndefined();
  });
  it.each(["", "a b", "编码", "x".repeat(65), "a/b", 165708798187])("refuses the code %s", (paramCode) => {
    expect(startVariableProblem({ paramCode, fieldType: "string" } as StartVariable)).toContain("paramCode");
  });
  it("refuses a member that it does not know", () => {
    const entry = { paramCode: "1", fieldType: "string" as const, feildType: "x" };
    expect(startVariableProblem(entry)).toContain("feildType");
  });
});

it("reads the published sample call", () => {
  expect(startProcessSchema.safeParse(fixture<{ data: unknown }>("weda/start-process-sample.json").data).success).toBe(
    true,
  );
});

it("accepts the published object shape, with its name", () => {
  const item = { name: "contract", paramCode: "165708798187000001", fieldType: "object", fieldValueMap: { _id: "1" } };
  expect(startParamSchema.parse(item)).toEqual(item);
});
