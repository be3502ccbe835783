/** The fault switches of the document store: what the real SDK makes of each, and what was done all the same. */
import { beforeEach, describe, expect, it } from "vitest";
import type { FaultKind } from "../../../local/faults";
import { type Opened, open } from "./open-admin";

let opened: Opened;
beforeEach(async () => {
  opened = await open({ collections: ["things", "others"] });
});

const isThere = async () => (await opened.things.doc("a").get()).data.length === 1;

describe("a fault switch", () => {
  const cases: [FaultKind, object, boolean][] = [
    ["reject", { code: "DATABASE_REQUEST_FAILED" }, false],
    ["rate-limit", { code: "EXCEED_REQUEST_LIMIT" }, false],
    ["error-before", { code: "SYS_ERR" }, false],
    ["error-after", { code: "SYS_ERR" }, true],
    ["lost-before", { code: "ECONNRESET" }, false],
    ["lost-after", { code: "ECONNRESET" }, true],
    ["down", { code: "ECONNRESET" }, false],
  ];
  it.each(cases)("%s fails an add, and does the work or not as its name says", async (kind, error, isDone) => {
    opened.faults.set({ store: { kind, rate: 1, times: 1 } });
    await expect(opened.things.add({ _id: "a" })).rejects.toMatchObject(error);
    expect(await isThere()).toBe(isDone);
  });

  it("stall never answers, and does nothing", async () => {
    opened.faults.set({ store: { kind: "stall", rate: 1, times: 1 } });
    const stalled = opened.things.options({ timeout: 200 }).where({}).get();
    await expect(stalled).rejects.toMatchObject({ code: "ESOCKETTIMEDOUT" });
    expect(await isThere()).toBe(false);
  });

  it("slow answers late, and does the work", async () => {
    opened.faults.set({ store: { kind: "slow", rate: 1, times: 1 } });
    expect(await opened.things.add({ _id: "a" })).toMatchObject({ id: "a" });
    expect(await isThere()).toBe(true);
  });

  it.each(["token-revoked", "no-scope", "flow-disabled"] as const)("%s is none of the store's", async (kind) => {
    opened.faults.set({ store: { kind, rate: 1 } });
    expect(await opened.things.add({ _id: "a" })).toMatchObject({ id: "a" });
  });

  it("of one collection leaves the others alone", async () => {
    opened.faults.set({ "store:things": { kind: "reject", rate: 1 } });
    await expect(opened.things.add({ _id: "a" })).rejects.toMatchObject({ code: "DATABASE_REQUEST_FAILED" });
    expect(await opened.db.collection("others").add({ _id: "a" })).toMatchObject({ id: "a" });
  });

  it("counts down, and goes off by itself", async () => {
    opened.faults.set({ store: { kind: "reject", rate: 1, times: 2 } });
    for (const _ of [1, 2])
      await expect(opened.things.count()).rejects.toMatchObject({ code: "DATABASE_REQUEST_FAILED" });
    expect(await opened.things.count()).toMatchObject({ total: 0 });
    expect(opened.faults.get()).toEqual({});
  });

  it("that loses the answer loses a refusal as well", async () => {
    await opened.things.add({ _id: "a" });
    opened.faults.set({ store: { kind: "lost-after", rate: 1, times: 1 } });
    await expect(opened.things.add({ _id: "a" })).rejects.toMatchObject({ code: "ECONNRESET" });
    opened.faults.set({ store: { kind: "error-after", rate: 1, times: 1 } });
    await expect(opened.things.add({ _id: "a" })).rejects.toMatchObject({ code: "SYS_ERR" });
  });
});
