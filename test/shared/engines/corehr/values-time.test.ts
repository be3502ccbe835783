/** Dates and moments: days and milliseconds from 1970, and what is refused. */
import { describe, expect, it } from "vitest";
import { issuesOf, refused, writtenAs } from "./map";

describe("a date", () => {
  it.each([
    ["1970-01-01", "0"],
    ["1969-12-31", "-1"],
    ["2024-02-29", "19782"],
    ["1900-03-01", "-25508"],
    ["0001-01-01", "-719162"],
    ["9999-12-31", "2932896"],
  ])("%s is %s days from 1970", (value, days) =>
    expect(writtenAs({ kind: "date" }, value)).toEqual({ date_value: days }),
  );

  it.each([
    "2024-02-30",
    "2023-02-29",
    "1900-02-29",
    "2024-00-01",
    "2024-13-01",
    "2024-01-00",
    "2024-1-1",
    "2024/04/25",
    "24-04-2025",
    "2024-04-25T00:00:00Z",
    "-024-04-25",
    19838,
  ])("%j is refused", (value) => expect(refused({ kind: "date" }, value)).toEqual(["field: invalid_date"]));

  it("is counted as the calendar counts, for every day of 400 years", () => {
    for (let day = -146_097; day <= 146_097; day += 31) {
      const text = new Date(day * 86_400_000).toISOString().slice(0, 10);
      expect(writtenAs({ kind: "date" }, text)).toEqual({ date_value: String(day) });
    }
  });
});

describe("a moment", () => {
  it.each([
    ["2024-04-25T10:57:57.512+08:00", "1714013877512"],
    ["2024-04-25T02:57:57.512Z", "1714013877512"],
    ["2024-04-24T22:57:57.5129-04:00", "1714013877512"],
    ["2024-04-25T10:57+08:00", "1714013820000"],
    ["1969-12-31T23:59:59.999Z", "-1"],
    ["1970-01-20T00:00:00Z", "1641600000"],
    ["1714013877512", "1714013877512"],
    [0, "0"],
  ])("%j is %s milliseconds from 1970", (value, text) =>
    expect(writtenAs({ kind: "dateTime" }, value)).toEqual({ date_time_value: text }),
  );

  it.each([1714013877, "1714013877", 631152000, -631152000, 1714013877.5])(
    "%j is refused as one of seconds, in words that say milliseconds",
    (value) => {
      const [issue] = issuesOf([{ name: "field", value, entry: { variable: "v", kind: "dateTime" } }]);
      expect(issue?.code).toBe("seconds_given");
      expect(issue?.message.zh).toContain("毫秒");
      expect(issue?.message.en).toContain("milliseconds");
    },
  );

  it.each([1714013877, "1714013877"])("%j is taken for seconds where the method says so", (value) => {
    expect(writtenAs({ kind: "dateTime", unit: "s" }, value)).toEqual({ date_time_value: "1714013877000" });
  });

  it("of milliseconds is refused where the method says seconds", () => {
    expect(refused({ kind: "dateTime", unit: "s" }, 1714013877512)).toEqual(["field: expected_moment"]);
  });

  it.each([
    "2024-02-30T00:00:00Z",
    "2024-04-25T24:00:00Z",
    "2024-04-25T10:57:57",
    "2024-04-25 10:57",
    "2024-04-25T10:57:57+24:00",
    "2024-04-25",
    "今天",
    true,
    {},
    1e300,
    Number.NaN,
  ])("%j is refused", (value) => expect(refused({ kind: "dateTime" }, value)).toEqual(["field: expected_moment"]));
});
