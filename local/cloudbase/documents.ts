/** The document store: collections in memory, every change in the journal before it is acknowledged. */

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { ObjectId } from "bson";
import { openJournal } from "../journal";
import { CloudError } from "./cloud-error";
import { type Change, type Collections, type Entry, encodedChange, replayed, snapshotOf } from "./documents-journal";
import { type Document, encode } from "./ejson";

/** What queries and updates work on: the store itself, or a transaction's view of it. */
export interface View {
  /** @throws CloudError DATABASE_COLLECTION_NOT_EXIST */
  documents(collection: string): Iterable<Document>;
  get(collection: string, id: string): Document | undefined;
  /** All changes or none. @throws CloudError where one cannot be kept */
  apply(changes: Change[]): Promise<void>;
}

export interface Documents extends View {
  createCollection(name: string): Promise<void>;
  hasCollection(name: string): boolean;
  /** Grows with each change of a document: what a transaction compares. */
  revision(collection: string, id: string): number;
  reset(): Promise<void>;
  /**
   * Resolves when all that can be seen now is in the journal: an answer that waits for it tells of nothing that a kill
   * could undo. @throws CloudError where some of it could not be written
   */
  settled(): Promise<void>;
  /** Rewrites the journal as the present state, as it does by itself when it has grown. */
  compact(): Promise<void>;
  close(): Promise<void>;
}

export async function openDocuments({ dir }: { dir: string }): Promise<Documents> {
  const collections: Collections = new Map();
  const revisions = new Map<string, number>();
  /** How to take back what is in memory and not yet in the journal, oldest first. */
  const pending = new Set<(from: Collections) => void>();
  const writes = new Set<Promise<void>>();
  let lastRevision = 0;

  const inMemory = (changes: Change[]) => {
    for (const change of changes) {
      put(collections, change);
      lastRevision += 1;
      revisions.set(`${change.collection}/${change.id}`, lastRevision);
    }
  };
  const journal = await openJournal<Entry>(join(dir, "documents.jsonl"), {
    replay: (entry) => replayed(collections, entry),
    snapshot: () => snapshotOf(collections, [...pending]),
  });
  const keep = async (entry: Entry, takeBack: (from: Collections) => void) => {
    pending.add(takeBack);
    const write = journal.append(entry, () => takeBack(collections));
    writes.add(write);
    try {
      await write;
    } catch (error) {
      throw new CloudError("SYS_ERR", "[InternalError] the store could not be written", { cause: error });
    } finally {
      pending.delete(takeBack);
      writes.delete(write);
    }
  };

  return {
    documents: (name) => existing(collections, name).values(),
    get: (name, id) => existing(collections, name).get(id),
    hasCollection: (name) => collections.has(name),
    revision: (name, id) => revisions.get(`${name}/${id}`) ?? 0,
    async createCollection(name) {
      if (collections.has(name)) {
        throw new CloudError("DATABASE_COLLECTION_ALREADY_EXIST", `[FailedOperation.TableExist] Table exist: ${name}`);
      }
      collections.set(name, new Map());
      await keep({ create: name }, (from) => from.delete(name));
    },
    async apply(changes) {
      const before = changes.map(({ collection, id }) => {
        return { collection, id, document: existing(collections, collection).get(id) };
      });
      // First the text: what cannot be written, or read again, is refused before anything changes.
      const entry = { changes: changes.map(encodedChange) };
      inMemory(changes);
      await keep(entry, (from) => {
        if (from === collections) inMemory(before);
        else for (const change of before) put(from, change);
      });
    },
    async reset() {
      const before = [...collections];
      collections.clear();
      revisions.clear();
      await keep({ reset: true }, (from) => {
        for (const [name, documents] of before) from.set(name, new Map(documents));
      });
      await journal.compact();
    },
    async settled() {
      const results = await Promise.allSettled(writes);
      if (results.every(({ status }) => status === "fulfilled")) return;
      throw new CloudError("SYS_ERR", "[InternalError] the store could not be written");
    },
    compact: () => journal.compact(),
    close: () => journal.close(),
  };
}

/** As long as the platform's own. */
export function newDocumentId(): string {
  return randomBytes(16).toString("hex");
}

const MAX_ID_LENGTH = 1_000;

/** What the store keeps a document under: a text is itself, so the number 1 is not the text "1". @throws CloudError */
export function keyOf({ _id: id }: Document): string {
  if (typeof id === "string" && id !== "" && id.length <= MAX_ID_LENGTH) return id;
  if (typeof id === "number" || id instanceof ObjectId) return encode({ id });
  throw new CloudError("INVALID_PARAM", "[InvalidParameter] _id must be text, a number or an ObjectId");
}

function existing(collections: Collections, name: string): Map<string, Document> {
  const found = collections.get(name);
  if (found !== undefined) return found;
  throw new CloudError(
    "DATABASE_COLLECTION_NOT_EXIST",
    `[ResourceNotFound] Db or Table not exist: ${name}. Please check your request, but if the problem persists, contact us.`,
  );
}

function put(collections: Collections, { collection, id, document }: Change): void {
  if (document === undefined) collections.get(collection)?.delete(id);
  else collections.get(collection)?.set(id, document);
}
