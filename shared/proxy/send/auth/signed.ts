/** Credentials that sign the request as it will be sent: HMAC, and a function of the catalogue. */
import { createHash, createHmac } from "node:crypto";
import * as z from "zod";
import { now } from "../../../base/clock";
import type { PreparedCall } from "../../call";
import type { Auth, Signable } from "../../catalogue/catalogue";
import { isPlain } from "../../request/data";
import { headerNameProblem } from "../../request/headers";
import { CallFailure, configFailure } from "../call-failure";
import { maskedBy } from "../secrets";
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
  const made = createHmac("sha256", secretOf(call.instance, auth.secret)).update(text, "utf8").digest("hex");
  const headers: Record<string, string> = { [timestamp.toLowerCase()]: String(nowMs) };
  headers[signature.toLowerCase()] = made;
  if (auth.keyId !== undefined) headers[keyId.toLowerCase()] = inHeader(secretOf(call.instance, auth.keyId));
  return { headers, query: {} };
}

export function byFunction(auth: Extract<Auth, { kind: "function" }>, call: PreparedCall): Credentials {
  const { headers = {}, query = {} } = signed(auth, call);
  const lower: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const problem = headerNameProblem(name.toLowerCase(), new Set());
    if (problem !== undefined)
      throw new CallFailure(configFailure(`auth.sign：${problem.zh}。`, `auth.sign: ${problem.en}.`));
    lower[name.toLowerCase()] = inHeader(value);
  }
  return { headers: lower, query };
}

const texts = z.record(z.string(), z.string()).optional();
/** Anything else would be sent unsigned without a word, as what an `async` function gives. */
const signatureSchema = z.strictObject({ headers: texts, query: texts });

/** @throws CallFailure without secrets, which an error of the function may repeat */
function signed(auth: Extract<Auth, { kind: "function" }>, call: PreparedCall): z.output<typeof signatureSchema> {
  let made: unknown;
  try {
    made = auth.sign(signable(call), call.instance.secrets);
  } catch (error) {
    const cause = new Error(maskedBy(call.instance)(error instanceof Error ? error.message : String(error)));
    throw new CallFailure(
      configFailure(
        "auth 的 sign 函数自己出错了，什么也没有发送。请检查接口配置。",
        "The function sign of auth failed by itself, so nothing was sent. Check the catalogue.",
        cause,
      ),
    );
  }
  const parsed = signatureSchema.safeParse(isPlain(made) ? made : undefined);
  if (parsed.success) return parsed.data;
  // A promise that nobody waits for must not end the process where it fails.
  Promise.resolve(made).catch(() => undefined);
  throw new CallFailure(
    configFailure(
      "auth 的 sign 函数应直接（不能异步）返回 {headers?, query?}，值都是文字；什么也没有发送。",
      "The function sign of auth must give {headers?, query?} with texts in them, at once and not as a promise; nothing was sent.",
    ),
  );
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
