/**
 * The frequency limits: so many calls of one API in any 60 seconds.
 * https://open.feishu.cn/document/ukTMukTMukTM/uUzN04SN3QjL1cDN
 */
import type { LocalClock } from "../clock";
import { FeishuError } from "./feishu-error";

const WINDOW_MS = 60_000;

export interface Limiter {
  /** Counts the call. @throws FeishuError that says when to call again */
  take(api: string, callsPerMinute: number): void;
  reset(): void;
}

export function createLimiter(clock: LocalClock): Limiter {
  const taken = new Map<string, number[]>();
  return {
    take(api, callsPerMinute) {
      const now = clock.now();
      // A call from before the clock was moved back lies in the future, and counts no more.
      const recent = (taken.get(api) ?? []).filter((at) => at <= now && now - at < WINDOW_MS);
      taken.set(api, recent);
      const [oldest] = recent;
      if (oldest !== undefined && recent.length >= callsPerMinute) {
        throw rateLimited(callsPerMinute, oldest + WINDOW_MS - now);
      }
      recent.push(now);
    },
    reset: () => taken.clear(),
  };
}

export function rateLimited(callsPerMinute: number, waitMs: number): FeishuError {
  const resetS = Math.max(1, Math.ceil(waitMs / 1_000));
  return new FeishuError("rateLimited", {
    headers: { "x-ogw-ratelimit-limit": String(callsPerMinute), "x-ogw-ratelimit-reset": String(resetS) },
  });
}
