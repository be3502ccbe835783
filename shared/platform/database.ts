/** The document database of CloudBase, as far as it is used: every call is answered in time, or has failed. */
import { within } from "../base/deadline";
import { StartflowError } from "../base/errors";
import type { MethodContext } from "./context";

/** Longest wait for one answer of the store. */
export const STORE_TIMEOUT_MS = 4_000;

/** The part of node-sdk's database that is used; custom code gets it as `context.database`. */
export interface Database {
  collection(name: string): {
    doc(id: string): { get(): Promise<unknown> };
    add(document: object): Promise<unknown>;
    where(query: object): {
      update(change: object): Promise<unknown>;
      limit(count: number): { get(): Promise<unknown> };
    };
  };
  createCollection(name: string): Promise<unknown>;
  /** The store's own time, in what is written and in a query. */
  serverDate(options?: { offset: number }): unknown;
  command: Record<"gt" | "gte" | "lt" | "lte" | "inc" | "neq" | "or" | "set", (value: unknown) => unknown> & {
    in(values: readonly unknown[]): unknown;
  };
}

/** Without the ledger nothing is started: the platform gives every method its database. @throws StartflowError STORE_UNREACHABLE */
export function databaseOf({ database }: MethodContext): Database {
  const found: unknown = typeof database === "function" ? database() : database;
  if (typeof found === "object" && found !== null && "collection" in found) return found as Database;
  throw new StartflowError("STORE_UNREACHABLE", { cause: new Error("the context has no database") });
}

/** Makes the collection with the first document. False where there is one of this `_id` already. */
export async function insertDocument(database: Database, collection: string, document: object): Promise<boolean> {
  try {
    await answered(database.collection(collection).add(document));
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    if (!isMissingCollection(error)) throw error;
  }
  // Another instance may make it at the same moment: then it is there.
  await answered(database.createCollection(collection)).catch(() => undefined);
  try {
    await answered(database.collection(collection).add(document));
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** The store did not answer in time: what it was asked may have been done. */
export class StoreTimeout extends Error {
  override readonly name = "StoreTimeout";
  readonly code = "STORE_TIMEOUT";
  constructor() {
    super(`the document database did not answer within ${STORE_TIMEOUT_MS} ms`);
  }
}

/** The SDK can resolve with `{code}`; and its own timeout is longer than a function has. */
export async function answered<Answer>(call: Promise<unknown>): Promise<Answer> {
  const late = () => new StoreTimeout();
  const answer = (await within(STORE_TIMEOUT_MS, call, late)) as { code?: unknown; message?: unknown } & Answer;
  if (answer.code === undefined || answer.code === "" || answer.code === 0) return answer;
  throw Object.assign(new Error(String(answer.message ?? answer.code)), { code: answer.code });
}

/** No distinct code is given in practice, so the text is looked at too. https://docs.cloudbase.net/error-code/DATABASE_DUPLICATE_WRITE */
function isDuplicate(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return code === "DATABASE_DUPLICATE_WRITE" || code === 11_000 || /E11000 duplicate key error/.test(String(message));
}

/** A collection that nobody has made yet has nothing in it. @throws what `work` throws, but for that */
export async function orNone<Result>(none: Result, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isMissingCollection(error)) return none;
    throw error;
  }
}

/** https://docs.cloudbase.net/error-code/DATABASE_COLLECTION_NOT_EXIST */
export function isMissingCollection(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return (
    code === "DATABASE_COLLECTION_NOT_EXIST" || /Db or Table not exist|collection not exists/i.test(String(message))
  );
}
