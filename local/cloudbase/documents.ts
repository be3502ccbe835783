/** The document store: collections in memory, every change in the journal before it is acknowledged. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { openJournal } from "../journal";
import { CloudError } from "./cloud-error";
import { type Document, decode, encode } from "./ejson";

/** One change of one document; `undefined` deletes it. */
export interface Change {
  collection: string;
  id: string;
  document: Document | undefined;
}

/** What queries and updates work on: the store itself, or a transaction's view of it. */
export interface View {
  /** @throws CloudError DATABASE_COLLECTION_NOT_EXIST */
  documents(collection: string): Iterable<Document>;
  get(collection: string, id: string): Document | undefined;
  /** All changes or none. */
  apply(changes: Change[]): Promise<void>;
}

export interface Documents extends View {
  createCollection(name: string): Promise<void>;
  hasCollection(name: string): boolean;
  /** Grows with each change of a document: what a transaction compares. */
  revision(collection: string, id: string): number;
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** A journal line: a new collection, all documents of one step as canonical EJSON, or an emptied store. */
type Entry = { create: string } | { changes: { c: string; i: string; d: string | null }[] } | { reset: true };

export async function openDocuments({ dir }: { dir: string }): Promise<Documents> {
  const collections = new Map<string, Map<string, Document>>();
  const revisions = new Map<string, number>();
  let lastRevision = 0;

  const inMemory = ({ collection, id, document }: Change) => {
    const known = collections.get(collection) ?? new Map<string, Document>();
    collections.set(collection, known);
    if (document === undefined) known.delete(id);
    else known.set(id, document);
    lastRevision += 1;
    revisions.set(`${collection}/${id}`, lastRevision);
  };
  const journal = await openJournal<Entry>(join(dir, "documents.jsonl"), {
    replay(entry) {
      if ("reset" in entry) collections.clear();
      else if ("create" in entry) collections.set(entry.create, new Map());
      else for (const change of entry.changes) inMemory(decodedChange(change));
    },
    *snapshot() {
      for (const [name, documents] of collections) {
        yield { create: name };
        for (const [id, document] of documents) yield { changes: [encodedChange({ collection: name, id, document })] };
      }
    },
  });
  const existing = (name: string) => {
    const found = collections.get(name);
    if (found !== undefined) return found;
    throw new CloudError(
      "DATABASE_COLLECTION_NOT_EXIST",
      `[ResourceNotFound] Db or Table not exist: ${name}. Please check your request, but if the problem persists, contact us.`,
    );
  };

  return {
    documents: (name) => existing(name).values(),
    get: (name, id) => existing(name).get(id),
    hasCollection: (name) => collections.has(name),
    revision: (name, id) => revisions.get(`${name}/${id}`) ?? 0,
    async createCollection(name) {
      if (collections.has(name)) {
        throw new CloudError("DATABASE_COLLECTION_ALREADY_EXIST", `[FailedOperation.TableExist] Table exist: ${name}`);
      }
      collections.set(name, new Map());
      await journal.append({ create: name });
    },
    async apply(changes) {
      const before = changes.map(({ collection, id }) => ({ collection, id, document: existing(collection).get(id) }));
      for (const change of changes) inMemory(change);
      try {
        await journal.append({ changes: changes.map(encodedChange) });
      } catch (error) {
        for (const change of before) inMemory(change);
        throw new CloudError("SYS_ERR", "the store could not be written", { cause: error });
      }
    },
    async reset() {
      collections.clear();
      await journal.append({ reset: true });
      await journal.compact();
    },
    close: () => journal.close(),
  };
}

/** As long as the platform's own. */
export function newDocumentId(): string {
  return randomBytes(16).toString("hex");
}

function encodedChange({ collection, id, document }: Change) {
  return { c: collection, i: id, d: document === undefined ? null : encode(document) };
}

function decodedChange({ c, i, d }: { c: string; i: string; d: string | null }): Change {
  return { collection: c, id: i, document: d === null ? undefined : (decode(d, 0) as Document) };
}
