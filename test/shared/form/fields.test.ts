import { describe, expect, it } from "vitest";
import * as z from "zod";
import {
  date,
  dateTime,
  declared,
  file,
  files,
  json,
  label,
  number,
  relation,
  relations,
  time,
  timestamp,
} from "../../../shared/form/fields";
import { labelsOf } from "../../../shared/form/labels";

const SHANGHAI_MIDNIGHT = Date.UTC(2026, 10, 30, 16);

describe("a number", () => {
  it("is taken as it is", () => expect(number().parse(3.5)).toBe(3.5));
  it("is not read from text unless the field says so", () => expect(number().safeParse("3").success).toBe(false));

  it.each([
    ["3", 3],
    [" 3.50 ", 3.5],
    ["-2", -2],
    ["007", 7],
  ])("is read from the text %j where the field says so", (text, expected) => {
    expect(number({ fromText: true }).parse(text)).toBe(expected);
  });

  it.each(["", " ", "1e3", "0x10", "1,000", "３", "Infinity", "NaN", "1.", ".5", "12345678901234567"])(
    "is not read from the text %j",
    (text) => expect(number({ fromText: true }).safeParse(text).success).toBe(false),
  );

  it.each([true, [], [3], {}, null])("is not made of %j", (value) => {
    expect(number({ fromText: true }).safeParse(value).success).toBe(false);
  });

  it("keeps its conversion through further checks, a label and optional", () => {
    const field = number({ fromText: true }).int().positive().max(60).optional().meta(label("天数", "Days"));
    expect(field.parse("7")).toBe(7);
    expect(field.safeParse("61").success).toBe(false);
    expect(field.meta()).toMatchObject({ title: "天数", "x-title-en": "Days" });
  });
});

describe("a date", () => {
  it.each([
    ["the epoch milliseconds of a date control", SHANGHAI_MIDNIGHT],
    ["a calendar date", "2026-12-01"],
    ["a moment with an offset", "2026-11-30T16:00:00Z"],
    ["a moment with another offset", "2026-12-01T00:30:00+08:00"],
    ["a date and time in the field's zone", "2026-12-01 23:59"],
  ])("is read from %s", (_, value) => expect(date().parse(value)).toBe("2026-12-01"));

  it("depends on the field's zone", () => {
    expect(date({ zone: "UTC" }).parse(SHANGHAI_MIDNIGHT)).toBe("2026-11-30");
    expect(date({ zone: "America/New_York" }).parse(SHANGHAI_MIDNIGHT)).toBe("2026-11-30");
  });

  it.each([
    "2023-02-30",
    "2023-13-01",
    "2023-2-3",
    "1899-12-31",
    "2101-01-01",
    "0000-01-01",
    "2026-12-01T24:00:00Z",
    "今天",
    "",
    true,
    {},
    1.5,
    9e15,
  ])("is refused for %j", (value) => expect(date().safeParse(value).success).toBe(false));
});

describe("a date and time", () => {
  it.each([
    [SHANGHAI_MIDNIGHT, "2026-12-01T00:00:00+08:00"],
    ["2026-12-01 09:30", "2026-12-01T09:30:00+08:00"],
    ["2026-12-01T09:30:15.250Z", "2026-12-01T17:30:15+08:00"],
  ])("reads %j in the field's zone", (value, expected) => expect(dateTime().parse(value)).toBe(expected));

  it("knows summer time", () => {
    const field = timestamp({ zone: "America/New_York" });
    expect(field.parse("2026-07-01 12:00")).toBe(Date.UTC(2026, 6, 1, 16));
    expect(field.parse("2026-01-01 12:00")).toBe(Date.UTC(2026, 0, 1, 17));
  });

  it("knows the summer time that Shanghai had", () => {
    expect(dateTime().parse("1988-07-01 12:00")).toBe("1988-07-01T12:00:00+09:00");
  });

  it.each(["2026-12-01", "2026-02-30 10:00", "2026-12-01 25:00", "2026-12-01 10:60", "now"])("refuses %j", (value) => {
    expect(dateTime().safeParse(value).success).toBe(false);
    expect(timestamp().safeParse(value).success).toBe(false);
  });
});

describe("a time of day", () => {
  it.each([
    [0, "00:00:00"],
    [(9 * 3600 + 30 * 60) * 1000, "09:30:00"],
    ["09:30", "09:30:00"],
    ["23:59:59", "23:59:59"],
  ])("reads %j", (value, expected) => expect(time().parse(value)).toBe(expected));
  it.each([86_400_000, -1, "24:00", "9:30", 1.5])("refuses %j", (value) =>
    expect(time().safeParse(value).success).toBe(false),
  );
});

describe("files", () => {
  const id = "cloud://env-1.636c/weda-uploader/a1-合同.pdf";
  it.each([
    ["a string", id],
    ["a list of one", [id]],
  ])("take one file as %s", (_, value) => expect(file().parse(value)).toBe(id));
  it.each([
    ["a list", [id, id]],
    ["one string", id],
    ["ids joined by commas", `${id},${id}`],
  ])("take several files as %s", (_, value) => expect(files().parse(value)).toContain(id));
  it.each(["/etc/passwd", "file:///etc/passwd", "javascript:alert(1)", "cloud://", "cloud://a b"])(
    "refuse %j",
    (value) => {
      expect(file().safeParse(value).success).toBe(false);
      expect(files().safeParse([value]).success).toBe(false);
    },
  );
  it("are at most as many as the control takes", () => {
    expect(files().safeParse(new Array(10).fill(id)).success).toBe(false);
    expect(file().safeParse([id, id]).success).toBe(false);
  });
});

describe("related records", () => {
  it.each(["r1", { _id: "r1" }])("are read from %j", (value) => expect(relation().parse(value)).toBe("r1"));
  it("are read from a list, without its empty entries", () => {
    expect(relations().parse([{ _id: "r1" }, { _id: null }, "r2", null, ""])).toEqual(["r1", "r2"]);
  });
  it.each([{ _id: "r1", name: "x" }, { id: "r1" }, "a/b", 7, { _id: { _id: "x" } }])("are refused as %j", (value) => {
    expect(relation().safeParse(value).success).toBe(false);
  });
});

describe("what a field was declared for", () => {
  it("is known through optional and a label", () => {
    const form = z.strictObject({ on: date().optional().meta(label("日期", "Date")), name: z.string() });
    expect(declared(form.shape.on.unwrap())).toMatchObject({ control: "date", zone: "Asia/Shanghai" });
    expect(declared(form.shape.name).control).toBeUndefined();
  });
});

describe("any JSON value", () => {
  it.each([null, 0, "", "[1]", [], {}, { _id: null }, [{ a: null, b: [""] }]])("is taken as it is: %j", (value) => {
    expect(json().parse(value)).toBe(value);
  });

  it("must be there, unless it is optional", () => {
    const form = z.strictObject({ flowData: json(), more: json().optional() });
    expect(form.safeParse({ flowData: [] }).success).toBe(true);
    expect(form.safeParse({ more: [] }).success).toBe(false);
  });

  it("keeps its control through optional and a label, and has a JSON schema", () => {
    const labels = labelsOf(z.strictObject({ flowData: json().optional().meta(label("业务数据", "Flow data")) }));
    expect(labels.at(["flowData"])).toEqual({ control: "json", label: { zh: "业务数据", en: "Flow data" } });
    expect(() => z.toJSONSchema(json())).not.toThrow();
  });
});
