/** One value of a form -> one value of CoreHR, in its own encoding; dates and moments: values-time.test.ts. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CorehrType } from "../../../../shared/engines/corehr/fields";
import { fileNameOf } from "../../../../shared/engines/corehr/values";
import { issuesOf, itemOf, refused, writtenAs } from "./map";

const fileId = "cloud://env-1.bucket/forms/%E5%90%88%E5%90%8C.pdf";

describe("a value is written as the page's own example", () => {
  const region = { wk_id: "6863326263210149383", wk_api_name: "country_region_subdivision" };
  it.each<[CorehrType, unknown, object]>([
    [{ kind: "text" }, "测试测试", { text_value: "测试测试" }],
    [{ kind: "bool" }, true, { bool_value: true }],
    [{ kind: "number" }, 100, { number_value: "100" }],
    [{ kind: "number" }, "100", { number_value: "100" }],
    [{ kind: "enum" }, "home_address", { enum_value: "home_address" }],
    [{ kind: "date" }, "2024-04-25", { date_value: "19838" }],
    [{ kind: "dateTime" }, 1714013877512, { date_time_value: "1714013877512" }],
    [{ kind: "i18n" }, { zh_cn: "北京", en_us: "Beijing" }, { i18n_value: { zh_cn: "北京", en_us: "Beijing" } }],
    [{ kind: "object", object: region.wk_api_name }, region.wk_id, { object_value: region }],
    [{ kind: "object", object: region.wk_api_name }, { wk_id: region.wk_id }, { object_value: region }],
    [{ kind: "object", object: region.wk_api_name }, region, { object_value: region }],
    [
      { kind: "department" },
      "od-a761814f6bc3f14bd3b00905ec1d7c6f",
      { department_value: "od-a761814f6bc3f14bd3b00905ec1d7c6f" },
    ],
    [
      { kind: "employee" },
      "ou_c57053dad6eea0aea4696c48433d8562",
      { employment_value: "ou_c57053dad6eea0aea4696c48433d8562" },
    ],
  ])("%j of %j", (type, value, expected) => expect(writtenAs(type, value)).toEqual(expected));
});

describe("a number", () => {
  it.each([
    [0, "0"],
    [-0, "0"],
    [12.5, "12.5"],
    [1e-7, "0.0000001"],
    [-1.25e-9, "-0.00000000125"],
    [9007199254740991, "9007199254740991"],
    ["12345678901234567890.123456789012345678", "12345678901234567890.123456789012345678"],
    [" -0012.50 ", "-12.50"],
    ["0.1", "0.1"],
  ])("%j is written as the decimal text %s", (value, text) =>
    expect(writtenAs({ kind: "number" }, value)).toEqual({ number_value: text }),
  );

  it.each([
    [1e21, "unsafe_number"],
    [2 ** 53, "unsafe_number"],
    [Number.NaN, "not_finite"],
    [Number.POSITIVE_INFINITY, "not_finite"],
    ["1e21", "expected_decimal"],
    ["1,000", "expected_decimal"],
    ["+1", "expected_decimal"],
    ["１００", "expected_decimal"],
    ["一百", "expected_decimal"],
    [true, "expected_number"],
    [[100], "expected_number"],
  ])("%j is refused", (value, code) => expect(refused({ kind: "number" }, value)).toEqual([`field: ${code}`]));

  it("reads back as the same number, without an exponent, whatever it is", () => {
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => Math.abs(n) < 2 ** 53);
    fc.assert(
      fc.property(numbers, (number) => {
        const text = writtenAs({ kind: "number" }, number)?.number_value ?? "";
        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Number(text)).toBe(number === 0 ? 0 : number);
      }),
    );
  });
});

describe("an option", () => {
  const options = { home_address: "家庭住址", work_address: "办公地址", other: "其他", other_2: "其他" };
  const issueOf = (value: unknown) =>
    issuesOf([{ name: "field", value, entry: { variable: "v", kind: "enum", options } }])[0];

  it("is its id", () =>
    expect(writtenAs({ kind: "enum", options }, "home_address")).toEqual({ enum_value: "home_address" }));

  it("is not its label: the id to use is named", () => {
    expect(issueOf("家庭住址")).toMatchObject({ code: "choice_label" });
    expect(issueOf("家庭住址")?.message.en).toContain('home_address, not "家庭住址"');
    expect(issueOf("其他")?.message.zh).toContain("other、other_2");
  });

  it.each(["没有的", "constructor"])("is one of its variable's ids: %j is not, and is not repeated", (value) => {
    expect(issueOf(value)).toMatchObject({ code: "invalid_choice" });
    expect(JSON.stringify(issueOf(value))).not.toContain(value);
  });

  it.each(["家庭住址", "home address", "x".repeat(129), 1])(
    "looks like an id where the ids are not known: %j does not",
    (value) => {
      expect(refused({ kind: "enum" }, value)).toEqual(["field: invalid_id"]);
    },
  );
});

describe("a text, a yes or no, an id, a text in two languages", () => {
  it.each<[CorehrType, unknown, string]>([
    [{ kind: "text" }, true, "field: expected_text"],
    [{ kind: "text" }, ["a"], "field: expected_text"],
    [{ kind: "bool" }, "true", "field: expected_boolean"],
    [{ kind: "bool" }, 1, "field: expected_boolean"],
    [{ kind: "department" }, "研发部", "field: invalid_id"],
    [{ kind: "employee" }, 123, "field: invalid_id"],
    [{ kind: "employee" }, "a b", "field: invalid_id"],
    [{ kind: "object", object: "city" }, "北京", "field: invalid_id"],
    [{ kind: "object", object: "city" }, {}, "field.wk_id: invalid_id"],
    [{ kind: "object", object: "city" }, { wk_id: "1", name: "x" }, "field.name: unknown_field"],
    [{ kind: "object", object: "city" }, { wk_id: "1", wk_api_name: "x" }, "field.wk_api_name: invalid_choice"],
    [{ kind: "i18n" }, "北京", "field: expected_i18n"],
    [{ kind: "i18n" }, {}, "field: expected_i18n"],
    [{ kind: "i18n" }, { "zh-CN": "北京" }, "field.zh-CN: unknown_field"],
    [{ kind: "i18n" }, { zh_cn: 1 }, "field.zh_cn: expected_text"],
  ])("%j of %j is refused", (type, value, issue) => expect(refused(type, value)).toEqual([issue]));

  it("of one language only is enough", () => {
    expect(writtenAs({ kind: "i18n" }, { zh_cn: "北京", en_us: null })).toEqual({ i18n_value: { zh_cn: "北京" } });
  });

  it("may be a number where the variable is text", () => {
    expect(writtenAs({ kind: "text" }, 1714013877512)).toEqual({ text_value: "1714013877512" });
  });
});

describe("a file", () => {
  it("is what it was uploaded as", () => {
    const uploaded = { open_file_id: "66867ed0", file_name: "合同.pdf", length: 3 };
    expect(itemOf({ kind: "file" }, fileId, new Map([[fileId, uploaded]]))).toEqual({
      variable_api_name: "v",
      variable_value: { file_value: uploaded },
    });
  });

  it("that was not uploaded is an error of the program", () => {
    expect(() => itemOf({ kind: "file" }, fileId)).toThrow(expect.objectContaining({ code: "INTERNAL" }));
  });

  it.each(["https://example.com/a.pdf", "cloud://", "cloud://env", "file:///etc/passwd", 1, ["cloud://env/a"]])(
    "is refused where %j names none in the storage",
    (value) => expect(refused({ kind: "file" }, value)).toEqual(["field: invalid_file"]),
  );

  it.each(["..", "a..b", "%2e%2e", "a%2Fb.pdf", "a%5Cb.pdf", "a\\b.pdf", "a%00.pdf", "a%0D%0A.pdf", "%7f", ""])(
    "is refused for the name %j",
    (name) => {
      const value = `cloud://env.bucket/forms/${name}`;
      expect(["field: invalid_file_name", "field: invalid_file"]).toContain(refused({ kind: "file" }, value)[0]);
      expect(fileNameOf(value)).toBeUndefined();
    },
  );

  it("is called by the last part of its path, decoded", () => {
    expect(fileNameOf(fileId)).toBe("合同.pdf");
    expect(fileNameOf("cloud://env.bucket/100%.pdf")).toBe("100%.pdf");
  });
});
