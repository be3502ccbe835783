/**
 * The tenant access tokens that were given out.
 * https://open.feishu.cn/document/server-docs/authentication-management/access-token/tenant_access_token_internal
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import * as z from "zod";
import type { LocalClock } from "../clock";
import { FeishuError } from "./feishu-error";
import type { Settings } from "./settings";

export interface Tokens {
  /** The same token while it has half an hour left, then a new one: the old one stays good until its own end. */
  issue(): { token: string; expireS: number };
  isValid(token: string): boolean;
  revoke(token: string): void;
  revokeAll(): void;
}

const RENEWED_BEFORE_MS = 30 * 60_000;

export function createTokens(clock: LocalClock, settings: Settings): Tokens {
  const expiresAt = new Map<string, number>();
  let newest: { token: string; lifeS: number } | undefined;
  const leftMs = (token: string) => (expiresAt.get(token) ?? Number.NEGATIVE_INFINITY) - clock.now();
  const isFresh = ({ token, lifeS }: { token: string; lifeS: number }) =>
    // A token of another life than is set now would hide the switch until it ends.
    lifeS === settings.get().tokenLifeS && leftMs(token) >= RENEWED_BEFORE_MS;
  return {
    issue() {
      if (newest === undefined || !isFresh(newest)) {
        for (const token of expiresAt.keys()) if (leftMs(token) <= 0) expiresAt.delete(token);
        const lifeS = settings.get().tokenLifeS;
        newest = { token: `t-${randomBytes(15).toString("hex")}`, lifeS };
        expiresAt.set(newest.token, clock.now() + lifeS * 1_000);
      }
      return { token: newest.token, expireS: Math.ceil(leftMs(newest.token) / 1_000) };
    },
    isValid: (token) => leftMs(token) > 0,
    revoke(token) {
      expiresAt.delete(token);
      if (newest?.token === token) newest = undefined;
    },
    revokeAll() {
      expiresAt.clear();
      newest = undefined;
    },
  };
}

const tokenRequestSchema = z.looseObject({ app_id: z.string().regex(/^cli_\w{1,60}$/), app_secret: z.string().min(1) });

/** @throws FeishuError; all of them come with HTTP 200 */
export function tokenAnswer(body: unknown, tokens: Tokens, settings: Settings): Record<string, unknown> {
  const parsed = tokenRequestSchema.safeParse(body);
  if (!parsed.success) throw new FeishuError("tokenParam");
  const { appId, appSecret } = settings.get();
  if (parsed.data.app_id !== appId) throw new FeishuError("appUnknown");
  if (!isSame(parsed.data.app_secret, appSecret)) throw new FeishuError("secretWrong");
  const { token, expireS } = tokens.issue();
  return { code: 0, expire: expireS, msg: "ok", tenant_access_token: token };
}

function isSame(given: string, known: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(known)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Who calls. @throws FeishuError */
export function checkToken(authorization: string | undefined, tokens: Tokens): string {
  const token = /^Bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1];
  if (token === undefined) throw new FeishuError("tokenMissing");
  if (/^(eyJ|u-)/.test(token)) throw new FeishuError("userTokenUsed");
  if (!token.startsWith("t-")) throw new FeishuError("tokenPrefix");
  if (!tokens.isValid(token)) throw new FeishuError("tokenInvalid");
  return token;
}
