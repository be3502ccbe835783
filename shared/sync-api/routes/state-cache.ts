/** Keeps what was switched over for a route for a moment, so that a busy API does not ask the database for it with each call. */
import { now } from "../../base/clock";
import type { RouteState } from "./overrides";

/** How long a switch may take to be seen by an instance that is at work. docs/sync-api.md prints it. */
export const STATE_MS = 1_000;
/** Callers come from many addresses: more are not kept. */
const MAX_KEPT = 1_000;

export interface StateCache {
  /** Of the caller who has this lock's key. @throws what `read` throws */
  get(lockKey: string, read: () => Promise<RouteState>): Promise<RouteState>;
  /** The caller has failed: how often, the database knows. */
  forget(lockKey: string): void;
}

export function createStateCache(): StateCache {
  const kept = new Map<string, { state: RouteState; atMs: number }>();
  return {
    async get(lockKey, read) {
      const known = kept.get(lockKey);
      const ageMs = known === undefined ? STATE_MS : now() - known.atMs;
      // An instance may have been asleep, and its clock may have been set back meanwhile.
      if (known !== undefined && ageMs >= 0 && ageMs < STATE_MS) return known.state;
      const atMs = now();
      const state = await read();
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(lockKey, { state, atMs });
      return state;
    },
    forget(lockKey) {
      kept.delete(lockKey);
    },
  };
}
