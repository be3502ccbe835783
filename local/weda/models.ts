/**
 * The methods of WeDa's data models on a document store: create, get, list, update, delete, in their V2 shapes.
 * https://docs.cloudbase.net/lowcode/api/datasource-v2
 */
import * as z from "zod";
import { parseData } from "./actions/action";
import { WedaError } from "./weda-error";

type Document = Record<string, unknown>;

export interface FindOptions {
  offset?: number;
  limit?: number;
  /** In order of weight. */
  sort?: [field: string, direction: "asc" | "desc"][];
}

/** What the models need of a document store; `model` is the data model's name. */
export interface Models {
  /** Answers the id of the new document. */
  insert(model: string, document: Document): Promise<string>;
  find(model: string, where: Document, options: FindOptions): Promise<Document[]>;
  count(model: string, where: Document): Promise<number>;
  /** Sets the given members of what matches; answers how many documents that were. */
  update(model: string, where: Document, members: Document): Promise<number>;
  remove(model: string, where: Document): Promise<number>;
}

const document = z.record(z.string(), z.unknown());
const filter = z.looseObject({ where: document });
const select = z.record(z.string(), z.unknown()).optional();
/** Page size by default, and at most: the limits that the page above names for lists. */
const pageSize = z.number().int().min(1).max(200).default(10);
const orderBy = z.array(z.record(z.string(), z.enum(["asc", "desc"]))).optional();

const create = z.looseObject({ data: document });
const getItem = z.looseObject({ filter, select });
const getRecords = z.looseObject({
  filter: z.looseObject({ where: document.default({}) }).default({ where: {} }),
  select,
  pageSize,
  pageNumber: z.number().int().min(1).default(1),
  getCount: z.boolean().default(false),
  orderBy,
});
const update = z.looseObject({ data: document, filter });
const remove = z.looseObject({ filter });

type ModelMethod = (models: Models, model: string, params: unknown) => Promise<unknown>;

const METHODS: Record<string, ModelMethod> = {
  async wedaCreateV2(models, model, params) {
    const id = await models.insert(model, parseData(create, params).data);
    // `Id` is the old name, which the page marks as deprecated and still lists.
    return { id, Id: id };
  },
  async wedaGetItemV2(models, model, params) {
    const { filter, select } = parseData(getItem, params);
    const [found] = await models.find(model, filter.where, { limit: 1 });
    return found === undefined ? {} : pick(found, select);
  },
  async wedaGetRecordsV2(models, model, params) {
    const { filter, select, pageSize, pageNumber, getCount, orderBy = [] } = parseData(getRecords, params);
    const sort = orderBy.flatMap((one) => Object.entries(one));
    const offset = (pageNumber - 1) * pageSize;
    const found = await models.find(model, filter.where, { limit: pageSize, offset, sort });
    const records = found.map((one) => pick(one, select));
    return getCount ? { records, total: await models.count(model, filter.where) } : { records };
  },
  async wedaUpdateV2(models, model, params) {
    const { filter, data } = parseData(update, params);
    return { count: await models.update(model, filter.where, data) };
  },
  async wedaDeleteV2(models, model, params) {
    return { count: await models.remove(model, parseData(remove, params).filter.where) };
  },
};

/** Names that begin with `weda` are the platform's own: a method of an API cannot have one. Same page as above. */
export const isModelMethod = (methodName: string): boolean => methodName.startsWith("weda");

export async function callModel(models: Models, model: string, methodName: string, params: unknown): Promise<unknown> {
  const method = Object.hasOwn(METHODS, methodName) ? METHODS[methodName] : undefined;
  if (method === undefined) throw new WedaError("methodUnknown", /^\w{1,64}$/.test(methodName) ? methodName : "");
  return await method(models, model, params);
}

/** `$master` stands for all members of the model itself; no `select` at all is taken for the same. */
function pick(found: Document, select: Document | undefined): Document {
  if (select === undefined || select.$master === true) return found;
  return Object.fromEntries(Object.entries(found).filter(([name]) => name === "_id" || select[name] === true));
}
