/** Documents, through the real SDK: every call of its document database. */
import { beforeEach, describe, expect, it } from "vitest";
import { type Opened, open } from "./open-admin";

let opened: Opened;
beforeEach(async () => {
  opened = await open();
});

async function addAll(...documents: object[]): Promise<void> {
  await opened.things.add(documents);
}

async function contentOf(id: string): Promise<Record<string, unknown>> {
  const [document] = (await opened.things.doc(id).get()).data;
  return document;
}

describe("add", () => {
  it("keeps the _id that it is given", async () => {
    expect(await opened.things.add({ _id: "own", name: "甲" })).toMatchObject({ id: "own" });
    expect(await contentOf("own")).toEqual({ _id: "own", name: "甲" });
  });

  it("makes an _id of 32 hexadecimal digits where it is given none", async () => {
    const { id } = await opened.things.add({ name: "乙" });
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(await contentOf(String(id))).toEqual({ _id: id, name: "乙" });
  });

  it("takes several documents, all or none", async () => {
    expect(await opened.things.add([{ _id: "a" }, { _id: "b" }])).toMatchObject({ ids: ["a", "b"] });
    await expect(opened.things.add([{ _id: "c" }, { _id: "a" }])).rejects.toThrow(/E11000/);
    await expect(opened.things.add([{ _id: "d" }, { _id: "d" }])).rejects.toThrow(/E11000/);
    expect(await opened.things.count()).toMatchObject({ total: 2 });
  });

  it("tells a number from a text as an _id", async () => {
    await opened.things.add([
      { _id: 1, kind: "number" },
      { _id: "1", kind: "text" },
    ]);
    expect(await contentOf("1")).toEqual({ _id: "1", kind: "text" });
    expect((await opened.things.doc(1).get()).data).toEqual([{ _id: 1, kind: "number" }]);
    await opened.things.doc(1).update({ kind: "changed" });
    expect(await opened.things.doc(2).set({ kind: "set" })).toMatchObject({ upsertedId: 2 });
    expect((await opened.things.orderBy("kind", "asc").get()).data).toEqual([
      { _id: 1, kind: "changed" },
      { _id: 2, kind: "set" },
      { _id: "1", kind: "text" },
    ]);
  });
});

describe("get", () => {
  it("answers an empty list for a document that is not there", async () => {
    expect((await opened.things.doc("none").get()).data).toEqual([]);
  });

  it("answers the named fields only", async () => {
    await addAll({ _id: "a", name: "甲", deep: { x: 1, y: 2 }, big: "…" });
    expect((await opened.things.doc("a").field({ name: true }).get()).data).toEqual([{ _id: "a", name: "甲" }]);
    expect(
      (
        await opened.things
          .where({})
          .field({ deep: { x: 1 }, _id: false })
          .get()
      ).data,
    ).toEqual([{ deep: { x: 1 } }]);
    expect((await opened.things.where({}).field({ big: false, "deep.y": false }).get()).data).toEqual([
      { _id: "a", name: "甲", deep: { x: 1 } },
    ]);
    expect(await contentOf("a")).toEqual({ _id: "a", name: "甲", deep: { x: 1, y: 2 }, big: "…" });
  });

  it("orders by several fields, and answers a page", async () => {
    await addAll(...[3, 1, 2, 3].map((n, i) => ({ _id: `${n}-${i}`, n, i })));
    const { data } = await opened.things.where({}).orderBy("n", "desc").orderBy("i", "asc").skip(1).limit(2).get();
    expect(data.map(({ _id }: { _id: string }) => _id)).toEqual(["3-3", "2-2"]);
    expect((await opened.things.skip(1_000_000_000).get()).data).toEqual([]);
  });

  it("answers 100 documents unless it is told, and never more than 1000", async () => {
    await addAll(...Array.from({ length: 1_000 }, (_, n) => ({ n })));
    await addAll({ n: 1_000 });
    expect((await opened.things.get()).data).toHaveLength(100);
    expect((await opened.things.limit(0).get()).data).toHaveLength(100);
    expect((await opened.things.limit(5_000).get()).data).toHaveLength(1_000);
    expect(await opened.things.count()).toMatchObject({ total: 1_001 });
  });

  it("refuses a negative limit and a negative offset", async () => {
    for (const query of [opened.things.limit(-1), opened.things.skip(-1)]) {
      await expect(query.get()).rejects.toMatchObject({ code: "INVALID_PARAM" });
    }
  });
});

describe("count", () => {
  it("counts what fits", async () => {
    await addAll({ n: 1 }, { n: 2 }, { n: 3 });
    expect(await opened.things.where({ n: opened._.gt(1) }).count()).toMatchObject({ total: 2 });
  });
});

describe("update", () => {
  it("sets nested fields beside those that are there", async () => {
    await addAll({ _id: "a", nested: { x: 1, y: { z: 2 } }, kept: true });
    expect(await opened.things.doc("a").update({ nested: { y: { w: 3 } }, added: [1] })).toMatchObject({ updated: 1 });
    expect(await contentOf("a")).toEqual({ _id: "a", nested: { x: 1, y: { z: 2, w: 3 } }, kept: true, added: [1] });
  });

  it("counts no document that is not there, or stays as it was", async () => {
    await addAll({ _id: "a", n: 1 });
    expect(await opened.things.doc("none").update({ n: 1 })).toMatchObject({ updated: 0 });
    expect(await opened.things.doc("a").update({ n: 1 })).toMatchObject({ updated: 0 });
  });

  it("changes all that fits, or one where it is told so", async () => {
    await addAll({ n: 1 }, { n: 1 }, { n: 2 });
    expect(await opened.things.where({ n: 1 }).update({ seen: true })).toMatchObject({ updated: 2 });
    const one = opened.things.where({ n: opened._.gt(0) }).options({ multiple: false });
    expect(await one.update({ first: true })).toMatchObject({ updated: 1 });
    expect(await opened.things.where({ first: true }).count()).toMatchObject({ total: 1 });
  });

  it("answers the changed document where it is asked to", async () => {
    await addAll({ _id: "a", n: 1 });
    const increment = { n: opened._.inc(2) };
    expect(await opened.things.where({ _id: "a" }).updateAndReturn(increment)).toMatchObject({
      updated: 1,
      doc: { _id: "a", n: 3 },
    });
    expect(await opened.things.where({ _id: "none" }).updateAndReturn(increment)).toMatchObject({
      updated: 0,
      doc: null,
    });
  });
});

describe("set", () => {
  it("makes the document where it is missing, and replaces the whole of it where it is there", async () => {
    expect(await opened.things.doc("a").set({ x: 1, y: 2 })).toMatchObject({ updated: 0, upsertedId: "a" });
    expect(await opened.things.doc("a").set({ y: 3 })).toMatchObject({ updated: 1 });
    expect(await contentOf("a")).toEqual({ _id: "a", y: 3 });
  });
});

describe("remove", () => {
  it("takes away one document, or all that fit", async () => {
    await addAll({ _id: "a", n: 1 }, { _id: "b", n: 1 }, { _id: "c", n: 1 }, { _id: "d", n: 2 });
    expect(await opened.things.doc("a").remove()).toMatchObject({ deleted: 1 });
    expect(await opened.things.doc("a").remove()).toMatchObject({ deleted: 0 });
    expect(await opened.things.where({ n: 1 }).remove()).toMatchObject({ deleted: 2 });
    expect((await opened.things.get()).data).toEqual([{ _id: "d", n: 2 }]);
  });
});

describe("aggregate", () => {
  beforeEach(async () => {
    await addAll({ _id: "a", k: "x", n: 1 }, { _id: "b", k: "x", n: 2 }, { _id: "c", k: "y", n: 5 });
    await opened.db.createCollection("names");
    await opened.db.collection("names").add([
      { _id: "x", name: "甲" },
      { _id: "y", name: "乙" },
    ]);
  });

  it("matches, groups, sorts and limits", async () => {
    const $ = opened.db.command.aggregate;
    const pipeline = opened.things.aggregate().match({ n: opened._.gt(0) });
    const { data } = await pipeline
      .group({ _id: "$k", sum: $.sum("$n") })
      .sort({ sum: -1 })
      .limit(1)
      .end();
    expect(data).toEqual([{ _id: "y", sum: 5 }]);
  });

  it("looks up another collection", async () => {
    const looked = opened.things.aggregate().match({ _id: "c" });
    const lookup = { from: "names", localField: "k", foreignField: "_id", as: "names" };
    expect((await looked.lookup(lookup).end()).data).toEqual([
      { _id: "c", k: "y", n: 5, names: [{ _id: "y", name: "乙" }] },
    ]);
  });

  it("leaves the documents as they are, whatever its stages do to them", async () => {
    const lookup = { from: "names", localField: "k", foreignField: "_id", as: "names" };
    const pipeline = opened.things.aggregate().addFields({ extra: 1, n: 0 }).lookup(lookup).unwind("$names");
    await pipeline.addFields({ "names.name": "changed" }).project({ k: 0 }).end();
    expect(await contentOf("a")).toEqual({ _id: "a", k: "x", n: 1 });
    expect((await opened.db.collection("names").doc("x").get()).data).toEqual([{ _id: "x", name: "甲" }]);
  });
});

describe("createCollection", () => {
  it("makes a collection once", async () => {
    await opened.db.createCollection("更多");
    expect(await opened.db.collection("更多").count()).toMatchObject({ total: 0 });
    await expect(opened.db.createCollection("更多")).rejects.toMatchObject({
      code: "DATABASE_COLLECTION_ALREADY_EXIST",
    });
  });
});

describe("serverDate", () => {
  it("is the platform's own time, moved by the offset", async () => {
    const offsetMs = 40 * 86_400_000;
    opened.clock.set({ offsetMs });
    const before = Date.now() + offsetMs;
    await opened.things.add({ _id: "a", at: opened.db.serverDate(), later: opened.db.serverDate({ offset: 60_000 }) });
    await opened.things.doc("a").update({ "deep.changed": opened.db.serverDate() });
    const after = Date.now() + offsetMs;
    const { at, later, deep } = (await contentOf("a")) as { at: Date; later: Date; deep: { changed: Date } };
    expect(at.getTime()).toBeGreaterThanOrEqual(before);
    expect(deep.changed.getTime()).toBeLessThanOrEqual(after);
    expect(later.getTime() - at.getTime()).toBe(60_000);
    expect(await opened.things.where({ at: opened._.lte(opened.db.serverDate()) }).count()).toMatchObject({ total: 1 });
  });
});

describe("many at once", () => {
  it("of 50 adds of one _id exactly one wins, and the others are told of a duplicate key", async () => {
    const calls = Array.from({ length: 50 }, (_, caller) => opened.things.add({ _id: "claim", caller }));
    const settled = await Promise.allSettled(calls);
    const losers = settled.filter((one) => one.status === "rejected");
    expect(losers).toHaveLength(49);
    for (const { reason } of losers) {
      expect(reason).toMatchObject({ code: "DATABASE_REQUEST_FAILED" });
      expect(reason.message).toMatch(/E11000 duplicate key error/);
    }
    const winner = settled.findIndex(({ status }) => status === "fulfilled");
    expect(await contentOf("claim")).toEqual({ _id: "claim", caller: winner });
  });

  it("of 50 compare-and-sets exactly one updates", async () => {
    await addAll({ _id: "claim", status: "new" });
    const calls = Array.from({ length: 50 }, (_, owner) =>
      opened.things.where({ _id: "claim", status: "new" }).update({ status: "taken", owner }),
    );
    const updates = (await Promise.all(calls)).map(({ updated }) => updated);
    expect(updates.filter((updated) => updated === 1)).toHaveLength(1);
    expect(updates.filter((updated) => updated === 0)).toHaveLength(49);
    expect(await contentOf("claim")).toMatchObject({ owner: updates.indexOf(1) });
  });
});
