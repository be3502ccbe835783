/** Access tokens as WeCom and DingTalk give them out: the same one until it is over, on the platform's clock. */
import { randomBytes, timingSafeEqual } from "node:crypto";
import type { LocalClock } from "../clock";
import type { FaultKind } from "../faults";

export interface ExpiringTokens {
  issue(): { token: string; expiresInS: number };
  stateOf(token: string): "good" | "expired" | "unknown";
  /** Before its time: from now on it is unknown. */
  revoke(token: string): void;
}

/** Tokens that are over are told apart from unknown ones; so many are remembered. */
const MAX_REMEMBERED = 100;

export function createExpiringTokens(clock: LocalClock, lifeS: number): ExpiringTokens {
  const expiresAt = new Map<string, number>();
  let newest: string | undefined;
  const leftMs = (token: string) => (expiresAt.get(token) ?? 0) - clock.now();
  return {
    issue() {
      if (newest === undefined || leftMs(newest) <= 0) {
        newest = randomBytes(48).toString("base64url");
        expiresAt.set(newest, clock.now() + lifeS * 1_000);
        const [oldest] = expiresAt.keys();
        if (expiresAt.size > MAX_REMEMBERED && oldest !== undefined) expiresAt.delete(oldest);
      }
      return { token: newest, expiresInS: Math.ceil(leftMs(newest) / 1_000) };
    },
    stateOf(token) {
      if (!expiresAt.has(token)) return "unknown";
      return leftMs(token) > 0 ? "good" : "expired";
    },
    revoke(token) {
      expiresAt.delete(token);
      if (newest === token) newest = undefined;
    },
  };
}

/** What a fault makes the call fail with. One that takes the call's token away does so, and leaves a call without any alone. */
export function refusalKind<Kind>(
  fault: FaultKind,
  token: string | null,
  tokens: ExpiringTokens,
  kinds: Partial<Record<FaultKind, Kind>>,
): Kind | undefined {
  if (fault === "token-revoked") {
    if (token === null) return undefined;
    tokens.revoke(token);
  }
  return kinds[fault];
}

/** Takes the same time whatever differs. */
export function isSame(given: string | null | undefined, known: string): boolean {
  const [one, other] = [Buffer.from(given ?? ""), Buffer.from(known)];
  return one.length === other.length && timingSafeEqual(one, other);
}
