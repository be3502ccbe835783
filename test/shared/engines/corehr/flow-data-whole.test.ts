/** `flow_data` as a whole: its order, the published limits, and the files that are looked for in it. */
import { describe, expect, it } from "vitest";
import type { CorehrVariable } from "../../../../shared/engines/corehr/fields";
import { type CorehrField, fileIdsIn } from "../../../../shared/engines/corehr/flow-data";
import { COREHR_LIMITS } from "../../../../shared/engines/corehr/wire";
import { flowDataOf, issuesOf, itemOf, refused } from "./map";

const files = (entry: CorehrVariable, value: unknown): CorehrField => ({ name: "files", value, entry });

describe("flow_data as a whole", () => {
  const text = (variable: string): CorehrField => ({ name: variable, value: "x", entry: { variable, kind: "text" } });
  const ready = (...variables: string[]): CorehrField => ({
    name: "flowData",
    value: variables.map((variable_api_name) => ({ variable_api_name, variable_value: { text_value: "x" } })),
    entry: { kind: "flowData" },
  });

  it("holds one item a field, in the order of the method's table, ready ones among them", () => {
    const items = flowDataOf([text("a"), ready("b", "c"), text("d")]);
    expect(items.map(({ variable_api_name }) => variable_api_name)).toEqual(["a", "b", "c", "d"]);
  });

  it.each([
    [[text("a"), ready("b", "a")], "flowData[1].variable_api_name"],
    [[ready("a"), text("a")], "a"],
    [[ready("a", "b", "a")], "flowData[2].variable_api_name"],
    [[text("a"), text("a")], "a"],
  ])("holds no variable twice: case %#", (fields, path) => {
    expect(issuesOf(fields)).toMatchObject([{ path, code: "duplicate_variable" }]);
  });

  it("lists 20 issues at most, and looks no further", () => {
    let looks = 0;
    const values = Array.from({ length: 100 }, () => ({
      name: "f",
      get value() {
        looks += 1;
        return "今天";
      },
      entry: { variable: "v", kind: "date" } as const,
    }));
    expect(issuesOf(values)).toHaveLength(20);
    expect(looks).toBeLessThan(22);
  });
});

describe("the published limits", () => {
  it("of list_values is named with its field", () => {
    const type = { kind: "list", of: { kind: "text" } } as const;
    expect(itemOf(type, new Array(COREHR_LIMITS.listValues).fill("x"))?.sub_values).toHaveLength(10_000);
    const [issue] = issuesOf([{ name: "tags", value: new Array(10_001).fill("x"), entry: { variable: "v", ...type } }]);
    expect(issue).toMatchObject({ path: "tags", code: "too_many" });
    expect(issue?.message.en).toContain("10000");
  });

  it("of sub_values is named with its field", () => {
    const fields = Object.fromEntries(
      Array.from({ length: 10 }, (_, at) => [`m${at}`, { variable: `m${at}`, kind: "number" } as const]),
    );
    const row = Object.fromEntries(Object.keys(fields).map((name) => [name, 1]));
    const table = (rows: number) => new Array(rows).fill(row);
    expect(itemOf({ kind: "table", fields }, table(9_090))?.sub_values).toHaveLength(99_990);
    expect(refused({ kind: "table", fields }, table(9_091))).toEqual(["field: too_many"]);
  });

  it("of flow_data is named with the field that crosses it", () => {
    const fields = (count: number): CorehrField[] =>
      Array.from({ length: count }, (_, at) => ({
        name: `f${at}`,
        value: "x",
        entry: { variable: `v${at}`, kind: "text" },
      }));
    expect(flowDataOf(fields(COREHR_LIMITS.flowData))).toHaveLength(100_000);
    expect(issuesOf(fields(COREHR_LIMITS.flowData + 1))).toMatchObject([{ path: "f100000", code: "too_many" }]);
  });
});

describe("files", () => {
  const ids = ["cloud://env.b/1.pdf", "cloud://env.b/2.pdf", "cloud://env.b/3.pdf"] as const;
  const table: CorehrVariable = {
    variable: "t",
    kind: "table",
    fields: {
      one: { variable: "one", kind: "file" },
      more: { variable: "more", kind: "list", of: { kind: "file" } },
    },
  };

  it("are found wherever they are, each once, in order", () => {
    const rows = [{ one: ids[1], more: [ids[0], ids[1]] }, { more: [ids[2], null] }, null];
    const single: CorehrVariable = { variable: "f", kind: "file" };
    expect(fileIdsIn([files(single, ids[1]), files(table, rows)])).toEqual([ids[1], ids[0], ids[2]]);
  });

  it("are not looked for where no file is meant, nor in ready flow_data", () => {
    const text: CorehrVariable = { variable: "x", kind: "text" };
    const item = { variable_api_name: "v", variable_value: { text_value: ids[0] } };
    expect(fileIdsIn([files(text, ids[0]), files({ kind: "flowData" }, [item])])).toEqual([]);
  });

  it("that cannot be uploaded are left to the refusal", () => {
    expect(fileIdsIn([files(table, [{ one: "https://x/a.pdf", more: ["cloud://env.b/.."] }])])).toEqual([]);
  });
});
