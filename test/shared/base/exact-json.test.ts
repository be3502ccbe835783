/** JSON in which no integer loses a digit. */
import { describe, expect, it } from "vitest";
import { parseExactJson } from "../../../shared/base/exact-json";

describe("parseExactJson", () => {
  it.each([
    ['{"id":1816970091484211}', { id: 1816970091484211 }],
    ['{"id":7437118147624175148}', { id: "7437118147624175148" }],
    ['{"id":-7437118147624175148}', { id: "-7437118147624175148" }],
    ["1000000000000000000", 1000000000000000000],
    [`[${"9".repeat(400)}]`, ["9".repeat(400)]],
    ["12345678901234567.25", "12345678901234567.25"],
    ["0.1234567890123456789", "0.1234567890123456789"],
    ["0.5", 0.5],
    [
      "[0.30000000000000004, 1e400, 1234567890123456789.5, 7]",
      [0.30000000000000004, Infinity, "1234567890123456789.5", 7],
    ],
    ['{"a":[9007199254740993],"9007199254740993":1}', { a: ["9007199254740993"], "9007199254740993": 1 }],
    [
      '{"a":"7437118147624175148","b":"\\"7437118147624175148"}',
      { a: "7437118147624175148", b: '"7437118147624175148' },
    ],
  ])("reads %s", (text, value) => {
    expect(parseExactJson(text)).toEqual(value);
  });

  it("refuses what is no JSON as JSON.parse does, and a long text with no end in no more steps", () => {
    expect(() => parseExactJson("{")).toThrow(SyntaxError);
    expect(() => parseExactJson(`"${'\\"'.repeat(500_000)}`)).toThrow(SyntaxError);
  });
});
