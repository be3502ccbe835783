/** Credentials that sign the request as it will be sent: HMAC, and a function of the catalogue. */
import { createHash, createHmac } from "node:crypto";
import { now } from "../../clock";
import type { PreparedCall } from "../call";
import type { Auth, Signable } from "../catalogue";
import { type Credentials, inHeader, secretOf } from "./credentials";

/**
 * `HMAC-SHA256(secret, "<timestamp>\n<method>\n<path and query>\n<SHA-256 of the body in hex>")`, in hex; the timestamp in
 * epoch milliseconds. Assumption: no platform's own scheme; one that has its own is a `function`.
 */
export function hmac(auth: Extract<Auth, { kind: "hmac" }>, call: PreparedCall): Credentials {
  const { signature, timestamp, keyId } = auth.headers;
  const { method, target, nowMs } = signable(call);
  const digest = createHash("sha256");
  for (const piece of piecesOf(call)) digest.update(piece);
  const text = [nowMs, method, target, digest.digest("hex")].join("\n");
  const signed = createHmac("sha256", secretOf(call.instance, auth.secret)).update(text, "utf8").digest("hex");
  const headers: Record<string, string> = { [timestamp.toLowerCase()]: String(nowMs) };
  headers[signature.toLowerCase()] = signed;
  if (auth.keyId !== undefined) headers[keyId.toLowerCase()] = inHeader(secretOf(call.instance, auth.keyId));
  return { headers, query: {} };
}

export function byFunction(auth: Extract<Auth, { kind: "function" }>, call: PreparedCall): Credentials {
  const { headers = {}, query = {} } = auth.sign(signable(call), call.instance.secrets);
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), inHeader(value)]);
  return { headers: Object.fromEntries(lower) as Record<string, string>, query };
}

function signable(call: PreparedCall): Signable {
  const { origin } = new URL(call.instance.baseUrl);
  return {
    method: call.definition.method,
    target: new URL(call.instance.baseUrl + call.target).href.slice(origin.length),
    body: Buffer.concat(piecesOf(call)).toString("utf8"),
    nowMs: now(),
  };
}

function piecesOf({ body }: PreparedCall): readonly Uint8Array[] {
  const content = body?.content ?? "";
  return typeof content === "string" ? [Buffer.from(content, "utf8")] : content;
}
