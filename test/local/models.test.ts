/** WeDa's data models on the document store. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClock } from "../../local/clock";
import { type Documents, openDocuments } from "../../local/cloudbase/documents";
import { createModels } from "../../local/models";
import type { Models } from "../../local/weda/models";

const NOW_MS = 1_700_000_000_000;

let dir: string;
let documents: Documents;
let models: Models;
const clock = createClock(() => NOW_MS);

async function openModels(): Promise<void> {
  documents = await openDocuments({ dir });
  models = createModels(documents, clock);
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "startflow-models-"));
  clock.set({ offsetMs: 0 });
  await openModels();
});
afterEach(async () => {
  await documents.close();
  await rm(dir, { recursive: true, force: true });
});

const namesOf = (found: Record<string, unknown>[]) => found.map(({ name }) => name);

describe("a model", () => {
  it("has no records, and can be asked and changed, before its first one", async () => {
    expect(await models.find("leave", {}, {})).toEqual([]);
    expect(await models.count("leave", {})).toBe(0);
    expect(await models.update("leave", {}, { n: 1 })).toBe(0);
    expect(await models.remove("leave", {})).toBe(0);
    expect(documents.hasCollection("leave")).toBe(false);
  });

  it("is made with its first record, which has an id and the platform's own times", async () => {
    clock.set({ offsetMs: 86_400_000 });
    const id = await models.insert("leave", { name: "甲", days: 1.5 });
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    const at = NOW_MS + 86_400_000;
    expect(await models.find("leave", { _id: id }, {})).toEqual([
      { _id: id, name: "甲", days: 1.5, createdAt: at, updatedAt: at },
    ]);
  });

  it("takes many first records at once", async () => {
    const names = Array.from({ length: 50 }, (_, n) => n);
    const ids = await Promise.all(names.map((name) => models.insert("leave", { name })));
    expect(new Set(ids).size).toBe(50);
    expect(await models.count("leave", {})).toBe(50);
  });

  it("keeps a given _id, and does not overwrite a record that has it", async () => {
    expect(await models.insert("leave", { _id: "own", n: 1 })).toBe("own");
    await expect(models.insert("leave", { _id: "own", n: 2 })).rejects.toThrow(/E11000/);
    expect(await models.find("leave", {}, {})).toMatchObject([{ _id: "own", n: 1 }]);
  });

  it("keeps its records over a restart", async () => {
    const id = await models.insert("leave", { name: "甲", at: null, list: [1, { x: "1000000000000000000" }] });
    const before = await models.find("leave", {}, {});
    await documents.close();
    await openModels();
    expect(await models.find("leave", { _id: id }, {})).toEqual(before);
  });

  it("finds ten records unless it is told, in order, by page", async () => {
    for (let name = 0; name < 12; name += 1) await models.insert("leave", { name, group: name % 2 });
    expect(await models.find("leave", {}, {})).toHaveLength(10);
    const sort: [string, "asc" | "desc"][] = [
      ["group", "desc"],
      ["name", "asc"],
    ];
    expect(namesOf(await models.find("leave", {}, { sort, offset: 4, limit: 4 }))).toEqual([9, 11, 0, 2]);
    expect(await models.find("leave", {}, { offset: 100 })).toEqual([]);
  });

  it("finds by the operators that the platform's page names", async () => {
    for (const name of [1, 2, 3, 4]) await models.insert("leave", { name, state: name > 2 ? "open" : "done" });
    const where = { $and: [{ name: { $gte: 2 } }, { $or: [{ state: { $eq: "open" } }, { name: { $in: [2] } }] }] };
    expect(namesOf(await models.find("leave", where, { sort: [["name", "asc"]] }))).toEqual([2, 3, 4]);
    expect(await models.count("leave", where)).toBe(3);
  });

  it("updates what fits, with the time of the change", async () => {
    const id = await models.insert("leave", { name: "甲", deep: { x: 1, y: 2 } });
    await models.insert("leave", { name: "乙" });
    clock.set({ offsetMs: 5_000 });
    expect(await models.update("leave", { name: "甲" }, { deep: { x: 3 }, added: true })).toBe(1);
    expect(await models.find("leave", { _id: id }, {})).toEqual([
      { _id: id, name: "甲", deep: { x: 3 }, added: true, createdAt: NOW_MS, updatedAt: NOW_MS + 5_000 },
    ]);
    expect(await models.find("leave", { added: true }, {})).toHaveLength(1);
  });

  it("removes what fits", async () => {
    for (const name of [1, 2, 3]) await models.insert("leave", { name });
    expect(await models.remove("leave", { name: { $gt: 1 } })).toBe(2);
    expect(namesOf(await models.find("leave", {}, {}))).toEqual([1]);
  });

  it.each([
    ["code", { $where: "function () { globalThis.polluted = true }" }],
    ["an unknown operator", { name: { $near: 1 } }],
  ])("refuses %s in a filter, and changes nothing", async (_name, where) => {
    await models.insert("leave", { name: 1 });
    await expect(models.find("leave", where, {})).rejects.toMatchObject({ code: "DATABASE_REQUEST_FAILED" });
    await expect(models.update("leave", where, { name: 2 })).rejects.toMatchObject({ code: "DATABASE_REQUEST_FAILED" });
    await expect(models.remove("leave", where)).rejects.toMatchObject({ code: "DATABASE_REQUEST_FAILED" });
    expect(namesOf(await models.find("leave", {}, {}))).toEqual([1]);
  });

  it.each([
    '{"_id":"other"}',
    '{"__proto__.polluted":1}',
    '{"__proto__":{"polluted":1}}',
    '{"$inc":1}',
    '{"name.x":1}',
  ])("refuses a change by %s, and changes nothing", async (members) => {
    const id = await models.insert("leave", { name: 1 });
    const failure = { code: "DATABASE_REQUEST_FAILED" };
    await expect(models.update("leave", {}, JSON.parse(members))).rejects.toMatchObject(failure);
    expect(await models.find("leave", {}, {})).toEqual([{ _id: id, name: 1, createdAt: NOW_MS, updatedAt: NOW_MS }]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each(['{"x":{"__proto__":{"polluted":1}}}', '{"x":{"$oid":"1"}}'])("refuses a record of %s", async (record) => {
    await expect(models.insert("leave", JSON.parse(record))).rejects.toMatchObject({ code: "DATABASE_REQUEST_FAILED" });
    expect(await models.count("leave", {})).toBe(0);
  });
});
