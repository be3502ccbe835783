/** One call of the Tencent Cloud API, signed: what the CLI has done is asked there, and not read from what it prints. */
import { createHash, createHmac } from "node:crypto";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import * as z from "zod";

export interface Credentials {
  secretId: string;
  secretKey: string;
  /** Of temporary credentials. */
  token?: string | undefined;
}

export interface ApiCall {
  service: "tcb" | "scf";
  action: string;
  params: Record<string, unknown>;
}

const VERSIONS = { tcb: "2018-06-08", scf: "2018-04-16" } as const;
const TIMEOUT_MS = 15_000;
const CONTENT_TYPE = "application/json";

/** A code of the platform, or `NETWORK`. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const answerSchema = z.object({
  Response: z.looseObject({ Error: z.object({ Code: z.string(), Message: z.string() }).optional() }),
});

/** @throws ApiError */
export async function callApi(call: ApiCall, credentials: Credentials, region: string): Promise<object> {
  const body = JSON.stringify(call.params);
  const host = `${call.service}.tencentcloudapi.com`;
  const timestamp = Math.floor(Date.now() / 1_000);
  const headers: Record<string, string> = {
    "Content-Type": CONTENT_TYPE,
    Host: host,
    "X-TC-Action": call.action,
    "X-TC-Version": VERSIONS[call.service],
    "X-TC-Region": region,
    "X-TC-Timestamp": String(timestamp),
    Authorization: authorization(
      { service: call.service, host, contentType: CONTENT_TYPE, body, timestamp },
      credentials,
    ),
    ...(credentials.token ? { "X-TC-Token": credentials.token } : {}),
  };
  const parsed = answerSchema.safeParse(jsonOf(await post(host, headers, body)));
  if (!parsed.success) throw new ApiError("NETWORK", `${host} gave no answer of the API`);
  const { Error: failure, ...answer } = parsed.data.Response;
  if (failure !== undefined) throw new ApiError(failure.Code, failure.Message);
  return answer;
}

async function post(host: string, headers: Record<string, string>, body: string): Promise<string> {
  try {
    return await new Promise((settle, reject) => {
      const sent = request({ hostname: host, method: "POST", path: "/", headers, timeout: TIMEOUT_MS }, (answer) => {
        text(answer).then(settle, reject);
      });
      sent.on("timeout", () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
      sent.on("error", reject);
      sent.end(body);
    });
  } catch (error) {
    throw new ApiError("NETWORK", `${host} cannot be reached: ${error instanceof Error ? error.message : error}`);
  }
}

function jsonOf(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return undefined;
  }
}

export interface Signed {
  service: string;
  host: string;
  contentType: string;
  body: string;
  /** Epoch seconds. */
  timestamp: number;
}

/** TC3-HMAC-SHA256 over content type and host. https://cloud.tencent.com/document/api/213/30654 */
export function authorization(
  { service, host, contentType, body, timestamp }: Signed,
  { secretId, secretKey }: Credentials,
) {
  const date = new Date(timestamp * 1_000).toISOString().slice(0, 10);
  const headers = `content-type:${contentType}\nhost:${host}\n`;
  const canonical = ["POST", "/", "", headers, "content-type;host", sha256(body)].join("\n");
  const scope = `${date}/${service}/tc3_request`;
  const toSign = ["TC3-HMAC-SHA256", timestamp, scope, sha256(canonical)].join("\n");
  const key = [date, service, "tc3_request"].reduce<string | Buffer>(
    (from, part) => hmac(from, part),
    `TC3${secretKey}`,
  );
  const signature = hmac(key, toSign).toString("hex");
  return `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`;
}

function sha256(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

function hmac(key: string | Buffer, content: string): Buffer {
  return createHmac("sha256", key).update(content).digest();
}
