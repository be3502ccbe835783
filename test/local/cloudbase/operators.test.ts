/** The command operators of the real SDK, in updates and in queries. */
import { beforeEach, describe, expect, it } from "vitest";
import { type Opened, open } from "./open-admin";

let opened: Opened;
beforeEach(async () => {
  opened = await open();
});

type Command = Opened["_"];
/** Its published type lacks the arguments. */
type Mod = (divisor: number, remainder: number) => object;

describe("an update command", () => {
  const cases: [string, (command: Command) => object, object, object][] = [
    ["inc", (_) => ({ n: _.inc(2), made: _.inc(1) }), { n: 1 }, { n: 3, made: 1 }],
    ["mul", (_) => ({ n: _.mul(3), made: _.mul(3) }), { n: 2 }, { n: 6, made: 0 }],
    ["min", (_) => ({ n: _.min(2), m: _.min(9) }), { n: 5, m: 5 }, { n: 2, m: 5 }],
    ["max", (_) => ({ n: _.max(9), m: _.max(2) }), { n: 5, m: 5 }, { n: 9, m: 5 }],
    ["push of several", (_) => ({ list: _.push([3, 4]) }), { list: [1] }, { list: [1, 3, 4] }],
    [
      "push with position, sort and slice",
      (_) => ({ list: _.push({ each: [0, 9], position: 0, sort: 1, slice: 3 }) }),
      { list: [5, 1] },
      { list: [0, 1, 5] },
    ],
    ["push that makes the list", (_) => ({ list: _.push(["a"]) }), {}, { list: ["a"] }],
    ["unshift", (_) => ({ list: _.unshift([0, 1]) }), { list: [2] }, { list: [0, 1, 2] }],
    ["pop", (_) => ({ list: _.pop() }), { list: [1, 2] }, { list: [1] }],
    ["shift", (_) => ({ list: _.shift() }), { list: [1, 2] }, { list: [2] }],
    ["pull", (_) => ({ list: _.pull(_.gt(2)) }), { list: [1, 2, 3, 4] }, { list: [1, 2] }],
    [
      "pull of objects",
      (_) => ({ list: _.pull({ k: 1 }) }),
      { list: [{ k: 1, x: 1 }, { k: 2 }] },
      { list: [{ k: 2 }] },
    ],
    ["pullAll", (_) => ({ list: _.pullAll([1, 3]) }), { list: [1, 2, 3, 1] }, { list: [2] }],
    [
      "addToSet",
      (_) => ({ list: _.addToSet(1), more: _.addToSet({ $each: [1, 2] }) }),
      { list: [1], more: [1] },
      { list: [1], more: [1, 2] },
    ],
    ["rename", (_) => ({ old: _.rename("fresh") }), { old: 1 }, { fresh: 1 }],
    [
      "remove",
      (_) => ({ gone: _.remove(), deep: { x: _.remove() } }),
      { gone: 1, deep: { x: 1, y: 2 } },
      { deep: { y: 2 } },
    ],
    ["set of a whole object", (_) => ({ deep: _.set({ y: 2 }) }), { deep: { x: 1 } }, { deep: { y: 2 } }],
    ["a position in a list", () => ({ "list.1": 9, "list.4": 5 }), { list: [1, 2] }, { list: [1, 9, null, null, 5] }],
  ];
  it.each(cases)("%s does what the platform's page says", async (_name, change, before, after) => {
    await opened.things.add({ _id: "a", kept: true, ...before });
    await opened.things.doc("a").update(change(opened._));
    expect((await opened.things.doc("a").get()).data).toEqual([{ _id: "a", kept: true, ...after }]);
  });

  const refusals: [string, (command: Command) => object, object, RegExp][] = [
    ["a field below null", () => ({ deep: { x: 1 } }), { deep: null }, /Cannot create field 'x'/],
    ["a field below a number", () => ({ "deep.x.y": 1 }), { deep: { x: 1 } }, /Cannot create field 'y'/],
    ["a named field of a list", () => ({ "list.name.x": 1 }), { list: [1] }, /Cannot create field 'name'/],
    ["an item far behind the end of a list", () => ({ "list.4294967290": 1 }), { list: [1] }, /backfill/],
    ["inc of a text", (_) => ({ n: _.inc(1) }), { n: "1" }, /\$inc/],
    ["push to a text", (_) => ({ list: _.push([1]) }), { list: "1" }, /\$push/],
    ["pop of null", (_) => ({ list: _.pop() }), { list: null }, /\$pop/],
    ["two changes of one field", (_) => ({ deep: _.set({ x: 1 }), "deep.y": 2 }), { deep: {} }, /conflict/],
    ["a rename to the _id", (_) => ({ n: _.rename("_id") }), { n: 1 }, /immutable/],
    ["a rename to a prefixed name", (_) => ({ n: _.rename("deep.$oid") }), { n: 1 }, /dollar/i],
    ["a prefixed name", () => ({ "deep.$oid": "1" }), { n: 1 }, /dollar/i],
    ["more depth than a document may have", () => ({ [Array(120).fill("x").join(".")]: 1 }), {}, /depth/],
  ];
  it.each(refusals)("for %s is refused, and changes nothing", async (_name, change, before, message) => {
    await opened.things.add({ _id: "a", untouched: 1, ...before });
    const update = opened.things.where({ _id: "a" }).update({ ...change(opened._), untouched: 2 });
    const failure = await update.then(
      () => undefined,
      (error: Error & { code: string }) => error,
    );
    expect(failure).toMatchObject({ code: "DATABASE_REQUEST_FAILED" });
    expect(failure?.message).toMatch(message);
    const content = [{ _id: "a", untouched: 1, ...before }];
    expect((await opened.things.get()).data).toEqual(content);
    await opened.close();
    opened = await open({ dir: opened.dir });
    expect((await opened.things.get()).data).toEqual(content);
  });
});

describe("a query command", () => {
  const documents = [
    { _id: "a", n: 1, s: "Apple", list: [1, 2], deep: [{ k: 1, v: 5 }], at: new Date(1_000) },
    {
      _id: "b",
      n: 5,
      s: "banana",
      list: [2, 3, 4],
      deep: [
        { k: 1, v: 9 },
        { k: 2, v: 1 },
      ],
      at: new Date(2_000),
    },
    { _id: "c", n: 10, s: "苹果", list: [], optional: null },
  ];
  const cases: [string, (opened: Opened) => object, string][] = [
    ["a plain value", () => ({ n: 5 }), "b"],
    ["eq", ({ _ }) => ({ n: _.eq(1) }), "a"],
    ["neq", ({ _ }) => ({ n: _.neq(1) }), "bc"],
    ["gt", ({ _ }) => ({ n: _.gt(5) }), "c"],
    ["gte", ({ _ }) => ({ n: _.gte(5) }), "bc"],
    ["lt", ({ _ }) => ({ n: _.lt(5) }), "a"],
    ["lte of a date", ({ _ }) => ({ at: _.lte(new Date(1_500)) }), "a"],
    ["in", ({ _ }) => ({ n: _.in([1, 10]) }), "ac"],
    ["nin", ({ _ }) => ({ n: _.nin([1, 10]) }), "b"],
    ["and of one field", ({ _ }) => ({ n: _.gt(1).and(_.lt(10)) }), "b"],
    ["and of queries", ({ _ }) => _.and([{ n: _.gt(1) }, { s: "苹果" }]), "c"],
    ["or of one field", ({ _ }) => ({ n: _.eq(1).or(_.eq(10)) }), "ac"],
    ["or of queries", ({ _ }) => _.or([{ n: 1 }, { s: "banana" }]), "ab"],
    ["not", ({ _ }) => ({ n: _.not(_.gt(5)) }), "ab"],
    ["nor", ({ _ }) => _.nor([{ n: 1 }, { s: "banana" }]), "c"],
    ["all", ({ _ }) => ({ list: _.all([2, 3]) }), "b"],
    ["elemMatch", ({ _ }) => ({ deep: _.elemMatch({ k: 1, v: _.gt(6) }) }), "b"],
    ["exists", ({ _ }) => ({ optional: _.exists(true) }), "c"],
    ["a missing field", ({ _ }) => ({ at: _.exists(false) }), "c"],
    ["size", ({ _ }) => ({ list: _.size(3) }), "b"],
    ["mod", ({ _ }) => ({ n: (_.mod as Mod)(5, 0) }), "bc"],
    ["null, which a missing field is as well", () => ({ optional: null }), "abc"],
    ["a member of a list", () => ({ list: 2 }), "ab"],
    ["a nested field", () => ({ "deep.v": 1 }), "b"],
    ["an expression of the SDK", ({ db }) => ({ s: db.RegExp({ regexp: "^a", options: "i" }) }), "a"],
    ["an expression of JavaScript", () => ({ s: /^(苹|BAN)/i }), "bc"],
    ["an own _id with another condition", ({ _ }) => ({ _id: "a", n: _.gt(1) }), ""],
    ["several ids", ({ _ }) => ({ _id: _.in(["a", "c", "none"]) }), "ac"],
    ["a deep nest", ({ _ }) => Array.from({ length: 40 }).reduce<object>((inner) => _.and([inner]), { n: 1 }), "a"],
  ];
  it.each(cases)("of %s finds what fits", async (_name, query, expected) => {
    await opened.things.add(documents);
    const { data } = await opened.things.where(query(opened)).get();
    expect(
      data
        .map(({ _id }: { _id: string }) => _id)
        .sort()
        .join(""),
    ).toBe(expected);
  });

  it("still answers over ten thousand documents", async () => {
    const { documents: store } = opened;
    const change = (n: number) => ({
      collection: "things",
      id: `d${n}`,
      document: { _id: `d${n}`, n, even: n % 2 === 0 },
    });
    await store.apply(Array.from({ length: 10_000 }, (_, n) => change(n)));
    const query = opened.things.where({ even: true, n: opened._.gte(5_000) });
    expect(await query.count()).toMatchObject({ total: 2_500 });
    const { data } = await query.orderBy("n", "desc").skip(2_499).limit(10).get();
    expect(data).toEqual([{ _id: "d5000", n: 5_000, even: true }]);
    expect(await query.update({ n: opened._.inc(1) })).toMatchObject({ updated: 2_500 });
  });
});
