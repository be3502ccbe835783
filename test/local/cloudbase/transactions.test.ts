/** Transactions, through the real SDK. */
import { beforeEach, describe, expect, it } from "vitest";
import { type Opened, open } from "./open-admin";

let opened: Opened;
beforeEach(async () => {
  opened = await open();
  await opened.things.add([
    { _id: "a", n: 1 },
    { _id: "b", n: 10 },
  ]);
});

/** What the callback gets; the SDK's own type of it is `any`. */
type Transaction = Pick<Opened["db"], "collection"> & {
  rollback(reason?: unknown): Promise<unknown>;
  commit(): Promise<unknown>;
};

const all = async () => (await opened.things.orderBy("_id", "asc").get()).data;

describe("a transaction", () => {
  it("that commits has moved everything at once, and answers what its callback does", async () => {
    const moved = await opened.db.runTransaction(async (transaction: Transaction) => {
      const things = transaction.collection("things");
      const from = await things.doc("b").get();
      expect(from.data).toEqual({ _id: "b", n: 10 });
      expect(await things.doc("b").update({ n: opened._.inc(-4) })).toMatchObject({ updated: 1 });
      expect(await things.doc("a").update({ n: opened._.inc(4) })).toMatchObject({ updated: 1 });
      expect((await opened.things.doc("a").get()).data).toEqual([{ _id: "a", n: 1 }]);
      return 4;
    });
    expect(moved).toBe(4);
    expect(await all()).toEqual([
      { _id: "a", n: 5 },
      { _id: "b", n: 6 },
    ]);
  });

  it("sees its own changes: get, set, update, add and remove", async () => {
    await opened.db.runTransaction(async (transaction: Transaction) => {
      const things = transaction.collection("things");
      expect(await things.doc("c").set({ n: 3 })).toMatchObject({ updated: 0, upserted: [{ _id: "c" }] });
      expect(await things.doc("c").update({ n: 4 })).toMatchObject({ updated: 1 });
      expect(await things.add({ _id: "d", n: 5 })).toMatchObject({ inserted: 1, ok: 1, id: "d" });
      expect(await things.doc("a").remove()).toMatchObject({ deleted: 1 });
      expect((await things.doc("a").get()).data).toBeNull();
      expect((await things.doc("c").get()).data).toEqual({ _id: "c", n: 4 });
      const found = (await things.where({ n: opened._.lt(10) }).get()).data;
      expect(found).toEqual([
        { _id: "c", n: 4 },
        { _id: "d", n: 5 },
      ]);
      await things.doc("a").set({ n: 7 });
    });
    expect(await all()).toEqual([
      { _id: "a", n: 7 },
      { _id: "b", n: 10 },
      { _id: "c", n: 4 },
      { _id: "d", n: 5 },
    ]);
    await opened.close();
    opened = await open({ dir: opened.dir });
    expect(await all()).toEqual([
      { _id: "a", n: 7 },
      { _id: "b", n: 10 },
      { _id: "c", n: 4 },
      { _id: "d", n: 5 },
    ]);
  });

  it("that is rolled back has done nothing, and throws the reason", async () => {
    const run = opened.db.runTransaction(async (transaction: Transaction) => {
      await transaction.collection("things").doc("a").update({ n: 9 });
      await transaction.rollback("changed my mind");
    });
    await expect(run).rejects.toBe("changed my mind");
    expect(await all()).toEqual([
      { _id: "a", n: 1 },
      { _id: "b", n: 10 },
    ]);
  });

  it("whose callback throws has done nothing", async () => {
    const run = opened.db.runTransaction(async (transaction: Transaction) => {
      await transaction.collection("things").doc("a").update({ n: 9 });
      throw new Error("no");
    });
    await expect(run).rejects.toThrow("no");
    expect((await opened.things.doc("a").get()).data).toEqual([{ _id: "a", n: 1 }]);
  });

  it("refuses an _id that is taken, and goes on", async () => {
    await opened.db.runTransaction(async (transaction: Transaction) => {
      const things = transaction.collection("things");
      await expect(things.add({ _id: "a" })).rejects.toThrow(/E11000/);
      await things.add({ _id: "c", n: 1 });
    });
    expect(await opened.things.count()).toMatchObject({ total: 3 });
  });

  it("that meets a conflict is run again by the SDK, and succeeds", async () => {
    let runs = 0;
    await opened.db.runTransaction(async (transaction: Transaction) => {
      runs += 1;
      const document = transaction.collection("things").doc("a");
      const { n } = (await document.get()).data;
      if (runs < 3) await opened.things.doc("a").update({ n: opened._.inc(100) });
      await document.update({ n: n + 1 });
    });
    expect(runs).toBe(3);
    expect((await opened.things.doc("a").get()).data).toEqual([{ _id: "a", n: 202 }]);
  });

  it("gives up where the conflict stays, and has done nothing", async () => {
    let runs = 0;
    const run = opened.db.runTransaction(async (transaction: Transaction) => {
      runs += 1;
      await transaction.collection("things").doc("b").update({ n: 0 });
      await transaction.collection("things").doc("a").get();
      await opened.things.doc("a").update({ n: opened._.inc(1) });
    });
    await expect(run).rejects.toMatchObject({ code: "DATABASE_TRANSACTION_CONFLICT" });
    expect(runs).toBe(4);
    expect(await all()).toEqual([
      { _id: "a", n: 5 },
      { _id: "b", n: 10 },
    ]);
  });

  it("of two that take the same new _id lets one commit", async () => {
    const first = await opened.db.startTransaction();
    const second = await opened.db.startTransaction();
    await first.collection("things").add({ _id: "new", by: 1 });
    await second.collection("things").add({ _id: "new", by: 2 });
    await second.commit();
    await expect(first.commit()).rejects.toMatchObject({ code: "DATABASE_TRANSACTION_CONFLICT" });
    expect((await opened.things.doc("new").get()).data).toEqual([{ _id: "new", by: 2 }]);
  });

  it("increments ten times for ten that run at once", async () => {
    const increment = () =>
      opened.db.runTransaction(async (transaction: Transaction) => {
        await transaction
          .collection("things")
          .doc("a")
          .update({ n: opened._.inc(1) });
      }, 20);
    await Promise.all(Array.from({ length: 10 }, increment));
    expect((await opened.things.doc("a").get()).data).toEqual([{ _id: "a", n: 11 }]);
  });

  it("that nobody ended is gone after half a minute of the platform's clock", async () => {
    const transaction = await opened.db.startTransaction();
    await transaction.collection("things").doc("a").update({ n: 9 });
    opened.clock.set({ offsetMs: 31_000 });
    const gone = { code: "DATABASE_TRANSACTION_NOT_EXIST" };
    await expect(transaction.collection("things").doc("a").get()).rejects.toMatchObject(gone);
    await expect(transaction.commit()).rejects.toMatchObject(gone);
    expect((await opened.things.doc("a").get()).data).toEqual([{ _id: "a", n: 1 }]);
  });

  it("cannot be committed twice, or after it was rolled back", async () => {
    const transaction = await opened.db.startTransaction();
    await transaction.commit();
    await expect(transaction.commit()).rejects.toMatchObject({ code: "DATABASE_TRANSACTION_NOT_EXIST" });
    const other = await opened.db.startTransaction();
    await other.rollback();
    await expect(other.commit()).rejects.toMatchObject({ code: "DATABASE_TRANSACTION_NOT_EXIST" });
  });

  it("started before the store was emptied cannot be committed", async () => {
    const transaction = await opened.db.startTransaction();
    await transaction.collection("things").doc("a").update({ n: 9 });
    await opened.documents.reset();
    await opened.db.createCollection("things");
    await expect(transaction.commit()).rejects.toMatchObject({ code: "DATABASE_TRANSACTION_CONFLICT" });
    expect(await all()).toEqual([]);
  });
});
