/** The `database.*` actions of CloudBase's wire, by name. */
import { aggregate, count, get } from "./database-reads";
import { type Action, type Answer, type DatabaseParts, parse } from "./database-requests";
import { onCollection, transactionSchema } from "./database-schemas";
import { insert, modify, modifyAndReturn, remove } from "./database-writes";

export type { Answer, DatabaseParts };

async function addCollection(parts: DatabaseParts, body: unknown): Promise<Answer> {
  await parts.documents.createCollection(parse(onCollection, body).collectionName);
  return {};
}

async function commit({ transactions }: DatabaseParts, body: unknown): Promise<Answer> {
  await transactions.commit(parse(transactionSchema, body).transactionId);
  return {};
}

function abort({ transactions }: DatabaseParts, body: unknown): Answer {
  transactions.abort(parse(transactionSchema, body).transactionId);
  return {};
}

/** A map: a name such as `constructor` must find nothing. */
export const DATABASE_ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ["database.insertDocument", insert],
  ["database.getDocument", get],
  ["database.calculateDocument", count],
  ["database.modifyDocument", modify],
  ["database.modifyAndReturnDoc", modifyAndReturn],
  ["database.removeDocument", remove],
  ["database.aggregateDocuments", aggregate],
  ["database.addCollection", addCollection],
  ["database.startTransaction", ({ transactions }) => ({ transactionId: transactions.start() })],
  ["database.commitTransaction", commit],
  ["database.abortTransaction", abort],
]);
