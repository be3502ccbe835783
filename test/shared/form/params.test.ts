import { describe, expect, it } from "vitest";
import * as z from "zod";
import { StartflowError } from "../../../shared/base/errors";
import { json, label } from "../../../shared/form/fields";
import { labelsOf } from "../../../shared/form/labels";
import { PARAMS_LIMITS, readParams } from "../../../shared/form/params";

const form = z.strictObject({
  reason: z.string().meta(label("事由", "Reason")),
  items: z.array(z.strictObject({ price: z.number().meta(label("单价", "Price")) })).meta(label("明细", "Items")),
});
const labels = labelsOf(form);
const read = (params: unknown) => readParams(params, labels);

function failureOf(params: unknown): StartflowError {
  try {
    read(params);
  } catch (error) {
    if (error instanceof StartflowError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

function nested(levels: number): unknown {
  return JSON.parse(`${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`);
}

describe("what a form container sends", () => {
  it("may be flat or wrapped in data", () => {
    expect(read({ reason: "x" }).fields).toEqual({ reason: "x" });
    expect(read({ data: { reason: "x" }, filter: {} }).fields).toEqual({ reason: "x" });
  });

  it("is not unwrapped where data is a field of the form, or stands beside other fields", () => {
    const withData = labelsOf(z.strictObject({ data: z.unknown() }));
    expect(readParams({ data: { a: 1 } }, withData).fields).toEqual({ data: { a: 1 } });
    expect(read({ data: { a: 1 }, reason: "x" }).fields).toEqual({ data: { a: 1 }, reason: "x" });
  });

  it.each([null, "", undefined, { _id: null }, { _id: "" }, { _id: undefined }])("is empty where it is %j", (value) => {
    expect(read({ reason: value, items: [{ price: value }] }).fields).toEqual({ items: [{}] });
  });

  it("keeps zero, false and an empty list", () => {
    expect(read({ a: 0, b: false, c: [] }).fields).toEqual({ a: 0, b: false, c: [] });
  });

  it("gives its submission id apart, from beside data or inside it", () => {
    expect(read({ reason: "x", submissionId: "s-12345678" })).toEqual({
      fields: { reason: "x" },
      submissionId: "s-12345678",
    });
    expect(read({ submissionId: "s-1", data: { reason: "x" } })).toEqual({
      fields: { reason: "x" },
      submissionId: "s-1",
    });
  });

  it("loses userInfo unread", () =>
    expect(read({ reason: "x", userInfo: { openId: "o" } }).fields).toEqual({ reason: "x" }));

  it("is not changed itself", () => {
    const params = Object.freeze({ reason: null, items: Object.freeze([]) });
    expect(() => read(params)).not.toThrow();
  });
});

describe("what is refused before any schema sees it", () => {
  it.each([null, undefined, "x", 7, true, [], [{}]])("a body that is no object: %j", (params) => {
    expect(failureOf(params).code).toBe("PARAMS_NOT_OBJECT");
  });

  it.each([
    { ExtraUserInfo: { UserId: 1 } },
    { UserId: "1" },
    { data: { ExtraUserInfo: {} } },
    { data: {}, UserId: "1" },
  ])("an identity in the form: %j", (params) => expect(failureOf(params).code).toBe("IDENTITY_IN_FORM"));

  it.each(["__proto__", "constructor", "prototype"])("the key %s, at any depth", (key) => {
    const params = JSON.parse(`{"reason":"x","items":[{"${key}":{"polluted":true}}]}`);
    expect(failureOf(params).issues).toMatchObject([{ code: "forbidden_key", path: `items[0].${key}` }]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("nesting 100,000 deep", () => expect(failureOf(nested(100_000)).code).toBe("PARAMS_TOO_LARGE"));
  it("nesting just over the limit, but not at it", () => {
    expect(failureOf(nested(PARAMS_LIMITS.depth + 1)).code).toBe("PARAMS_TOO_LARGE");
    expect(() => read(nested(PARAMS_LIMITS.depth))).not.toThrow();
  });
  it("200,000 items", () => expect(failureOf({ items: new Array(200_000).fill({}) }).code).toBe("PARAMS_TOO_LARGE"));
  it("a text of a million characters and one", () => {
    expect(failureOf({ reason: "x".repeat(PARAMS_LIMITS.textLength + 1) }).code).toBe("PARAMS_TOO_LARGE");
  });
  it("a cycle, which JSON cannot hold", () => {
    const params: Record<string, unknown> = {};
    params.self = params;
    expect(failureOf(params).code).toBe("PARAMS_TOO_LARGE");
  });

  it.each([
    [Number.NaN, "not_finite"],
    [JSON.parse("1e400"), "not_finite"],
    [JSON.parse("1549943583216373762"), "unsafe_number"],
    ["a\ud800b", "bad_text"],
    ["\udc00", "bad_text"],
    ["a\0b", "bad_text"],
    ["\u001b[31m", "bad_text"],
    [() => 1, "wrong_type"],
    [Symbol("x"), "wrong_type"],
  ])("the value %s, named by its field", (value, code) => {
    expect(failureOf({ items: [{ price: 1 }, { price: value }] }).issues).toMatchObject([
      { path: "items[1].price", code, label: { zh: "明细 第 2 行 单价", en: "Items, row 2, Price" } },
    ]);
  });

  it("keeps line breaks, tabs and whole character pairs", () => {
    expect(read({ reason: "a\r\n\tb 😀" }).fields).toEqual({ reason: "a\r\n\tb 😀" });
  });

  it("at most 20 issues are listed", () => {
    expect(failureOf({ items: new Array(500).fill({ price: Number.NaN }) }).issues).toHaveLength(20);
  });
});

describe("a json() field", () => {
  const withJson = labelsOf(z.strictObject({ flowData: json().optional(), reason: z.string() }));
  const readJson = (params: unknown) => readParams(params, withJson).fields;

  it.each([[null], [""], [{ _id: null }], [[{ a: null, b: "", c: { _id: "" } }]]])(
    "reaches the method as it was sent: %j",
    (value) => {
      expect(readJson({ flowData: value, reason: "" })).toEqual({ flowData: value });
      expect(readJson({ data: { flowData: value } }).flowData).toBe(value);
    },
  );

  it.each([
    [{ a: "a\0b" }, "bad_text"],
    [JSON.parse('{"__proto__":1}'), "forbidden_key"],
    [{ a: Number.NaN }, "not_finite"],
  ])("is looked at like any other: %j", (value, code) => {
    expect(() => readJson({ flowData: [value] })).toThrow(
      expect.objectContaining({ issues: [expect.objectContaining({ code })] }),
    );
  });

  it("counts towards the limits", () => {
    expect(() => readJson({ flowData: new Array(PARAMS_LIMITS.nodes).fill(1) })).toThrow(
      expect.objectContaining({ code: "PARAMS_TOO_LARGE" }),
    );
  });
});

describe("the limits of one method", () => {
  const many = { items: new Array(60_000).fill(0) };
  it("may be wider than everybody's", () => {
    expect(() => read(many)).toThrow();
    expect(readParams(many, labels, { nodes: 70_000 }).fields).toEqual(many);
  });
  it("may be narrower, each by itself", () => {
    expect(() => readParams({ reason: "abc" }, labels, { textLength: 2 })).toThrow();
    expect(() => readParams(nested(3), labels, { depth: 2 })).toThrow();
  });
});
