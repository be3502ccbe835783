/** The tenant token of a self-built app: kept until shortly before its end, fetched by one request for many callers. */
import { monotonicMs } from "../clock";
import type { Deadline } from "../once/time";
import type { FeishuApp } from "./app";

/** How long before its end a token is no longer used: the same as the official SDK's. */
const EARLY_MS = 180_000;

/** A token, and how long it is good for; `undefined` where Feishu did not say. */
export interface IssuedToken {
  token: string;
  lifeMs: number | undefined;
}

interface KeptToken {
  token: string;
  untilMs: number;
}

// Feishu gives out one and the same token while it has 30 minutes left, so instances need not share theirs.
// https://open.feishu.cn/document/server-docs/authentication-management/access-token/tenant_access_token_internal
const kept = new Map<string, KeptToken>();
const underWay = new Map<string, Promise<string>>();

/** One app on two domains is two apps. */
function keyOf({ domain, appId }: FeishuApp): string {
  return `${domain} ${appId}`;
}

/** @throws what `fetchToken` throws; a failure is not kept */
export function tenantToken(
  app: FeishuApp,
  deadline: Deadline,
  fetchToken: (app: FeishuApp, deadline: Deadline) => Promise<IssuedToken>,
): Promise<string> {
  const key = keyOf(app);
  const known = kept.get(key);
  if (known !== undefined && known.untilMs > monotonicMs()) return Promise.resolve(known.token);
  const running = underWay.get(key);
  if (running !== undefined) return running;
  const fetched = fetchToken(app, deadline)
    .then(({ token, lifeMs = 0 }) => {
      if (lifeMs > EARLY_MS) kept.set(key, { token, untilMs: monotonicMs() + lifeMs - EARLY_MS });
      return token;
    })
    .finally(() => underWay.delete(key));
  underWay.set(key, fetched);
  return fetched;
}

/** After Feishu refused it. Another caller may have fetched a new one meanwhile: that one stays. */
export function dropToken(app: FeishuApp, token: string): void {
  const key = keyOf(app);
  if (kept.get(key)?.token === token) kept.delete(key);
}
