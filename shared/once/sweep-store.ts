/** What the sweep needs of the ledger beside its own changes: what is due, and the store's own time. */

import { UPLOADS } from "../engines/submission";
import { answered, type Database, orNone } from "../platform/database";
import { QUEUED, SUBMISSIONS, type SubmissionRecord } from "./record";
import { createLedgerStore, type LedgerStore } from "./store";

/** Queries that are sorted need more of the database than methods do. */
export interface SweepDatabase extends Database {
  collection(name: string): Omit<ReturnType<Database["collection"]>, "where"> & { where(query: object): SortedQuery };
}
export interface SortedQuery {
  update(change: object): Promise<unknown>;
  orderBy(field: string, order: "asc"): SortedQuery;
  limit(count: number): SortedQuery;
  get(): Promise<unknown>;
  remove(): Promise<unknown>;
}

export type DueState = "dispatched" | "unknown";
/** `sweptAt` is what the store's clock said just now. */
export type SweptRecord = SubmissionRecord & { state: DueState; sweptAt: Date };

export interface SweepStore extends Pick<LedgerStore, "change"> {
  /**
   * Oldest claim first. Of the unknown, first whichever no sweep has looked at for longest: those that stay unknown keep no
   * other from its turn.
   */
  due(state: DueState, limit: number): Promise<SubmissionRecord[]>;
  /** Writes down that a sweep looks at it, and reads it back; `undefined` where it is not as it was listed any more. */
  take(listed: SubmissionRecord): Promise<SweptRecord | undefined>;
  /** Writes down that an operator was told. */
  noticed(record: SubmissionRecord): Promise<boolean>;
  /**
   * Deletes the submissions that have been settled for this long, on the store's clock, and the notes of uploads as old; what
   * is unknown stays. Answers how many submissions.
   */
  expire(ageMs: number): Promise<number>;
}

/** Its methods throw what the database throws, and `StoreTimeout` where it does not answer. */
export function createSweepStore(database: SweepDatabase): SweepStore {
  const records = () => database.collection(SUBMISSIONS);
  const ledger = createLedgerStore(database);
  const marked = async (query: object, member: "sweptAt" | "noticedAt") => {
    const call = records()
      .where(query)
      .update({ [member]: database.serverDate() });
    return (await answered<{ updated?: number }>(call)).updated === 1;
  };
  return {
    change: ledger.change,
    due: (state, limit) =>
      orNone([], async () => {
        const all = records().where({ state });
        const inTurn = state === "unknown" ? all.orderBy("sweptAt", "asc") : all;
        const query = inTurn.orderBy("claimedAt", "asc").limit(limit);
        return (await answered<{ data?: SubmissionRecord[] }>(query.get())).data ?? [];
      }),
    async take({ _id, token, state, sweptAt = null }) {
      // Of two sweeps that have listed it, one gets it.
      if (!(await marked({ _id, token, state, sweptAt }, "sweptAt"))) return undefined;
      const record = await ledger.find(_id);
      return record !== undefined && record.token === token && isSwept(record) ? record : undefined;
    },
    noticed: ({ _id, token }) => marked({ _id, token }, "noticedAt"),
    async expire(ageMs) {
      const { command } = database;
      const before = database.serverDate({ offset: -ageMs });
      // What was answered and waits for its turn, or whose end is still to be told, is not settled.
      const [reason, callbackState] = [command.neq(QUEUED), command.neq("pending")];
      const query = { state: command.in(["started", "free"]), changedAt: command.lt(before), reason, callbackState };
      const { deleted = 0 } = await answered<{ deleted?: number }>(records().where(query).remove());
      const uploads = database.collection(UPLOADS).where({ at: command.lt(before) });
      await orNone(undefined, () => answered(uploads.remove()));
      return deleted;
    },
  };
}

function isSwept(record: SubmissionRecord): record is SweptRecord {
  return (record.state === "dispatched" || record.state === "unknown") && record.sweptAt instanceof Date;
}
