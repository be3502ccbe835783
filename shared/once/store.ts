/** The ledger in the CloudBase document database: read, insert as the claim, compare-and-set for every later change. */
import type { MethodContext } from "../context";
import { StartflowError } from "../errors";
import { isPlainObject } from "../labels";
import { LEASE_EXPIRED, ONCE, SUBMISSIONS, type SubmissionRecord, type SubmissionState } from "./record";
import { within } from "./time";

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

/** What a compare-and-set must find. */
export interface Expected {
  token: string;
  states: readonly SubmissionState[];
  /** First claimed no longer ago than this, by the store's own clock. */
  openedWithinMs?: number;
}

type Times = "claimedAt" | "changedAt" | "openedAt";
export type NewRecord = Omit<SubmissionRecord, Times>;
export type RecordChange = Partial<Omit<SubmissionRecord, "_id" | Times>>;
/** Which times are set to the store's: of a new start, or of one more try of the same. */
export type ClaimKind = "opens" | "repeats";

export interface LedgerStore {
  find(id: string): Promise<SubmissionRecord | undefined>;
  /** False where there is one already, its own from a lost answer included. */
  insert(record: NewRecord): Promise<boolean>;
  /** False where the record is not as expected any more. */
  change(id: string, expected: Expected, change: RecordChange, claim?: ClaimKind): Promise<boolean>;
}

/** @throws what the database throws, and `StoreTimeout` where it does not answer */
export function createLedgerStore(database: Database): LedgerStore {
  const records = () => database.collection(SUBMISSIONS);
  return {
    find: (id) =>
      orNone(undefined, async () => {
        const { data } = await answered<{ data?: SubmissionRecord[] }>(records().doc(id).get());
        return data?.[0];
      }),
    async insert(record) {
      const now = database.serverDate();
      const times = { claimedAt: now, changedAt: now, openedAt: now };
      return insertDocument(database, SUBMISSIONS, { ...record, ...times });
    },
    async change(id, { token, states, openedWithinMs }, change, claim) {
      const { command } = database;
      const now = database.serverDate();
      const claimed = claim === undefined ? {} : { claimedAt: now, ...(claim === "opens" ? { openedAt: now } : {}) };
      const times = { changedAt: now, ...claimed };
      const opened =
        openedWithinMs === undefined ? {} : { openedAt: command.gte(database.serverDate({ offset: -openedWithinMs })) };
      const query = { _id: id, token, state: command.in(states), ...opened };
      const { updated } = await answered<{ updated?: number }>(
        records()
          .where(query)
          .update({ ...whole(database, change), ...times }),
      );
      return updated === 1;
    },
  };
}

/** An update goes into an object member by member, which fails where there was none: these are put in as a whole. */
function whole({ command }: Database, change: RecordChange): Record<string, unknown> {
  const members: Record<string, unknown> = { ...change };
  for (const [name, value] of Object.entries(change)) {
    if (isPlainObject(value) && !(value instanceof Date)) members[name] = command.set(value);
  }
  return members;
}

/** Whoever sees that a lease is over writes it down. False where the record is not `dispatched` under this claim any more. */
export function expireLease(
  { change }: Pick<LedgerStore, "change">,
  { _id, token }: SubmissionRecord,
): Promise<boolean> {
  return change(_id, { token, states: ["dispatched"] }, { state: "unknown", reason: LEASE_EXPIRED });
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
    super(`the document database did not answer within ${ONCE.storeTimeoutMs} ms`);
  }
}

/** The SDK can resolve with `{code}`; and its own timeout is longer than a function has. */
export async function answered<Answer>(call: Promise<unknown>): Promise<Answer> {
  const late = () => new StoreTimeout();
  const answer = (await within(ONCE.storeTimeoutMs, call, late)) as { code?: unknown; message?: unknown } & Answer;
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
