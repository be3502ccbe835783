/** An engine's own words: shown as far as they repeat nothing that a user typed. */
import { describe, expect, it } from "vitest";
import { StartflowError } from "../../../shared/base/errors";
import { describeError } from "../../../shared/base/log";
import { safeFailure, safeWords } from "../../../shared/base/safe-words";
import { engineFailure } from "../../../shared/engines/engine-failure";

const safeCode = (code: unknown, typed: unknown) => safeFailure({ code }, typed).code;
const WORDS = "param error: flow_data[1].variable_api_name: custom0 is not a variable of the flow";
/** Whatever an engine may call a member that its developer fills in. */
const MEMBERS = ["name", "paramCode", "fieldType", "entityCode", "variable_api_name", "wk_api_name", "constructor"];

describe("an engine's words", () => {
  it("are shown where they say nothing of what was typed, also beside words that many texts have in common", () => {
    const typed = [{ variable: "custom1", reason: "a contract about a flow", name: "张三", count: 12 }];
    expect(safeWords(WORDS, typed)).toBe(WORDS);
  });

  it.each([
    ["whole", "张三", "bad value 张三"],
    ["a short number", 13579, "row 13579 is wrong"],
    ["a number that JSON has no name for", 12345678901234567890n, "row 12345678901234567890 is wrong"],
    ["a moment", new Date(0), "1970-01-01T00:00:00.000Z is too early"],
    ["escaped", '第一行\n"二"', String.raw`bad: 第一行\n\"二\"`],
    ["cut short", "a very long sentence that was typed by somebody", "too long: a very long sente…"],
    ["cut short, in Chinese", "患者既往病史需要保密处理", "值过长：患者既往病史需要…"],
  ])("are hidden where they repeat it %s", (_, typed, words) => {
    for (const value of [typed, [[typed]], { rows: [{ a: typed }] }]) expect(safeWords(words, value)).toBe("");
  });

  it.each(MEMBERS)("are hidden where they repeat what stands in a member called %s", (member) => {
    const words = `${member}: 李四光`;
    for (const typed of [{ [member]: "李四光" }, [{ rows: [{ [member]: "李四光" }] }], { [member]: { a: "李四光" } }])
      expect(safeWords(words, typed)).toBe("");
    expect(safeWords(words, { [member]: "王五" })).toBe(words);
  });

  it("are hidden where they repeat a key that is no name of a program's", () => {
    for (const key of ["张三", "13812345678", "2031 budget", "a/b", "x".repeat(65)])
      expect(safeWords(`no column ${key}`, { rows: [{ [key]: true }] })).toBe("");
    for (const key of ["customerId", "_id", "$set", "home-address", "a.b"])
      expect(safeWords(`no column ${key}`, { rows: [{ [key]: true }] })).toBe(`no column ${key}`);
  });

  it("are hidden where too much was typed to be searched, or too deep", () => {
    expect(safeWords(WORDS, ["x".repeat(200_001)])).toBe("");
    let deep: unknown = "x";
    for (let level = 0; level < 20_000; level += 1) deep = [deep];
    expect(safeWords(WORDS, deep)).toBe("");
  });

  it("have phone numbers and credentials masked, and an end", () => {
    expect(safeWords("call 13812345678", undefined)).toBe("call 138****5678");
    expect(safeWords("x".repeat(1_000), undefined)).toHaveLength(500);
    expect(safeWords(undefined, undefined)).toBe("");
  });
});

describe("an engine's code", () => {
  it("is shown as it is, also beside short texts, which any code has in it", () => {
    for (const code of ["InvalidParameter.ProcessKey", "k_ec_000001", 404, "-1", 1])
      expect(safeCode(code, ["er", "id", 12, "a", 1])).toBe(String(code));
  });

  it("is hidden where it is none, and where it is what was typed, or has it in it", () => {
    for (const code of ["张三", "a b", "", undefined, null, {}]) expect(safeCode(code, [])).toBe("");
    for (const code of ["Li", "zhangsan", "E_zhangsan_7", 404])
      expect(safeCode(code, [["Li"], { name: "zhangsan" }, 404])).toBe("");
  });
});

describe("an engine's failure", () => {
  const failure = (words: string) =>
    Object.assign(new TypeError(words, { cause: Object.assign(new Error(words), { code: "ECONNRESET" }) }), {
      code: "InvalidParameterValue",
      requestId: "req-7",
    });

  it("keeps nothing of what was typed, also not in what the log makes of it", () => {
    const error = engineFailure(failure("no customer 李四光"), { name: "李四光" });
    expect(JSON.stringify([error.toAnswer(), describeError(error)])).not.toContain("李四光");
    expect(error).toMatchObject({ code: "ENGINE_REFUSED", cause: { code: "InvalidParameterValue" } });
    expect(error.message).toContain("InvalidParameterValue");
  });

  it("is told and logged with its words where they say nothing of it", () => {
    const error = engineFailure(failure("no such process"), { name: "李四光" });
    expect(error.text.en).toContain("InvalidParameterValue, no such process");
    expect(describeError(error.cause)).toEqual({
      name: "TypeError",
      code: "InvalidParameterValue",
      message: "no such process",
      requestId: "req-7",
      cause: { name: "Error", code: "ECONNRESET", message: "no such process" },
    });
  });

  it("of this product's own is left as it is", () => {
    const own = new StartflowError("NOT_SIGNED_IN");
    expect(engineFailure(own, {})).toBe(own);
  });
});
