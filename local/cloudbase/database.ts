/** The `database.*` actions of CloudBase's wire: one schema and one function each. */
import { Aggregator, find } from "mingo";
import type * as z from "zod";
import type { LocalClock } from "../clock";
import { CloudError } from "./cloud-error";
import {
  aggregateSchema,
  getSchema,
  insertSchema,
  MAX_LIMIT,
  modifyAndReturnSchema,
  modifySchema,
  onCollection,
  transactionSchema,
  withQuery,
} from "./database-schemas";
import { type Documents, newDocumentId, type View } from "./documents";
import { type Document, decodeObject, decodeQuery, encode } from "./ejson";
import type { Transactions } from "./transactions";
import { compileQuery, requestFailed, updated } from "./update";

export interface DatabaseParts {
  documents: Documents;
  transactions: Transactions;
  clock: LocalClock;
}

/** Members of the answer, beside requestId. */
export type Answer = Record<string, unknown>;
type Action = (parts: DatabaseParts, body: unknown) => Promise<Answer> | Answer;

/** Stages that would write, or run code. */
const FORBIDDEN_STAGES = new Set(["$out", "$merge"]);

function parse<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const members = parsed.error.issues.slice(0, 5).map(({ path }) => path.map(String).join("."));
  throw new CloudError("INVALID_PARAM", `[InvalidParameter] wrong or missing: ${members.join(", ")}`);
}

function viewOf({ documents, transactions }: DatabaseParts, transactionId: string | undefined): View {
  return transactionId === undefined ? documents : transactions.view(transactionId);
}

function matches(view: View, name: string, query: Document, limit = Number.POSITIVE_INFINITY): Document[] {
  // By _id alone, as most calls are: no scan.
  const { _id: id, ...others } = query;
  if (typeof id === "string" && Object.keys(others).length === 0) {
    const found = view.get(name, id);
    return found === undefined ? [] : [found];
  }
  const fits = compileQuery(query);
  const found: Document[] = [];
  for (const document of view.documents(name)) {
    if (fits(document)) found.push(document);
    if (found.length >= limit) break;
  }
  return found;
}

function queryOf(parts: DatabaseParts, query: string | Document | undefined): Document {
  return query === undefined || query === "" ? {} : decodeQuery(query, parts.clock.now());
}

async function insert(parts: DatabaseParts, body: unknown): Promise<Answer> {
  const { collectionName: name, data, transactionId } = parse(insertSchema, body);
  const view = viewOf(parts, transactionId);
  const taken = new Set<string>();
  const changes = data.map((text) => {
    const document = decodeObject(text, parts.clock.now());
    const id = document._id === undefined ? newDocumentId() : idText(document._id);
    if (view.get(name, id) !== undefined || taken.has(id)) throw duplicate(name, id);
    taken.add(id);
    return { collection: name, id, document: { ...document, _id: document._id ?? id } };
  });
  await view.apply(changes);
  const insertedIds = changes.map(({ document }) => document._id);
  return { data: { insertedIds } };
}

/** The wording that real answers have. https://docs.cloudbase.net/error-code/DATABASE_DUPLICATE_WRITE */
function duplicate(name: string, id: string): CloudError {
  return new CloudError(
    "DATABASE_REQUEST_FAILED",
    `[FailedOperation] multiple write errors: [{write errors: [{E11000 duplicate key error collection: tnt-local.${name} index: _id_ dup key: { : "${id}" }}]}, {<nil>}]`,
  );
}

function idText(id: unknown): string {
  if (typeof id === "string" && id !== "" && id.length <= 1_000) return id;
  if (typeof id === "number" || (typeof id === "object" && id !== null && "toHexString" in id)) return String(id);
  throw new CloudError("INVALID_PARAM", "[InvalidParameter] _id must be text, a number or an ObjectId");
}

function get(parts: DatabaseParts, body: unknown): Answer {
  const request = parse(getSchema, body);
  const view = viewOf(parts, request.transactionId);
  const query = queryOf(parts, request.query);
  const found = matches(view, request.collectionName, query);
  const limit = Math.min(request.limit, MAX_LIMIT);
  const page = projected(sorted(found, orderOf(request.order)), request.projection).slice(
    request.offset,
    request.offset + limit,
  );
  const list = page.map(encode);
  return { data: { list }, limit, offset: request.offset };
}

function orderOf(order: string | Document | undefined): Record<string, 1 | -1> {
  if (order === undefined) return {};
  return Object.fromEntries(
    Object.entries(decodeQuery(order, 0)).map(([field, way]) => [field, Number(way) < 0 ? -1 : 1]),
  );
}

function sorted(found: Document[], order: Record<string, 1 | -1>): Document[] {
  return Object.keys(order).length === 0 ? found : find<Document>(found, {}).sort(order).all();
}

function projected(found: Document[], projection: string | Document | undefined): Document[] {
  if (projection === undefined) return found;
  const fields = decodeQuery(projection, 0);
  if (Object.keys(fields).length === 0) return found;
  try {
    return find<Document>(found, {}, fields as never).all();
  } catch (error) {
    throw requestFailed(error);
  }
}

function count(parts: DatabaseParts, body: unknown): Answer {
  const { collectionName: name, query } = parse(withQuery, body);
  return { data: { total: matches(parts.documents, name, queryOf(parts, query)).length } };
}

async function modify(parts: DatabaseParts, body: unknown): Promise<Answer> {
  const { collectionName: name, query, data, merge, upsert, multi, transactionId } = parse(modifySchema, body);
  const view = viewOf(parts, transactionId);
  const where = queryOf(parts, query);
  const found = matches(view, name, where, multi === true ? Number.POSITIVE_INFINITY : 1);
  const change = decodeObject(data, parts.clock.now());
  if (found.length === 0) {
    if (!upsert) return modified(0, null);
    const document = {
      ...(merge ? updated({}, change) : change),
      _id: typeof where._id === "string" ? where._id : newDocumentId(),
    };
    await view.apply([{ collection: name, id: document._id, document }]);
    return modified(0, document._id);
  }
  const changes = found.flatMap((document) => {
    const next = merge ? updated(document, change) : { ...change, _id: document._id };
    return next === undefined ? [] : [{ collection: name, id: String(document._id), document: next }];
  });
  if (changes.length > 0) await view.apply(changes);
  return modified(changes.length, null);
}

function modified(count: number, upsertId: string | null): Answer {
  return { data: { updated: count, upsert_id: upsertId } };
}

async function modifyAndReturn(parts: DatabaseParts, body: unknown): Promise<Answer> {
  const { collectionName: name, query, data, transactionId } = parse(modifyAndReturnSchema, body);
  const view = viewOf(parts, transactionId);
  const [document] = matches(view, name, queryOf(parts, query), 1);
  if (document === undefined) return { data: { updated: 0, doc: null } };
  const next = updated(document, decodeObject(data, parts.clock.now())) ?? document;
  await view.apply([{ collection: name, id: String(document._id), document: next }]);
  return { data: { updated: 1, doc: encode(next) } };
}

async function remove(parts: DatabaseParts, body: unknown): Promise<Answer> {
  const { collectionName: name, query, multi, transactionId } = parse(withQuery, body);
  const view = viewOf(parts, transactionId);
  const found = matches(view, name, queryOf(parts, query), multi === true ? Number.POSITIVE_INFINITY : 1);
  const changes = found.map((document) => ({ collection: name, id: String(document._id), document: undefined }));
  if (changes.length > 0) await view.apply(changes);
  return { data: { deleted: changes.length } };
}

function aggregate(parts: DatabaseParts, body: unknown): Answer {
  const { collectionName: name, stages } = parse(aggregateSchema, body);
  const pipeline = stages.map(({ stageKey, stageValue }) => {
    if (FORBIDDEN_STAGES.has(stageKey))
      throw new CloudError("INVALID_PARAM", `[InvalidParameter] stage ${stageKey} is not allowed`);
    const { value } = decodeQuery(`{"value":${stageValue}}`, parts.clock.now());
    return { [stageKey]: value };
  });
  const collectionResolver = (other: string) => [...parts.documents.documents(other)];
  try {
    const aggregator = new Aggregator(pipeline as never, { scriptEnabled: false, collectionResolver } as never);
    const list = aggregator.run([...parts.documents.documents(name)] as never) as Document[];
    return { data: { list: list.map(encode) } };
  } catch (error) {
    throw requestFailed(error);
  }
}

async function addCollection(parts: DatabaseParts, body: unknown): Promise<Answer> {
  await parts.documents.createCollection(parse(onCollection, body).collectionName);
  return {};
}

export const DATABASE_ACTIONS: Record<string, Action> = {
  "database.insertDocument": insert,
  "database.getDocument": get,
  "database.calculateDocument": count,
  "database.modifyDocument": modify,
  "database.modifyAndReturnDoc": modifyAndReturn,
  "database.removeDocument": remove,
  "database.aggregateDocuments": aggregate,
  "database.addCollection": addCollection,
  "database.startTransaction": ({ transactions }) => ({ transactionId: transactions.start() }),
  "database.commitTransaction": async ({ transactions }, body) => {
    await transactions.commit(parse(transactionSchema, body).transactionId);
    return {};
  },
  "database.abortTransaction": ({ transactions }, body) => {
    transactions.abort(parse(transactionSchema, body).transactionId);
    return {};
  },
};
