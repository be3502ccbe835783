/** A rate limit that all instances share: one counting document for each key, in the ledger's database. */
import { now } from "../clock";
import { describeError, log } from "../log";
import { answered, type Database, insertDocument, isMissingCollection } from "./store";

export const LIMITS = "startflow_limits";

export type Admission = { admitted: true } | { admitted: false; retryAfterMs: number };

export interface Limiter {
  /**
   * At most `limit` admissions of one key in `windowMs`; the window opens with its first one. One key, one limit and window.
   * Around the turn of two windows there can be twice as many in one `windowMs`. A store that fails admits: the engine's
   * own refusal is known to have started nothing.
   */
  admit(key: string, limit: number, windowMs: number): Promise<Admission>;
}

/** The key's present window; the next one overwrites it. */
interface LimitRecord {
  _id: string;
  /** Admissions so far. */
  n: number;
  /** The store's own time. */
  openedAt: Date;
}

/** A turn is lost where another caller opens the document or a new window at that moment: more than two are not to be had. */
const TURNS = 4;

export function createLimiter(database: Database): Limiter {
  return {
    async admit(key, limit, windowMs) {
      try {
        for (let turn = 0; turn < TURNS; turn += 1) {
          const admission = await takeTurn(database, key, limit, windowMs);
          if (admission !== undefined) return admission;
        }
        throw new Error(`the store counts nothing in ${TURNS} turns`);
      } catch (error) {
        log("warn", "rate limit not counted", { key, error: describeError(error) });
        return { admitted: true };
      }
    },
  };
}

async function takeTurn(
  database: Database,
  key: string,
  limit: number,
  windowMs: number,
): Promise<Admission | undefined> {
  const { command } = database;
  // Which window it is, the store alone decides: its time stands in the query, this instance's nowhere.
  // https://developers.weixin.qq.com/miniprogram/dev/wxcloud/reference-sdk-api/database/Database.serverDate.html
  const windowAgo = () => database.serverDate({ offset: -windowMs });
  const counted = { _id: key, openedAt: command.gt(windowAgo()), n: command.lt(limit) };
  if (await changed(database, counted, { n: command.inc(1) })) return { admitted: true };
  const over = { _id: key, openedAt: command.lte(windowAgo()) };
  if (await changed(database, over, { n: 1, openedAt: database.serverDate() })) return { admitted: true };
  const found = await find(database, key);
  if (found === undefined) {
    const first = { _id: key, n: 1, openedAt: database.serverDate() };
    return (await insertDocument(database, LIMITS, first)) ? { admitted: true } : undefined;
  }
  return found.n < limit ? undefined : { admitted: false, retryAfterMs: waitMs(found, windowMs) };
}

/** Advice only, so this instance's clock will do; never longer than a window, however wrong that clock is. */
function waitMs({ openedAt }: LimitRecord, windowMs: number): number {
  return Math.min(windowMs, Math.max(1, openedAt.getTime() + windowMs - now()));
}

async function changed(database: Database, query: object, change: object): Promise<boolean> {
  try {
    const call = database.collection(LIMITS).where(query).update(change);
    return (await answered<{ updated?: number }>(call)).updated === 1;
  } catch (error) {
    if (isMissingCollection(error)) return false;
    throw error;
  }
}

async function find(database: Database, key: string): Promise<LimitRecord | undefined> {
  try {
    return (await answered<{ data?: LimitRecord[] }>(database.collection(LIMITS).doc(key).get())).data?.[0];
  } catch (error) {
    if (isMissingCollection(error)) return undefined;
    throw error;
  }
}
