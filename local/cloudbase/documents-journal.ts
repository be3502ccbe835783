/** How the document store is kept in its journal. */
import { CloudError } from "./cloud-error";
import { type Document, decode, encode } from "./ejson";

/** One change of one document; `undefined` deletes it. */
export interface Change {
  collection: string;
  id: string;
  document: Document | undefined;
}

export type Collections = Map<string, Map<string, Document>>;

/** A journal line: a new collection, all documents of one step as canonical EJSON, or an emptied store. */
export type Entry = { create: string } | { changes: WrittenChange[] } | { reset: true };

interface WrittenChange {
  c: string;
  i: string;
  d: string | null;
}

/** https://www.mongodb.com/docs/manual/reference/limits/#mongodb-limit-BSON-Document-Size, here of the EJSON text. */
const MAX_DOCUMENT_CHARS = 16 * 1024 * 1024;

/** @throws CloudError where the document cannot be kept */
export function encodedChange({ collection, id, document }: Change): WrittenChange {
  const text = document === undefined ? null : encode(document);
  if (text !== null && text.length > MAX_DOCUMENT_CHARS) {
    throw new CloudError("DATABASE_REQUEST_FAILED", "[FailedOperation] object to insert too large");
  }
  return { c: collection, i: id, d: text };
}

export function replayed(collections: Collections, entry: Entry): void {
  if ("reset" in entry) collections.clear();
  else if ("create" in entry) collections.set(entry.create, collections.get(entry.create) ?? new Map());
  else for (const change of entry.changes) replayedChange(collections, change);
}

function replayedChange(collections: Collections, { c, i, d }: WrittenChange): void {
  const known = collections.get(c) ?? new Map<string, Document>();
  collections.set(c, known);
  if (d === null) known.delete(i);
  else known.set(i, decode(d, 0) as Document);
}

/**
 * The state as its entries. It is held on to at the first step, without what is not yet in the journal: a step of
 * several documents must not be there by half, and a change that fails in the end not at all.
 */
export function* snapshotOf(collections: Collections, pending: ((from: Collections) => void)[]): Iterable<Entry> {
  const held: Collections = new Map([...collections].map(([name, documents]) => [name, new Map(documents)]));
  for (const takeBack of pending.reverse()) takeBack(held);
  for (const [name, documents] of held) {
    yield { create: name };
    for (const [id, document] of documents) yield { changes: [encodedChange({ collection: name, id, document })] };
  }
}
