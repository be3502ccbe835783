/** Signatures: of requests to a route with `hmac`, and of the callbacks that tell of a run's end. */
import { createHash, createHmac } from "node:crypto";

/** `x-signature: t=<epoch seconds>,v1=<hex>`; how far `t` may be off, in seconds. */
export const SIGNATURE = { header: "x-signature", toleranceSeconds: 300 } as const;

export interface SignedParts {
  /** Epoch seconds. */
  at: string;
  method: string;
  /** From `/v1` on, without the query. */
  path: string;
  /** As `signedQuery` writes it; of a request without a body it is the input, whatever the method. */
  query: string;
  /** The Idempotency-Key as it was sent, "" without one: who repeats a request under another key has to sign it. */
  key: string;
  body: Buffer | string;
}

/** Lower-case hex. One line for each part, the body as its SHA-256. */
export function signatureOf(secret: string, { at, method, path, query, key, body }: SignedParts): string {
  const bodyHash = createHash("sha256").update(body).digest("hex");
  return createHmac("sha256", secret).update([at, method, path, query, key, bodyHash].join("\n")).digest("hex");
}

/** Sorted by name, encoded, joined by `&`: the order in which a platform hands the parameters on does not count. */
export function signedQuery(query: Readonly<Record<string, string | string[]>>): string {
  const pairs = Object.keys(query)
    .sort()
    .flatMap((name) => [query[name] ?? []].flat().map((value) => [name, value]));
  return pairs.map((pair) => pair.map((part) => encodeURIComponent(part ?? "")).join("=")).join("&");
}

export interface GivenSignature {
  at: string;
  v1: string;
}

export function readSignature(header: string): GivenSignature | undefined {
  const found = /^\s*t=(\d{10}),\s*v1=([0-9a-f]{64})\s*$/.exec(header);
  return found === null ? undefined : { at: found[1] as string, v1: found[2] as string };
}
