/** Transactions: each works on its own view; the first to commit wins, the others are told of the conflict. */
import { randomUUID } from "node:crypto";
import type { LocalClock } from "../clock";
import { CloudError } from "./cloud-error";
import { type Documents, keyOf, type View } from "./documents";
import type { Change } from "./documents-journal";
import type { Document } from "./ejson";

/** A transaction that nobody ends is given up. https://docs.cloudbase.net/database/transaction */
const LIFETIME_MS = 30_000;

interface Transaction {
  startedMs: number;
  /**
   * The revision of each document when it was first looked at. Assumption: here what was only read counts as well, and a
   * search looks at its whole collection; the platform may let more transactions pass.
   */
  seen: Map<string, { collection: string; id: string; revision: number }>;
  changes: Map<string, Change>;
}

export interface Transactions {
  start(): string;
  /** @throws CloudError DATABASE_TRANSACTION_NOT_EXIST */
  view(id: string): View;
  /** @throws CloudError DATABASE_TRANSACTION_CONFLICT where a document was changed meanwhile */
  commit(id: string): Promise<void>;
  abort(id: string): void;
}

export function createTransactions(documents: Documents, clock: LocalClock): Transactions {
  const open = new Map<string, Transaction>();
  const dropExpired = () => {
    for (const [id, { startedMs }] of open) if (clock.now() - startedMs > LIFETIME_MS) open.delete(id);
  };
  const existing = (id: string) => {
    dropExpired();
    const found = open.get(id);
    if (found !== undefined) return found;
    throw new CloudError(
      "DATABASE_TRANSACTION_NOT_EXIST",
      `[ResourceNotFound] transaction ${id} does not exist or has expired`,
    );
  };
  return {
    start() {
      dropExpired();
      const id = randomUUID();
      open.set(id, { startedMs: clock.now(), seen: new Map(), changes: new Map() });
      return id;
    },
    view: (id) => viewOf(documents, existing(id)),
    async commit(id) {
      const { seen, changes } = existing(id);
      open.delete(id);
      for (const { collection, id: documentId, revision } of seen.values()) {
        if (documents.revision(collection, documentId) === revision) continue;
        throw new CloudError(
          "DATABASE_TRANSACTION_CONFLICT",
          "[FailedOperation] WriteConflict: the transaction conflicts with another one",
        );
      }
      if (changes.size > 0) await documents.apply([...changes.values()]);
    },
    abort(id) {
      existing(id);
      open.delete(id);
    },
  };
}

function viewOf(documents: Documents, { seen, changes }: Transaction): View {
  const look = (collection: string, id: string) => {
    const key = `${collection}/${id}`;
    if (!seen.has(key)) seen.set(key, { collection, id, revision: documents.revision(collection, id) });
    return key;
  };
  return {
    get(collection, id) {
      const base = documents.get(collection, id);
      const key = look(collection, id);
      const change = changes.get(key);
      return change === undefined ? base : change.document;
    },
    *documents(collection): Iterable<Document> {
      for (const document of documents.documents(collection)) {
        if (!changes.has(look(collection, keyOf(document)))) yield document;
      }
      for (const { collection: name, document } of changes.values()) {
        if (name === collection && document !== undefined) yield document;
      }
    },
    async apply(step) {
      for (const change of step) {
        documents.documents(change.collection);
        changes.set(look(change.collection, change.id), change);
      }
    },
  };
}
