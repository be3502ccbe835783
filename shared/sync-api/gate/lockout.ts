/** After repeated failures a caller is shut out of a route for a while: counted in the database, for all instances. */
import * as z from "zod";
import { now } from "../../base/clock";
import { describeError, log } from "../../base/log";
import { answered, type Database, insertDocument, orNone } from "../../platform/database";

/** Beside what was switched over for the routes, so that one look tells of both. */
export const APIS = "startflow_apis";

/** docs/sync-api.md prints these. */
export const LOCKOUT = { failures: 20, windowMs: 600_000 } as const;

/** No route's name. @param address where the caller is known to be */
export function lockKeyOf(environment: string, routeName: string, address: string | undefined): string {
  return `lock:${environment}:${routeName}:${address ?? "anywhere"}`;
}

/** Finds the lock of a caller who is shut out now: whether its time is over, the store alone decides. */
export function lockedQuery(database: Database, lockKey: string): object {
  const { command } = database;
  return { _id: lockKey, failures: command.gte(LOCKOUT.failures), since: command.gt(windowStart(database)) };
}

const lockSchema = z.looseObject({ since: z.date() });

/** Milliseconds until the caller may try again; 0 where he may now. @param lock what `lockedQuery` found */
export function lockedForMs(lock: unknown): number {
  if (lock === undefined) return 0;
  const { data } = lockSchema.safeParse(lock);
  const leftMs = data === undefined ? LOCKOUT.windowMs : data.since.getTime() + LOCKOUT.windowMs - now();
  return Math.min(LOCKOUT.windowMs, Math.max(1, leftMs));
}

function windowStart(database: Database): unknown {
  return database.serverDate({ offset: -LOCKOUT.windowMs });
}

/** Counts one failure. */
export async function countFailure(database: Database, key: string): Promise<void> {
  const { command } = database;
  const added = () =>
    updated(database, { _id: key, since: command.gt(windowStart(database)) }, { failures: command.inc(1) });
  const first = { failures: 1, since: database.serverDate() };
  try {
    if (await added()) return;
    if (await insertDocument(database, APIS, { _id: key, ...first })) return;
    if (await updated(database, { _id: key, since: command.lte(windowStart(database)) }, first)) return;
    // Another failure was first: this one is added to its count.
    await added();
  } catch (error) {
    log("warn", "failed attempt not counted", { error: describeError(error) });
  }
}

async function updated(database: Database, query: object, change: object): Promise<boolean> {
  return await orNone(false, async () => {
    const call = database.collection(APIS).where(query).update(change);
    return (await answered<{ updated?: number }>(call)).updated === 1;
  });
}
