/** Any path, query, header and body value at all: what arrives at a platform is exactly what was asked, or nothing is sent. */
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, it } from "vitest";
import * as z from "zod";
import { createProxy } from "../../shared/proxy/client";
import { InterfaceError } from "../../shared/proxy/error";
import { counted } from "../helpers/counts";
import { keptLog } from "../helpers/kept-log";
import { openScriptedServer, type ReceivedRequest, type ScriptedServer } from "../helpers/scripted-server";
import { must, mustEqual } from "./must";

const any = z.unknown();
// Idempotent, so that connections are kept: else the machine runs out of ports.
const put = { method: "PUT", path: "/body", idempotent: true, response: { type: "text" } } as const;
const $proxy = createProxy([
  {
    platform_key: "fuzz",
    title: { zh: "随机", en: "Fuzz" },
    retry: { tries: 1 },
    instances: [{ instance_key: "main", baseUrlVariable: "FUZZ_URL", allowPrivate: true }],
    interfaces: {
      path: {
        method: "GET",
        path: "/p/{a}/x{b}y/end",
        args: [
          { name: "a", in: "path", schema: any },
          { name: "b", in: "path", schema: any },
        ],
        response: { type: "text" },
      },
      query: { method: "GET", path: "/q", response: { type: "text" } },
      json: put,
      merged: { ...put, body: { fixed: "1", nested: { a: 1 } } },
      form: { ...put, contentType: "form" },
      multipart: { ...put, contentType: "multipart" },
      text: { ...put, contentType: "text" },
    },
  },
]);

const log = keptLog();
beforeEach(() => void log.take());
let server: ScriptedServer;
beforeAll(async () => {
  server = await openScriptedServer();
  process.env.FUZZ_URL = `${server.url}/base`;
});
afterAll(() => server.close());

/** What arrived; `undefined` where the call was refused, and then nothing arrived. */
async function arrived(call: () => Promise<unknown>): Promise<ReceivedRequest | undefined> {
  server.received.length = 0;
  try {
    await call();
  } catch (error) {
    must(error instanceof InterfaceError && error.kind === "param", "a refusal of what was given", error);
    must(server.received.length === 0, "nothing sent", server.received);
    return undefined;
  }
  must(server.received.length === 1, "sent once", server.received);
  return server.received[0];
}

const NASTY = [
  "",
  ".",
  "..",
  "%2e%2e",
  "../a",
  "..\\a",
  "//evil",
  "a\r\nb: c",
  "\0",
  "\t",
  " a ",
  "?a=1",
  "#",
  "@",
  "张三",
  "é",
];
const units = fc.oneof(
  fc.integer({ min: 0, max: 0x7f }),
  fc.integer({ min: 0, max: 0xff }),
  fc.integer({ min: 0, max: 0xffff }),
);
const text = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 3, arbitrary: fc.string({ unit: "grapheme" }) },
  { weight: 3, arbitrary: fc.array(units, { maxLength: 12 }).map((codes) => String.fromCharCode(...codes)) },
);
const token = fc.stringMatching(/^x-[a-z0-9-]{1,12}$/);
const name = fc.oneof(text, fc.constantFrom("__proto__", "constructor", "a b", "名"), fc.string());
const odd = fc.anything({ maxDepth: 3, withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });

const isWhole = (one: string) => !/\p{Surrogate}/u.test(one);
const isPathValue = (one: string) => isWhole(one) && !/^\.{0,2}$/.test(one) && !/\p{Cc}/u.test(one);
const isHeaderValue = (one: string) => /^[\t\x20-\x7e\xa0-\xff]*$/.test(one) && !/^[\s\xa0]|[\s\xa0]$/.test(one);
const isFormName = (one: string) => one !== "" && isWhole(one) && !/["\\\p{Cc}]/u.test(one);

/** A hundred thousand in all. */
const runs = { numRuns: counted(20_000) };

describe("what a caller gives", () => {
  it("for a path arrives in its own segment", async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (a, b) => {
        const request = await arrived(() => $proxy("fuzz").path(a, b));
        const isSent = isPathValue(a) && isPathValue(b);
        must((request !== undefined) === isSent, "sent where it can be", isSent, request);
        if (request === undefined) return;
        const segments = request.path.split("/").map(decodeURIComponent);
        mustEqual(segments, ["", "base", "p", a, `x${b}y`, "end"]);
      }),
      runs,
    );
  });

  it("for a query arrives by name and value, in order", async () => {
    const pairs = fc.uniqueArray(fc.tuple(name, fc.oneof(text, fc.array(text, { maxLength: 3 }))), {
      maxLength: 3,
      selector: ([key]) => key,
    });
    await fc.assert(
      fc.asyncProperty(pairs, async (members) => {
        const query = Object.fromEntries(members);
        const asked = Object.keys(query).flatMap((key) => [query[key] ?? []].flat().map((one) => [key, one]));
        const request = await arrived(() => $proxy("fuzz").$api("query").$query(query).$call());
        const isSent = Object.keys(query).every(isWhole) && asked.flat().every((one) => isWhole(String(one)));
        must((request !== undefined) === isSent, "sent where it can be", isSent, request);
        if (request === undefined) return;
        const [path, found = ""] = request.path.split("?");
        must(path === "/base/q", "the path", path);
        const read = found === "" ? [] : found.split("&").map((pair) => pair.split("=").map(decodeURIComponent));
        mustEqual(read, asked);
      }),
      runs,
    );
  });

  it("for a header arrives as it is", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof({ weight: 3, arbitrary: token }, { weight: 1, arbitrary: name }),
        text,
        async (key, value) => {
          const before = JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(value)}}`);
          const request = await arrived(() => $proxy("fuzz").$api("query").$header(before).$call());
          const isSent = isHeaderValue(value);
          if (/^x-/.test(key)) must((request !== undefined) === isSent, "sent where it can be", isSent, request);
          if (request !== undefined) must(request.headers[key.toLowerCase()] === value, "as it is", request);
        },
      ),
      runs,
    );
  });

  it("for a JSON body arrives equal, beside fixed members too", async () => {
    const object = fc.dictionary(name, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
    const json = fc.oneof(fc.jsonValue({ maxDepth: 4 }), object);
    const data = fc.oneof({ weight: 3, arbitrary: json }, { weight: 1, arbitrary: odd });
    await fc.assert(
      fc.asyncProperty(data, fc.constantFrom("json", "merged"), async (value, key) => {
        fc.pre(value !== undefined);
        const request = await arrived(() =>
          $proxy("fuzz")
            .$api(key as "json")
            .$body(value)
            .$call(),
        );
        if (request === undefined) must(!isJson(value), "sent where it can be", value);
        else if (key === "merged" && isObject(value)) expectMembers(JSON.parse(String(request.body)), value);
        else must(String(request.body) === JSON.stringify(value), "equal", value, String(request.body));
      }),
      runs,
    );
  });

  it("for a form, parts of one, or a text arrives equal", async () => {
    const fields = fc.uniqueArray(fc.tuple(name, text), { minLength: 1, maxLength: 3, selector: ([key]) => key });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("form", "multipart"), fields, async (kind, pairs) => {
        const given = Object.fromEntries(pairs);
        const request = await arrived(() =>
          $proxy("fuzz")
            .$api(kind as "form")
            .$body(given)
            .$call(),
        );
        const isName = kind === "multipart" ? isFormName : isWhole;
        const isSent = pairs.every(([key, one]) => isName(key) && isWhole(one));
        must((request !== undefined) === isSent, "sent where it can be", isSent, request);
        if (request !== undefined) mustEqual(await fieldsOf(request), Object.entries(given));
      }),
      runs,
    );
    await fc.assert(
      fc.asyncProperty(text, async (whole) => {
        const request = await arrived(() => $proxy("fuzz").$api("text").$body(whole).$call());
        const found = request === undefined ? undefined : String(request.body);
        must(found === (isWhole(whole) ? whole : undefined), "equal", whole, found);
      }),
      { numRuns: runs.numRuns / 10 },
    );
  });
});

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Each member that was given is there with its value, but for those that are merged with a fixed one. */
function expectMembers(found: object, given: object): void {
  const read = (from: object, key: string) => JSON.stringify(Object.getOwnPropertyDescriptor(from, key)?.value);
  for (const key of Object.keys(given)) {
    if (key === "nested" || read(given, key) === undefined) continue;
    must(read(found, key) === read(given, key), "each member", key, found, given);
  }
  const added = Object.keys(found).filter((key) => !Object.hasOwn(given, key));
  must(
    added.every((key) => key === "fixed" || key === "nested"),
    "no other member",
    added,
  );
}

/** What JSON can carry without a loss. */
function isJson(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null)
    return typeof value === "string" || typeof value === "boolean" || value === null;
  if (Array.isArray(value)) return value.every((member) => isJson(member));
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return false;
  return (
    !Object.hasOwn(value, "toJSON") && Object.values(value).every((member) => member === undefined || isJson(member))
  );
}

/** Read by somebody else's parser. */
async function fieldsOf({ headers, body }: ReceivedRequest): Promise<[string, unknown][]> {
  const type = String(headers["content-type"]);
  return [...(await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData())];
}
