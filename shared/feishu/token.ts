/** The tenant token of a self-built app, which is fetched once for all calls of an instance. */
import type { Deadline } from "../base/deadline";
import { createTokenCache, type IssuedToken } from "../base/token-cache";
import type { FeishuApp } from "./app";

export type { IssuedToken } from "../base/token-cache";

/** How long before its end a token is no longer used: the same as the official SDK's. */
const EARLY_MS = 180_000;

// Feishu gives out one and the same token while it has 30 minutes left, so instances need not share theirs.
// https://open.feishu.cn/document/server-docs/authentication-management/access-token/tenant_access_token_internal
const tokens = createTokenCache(() => EARLY_MS);

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
  return tokens.get(keyOf(app), () => fetchToken(app, deadline));
}

/** After Feishu refused it. */
export function dropToken(app: FeishuApp, token: string): void {
  tokens.drop(keyOf(app), token);
}
