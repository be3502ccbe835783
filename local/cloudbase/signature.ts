/** Checks the TC3 signature of a call with the SDK's own signing package. https://cloud.tencent.com/document/api/213/30654 */
import { createHash, timingSafeEqual } from "node:crypto";
import { sign } from "@cloudbase/signature-nodejs";
import { CloudError } from "./cloud-error";

export interface Credentials {
  readonly secretId: string;
  readonly secretKey: string;
}

export interface SignedCall {
  /** The address as the caller knows it: `http://<host><path and query>`. */
  url: string;
  headers: Record<string, string | undefined>;
  body: Record<string, unknown>;
}

/** A signature is good for ten minutes, as its `x-signature-expires` says. */
const DEFAULT_EXPIRES_S = 600;
/** Clocks of one machine: a signature from the future is none. */
const MAX_AHEAD_S = 60;

/** @throws CloudError SIGN_PARAM_INVALID */
export function checkSignature({ url, headers, body }: SignedCall, credentials: Credentials, nowMs = Date.now()): void {
  const sent = headers.authorization ?? "";
  if (!sent.startsWith("TC3-HMAC-SHA256 ")) throw invalid("the call has no TC3 signature");
  const timestamp = Number(headers["x-timestamp"]);
  // The header is not signed, so it can only shorten.
  const expires = Math.min(Number(headers["x-signature-expires"] ?? DEFAULT_EXPIRES_S), DEFAULT_EXPIRES_S);
  const ageS = nowMs / 1_000 - timestamp;
  if (!(ageS >= -MAX_AHEAD_S && ageS <= expires)) throw invalid("the signature has expired");
  const signedHeaders: Record<string, string> = {};
  for (const name of /SignedHeaders=([^,\s]+)/.exec(sent)?.[1]?.split(";") ?? []) {
    const value = headers[name];
    if (value !== undefined) signedHeaders[name] = value;
  }
  const parts = { ...credentials, method: "post", url, params: body, headers: signedHeaders, timestamp };
  if (!equal(sent, signed({ ...parts, withSignedParams: true }))) {
    throw invalid("the signature does not fit the request");
  }
}

function signed(parts: Parameters<typeof sign>[0]): string {
  try {
    return sign(parts).authorization;
  } catch (error) {
    // Without the host among the signed headers, for one, nothing can be signed at all.
    throw invalid(error instanceof Error ? error.message : String(error));
  }
}

function invalid(why: string): CloudError {
  return new CloudError("SIGN_PARAM_INVALID", `[SignatureFailure] ${why}; the local platform's keys are in its README`);
}

/** In constant time: both sides are hashed, so that their lengths are equal. */
function equal(a: string, b: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
