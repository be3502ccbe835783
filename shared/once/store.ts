/** The ledger in the CloudBase document database: read, insert as the claim, compare-and-set for every later change. */
import { isPlainObject } from "../base/objects";
import { answered, type Database, insertDocument, orNone } from "../platform/database";
import { LEASE_EXPIRED, SUBMISSIONS, type SubmissionRecord, type SubmissionState } from "./record";

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
