/** Calls that are refused: each with HTTP 200 and a code, and nothing is changed by any of them. */
import { beforeEach, describe, expect, it } from "vitest";
import { CREDENTIALS, ENV_ID, type Opened, open, post, type RawCall, raw } from "./open-admin";

const BEFORE = [{ _id: "a", n: 1, empty: null, list: [1] }];

let opened: Opened;
beforeEach(async () => {
  opened = await open();
  await opened.things.add(BEFORE);
});

async function expectUntouched(): Promise<void> {
  expect((await opened.things.get()).data).toEqual(BEFORE);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
}

/** @returns the answer of a raw call that must be refused with this code. */
async function expectRefused(body: Record<string, unknown>, code: string, call: RawCall = {}): Promise<string> {
  const { status, answer } = await raw(opened.url, { collectionName: "things", ...body }, call);
  expect(status).toBe(200);
  expect(answer).toEqual({ code, message: expect.any(String), requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  await expectUntouched();
  return String(answer.message);
}

const ON_MISSING: [string, (opened: Opened) => Promise<unknown>][] = [
  ["add", ({ db }) => db.collection("none").add({ _id: "a" })],
  ["doc.get", ({ db }) => db.collection("none").doc("a").get()],
  ["where.get", ({ db }) => db.collection("none").where({ n: 1 }).get()],
  ["count", ({ db }) => db.collection("none").count()],
  ["doc.update", ({ db }) => db.collection("none").doc("a").update({ n: 1 })],
  ["doc.set", ({ db }) => db.collection("none").doc("a").set({ n: 1 })],
  ["where.update", ({ db }) => db.collection("none").where({ n: 1 }).update({ n: 2 })],
  ["doc.remove", ({ db }) => db.collection("none").doc("a").remove()],
  ["where.remove", ({ db }) => db.collection("none").where({ n: 1 }).remove()],
  ["updateAndReturn", ({ db }) => db.collection("none").where({ n: 1 }).updateAndReturn({ n: 2 })],
  ["aggregate", ({ db }) => db.collection("none").aggregate().match({ n: 1 }).end()],
  [
    "lookup",
    ({ db }) =>
      db.collection("things").aggregate().lookup({ from: "none", localField: "n", foreignField: "n", as: "x" }).end(),
  ],
  ["get in a transaction", ({ db }) => db.runTransaction((tx: Opened["db"]) => tx.collection("none").doc("a").get())],
  ["add in a transaction", ({ db }) => db.runTransaction((tx: Opened["db"]) => tx.collection("none").add({ n: 1 }))],
];

describe("a collection that is not there", () => {
  it.each(ON_MISSING)("is an error of its own for %s", async (_name, call) => {
    const failure = await call(opened).then(
      () => undefined,
      (error: Error) => error,
    );
    expect(failure).toMatchObject({ code: "DATABASE_COLLECTION_NOT_EXIST", requestId: expect.any(String) });
    expect(failure?.message).toContain("Db or Table not exist");
    expect(opened.documents.hasCollection("none")).toBe(false);
  });
});

const get = { action: "database.getDocument" };
const modify = { action: "database.modifyDocument", query: '{"_id":"a"}' };
const insert = { action: "database.insertDocument" };
const aggregate = (stageKey: string, stageValue: unknown) => ({
  action: "database.aggregateDocuments",
  stages: [{ stageKey, stageValue: JSON.stringify(stageValue) }],
});
const code = { body: "function () { globalThis.polluted = true }", args: [], lang: "js" };
const nested = (depth: number) => `${'{"x":'.repeat(depth)}1${"}".repeat(depth)}`;

describe("a request that the database cannot do", () => {
  const cases: [string, Record<string, unknown>, string][] = [
    ["an unknown query operator", { ...get, query: '{"n":{"$near":1}}' }, "DATABASE_REQUEST_FAILED"],
    ["an unknown query operator of the top", { ...get, query: '{"$unknown":1}' }, "DATABASE_REQUEST_FAILED"],
    ["code in $where", { ...get, query: JSON.stringify({ $where: code.body }) }, "DATABASE_REQUEST_FAILED"],
    [
      "code in $where of an update",
      { ...modify, query: JSON.stringify({ $where: code.body }), data: '{"$set":{"n":2}}' },
      "DATABASE_REQUEST_FAILED",
    ],
    [
      "code in a query's $expr",
      { ...get, query: JSON.stringify({ $expr: { $function: code } }) },
      "DATABASE_REQUEST_FAILED",
    ],
    [
      "code in a projection",
      { ...get, projection: JSON.stringify({ x: { $function: code } }) },
      "DATABASE_REQUEST_FAILED",
    ],
    ["code in a stage", aggregate("$addFields", { x: { $function: code } }), "DATABASE_REQUEST_FAILED"],
    [
      "code in a group",
      aggregate("$group", {
        _id: null,
        x: { $accumulator: { init: code.body, accumulate: code.body, merge: code.body } },
      }),
      "DATABASE_REQUEST_FAILED",
    ],
    ["code in a match", aggregate("$match", { $where: code.body }), "DATABASE_REQUEST_FAILED"],
    ["a stage that writes", aggregate("$out", "things"), "INVALID_PARAM"],
    ["a stage that merges", aggregate("$merge", { into: "things" }), "INVALID_PARAM"],
    ["a merge inside of a facet", aggregate("$facet", { x: [{ $merge: { into: "things" } }] }), "INVALID_PARAM"],
    [
      "a merge inside of a lookup",
      aggregate("$lookup", { from: "things", as: "x", pipeline: [{ $merge: { into: "things" } }] }),
      "INVALID_PARAM",
    ],
    ["an unknown stage", aggregate("$unknown", {}), "DATABASE_REQUEST_FAILED"],
    [
      "a stage value that is not JSON",
      { action: "database.aggregateDocuments", stages: [{ stageKey: "$match", stageValue: "{" }] },
      "INVALID_PARAM",
    ],
    ["a match that is no object", aggregate("$match", "x"), "DATABASE_REQUEST_FAILED"],
    ["no stages", { action: "database.aggregateDocuments", stages: [] }, "INVALID_PARAM"],
    ["an unknown update operator", { ...modify, data: '{"$unknown":{"n":1}}' }, "DATABASE_REQUEST_FAILED"],
    ["an update without operators", { ...modify, data: '{"n":2}' }, "INVALID_PARAM"],
    ["an operator that is no object", { ...modify, data: '{"$set":null}' }, "DATABASE_REQUEST_FAILED"],
    ["a change of the _id", { ...modify, data: '{"$set":{"_id":"b"}}' }, "DATABASE_REQUEST_FAILED"],
    ["a replacement with another _id", { ...modify, merge: false, data: '{"_id":"b"}' }, "DATABASE_REQUEST_FAILED"],
    ["a field below null", { ...modify, data: '{"$set":{"n":2,"empty.x":1}}' }, "DATABASE_REQUEST_FAILED"],
    ["a duplicate _id", { ...insert, data: ['{"_id":"b"}', '{"_id":"a"}'] }, "DATABASE_REQUEST_FAILED"],
    ["an _id that is a list", { ...insert, data: ['{"_id":[1]}'] }, "INVALID_PARAM"],
    ["an _id that is empty", { ...insert, data: ['{"_id":""}'] }, "INVALID_PARAM"],
    ["an _id that only looks like an id", { ...insert, data: ['{"_id":{"toHexString":1}}'] }, "INVALID_PARAM"],
    ["no documents", { ...insert, data: [] }, "INVALID_PARAM"],
    ["a document that is a list", { ...insert, data: ["[1]"] }, "INVALID_PARAM"],
    ["a document that is not JSON", { ...insert, data: ["{_id:1}"] }, "INVALID_PARAM"],
    ["malformed EJSON: an integer", { ...insert, data: ['{"n":{"$numberLong":"many"}}'] }, "INVALID_PARAM"],
    ["malformed EJSON: an id", { ...insert, data: ['{"n":{"$oid":"zzz"}}'] }, "INVALID_PARAM"],
    [
      "malformed EJSON: an expression",
      { ...get, query: '{"s":{"$regularExpression":{"pattern":"(","options":""}}}' },
      "INVALID_PARAM",
    ],
    [
      "a date out of range",
      { ...insert, data: ['{"_id":"b","at":{"$date":{"$numberLong":"99999999999999999"}}}'] },
      "DATABASE_REQUEST_FAILED",
    ],
    [
      "a server date out of range",
      { ...insert, data: ['{"_id":"b","at":{"$tcb_server_date":{"offset":1e20}}}'] },
      "INVALID_PARAM",
    ],
    [
      "a field name that begins with a dollar",
      { ...insert, data: ['{"_id":"b","x":{"$unknown":1}}'] },
      "DATABASE_REQUEST_FAILED",
    ],
    ["a field name with a NUL", { ...insert, data: ['{"_id":"b","x\\u0000":1}'] }, "INVALID_PARAM"],
    ["a new field name with a NUL", { ...modify, data: '{"$rename":{"n":"x\\u0000"}}' }, "DATABASE_REQUEST_FAILED"],
    [
      "an object that poses as BSON",
      { ...insert, data: ['{"_id":"b","x":{"_bsontype":"Double","value":1}}'] },
      "DATABASE_REQUEST_FAILED",
    ],
    ["a document nested too deep", { ...insert, data: [nested(101)] }, "INVALID_PARAM"],
    ["a query nested very deep", { ...get, query: nested(5_000) }, "INVALID_PARAM"],
    ["a query nested deeper than any stack", { ...get, query: nested(1_000_000) }, "INVALID_PARAM"],
    ["a key of __proto__", { ...insert, data: ['{"_id":"b","x":{"__proto__":{"polluted":1}}}'] }, "INVALID_PARAM"],
    ["a query of __proto__", { ...get, query: '{"__proto__":{"polluted":1}}' }, "INVALID_PARAM"],
    ["a path through __proto__", { ...modify, data: '{"$set":{"__proto__.polluted":1}}' }, "DATABASE_REQUEST_FAILED"],
    [
      "a rename through __proto__",
      { ...modify, data: '{"$rename":{"n":"__proto__.polluted"}}' },
      "DATABASE_REQUEST_FAILED",
    ],
    ["a stage that adds to __proto__", aggregate("$addFields", { "__proto__.polluted": 1 }), "DATABASE_REQUEST_FAILED"],
    [
      "a lookup into __proto__",
      aggregate("$lookup", { from: "things", localField: "n", foreignField: "n", as: "__proto__" }),
      "DATABASE_REQUEST_FAILED",
    ],
    ["a limit of zero", { ...get, limit: 0 }, "INVALID_PARAM"],
    ["a limit that is a text", { ...get, limit: "5" }, "INVALID_PARAM"],
    ["a broken offset", { ...get, offset: 0.5 }, "INVALID_PARAM"],
    ["no collection", { ...get, collectionName: undefined }, "INVALID_PARAM"],
    ["a collection's name that is no text", { ...get, collectionName: ["things"] }, "INVALID_PARAM"],
    ["a collection's name with a path", { action: "database.addCollection", collectionName: "../x" }, "INVALID_PARAM"],
    ["a query that is a number", { ...get, query: 5 }, "INVALID_PARAM"],
    [
      "a transaction that never was",
      { action: "database.commitTransaction", transactionId: "none" },
      "DATABASE_TRANSACTION_NOT_EXIST",
    ],
    ["no transaction", { action: "database.abortTransaction" }, "INVALID_PARAM"],
  ];
  it.each(cases)("because of %s is refused", async (_name, body, expected) => {
    await expectRefused(body, expected);
  });

  it("names what is wrong or missing", async () => {
    expect(await expectRefused({ ...insert, data: 5, collectionName: "" }, "INVALID_PARAM")).toMatch(
      /collectionName, data/,
    );
  });

  it("is no reason to pollute anything with a key of constructor", async () => {
    await raw(opened.url, {
      ...modify,
      collectionName: "things",
      data: '{"$set":{"constructor.prototype.polluted":1}}',
    });
    await raw(opened.url, { ...get, collectionName: "things", query: '{"constructor.prototype":{"$exists":true}}' });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    const document: Record<string, unknown> = { constructor: { prototype: { polluted: 1 } }, toString: 1 };
    await opened.things.doc("b").set(document);
    expect((await opened.things.where({ toString: 1 }).get()).data).toEqual([{ ...document, _id: "b" }]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("a call that is not what the platform takes", () => {
  it.each(["", "database.nothing", "constructor", "__proto__", "toString", "hasOwnProperty"])(
    "is refused for its action %j, and gives nothing away",
    async (action) => {
      const message = await expectRefused({ action }, action === "" ? "INVALID_PARAM" : "INVALID_ACTION");
      expect(message).not.toContain(CREDENTIALS.secretKey);
    },
  );

  it("is refused for another environment", async () => {
    await expectRefused({ ...get, envName: "another" }, "INVALID_ENV");
    await expectRefused({ ...get, envName: 5 }, "INVALID_PARAM");
  });

  it("is refused without a signature, with another key's, after ten minutes, or from the future", async () => {
    const nowS = Math.floor(Date.now() / 1_000);
    const write = { ...insert, data: ['{"_id":"b"}'] };
    await expectRefused(write, "SIGN_PARAM_INVALID", { headers: { authorization: "" } });
    await expectRefused(write, "SIGN_PARAM_INVALID", { headers: { authorization: "Bearer x" } });
    const noHeaders = "TC3-HMAC-SHA256 Credential=x, SignedHeaders=, Signature=x";
    for (const authorization of ["TC3-HMAC-SHA256 x", noHeaders, noHeaders.replace("s=", "s=x;constructor")]) {
      await expectRefused(write, "SIGN_PARAM_INVALID", { headers: { authorization } });
    }
    await expectRefused(write, "SIGN_PARAM_INVALID", { secretKey: "another" });
    await expectRefused(write, "SIGN_PARAM_INVALID", { timestamp: nowS - 3_600 });
    await expectRefused(write, "SIGN_PARAM_INVALID", { timestamp: nowS + 3_600 });
    await expectRefused(write, "SIGN_PARAM_INVALID", { headers: { "x-timestamp": "soon" } });
    const longer = { "x-signature-expires": "86400" };
    await expectRefused(write, "SIGN_PARAM_INVALID", { timestamp: nowS - 700, headers: longer });
  });

  it("is refused where a signed body or address was changed on the way", async () => {
    const write = { ...insert, data: ['{"_id":"b","amount":1}'] };
    const tampered = (tamper: (body: string) => string) => expectRefused(write, "SIGN_PARAM_INVALID", { tamper });
    await tampered((body) => body.replace("amount", "AMOUNT"));
    await tampered((body) => body.replace("things", "other_"));
    await tampered((body) => body.replace("{", '{"transactionId":"x",'));
  });

  it.each(["", "no json", "[]", "null", "5", '"text"', "{", `{"x":"${"\\ud800"}"}`])(
    "is refused for a body of %j",
    async (body) => {
      const { status, answer } = await post(`${opened.url}/admin?env=${ENV_ID}`, body, {
        "content-type": "application/json",
      });
      expect(status).toBe(200);
      expect(answer).toMatchObject({ code: body.startsWith('{"') ? "SIGN_PARAM_INVALID" : "INVALID_PARAM" });
      await expectUntouched();
    },
  );

  it("is refused for a body of more than 13 MB", async () => {
    const body = JSON.stringify({ action: "x", padding: "x".repeat(14 * 1024 * 1024) });
    const { status, answer } = await post(`${opened.url}/admin`, body, { "content-type": "application/json" });
    expect(status).toBe(200);
    expect(answer).toMatchObject({ code: "EXCEED_REQUEST_SIZE_LIMIT" });
    await expectUntouched();
  });

  it("does nothing for any other method", async () => {
    expect((await fetch(`${opened.url}/admin`)).status).toBe(404);
    await expectUntouched();
  });
});

describe("a document that grows", () => {
  it("is refused beyond 16 MB, as a whole", async () => {
    const push = () => opened.things.doc("big").update({ list: opened._.push(["x".repeat(6_000_000)]) });
    await opened.things.add({ _id: "big", list: [] });
    await push();
    await push();
    await expect(push()).rejects.toMatchObject({ code: "DATABASE_REQUEST_FAILED" });
    expect(await opened.things.where({ _id: "big", list: opened._.size(2) }).count()).toMatchObject({ total: 1 });
  });
});

describe("a call of a function", () => {
  it("hands its text over as it is", async () => {
    const { result } = await opened.app.callFunction({ name: "greet", data: { n: 1, text: "你好" } });
    expect(result).toEqual({ name: "greet", data: '{"n":1,"text":"你好"}' });
  });

  it("is refused without a name", async () => {
    await expectRefused({ action: "functions.invokeFunction", function_name: "" }, "INVALID_PARAM");
  });
});
