/** An engine's own words: shown as far as they repeat nothing that a user typed. */
import { describe, expect, it } from "vitest";
import { safeWords } from "../../../shared/targets/engine-failure";

const WORDS = "param error: flow_data[1].variable_api_name: custom0 is not a variable of the flow";

describe("an engine's words", () => {
  it("are shown where they say nothing of what was typed, also beside words that many texts have in common", () => {
    const sent = [{ variable_api_name: "custom0", reason: "a contract about a flow", name: "张三", count: 12 }];
    expect(safeWords(WORDS, sent)).toBe(WORDS);
  });

  it.each([
    ["whole", "张三", "bad value 张三"],
    ["a short number", 13579, "row 13579 is wrong"],
    ["in the member called name", "李四光", "name: 李四光"],
    ["escaped", '第一行\n"二"', String.raw`bad: 第一行\n\"二\"`],
    ["cut short", "a very long sentence that was typed by somebody", "too long: a very long sente…"],
    ["cut short, in Chinese", "患者既往病史需要保密处理", "值过长：患者既往病史需要…"],
  ])("are hidden where they repeat it %s", (_, typed, words) => {
    expect(safeWords(words, [{ rows: [{ name: typed }] }])).toBe("");
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
