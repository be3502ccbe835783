/** Body or query -> input: what each type of content gives, and what is refused with 400, 413 and 415. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readInput } from "../../../../shared/sync-api/wire/input";
import type { ApiRequest } from "../../../../shared/sync-api/wire/request";
import { counted } from "../../../helpers/counts";
import { requestOf } from "../calls";

const LIMIT = 1_000_000;
const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";
const read = (body: string, type?: string, change: Partial<ApiRequest> = {}, limit = LIMIT) =>
  readInput(requestOf({ body, headers: type === undefined ? {} : { "content-type": type }, ...change }), limit);
async function inputOf(...given: Parameters<typeof read>): Promise<unknown> {
  const found = await read(...given);
  if ("refused" in found) throw new Error(JSON.stringify(found.refused));
  expect(found.input.files).toEqual([]);
  return found.input.value;
}
async function refusalOf(...given: Parameters<typeof read>) {
  const found = await read(...given);
  if (!("refused" in found)) throw new Error("it was read");
  const { status, body } = found.refused;
  const { code, message } = (body as { response: { error: { code: string; message: string } } }).response.error;
  return { status, code, message };
}
const base64 = (bytes: string | Buffer) => Buffer.from(bytes as string).toString("base64");

describe("JSON", () => {
  it.each(['{"name":"botman.cc"}', "[1,2]", '"text"', "7", "null", "false", ' {"a": "探亲"}\n'])(
    "%s is read as it is",
    async (text) => {
      expect(await inputOf(text, JSON_TYPE)).toStrictEqual(JSON.parse(text));
      expect(await inputOf(text)).toStrictEqual(JSON.parse(text));
      expect(await inputOf(base64(text), JSON_TYPE, { isBase64: true })).toStrictEqual(JSON.parse(text));
    },
  );

  it("of any kind is read as it was written", () => {
    const texts = fc.json().filter((text) => !/\d[\d.]{15}/.test(text));
    const property = fc.asyncProperty(texts, async (text) => {
      expect(JSON.stringify(await inputOf(text, JSON_TYPE))).toBe(JSON.stringify(JSON.parse(text)));
    });
    return fc.assert(property, { numRuns: counted(4_000) });
  });

  it("keeps the digits of a number that is none in JavaScript", async () => {
    const text =
      '{"id":1549943583216373762,"exact":1000000000000000000,"price":12345678901234567.89,"text":"1549943583216373762"}';
    expect(await inputOf(text, JSON_TYPE)).toStrictEqual({
      id: "1549943583216373762",
      exact: 1_000_000_000_000_000_000,
      price: "12345678901234567.89",
      text: "1549943583216373762",
    });
  });

  it("keeps every digit of any integer, in a number only where that holds it", () => {
    const property = fc.asyncProperty(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), async (integer) => {
      const [found] = (await inputOf(`[${integer}]`, JSON_TYPE)) as [string | number];
      expect(BigInt(found)).toBe(integer);
    });
    return fc.assert(property, { numRuns: counted(4_000) });
  });

  it("with a member __proto__ changes no object", async () => {
    const value = (await inputOf('{"__proto__":{"admin":true},"a":{"__proto__":null}}', JSON_TYPE)) as object;
    expect((value as { admin?: unknown }).admin).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    // It is there for the schema to refuse.
    expect(Object.keys(value)).toEqual(["__proto__", "a"]);
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });

  it.each(["{", "undefined", "{'a':1}", '{"a":1,}', "NaN", "<xml/>", "name=x", " ", '{"a":1}{"b":2}', "// x\n1"])(
    "that is none (%s) is unreadable",
    async (text) => {
      const refused = await refusalOf(text, JSON_TYPE);
      expect(refused).toMatchObject({ status: 400, code: "requestError.unreadableBody" });
      expect(refused.message).toContain("it is no valid JSON");
      expect(refused.message).toContain("不是有效的 JSON");
    },
  );

  it("of a megabyte of brackets costs little, whether or not they are closed", async () => {
    const before = process.cpuUsage();
    expect(await refusalOf("[".repeat(LIMIT), JSON_TYPE)).toMatchObject({ status: 400 });
    expect(await refusalOf('{"a":'.repeat(LIMIT / 5), JSON_TYPE)).toMatchObject({ status: 400 });
    const half = LIMIT / 2;
    const found = await read("[".repeat(half) + "]".repeat(half), JSON_TYPE);
    expect("input" in found || found.refused.status === 400).toBe(true);
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
  });
});

describe("a form", () => {
  it("gives texts, and lists where a name comes again", async () => {
    const body = "reason=%E6%8E%A2%E4%BA%B2&days=3&days=4&days=5&note=a+b%26c&empty=&flag";
    expect(await inputOf(body, FORM_TYPE)).toStrictEqual({
      reason: "探亲",
      days: ["3", "4", "5"],
      note: "a b&c",
      empty: "",
      flag: "",
    });
  });

  it.each(["{}", '{"name":"botman.cc"}', " [1]", '\n{"a":"b=c&d"}'])(
    "that is JSON, as curl -d '%s' sends it, is read as JSON",
    async (text) => expect(await inputOf(text, FORM_TYPE)).toStrictEqual(JSON.parse(text)),
  );

  it("that begins like JSON and is none is unreadable, and not taken for a field", async () => {
    expect(await refusalOf("{name=x", FORM_TYPE)).toMatchObject({ status: 400, code: "requestError.unreadableBody" });
  });

  it("reads what URLSearchParams writes", () => {
    const name = fc.string({ minLength: 1 }).filter((text) => text !== "__proto__" && !/^\s*[{[]/.test(text));
    const pairs = fc.array(fc.tuple(name, fc.string()), { minLength: 1, maxLength: 6 });
    const property = fc.asyncProperty(pairs, async (list) => {
      const value = (await inputOf(new URLSearchParams(list).toString(), FORM_TYPE)) as Record<
        string,
        string | string[]
      >;
      const names = [...new Set(list.map(([one]) => one))];
      expect(Object.keys(value).sort()).toEqual(names.sort());
      for (const one of names)
        expect([value[one]].flat()).toEqual(list.filter(([other]) => other === one).map(([, text]) => text));
    });
    return fc.assert(property, { numRuns: counted(4_000) });
  });

  it("with a name that changes what an object is is refused; one that only looks so is a name", async () => {
    expect(await refusalOf("a=1&__proto__=x", FORM_TYPE)).toMatchObject({ status: 400 });
    expect(await refusalOf("%5F_proto__=x", FORM_TYPE)).toMatchObject({ status: 400 });
    expect(await inputOf("constructor=x&toString=y&toString=z", FORM_TYPE)).toEqual({
      constructor: "x",
      toString: ["y", "z"],
    });
  });
});

describe("a query", () => {
  it("is the input of a GET, whatever its body says", async () => {
    const change = { method: "GET", query: { customerId: "12345", tag: ["a", "b"] } };
    for (const body of ["", '{"a":1}', "{"])
      expect(await inputOf(body, JSON_TYPE, change)).toEqual({ customerId: "12345", tag: ["a", "b"] });
  });

  it("is the input of a POST without a body, whatever type it names", async () => {
    for (const type of [undefined, JSON_TYPE, FORM_TYPE, "text/plain"])
      expect(await inputOf("", type, { query: { name: "x" } })).toEqual({ name: "x" });
    expect(await inputOf("")).toEqual({});
  });

  it("beside a body is no part of the input", async () => {
    expect(await inputOf('{"a":1}', JSON_TYPE, { query: { b: "2" } })).toEqual({ a: 1 });
  });
});

describe("the type", () => {
  it.each([
    "application/json",
    "Application/JSON",
    "application/json;charset=utf-8",
    "application/json; Charset=UTF-8",
    'application/json; charset="utf-8"',
    "application/json; charset=utf8",
    "application/json ; version=1; charset=utf-8",
  ])("%s is JSON", async (type) => expect(await inputOf('{"a":1}', type)).toEqual({ a: 1 }));

  it("of a form may have its charset", async () => {
    expect(await inputOf("a=1", `${FORM_TYPE}; charset=UTF-8`)).toEqual({ a: "1" });
  });

  it.each([
    "",
    "text/plain",
    "text/json",
    "application/xml",
    "application/octet-stream",
    "application/problem+json",
    "json",
    "*/*",
    "constructor",
    "__proto__",
    "application/json; charset=gbk",
    "application/json; charset=iso-8859-1",
    "application/x-www-form-urlencoded; charset=gb2312",
    "application/json, text/plain",
  ])("%j is not taken: 415, which says what is", async (type) => {
    const refused = await refusalOf('{"a":1}', type);
    expect(refused).toMatchObject({ status: 415, code: "requestError.unsupportedMediaType" });
    for (const taken of [JSON_TYPE, FORM_TYPE, "multipart/form-data", "utf-8"])
      expect(refused.message).toContain(taken);
  });
});

describe("bytes", () => {
  it.each([JSON_TYPE, FORM_TYPE])("that are no UTF-8 are unreadable as %s", async (type) => {
    // "探亲" in GBK, a lone continuation byte, an overlong slash, half of a character pair.
    for (const bytes of [
      [0xcc, 0xbd, 0xc7, 0xd7],
      [0x22, 0x80, 0x22],
      [0xc0, 0xaf],
      [0xed, 0xa0, 0x80],
    ]) {
      const refused = await refusalOf(base64(Buffer.from(bytes)), type, { isBase64: true });
      expect(refused).toMatchObject({ status: 400, code: "requestError.unreadableBody" });
      expect(refused.message).toContain("utf-8");
    }
  });

  it("that begin with a byte order mark are JSON like others", async () => {
    expect(await inputOf(base64('\ufeff{"a":1}'), JSON_TYPE, { isBase64: true })).toEqual({ a: 1 });
  });
});

describe("the length", () => {
  it("may be exactly the limit, and not a byte more: 413, which names the limit", async () => {
    expect(await inputOf('"12"', JSON_TYPE, {}, 4)).toBe("12");
    const refused = await refusalOf('"123"', JSON_TYPE, {}, 4);
    expect(refused).toMatchObject({ status: 413, code: "requestError.payloadTooLarge" });
    expect(refused.message).toContain("at most 4 bytes");
    expect(refused.message).toContain("最多 4 字节");
  });

  it("counts in bytes, not in characters", async () => {
    expect(await refusalOf('"探"', JSON_TYPE, {}, 4)).toMatchObject({ status: 413 });
    expect(await inputOf('"探"', JSON_TYPE, {}, 5)).toBe("探");
  });

  it("of base64 is that of what it holds", async () => {
    expect(await inputOf(base64('"12"'), JSON_TYPE, { isBase64: true }, 4)).toBe("12");
    expect(await refusalOf(base64('"123"'), JSON_TYPE, { isBase64: true }, 4)).toMatchObject({ status: 413 });
  });

  it("counts before anything is read: also of a GET, of another type, and of what is unreadable", async () => {
    const long = "{".repeat(11);
    expect(await refusalOf(long, JSON_TYPE, { method: "GET" }, 10)).toMatchObject({ status: 413 });
    expect(await refusalOf(long, "text/plain", {}, 10)).toMatchObject({ status: 413 });
    expect(await refusalOf(long, JSON_TYPE, {}, 10)).toMatchObject({ status: 413 });
  });
});
