/** The data models' methods, on a small document store in memory. */
import { Query } from "mingo";
import { describe, expect, it } from "vitest";
import type { Models } from "../../../local/weda/models";
import { codeOf, open } from "./open-weda";

type Document = Record<string, unknown>;

function memoryModels(): Models {
  const models = new Map<string, Document[]>();
  const of = (model: string) => models.get(model) ?? [];
  const matching = (model: string, where: Document) => of(model).filter((one) => new Query(where).test(one));
  return {
    async insert(model, document) {
      const _id = `id-${of(model).length + 1}`;
      models.set(model, [...of(model), { _id, ...document }]);
      return _id;
    },
    async find(model, where, { offset = 0, limit = 1_000, sort = [] }) {
      const weigh = (left: Document, right: Document) => {
        const [field, direction] = sort[0] ?? ["_id", "asc"];
        const order = Number(left[field]) - Number(right[field]);
        return direction === "asc" ? order : -order;
      };
      return matching(model, where)
        .sort(weigh)
        .slice(offset, offset + limit);
    },
    count: async (model, where) => matching(model, where).length,
    async update(model, where, members) {
      const found = matching(model, where);
      for (const one of found) Object.assign(one, members);
      return found.length;
    },
    async remove(model, where) {
      const found = new Set(matching(model, where));
      models.set(
        model,
        of(model).filter((one) => !found.has(one)),
      );
      return found.size;
    },
  };
}

async function opened() {
  const { weda, invoke } = await open({ models: memoryModels() });
  const model = (methodName: string, params: unknown) =>
    invoke({ dataSourceName: "leave_request", methodName, params });
  const data = async (methodName: string, params: unknown) => {
    const answer = await model(methodName, params);
    return "data" in answer ? answer.data : answer;
  };
  return { weda, model, data };
}

const byId = (id: string) => ({ filter: { where: { $and: [{ _id: { $eq: id } }] } }, select: { $master: true } });

describe("a data model", () => {
  it("creates, gets, updates and deletes in the V2 shapes", async () => {
    const { weda, data } = await opened();
    expect(await data("wedaCreateV2", { data: { days: 3 } })).toEqual({ id: "id-1", Id: "id-1" });
    expect(await data("wedaGetItemV2", byId("id-1"))).toEqual({ _id: "id-1", days: 3 });
    expect(await data("wedaUpdateV2", { ...byId("id-1"), data: { days: 5, note: "改" } })).toEqual({ count: 1 });
    expect(await data("wedaGetItemV2", { ...byId("id-1"), select: { days: true } })).toEqual({ _id: "id-1", days: 5 });
    expect(await data("wedaDeleteV2", byId("id-1"))).toEqual({ count: 1 });
    expect(await data("wedaGetItemV2", byId("id-1"))).toEqual({});
    await weda.close();
  });

  it("lists page by page, in order, with the total where it is asked for", async () => {
    const { weda, data } = await opened();
    for (const days of [1, 2, 3]) await data("wedaCreateV2", { data: { days } });
    const page = { pageSize: 2, pageNumber: 2, orderBy: [{ days: "desc" }], select: { $master: true } };
    expect(await data("wedaGetRecordsV2", page)).toEqual({ records: [{ _id: "id-1", days: 1 }] });
    const some = { filter: { where: { days: { $gte: 2 } } }, getCount: true };
    expect(await data("wedaGetRecordsV2", some)).toMatchObject({ total: 2, records: [{ days: 2 }, { days: 3 }] });
    await weda.close();
  });

  it.each([
    ["wedaCreateV2", {}],
    ["wedaUpdateV2", { data: {} }],
    ["wedaDeleteV2", {}],
    ["wedaDeleteV2", { filter: {} }],
    ["wedaGetItemV2", null],
    ["wedaGetRecordsV2", { pageSize: 0 }],
  ])("refuses %s with %j", async (methodName, params) => {
    const { weda, model } = await opened();
    expect(codeOf(await model(methodName, params))).toBe("InvalidParameter");
    await weda.close();
  });
});
