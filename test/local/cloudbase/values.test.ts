/** Values of every kind: they are the same after a write, a restart and a read. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openDocuments } from "../../../local/cloudbase/documents";
import { decode, encode } from "../../../local/cloudbase/ejson";
import { counted } from "../../helpers/counts";
import { open, raw, temporaryDir } from "./open-admin";

const NUMBERS = [
  0,
  1.5,
  -0.25,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  -(2 ** 31) - 1,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 53) - 2,
  1000000000000000000,
  1e300,
  5e-324,
];

describe("a value", () => {
  it("written by the SDK is read the same after a restart", async () => {
    const opened = await open();
    const id = new opened.db.ObjectId({ id: "0123456789abcdef01234567" });
    const document = {
      numbers: NUMBERS,
      // The SDK itself sends this one as the integer 0.
      negativeZero: -0,
      date: new Date(1_700_000_000_123),
      early: new Date(-1),
      id,
      nothing: null,
      text: "你好 😀 \u2028",
      nested: [[1, [2, []]], { x: [{ y: null }] }],
      yes: true,
    };
    await opened.things.doc("a").set(document);
    const [written] = (await opened.things.doc("a").get()).data;
    await opened.close();
    const { things, db, _ } = await open({ dir: opened.dir });
    const [read] = (await things.doc("a").get()).data;
    expect(read).toEqual(written);
    // The SDK answers an ObjectId in a form of its own.
    expect({ ...read, id }).toEqual({ ...document, _id: "a", negativeZero: 0 });
    expect(await things.where({ id: new db.ObjectId({ id: "0123456789abcdef01234567" }) }).count()).toMatchObject({
      total: 1,
    });
    expect(await things.where({ numbers: 1000000000000000000, date: _.gt(new Date(0)) }).count()).toMatchObject({
      total: 1,
    });
  });

  const EXACT = [
    '{"$numberLong":"9007199254740993"}',
    '{"$numberLong":"-9007199254740993"}',
    '{"$numberLong":"9223372036854775807"}',
    '{"$numberLong":"-9223372036854775808"}',
    '{"$numberLong":"1000000000000000000"}',
    '{"$numberInt":"-2147483648"}',
    '{"$numberDouble":"-0.0"}',
    '{"$numberDouble":"NaN"}',
    '{"$numberDouble":"-Infinity"}',
    '{"$numberDouble":"1e+300"}',
    '{"$numberDecimal":"0.10"}',
    '{"$oid":"0123456789abcdef01234567"}',
    '{"$regularExpression":{"pattern":"^a.*\\\\d","options":"im"}}',
    '{"$date":{"$numberLong":"-62135596800000"}}',
    '{"$binary":{"base64":"AAEC","subType":"00"}}',
    '{"$timestamp":{"t":1,"i":2}}',
    '{"$minKey":1}',
  ];
  it.each(EXACT)("sent as %s comes back as it was, also after a restart", async (text) => {
    const before = await open();
    const get = { action: "database.getDocument", collectionName: "things", query: '{"_id":"a"}' };
    await raw(before.url, {
      action: "database.insertDocument",
      collectionName: "things",
      data: [`{"_id":"a","v":${text}}`],
    });
    const listed = JSON.stringify({ list: [`{"_id":"a","v":${text}}`] });
    expect((await raw(before.url, get)).text).toContain(listed);
    await before.close();
    const after = await open({ dir: before.dir });
    expect((await raw(after.url, get)).text).toContain(listed);
    expect(await after.things.doc("a").update({ other: 1 })).toMatchObject({ updated: 1 });
    expect((await raw(after.url, get)).text).toContain(text.replaceAll("\\", "\\\\").replaceAll('"', '\\"'));
  });

  it("of any number that is exact in JavaScript is read as it was written", () => {
    const doubles = fc.oneof(
      fc.double(),
      fc.maxSafeInteger(),
      fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(Number),
    );
    const isSame = (n: number) => Object.is((decode(encode({ n }), 0) as { n: number }).n, n);
    fc.assert(fc.property(doubles, isSame), { numRuns: counted(20_000) });
    for (const n of [2 ** 63, -(2 ** 63), 2 ** 64, Number.MAX_VALUE]) expect(isSame(n)).toBe(true);
  });
});

type Step = { kind: "insert" | "update" | "remove"; id: string; value: fc.JsonValue };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom("insert", "update", "remove"),
    id: fc.constantFrom("a", "b", "c", "d"),
    value: fc.jsonValue({ maxDepth: 3, noUnicodeString: false }),
  }),
  { maxLength: 30 },
);

/** Keys that a database refuses are another test's matter. */
const isStorable = (value: unknown): boolean => {
  try {
    encode(value);
    return true;
  } catch {
    return false;
  }
};

describe("any sequence of changes", () => {
  it("is the same content after the folder is opened again", async () => {
    const property = fc.asyncProperty(steps, fc.nat({ max: 30 }), async (all, compactAt) => {
      const dir = await temporaryDir();
      const documents = await openDocuments({ dir });
      await documents.createCollection("things");
      const expected = new Map<string, unknown>();
      for (const [at, { kind, id, value }] of all.entries()) {
        if (!isStorable({ value })) continue;
        const document = kind === "remove" ? undefined : { _id: id, kind, value };
        await documents.apply([{ collection: "things", id, document }]);
        if (document === undefined) expected.delete(id);
        else expected.set(id, document);
        if (at === compactAt) await documents.compact();
      }
      const before = [...documents.documents("things")].map(encode).sort();
      await documents.close();
      const again = await openDocuments({ dir });
      expect([...again.documents("things")].map(encode).sort()).toEqual(before);
      expect(before).toEqual([...expected.values()].map(encode).sort());
      await again.close();
    });
    await fc.assert(property, { numRuns: counted(1_000) });
  });
});
