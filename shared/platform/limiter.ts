/** A rate limit that all instances share: as many places for each key as it admits, each taken once in a window. */
import { now } from "../base/clock";
import { describeError, log } from "../base/log";
import { answered, type Database, insertDocument, orNone } from "./database";

export const LIMITS = "startflow_limits";

export type Admission = { admitted: true } | { admitted: false; retryAfterMs: number };

export interface Limiter {
  /**
   * At most `limit` admissions of one key in any `windowMs`, wherever it begins. One key, one limit and window. A store
   * that fails admits: the engine's own refusal is known to have started nothing.
   */
  admit(key: string, limit: number, windowMs: number): Promise<Admission>;
}

/** One place: who takes it, has it for a window. There are never more than `limit` of one key. */
interface Place {
  _id: string;
  key: string;
  /** The store's own time. */
  takenAt: Date;
}

/** A turn is lost where another caller takes the place that this one had chosen. */
const TURNS = 8;
/** After so many lost turns: others were admitted meanwhile, so it is not for long. */
const LOST_TURNS_WAIT_MS = 1_000;

export function createLimiter(database: Database, random: () => number = Math.random): Limiter {
  return {
    async admit(key, limit, windowMs) {
      try {
        // Most places are free most of the time: then this is the only call.
        const guess = placeId(key, Math.floor(random() * limit));
        if (await takes(database, guess, windowMs)) return { admitted: true };
        for (let turn = 0; turn < TURNS; turn += 1) {
          const admission = await takeTurn(database, { key, limit, windowMs, random });
          if (admission !== undefined) return admission;
        }
        return { admitted: false, retryAfterMs: LOST_TURNS_WAIT_MS };
      } catch (error) {
        log("warn", "rate limit not counted", { key, error: describeError(error) });
        return { admitted: true };
      }
    },
  };
}

interface Turn {
  key: string;
  limit: number;
  windowMs: number;
  random: () => number;
}

/** `undefined` where another caller was faster. */
async function takeTurn(database: Database, turn: Turn): Promise<Admission | undefined> {
  const { key, limit, windowMs, random } = turn;
  const places = await placesOf(database, key, limit);
  const missing = Array.from({ length: limit }, (_, at) => placeId(key, at)).filter((id) => !places.has(id));
  if (missing.length > 0) {
    const _id = missing[Math.floor(random() * missing.length)] as string;
    const isFirst = await insertDocument(database, LIMITS, { _id, key, takenAt: database.serverDate() });
    return isFirst ? { admitted: true } : undefined;
  }
  const oldestFirst = [...places.values()].sort((a, b) => a.takenAt.getTime() - b.takenAt.getTime());
  // Which are over, the store alone decides; several callers at once do not all reach for the same one.
  const chosen = oldestFirst[Math.floor(random() ** 2 * limit)];
  if (chosen !== undefined && (await takes(database, chosen._id, windowMs))) return { admitted: true };
  const [oldest] = oldestFirst;
  if (oldest === undefined || (await takes(database, oldest._id, windowMs))) return { admitted: true };
  const again = (await placesOf(database, key, limit)).get(oldest._id);
  const isStillTaken = again?.takenAt.getTime() === oldest.takenAt.getTime();
  return isStillTaken ? { admitted: false, retryAfterMs: waitMs(oldest, windowMs) } : undefined;
}

function placeId(key: string, at: number): string {
  return `${key}#${at}`;
}

/** Advice only, so this instance's clock will do; never longer than a window, however wrong that clock is. */
function waitMs({ takenAt }: Place, windowMs: number): number {
  return Math.min(windowMs, Math.max(1, takenAt.getTime() + windowMs - now()));
}

/** The store's time stands in the query, this instance's nowhere. */
async function takes(database: Database, _id: string, windowMs: number): Promise<boolean> {
  // https://developers.weixin.qq.com/miniprogram/dev/wxcloud/reference-sdk-api/database/Database.serverDate.html
  const isOver = database.command.lte(database.serverDate({ offset: -windowMs }));
  return await orNone(false, async () => {
    const call = database.collection(LIMITS).where({ _id, takenAt: isOver }).update({ takenAt: database.serverDate() });
    return (await answered<{ updated?: number }>(call)).updated === 1;
  });
}

function placesOf(database: Database, key: string, limit: number): Promise<Map<string, Place>> {
  return orNone(new Map<string, Place>(), async () => {
    const found = database.collection(LIMITS).where({ key }).limit(limit).get();
    const { data = [] } = await answered<{ data?: Place[] }>(found);
    return new Map(data.map((place) => [place._id, place]));
  });
}
