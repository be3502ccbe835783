/** Form fields as the `params` of an aPaaS flow: as the page prints them, and with every digit. */
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { StartflowError } from "../../../../shared/base/errors";
import { operatorProblem, operatorText } from "../../../../shared/engines/apaas/operator";
import { type ApaasVariable, apaasVariableProblem, toParams } from "../../../../shared/engines/apaas/params";
import { labelsOf } from "../../../../shared/form/labels";

const labels = labelsOf(z.unknown());
const paramsOf = (value: unknown, entry: ApaasVariable) => toParams([{ name: "field", value, entry }], labels);
const written = (kind: string, value: unknown) => paramsOf(value, { variable: "v", kind } as ApaasVariable);
function issueOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof StartflowError) return error.issues?.[0]?.code;
    throw error;
  }
  return undefined;
}

describe("params", () => {
  it("are those of the published example, byte for byte", () => {
    const entry = { variable: "variable_rgrtgqworiginal", kind: "record" } as const;
    expect(paramsOf("5454545", entry)).toBe('{"variable_rgrtgqworiginal": {"_id": 5454545}}');
  });

  it.each([
    ["text", '引号"与换行\n', '{"v": "引号\\"与换行\\n"}'],
    ["number", 12.5, '{"v": 12.5}'],
    ["number", "9007199254740993", '{"v": 9007199254740993}'],
    ["number", "0.1234567890123456789", '{"v": 0.1234567890123456789}'],
    ["boolean", false, '{"v": false}'],
    ["option", "option_1", '{"v": "option_1"}'],
    ["options", ["a", "b"], '{"v": ["a", "b"]}'],
    ["date", "2024-04-25", '{"v": "2024-04-25"}'],
    ["dateTime", "2024-04-25T10:57:57+08:00", '{"v": 1714013877000}'],
    ["dateTime", 1714013877512, '{"v": 1714013877512}'],
    ["i18n", { zh_cn: "北京", en_us: "Beijing" }, '{"v": {"zh_CN":"北京","en_US":"Beijing"}}'],
    ["record", "1816970091484211999", '{"v": {"_id": 1816970091484211999}}'],
    ["record", { _id: "1111" }, '{"v": {"_id": 1111}}'],
    ["records", ["1", "2"], '{"v": [{"_id": 1}, {"_id": 2}]}'],
    ["json", [{ a: null }], '{"v": [{"a":null}]}'],
  ])("of a %s are written as JSON has it: %j", (kind, value, text) => {
    expect(written(kind, value)).toBe(text);
    expect(() => JSON.parse(text)).not.toThrow();
  });

  it.each([
    ["text", 1, "expected_text"],
    ["number", "1e5", "expected_decimal"],
    ["number", "1,000", "expected_decimal"],
    ["number", 1e21, "expected_decimal"],
    ["number", '1}, "x": {', "expected_decimal"],
    ["boolean", "true", "expected_boolean"],
    ["option", "家庭住址", "invalid_id"],
    ["dateTime", 1714013877, "seconds_given"],
    ["dateTime", "2024-04-25", "expected_moment"],
    ["i18n", { zh_cn: "北京", de_de: "Peking" }, "expected_i18n"],
    ["i18n", {}, "expected_i18n"],
    ["record", "abc", "invalid_relation"],
    ["record", "1}", "invalid_relation"],
    ["record", 2 ** 60, "invalid_relation"],
    ["records", "1", "expected_list"],
  ])("refuse %s %j", (kind, value, code) => {
    expect(issueOf(() => written(kind, value))).toBe(code);
  });

  it("are left out where nothing was filled in", () => {
    expect(written("text", undefined)).toBeUndefined();
    expect(toParams([], labels)).toBeUndefined();
  });

  it("that are ready pass unchanged, spaces and digits and all", () => {
    const text = '{ "variable_a":{"_id":  1816970091484211999} , "b" : 1e2}';
    expect(paramsOf(text, { kind: "params" })).toBe(text);
  });

  it.each(["[1]", "1", "null", "{", "", '{"a":1}{'])("that are ready and no JSON object (%s) are refused", (text) => {
    expect(issueOf(() => paramsOf(text, { kind: "params" }))).toBe("not_json_object");
  });

  it("that are ready name no variable that the method does not know, and stand beside no other field", () => {
    const ready = { kind: "params", variables: ["a"] } as const;
    expect(paramsOf('{"a": 1}', ready)).toBe('{"a": 1}');
    expect(issueOf(() => paramsOf('{"a": 1, "b": 2}', ready))).toBe("unknown_field");
    const both = [
      { name: "ready", value: '{"a": 1}', entry: ready },
      { name: "field", value: "x", entry: { variable: "b", kind: "text" } as const },
    ];
    for (const fields of [both, [...both].reverse()]) {
      expect(issueOf(() => toParams(fields, labels))).toBe("duplicate_variable");
    }
  });
});

describe("an entry of the fields table", () => {
  it.each(["../x", "a b", "", "a/b", "a?b", "%2e"])("with the variable %j is refused", (variable) => {
    expect(apaasVariableProblem({ variable, kind: "text" })).toContain("API name");
  });

  it("with a kind that there is not is refused, and told which there are", () => {
    expect(apaasVariableProblem({ variable: "a", kind: "constructor" as "text" })).toContain("records");
  });
});

describe("the operator", () => {
  it("is that of the published example, byte for byte", () => {
    const text = '{"_id": 1111, "email": "apaas@bytedance.com"}';
    expect(operatorText(() => ({ id: "1111", email: "apaas@bytedance.com" }), undefined)).toBe(text);
    expect(operatorText(text, undefined)).toBe(text);
  });

  it.each([
    ["{}", "neither _id nor email"],
    ['{"_id": null, "email": ""}', "neither _id nor email"],
    ["[]", "no text that holds a JSON object"],
    ["x", "no text that holds a JSON object"],
  ])("%s is refused when the method is defined", (text, problem) => {
    expect(operatorProblem(text)).toContain(problem);
  });

  it("made of nothing is refused, with the variables to set", () => {
    expect(() => operatorText(() => ({}), undefined)).toThrow("STARTFLOW_APAAS_OPERATOR_ID");
  });

  it.each([{ id: "0x1" }, { id: "1}" }, { email: 'a"@b.c' }, { id: "1", email: "nobody" }])(
    "made of %j is refused, with what is wrong",
    (operator) => {
      expect(() => operatorText(() => operator, undefined)).toThrow("Have operator checked");
    },
  );

  it("that the signed-in user has not is refused", () => {
    expect(() => operatorText(() => undefined, { uid: "u" })).toThrow(
      expect.objectContaining({ code: "NOT_SIGNED_IN" }),
    );
  });
});
