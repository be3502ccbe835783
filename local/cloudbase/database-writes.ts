/** The `database.*` actions that write: insert, modify, modify and return, remove. */
import { CloudError } from "./cloud-error";
import { type Answer, type DatabaseParts, matches, parse, queryOf, viewOf } from "./database-requests";
import { insertSchema, modifyAndReturnSchema, modifySchema, withQuery } from "./database-schemas";
import { keyOf, newDocumentId } from "./documents";
import type { Change } from "./documents-journal";
import { type Document, decodeObject, encode } from "./ejson";
import { updated } from "./update";

export async function insert(parts: DatabaseParts, body: unknown): Promise<Answer> {
  const { collectionName: name, data, transactionId } = parse(insertSchema, body);
  const view = viewOf(parts, transactionId);
  const taken = new Set<string>();
  const changes = data.map((text) => {
    const sent = decodeObject(text, parts.clock.now());
    const document: Document = { ...sent, _id: sent._id ?? newDocumentId() };
    const id = keyOf(document);
    if (view.get(name, id) !== undefined || taken.has(id)) throw duplicate(name, id);
    taken.add(id);
    return { collection: name, id, document };
  });
  await view.apply(changes);
  return { data: { insertedIds: changes.map(({ document }) => document._id) } };
}

/** The wording that real answers have. https://docs.cloudbase.net/error-code/DATABASE_DUPLICATE_WRITE */
export function duplicate(name: string, id: string): CloudError {
  return new CloudError(
    "DATABASE_REQUEST_FAILED",
    `[FailedOperation] multiple write errors: [{write errors: [{E11000 duplicate key error collection: tnt-local.${name} index: _id_ dup key: { : "${id}" }}]}, {<nil>}]`,
  );
}

export async function modify(parts: DatabaseParts, body: unknown): Promise<Answer> {
  const { collectionName: name, query, data, merge, upsert, multi, transactionId } = parse(modifySchema, body);
  const view = viewOf(parts, transactionId);
  const where = queryOf(parts, query);
  const found = matches(view, name, where, multi === true ? Number.POSITIVE_INFINITY : 1);
  const change = decodeObject(data, parts.clock.now());
  if (found.length === 0 && upsert) {
    const made = merge ? (updated({}, change) ?? {}) : change;
    const document: Document = { ...made, _id: typeof where._id === "object" ? newDocumentId() : where._id };
    document._id ??= newDocumentId();
    await view.apply([{ collection: name, id: keyOf(document), document }]);
    return modified(0, document._id);
  }
  const changes = found.flatMap((document): Change[] => {
    const next = merge ? updated(document, change) : replaced(document, change);
    return next === undefined ? [] : [{ collection: name, id: keyOf(document), document: next }];
  });
  if (changes.length > 0) await view.apply(changes);
  return modified(changes.length, null);
}

function replaced(document: Document, change: Document): Document {
  if (change._id === undefined || encode({ id: change._id }) === encode({ id: document._id })) {
    return { ...change, _id: document._id };
  }
  throw new CloudError("DATABASE_REQUEST_FAILED", "[FailedOperation] the (immutable) field '_id' cannot be altered");
}

/** Assumption: a document that the update leaves as it was is not counted, as in MongoDB's nModified. */
function modified(count: number, upsertId: unknown): Answer {
  return { data: { updated: count, upsert_id: upsertId } };
}

export async function modifyAndReturn(parts: DatabaseParts, body: unknown): Promise<Answer> {
  const { collectionName: name, query, data, transactionId } = parse(modifyAndReturnSchema, body);
  const view = viewOf(parts, transactionId);
  const [document] = matches(view, name, queryOf(parts, query), 1);
  const change = decodeObject(data, parts.clock.now());
  if (document === undefined) return { data: { updated: 0, doc: null } };
  const next = updated(document, change);
  if (next === undefined) return { data: { updated: 0, doc: encode(document) } };
  await view.apply([{ collection: name, id: keyOf(document), document: next }]);
  return { data: { updated: 1, doc: encode(next) } };
}

export async function remove(parts: DatabaseParts, body: unknown): Promise<Answer> {
  const { collectionName: name, query, multi, transactionId } = parse(withQuery, body);
  const view = viewOf(parts, transactionId);
  const found = matches(view, name, queryOf(parts, query), multi === true ? Number.POSITIVE_INFINITY : 1);
  const changes = found.map((document) => ({ collection: name, id: keyOf(document), document: undefined }));
  if (changes.length > 0) await view.apply(changes);
  return { data: { deleted: changes.length } };
}
