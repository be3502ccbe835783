/** What arrives at the platform for a path, a query, headers and bodies, and what is refused before it leaves. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { InterfaceError } from "../../../../shared/proxy/error";
import type { ReceivedRequest, ScriptedServer } from "../../../helpers/scripted-server";
import { $proxy, openSample } from "../sample-platform";

let server: ScriptedServer;
beforeAll(async () => {
  server = await openSample();
});
afterAll(() => server.close());
beforeEach(() => {
  server.received.length = 0;
});

async function arrived(call: Promise<unknown>): Promise<ReceivedRequest> {
  await call;
  return server.received[0] as ReceivedRequest;
}

async function refused(call: () => Promise<unknown>): Promise<string> {
  const failure = await call().then(
    () => new Error("it was sent"),
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ kind: "param", platform: "sample" });
  expect(server.received).toEqual([]);
  return (failure as InterfaceError).text.en;
}

describe("a path", () => {
  it.each([
    ["../admin", "..%2Fadmin"],
    ["a/b\\c", "a%2Fb%5Cc"],
    ["%2e%2e", "%252e%252e"],
    ["a?b#c", "a%3Fb%23c"],
    ["@evil.com", "%40evil.com"],
    ["张三 &", "%E5%BC%A0%E4%B8%89%20%26"],
    ["!'()*~", "%21%27%28%29%2A~"],
    ["...", "..."],
  ])("carries %j in its one segment", async (id, encoded) => {
    expect((await arrived($proxy("sample").getItem(id))).path).toBe(`/base/items/${encoded}?v=1`);
  });

  it.each([
    ["", /must not be empty/],
    [".", /must not be empty, \. or \.\./],
    ["..", /must not be empty, \. or \.\./],
    ["a\nb", /control characters/],
    ["a\0", /control characters/],
    ["\ud800", /lone surrogate/],
  ])("refuses %j", async (id, told) => {
    expect(await refused(() => $proxy("sample").getItem(id))).toMatch(told);
  });

  it("refuses two dots that two values make up", async () => {
    expect(await refused(() => $proxy("sample").twoParts(".", "."))).toMatch(/"a" must not be/);
    expect((await arrived($proxy("sample").twoParts("a", 1))).path).toBe("/base/two/a1/end");
  });

  it.each([
    [2 ** 64, /has lost digits/],
    [Number.NaN, /must be text, a number/],
    [{}, /must be text, a number/],
    [null, /must be text, a number/],
    [undefined, /"a" is missing/],
  ])("refuses %j as a value", async (value, told) => {
    expect(await refused(() => $proxy("sample").twoParts(value, "x"))).toMatch(told);
  });
});

describe("a query", () => {
  const chain = () => $proxy("sample").$api("pick_data");

  it("repeats a name for each member of a list, leaves out what is undefined, and keeps names exact", async () => {
    const members = JSON.parse('{"__proto__":"p","constructor":"c"}');
    const query = { "a b": ["1", 2, true], none: undefined, empty: "", list: [], 名: "值\n" };
    const { path } = await arrived(chain().$query(query).$query(members).$call());
    const name = encodeURIComponent("名");
    expect(path).toBe(`/base/pick?a%20b=1&a%20b=2&a%20b=true&empty=&${name}=%E5%80%BC%0A&__proto__=p&constructor=c`);
    expect(({} as { p?: unknown }).p).toBeUndefined();
  });

  it.each([
    [{ a: {} }],
    [{ a: null }],
    [{ a: [["b"]] }],
    [{ a: Number.POSITIVE_INFINITY }],
    [{ a: 2 ** 60 }],
    [{ a: "\udc00" }],
    [{ "\ud800": 1 }],
  ])("refuses %j", async (query) => {
    await refused(() => chain().$query(query).$call());
  });
});

describe("a header", () => {
  const chain = () => $proxy("sample").$api("pick_data");

  it("arrives as it was given, also from Latin-1", async () => {
    const { headers } = await arrived(chain().$header({ "X-Custom": "value é", "X-Number": 7, "X-Empty": "" }).$call());
    expect(headers).toMatchObject({ "x-custom": "value é", "x-number": "7", "x-empty": "" });
  });

  it("keeps what is beyond ASCII beside a body", async () => {
    const { headers } = await arrived(
      $proxy("sample").$api("put_any").$body({ a: "é" }).$header({ "X-A": "é" }).$call(),
    );
    expect(headers["x-a"]).toBe("é");
  });

  it.each<[object, RegExp]>([
    [{ "X-Name": "张三" }, /Chinese.*encodeURIComponent/],
    [{ "X-Name": "a\r\nX-Evil: 1" }, /no line break/],
    [{ "X-Name": " a" }, /no space at its ends/],
    [{ "X-Name": "\0" }, /control character/],
    [{ "X Name": "a" }, /letters, digits and - only/],
    [{ 名: "a" }, /letters, digits and - only/],
    [{ Host: "evil.com" }, /host is set by the connection/],
    [{ "Content-Length": 1 }, /content-length is set by/],
    [{ "transfer-encoding": "chunked" }, /transfer-encoding is set by/],
    [{ Connection: "upgrade" }, /connection is set by/],
    [{ "Proxy-Authorization": "x" }, /proxy-authorization is set by/],
    [{ Cookie: "a=b" }, /cookie is set by/],
    [{ "x-api-key": "mine" }, /x-api-key is filled in by the authentication/],
    [{ "Content-Type": "text/xml" }, /there is no body/],
    [JSON.parse('{"__proto__":"x"}'), /__proto__ is set by/],
    [{ "X-A": ["a", "b"] }, /must be text/],
  ])("%j is refused with a clear message", async (headers, told) => {
    expect(await refused(() => chain().$header(headers).$call())).toMatch(told);
  });

  it("of the authentication is free where another one authenticates", async () => {
    expect((await arrived(chain().$header({ Authorization: "x" }).$call())).headers.authorization).toBe("x");
  });
});

describe("a body", () => {
  const any = (data: unknown) => $proxy("sample").$api("put_any").$body(data).$call();

  it.each<[unknown]>([
    [{ a: [1, "二", null, { b: false }] }],
    [[]],
    ["text"],
    [0],
    [false],
    [null],
    [{}],
    [JSON.parse('{"__proto__":{"a":1},"constructor":2}')],
  ])("of JSON arrives as it is: %j", async (data) => {
    const { body, headers } = await arrived(any(data));
    expect(String(body)).toBe(JSON.stringify(data));
    expect(headers["content-length"]).toBe(String(body.length));
  });

  it("writes a date as JSON does, and leaves out members that are undefined", async () => {
    const { body } = await arrived(any({ at: new Date(0), none: undefined }));
    expect(String(body)).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
  });

  it.each<[string, unknown, RegExp]>([
    ["NaN", { a: { b: Number.NaN } }, /"a\.b" of the body cannot be JSON/],
    ["a bigint", { a: 1n }, /"a" of the body/],
    ["a function", { a: () => 1 }, /"a" of the body/],
    ["a map", { a: new Map() }, /"a" of the body/],
    ["bytes", new Uint8Array(2), /"\$body" of the body/],
    ["nothing in a list", [1, undefined], /"1" of the body/],
    ["a date that is none", { a: new Date(Number.NaN) }, /"a" of the body/],
    ["a toJSON of its own", { toJSON: () => 1 }, /of the body cannot be JSON/],
  ])("refuses %s, which would arrive as something else", async (_, data, told) => {
    expect(await refused(() => any(data))).toMatch(told);
  });

  it("of a form is encoded, with a name for each member of a list", async () => {
    const chain = $proxy("sample")
      .$api("post_form")
      .$body({ name: "张三&=+", list: [1, 2] });
    const { body, headers } = await arrived(chain.$call());
    expect(headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect([...new URLSearchParams(String(body))]).toEqual([
      ["name", "张三&=+"],
      ["list", "1"],
      ["list", "2"],
    ]);
  });

  it("of a form has no objects in it, and is one itself", async () => {
    await refused(() => $proxy("sample").$api("post_form").$body({ a: {} }).$call());
    expect(await refused(() => $proxy("sample").$api("post_form").$body("a=1").$call())).toMatch(/group of fields/);
  });

  it("of parts carries text and files as they are", async () => {
    const bytes = Buffer.from([0, 13, 10, 255, 45, 45]);
    const file = { fileName: "照片 1.png", bytes, type: "image/png" };
    const chain = $proxy("sample")
      .$api("post_parts")
      .$body({ 名称: "值\r\n--", files: [file, file], n: 1 });
    const { body, headers } = await arrived(chain.$call());
    const form = await new Response(new Uint8Array(body), {
      headers: { "content-type": String(headers["content-type"]) },
    }).formData();
    expect([form.get("名称"), form.get("n")]).toEqual(["值\r\n--", "1"]);
    const files = form.getAll("files") as File[];
    expect(files.map(({ name, type }) => [name, type])).toEqual([
      ["照片 1.png", "image/png"],
      ["照片 1.png", "image/png"],
    ]);
    expect(Buffer.from(await (files[0] as File).arrayBuffer()).equals(bytes)).toBe(true);
  });

  it.each<[object]>([
    [{ 'a"b': "1" }],
    [{ "a\nb": "1" }],
    [{ a: { fileName: "x" } }],
    [{ a: { fileName: "", bytes: Buffer.alloc(1) } }],
    [{ a: { fileName: "x", bytes: Buffer.alloc(1), type: "a\r\nb" } }],
  ])("of parts refuses %j", async (data) => {
    await refused(() => $proxy("sample").$api("post_parts").$body(data).$call());
  });

  it("of text arrives as UTF-8, also with a content type of its own", async () => {
    const chain = $proxy("sample").$api("post_text").$body("<a>文字</a>");
    const { body, headers } = await arrived(
      chain.$header({ "Content-Type": "application/xml; charset=utf-8" }).$call(),
    );
    expect([String(body), headers["content-type"]]).toEqual(["<a>文字</a>", "application/xml; charset=utf-8"]);
    server.received.length = 0;
    expect(await refused(() => $proxy("sample").$api("post_text").$body({}).$call())).toMatch(/must be text/);
  });

  it("that nobody gave is none", async () => {
    const { body, headers } = await arrived($proxy("sample").$api("post_text").$call());
    expect([body.length, headers["content-type"]]).toEqual([0, undefined]);
  });
});
