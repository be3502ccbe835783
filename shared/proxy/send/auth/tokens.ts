/** Fetched tokens of all platforms: one for each set of secrets at each address, however many callers wait for it. */
import { createHash } from "node:crypto";
import { type Deadline, within } from "../../../base/deadline";
import { createTokenCache, type IssuedToken } from "../../../base/token-cache";
import type { PreparedCall, ResolvedInstance } from "../../call";
import type { Auth } from "../../catalogue/catalogue";
import { CallFailure, tooLate } from "../call-failure";
import { type Credentials, placed } from "./credentials";
import { issuedToken } from "./issue";

const MAX_EARLY_MS = 180_000;
/** Of a short-lived token, a part of its life. */
const EARLY_PART = 0.2;
const tokens = createTokenCache((lifeMs) => Math.min(MAX_EARLY_MS, lifeMs * EARLY_PART));

type TokenAuth = Extract<Auth, { kind: "oauth2" | "twoStep" }>;
const OAUTH2_PLACE = { in: "header", name: "authorization", prefix: "Bearer " } as const;

export async function byToken(auth: TokenAuth, call: PreparedCall, deadline: Deadline): Promise<Credentials> {
  const place = auth.kind === "oauth2" ? OAUTH2_PLACE : auth.place;
  // The request for the token has a time of its own: whoever asked first and has little left spoils it for no one.
  const fetched = tokens.get(keyOf(call), () => issued(auth, call));
  const token = await within(deadline.remainingMs(), fetched, () => new CallFailure(tooLate()));
  return { ...placed(place, token), token };
}

/** @throws CallFailure that says what it was for: the call itself has not been sent */
async function issued(auth: TokenAuth, call: PreparedCall): Promise<IssuedToken> {
  try {
    return await issuedToken(auth, call);
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    const { zh, en } = error.failure.text;
    const text = {
      zh: `取访问凭证时出错，调用本身没有发出：${zh}`,
      en: `While the access token was fetched, before the call itself was sent: ${en}`,
    };
    throw new CallFailure({ ...error.failure, isUnsent: true, text });
  }
}

/** After the platform said that it is over. */
export function dropToken(call: PreparedCall, token: string): void {
  tokens.drop(keyOf(call), token);
}

const keys = new WeakMap<ResolvedInstance, string>();

/** Secrets that change make another key, and so does what is asked for with them; only a hash of it is kept. */
function keyOf({ platform, instance }: PreparedCall): string {
  const known = keys.get(instance);
  if (known !== undefined) return known;
  const hash = createHash("sha256")
    .update(JSON.stringify([Object.entries(instance.secrets).sort(), platform.auth]))
    .digest("hex");
  const key = [platform.platform_key, instance.key, instance.baseUrl, hash].join(" ");
  keys.set(instance, key);
  return key;
}
