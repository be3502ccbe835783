/** Access tokens: each is kept until shortly before its end, and fetched by one request for many callers. */
import { monotonicMs } from "./clock";

/** A token, and how long it is good for; `undefined` where nobody said: then it is not kept. */
export interface IssuedToken {
  token: string;
  lifeMs: number | undefined;
}

export interface TokenCache {
  /** @param key whose token it is. @throws what `fetchToken` throws; a failure is not kept */
  get(key: string, fetchToken: () => Promise<IssuedToken>): Promise<string>;
  /** After a platform refused it. Another caller may have fetched a new one meanwhile: that one stays. */
  drop(key: string, token: string): void;
}

/** @param earlyMs how long before its end a token of this life is no longer used */
export function createTokenCache(earlyMs: (lifeMs: number) => number): TokenCache {
  const kept = new Map<string, { token: string; untilMs: number }>();
  const underWay = new Map<string, Promise<string>>();
  const keep = (key: string, { token, lifeMs = 0 }: IssuedToken) => {
    const usableMs = lifeMs - earlyMs(lifeMs);
    if (usableMs > 0) kept.set(key, { token, untilMs: monotonicMs() + usableMs });
    return token;
  };
  return {
    get(key, fetchToken) {
      const known = kept.get(key);
      if (known !== undefined && known.untilMs > monotonicMs()) return Promise.resolve(known.token);
      const running = underWay.get(key);
      if (running !== undefined) return running;
      const fetched = fetchToken()
        .then((issued) => keep(key, issued))
        .finally(() => underWay.delete(key));
      underWay.set(key, fetched);
      return fetched;
    },
    drop(key, token) {
      if (kept.get(key)?.token === token) kept.delete(key);
    },
  };
}
