/** The events of HTTP access as the platform's pages print them, and as nobody should send them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runReply } from "../../../../shared/sync-api/wire/envelope";
import {
  type ApiRequest,
  byteLength,
  bytesOf,
  integrationResponse,
  readEvent,
} from "../../../../shared/sync-api/wire/request";
import { anyCharacter } from "../../../helpers/any-character";
import { counted } from "../../../helpers/counts";
import { fixtures } from "../../../helpers/fixtures";

interface Case {
  source: string;
  event: object;
  request: ApiRequest;
}
const events = fixtures<Case>("sync-api/events");
const bare = { httpMethod: "POST", path: "/v1/api/demo/flows/hello" };
const read = (change: object): ApiRequest => {
  const request = readEvent({ ...bare, ...change });
  if (request === undefined) throw new Error("no event");
  return request;
};

describe("an event", () => {
  it.each(events)("%s is read as it is printed", (_, { event, request }) => {
    expect(readEvent(event)).toEqual(request);
  });

  it("needs no more than a method and a path", () => {
    expect(readEvent(bare)).toEqual({
      method: "POST",
      path: "/v1/api/demo/flows/hello",
      headers: {},
      query: {},
      body: "",
      isBase64: false,
      sourceIp: undefined,
    });
  });

  it("is one also with a method and a path that nobody has: it is answered over HTTP", () => {
    const [httpMethod, path] = ["X".repeat(30), `/v1/${"x".repeat(10_000)}`];
    expect(readEvent({ httpMethod, path })).toMatchObject({ method: httpMethod, path });
  });

  it.each([
    undefined,
    null,
    "text",
    7,
    [],
    {},
    { api: "botman/test/sync" },
    { httpMethod: "GET" },
    { path: "/v1" },
    { Type: "Timer", TriggerName: "every-five-minutes", Time: "2026-12-01T00:00:00Z", Message: "" },
  ])("is not %j", (event) => expect(readEvent(event)).toBeUndefined());
});

describe("the path", () => {
  it.each([
    ["/v1/api/demo/flows/hello", "/v1/api/demo/flows/hello"],
    ["/api/demo/flows/hello", "/v1/api/demo/flows/hello"],
    ["api/demo/flows/hello", "/v1/api/demo/flows/hello"],
    ["//v1//api/demo", "/v1/api/demo"],
    ["/v1", "/v1/"],
    ["/", "/v1/"],
    ["", "/v1/"],
    ["/v1/v1/api", "/v1/v1/api"],
    ["/v12/api", "/v1/v12/api"],
    ["/v1/runs/379206788450353152/cancel", "/v1/runs/379206788450353152/cancel"],
    ["/v1/api/a%2Fb/..", "/v1/api/a%2Fb/.."],
  ])("%j counts as %j, whether or not the platform takes the part /v1 away", (path, expected) => {
    expect(read({ path }).path).toBe(expected);
  });
});

describe("a header", () => {
  it.each(["token", "Token", "TOKEN", "tOkEn"])("is found as %s", (name) => {
    expect(read({ headers: { [name]: "123456" } }).headers).toEqual({ token: "123456" });
  });

  it("that is sent twice counts as it was sent first", () => {
    expect(read({ headers: { token: ["first", "second"] } }).headers.token).toBe("first");
    expect(read({ headers: { Token: "first", token: "second" } }).headers.token).toBe("first");
  });

  it("to which proxies add counts as a whole, however its lines are handed on", () => {
    const expected = "10.0.0.1, 203.0.113.7";
    for (const headers of [
      { "x-forwarded-for": expected },
      { "X-Forwarded-For": ["10.0.0.1", "203.0.113.7"] },
      { "X-Forwarded-For": "10.0.0.1", "x-forwarded-for": "203.0.113.7" },
    ])
      expect(read({ headers }).headers["x-forwarded-for"]).toBe(expected);
  });

  it.each([[null], [1], [true], [{}], [[]], [[1]], [undefined]])("of the value %j is left out", (value) => {
    expect(read({ headers: { token: value } }).headers).toEqual({});
  });

  it("gives nothing to the one who asks for a name that every object has", () => {
    const { headers } = read({ headers: JSON.parse('{"__proto__":"x","constructor":"y"}') as object });
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
    expect(headers.polluted).toBeUndefined();
    expect(Object.hasOwn(headers, "__proto__")).toBe(false);
  });
});

describe("the query", () => {
  it("has texts, and lists of texts; anything else is left out", () => {
    const queryStringParameters = { a: "1", b: ["x", "y"], c: 3, d: null, e: { f: 1 }, g: [1, "z", null], h: "" };
    expect(read({ queryStringParameters }).query).toEqual({ a: "1", b: ["x", "y"], g: ["z"], h: "" });
  });

  it("has no member that changes what an object is", () => {
    const queryStringParameters = JSON.parse('{"__proto__":["x"],"constructor":"y","a":"1"}') as object;
    const { query } = read({ queryStringParameters });
    expect(Object.getPrototypeOf(query)).toBe(Object.prototype);
    expect(Object.entries(query)).toEqual([
      ["constructor", "y"],
      ["a", "1"],
    ]);
  });
});

describe("the body", () => {
  it.each([
    [true, true],
    ["true", true],
    [false, false],
    ["false", false],
    [null, false],
  ])("is base64 where isBase64Encoded is %j: %j", (isBase64Encoded, isBase64) => {
    expect(read({ isBase64Encoded, body: "e30=" })).toMatchObject({ isBase64, body: "e30=" });
  });

  it.each([
    [undefined, ""],
    [null, ""],
    ["", ""],
    [{ a: [1] }, '{"a":[1]}'],
    [[1], "[1]"],
    [0, "0"],
    [false, "false"],
  ])("given as %j is the text %j", (body, text) => expect(read({ body }).body).toBe(text));

  it("that is nested too deep to be written is none that can be read", () => {
    let body: unknown = [];
    for (let level = 0; level < 100_000; level += 1) body = [body];
    expect(readEvent({ ...bare, body })).toBeUndefined();
  });

  it("has the length of its bytes, also before it is decoded", () => {
    const property = fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: anyCharacter }),
      (bytes, text) => {
        const body = { body: Buffer.from(bytes).toString("base64"), isBase64: true };
        expect(bytesOf(body).equals(bytes)).toBe(true);
        expect(byteLength(body)).toBe(bytes.length);
        expect(byteLength({ body: text, isBase64: false })).toBe(Buffer.byteLength(text));
      },
    );
    fc.assert(property, { numRuns: counted(4_000) });
  });
});

describe("what the platform says of a request", () => {
  it.each(["cdbb96328072184d19d3fcd243e8cc4d", "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"])(
    "is its id %s, which is answered as a header",
    (requestId) => expect(read({ requestContext: { requestId } }).requestId).toBe(requestId),
  );

  it.each([[""], ["a b"], ["x\r\nset-cookie: a=b"], ["x".repeat(101)], [7], [null], [{}]])(
    "is no id where it says %j",
    (requestId) => expect(read({ requestContext: { requestId } })).not.toHaveProperty("requestId"),
  );

  it("is where it comes from", () => {
    expect(read({ requestContext: { sourceIp: "10.0.2.14" } }).sourceIp).toBe("10.0.2.14");
    expect(read({ requestContext: null }).sourceIp).toBeUndefined();
  });
});

describe("whatever comes", () => {
  it("is read to texts and lists of texts, or is no event; nothing is thrown", () => {
    const odd = fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true });
    const member = (likely: fc.Arbitrary<unknown>) => fc.oneof({ weight: 2, arbitrary: likely }, odd);
    const event = fc.record(
      {
        httpMethod: member(fc.constantFrom("get", "POST", "OPTIONS")),
        path: member(fc.webPath()),
        headers: member(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string()), odd))),
        queryStringParameters: member(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string()), odd))),
        requestContext: member(fc.record({ requestId: odd, sourceIp: odd }, { requiredKeys: [] })),
        body: member(fc.string()).filter((body) => typeof body !== "bigint"),
        isBase64Encoded: member(fc.boolean()),
      },
      { requiredKeys: ["httpMethod", "path"] },
    );
    const property = fc.property(event, (given) => {
      // As it comes over the wire.
      let wire: unknown;
      try {
        wire = JSON.parse(JSON.stringify(given));
      } catch {
        return;
      }
      const request = readEvent(wire);
      if (request === undefined) return;
      expect(request.method).toBe(request.method.toUpperCase());
      expect(request.path).toMatch(/^\/v1\//);
      expect(typeof request.body).toBe("string");
      for (const [name, value] of Object.entries(request.headers)) {
        expect(name).toBe(name.toLowerCase());
        expect(typeof value).toBe("string");
      }
      for (const value of Object.values(request.query).flat()) expect(typeof value).toBe("string");
    });
    fc.assert(property, { numRuns: counted(10_000) });
  });
});

describe("an answer that is longer than a function may give", () => {
  const uid = "379206788450353152";
  const long = "探".repeat(1_700_000);
  const responseOf = (output: unknown, isRaw = false) =>
    integrationResponse(runReply({ uid, state: "succeeded" }, output, isRaw), undefined);

  it("is given without its output, and says so", () => {
    const { statusCode, headers, body } = responseOf(long);
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({ "x-run-uid": uid });
    expect(JSON.parse(body)).toEqual({
      response: { data: "", code: 0, msg: expect.stringContaining("输出太大"), uid },
    });
  });

  it("is counted in bytes, not in characters", () => {
    expect(JSON.parse(responseOf("x".repeat(4_900_000)).body)).toHaveProperty("response.data.length", 4_900_000);
    expect(JSON.parse(responseOf("x".repeat(5_100_000)).body)).toHaveProperty("response.data", "");
  });

  it.each([[long], [{ response: { name: long } }], [{ response: long }], [[long]]])(
    "of a raw route has the members of the envelope in place of its output (%#)",
    (output) => {
      expect(JSON.parse(responseOf(output, true).body)).toEqual({
        data: "",
        code: 0,
        msg: expect.stringContaining("输出太大"),
        uid,
      });
    },
  );
});

describe("an integration response", () => {
  it("is JSON that nobody keeps or takes for something else, with the platform's id of the request", () => {
    const reply = { status: 202, headers: { location: "/v1/runs/1" }, body: { response: { uid: "1" } } };
    expect(integrationResponse(reply, "r-1")).toStrictEqual({
      statusCode: 202,
      headers: {
        "content-type": "application/json; charset=utf-8",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "x-request-id": "r-1",
        location: "/v1/runs/1",
      },
      body: '{"response":{"uid":"1"}}',
      isBase64Encoded: false,
    });
    expect(integrationResponse(reply, undefined).headers).not.toHaveProperty("x-request-id");
  });

  it("of no content has no body, and of a raw text has it as JSON", () => {
    expect(integrationResponse({ status: 204, headers: {}, body: undefined }, undefined).body).toBe("");
    expect(integrationResponse({ status: 200, headers: {}, body: "" }, undefined).body).toBe('""');
  });
});
