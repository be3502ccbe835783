/** Posts JSON to an address that is configured: the status alone counts, and no redirect is followed. */
import type { IncomingMessage } from "node:http";
import { within } from "../base/deadline";

/** @throws where nothing came in time, or no connection was made */
export async function postJson(
  url: string,
  body: string,
  { headers = {}, timeoutMs }: { headers?: Record<string, string>; timeoutMs: number },
): Promise<number> {
  // Node's own client, loaded when it is needed.
  const { request } = url.startsWith("https:") ? await import("node:https") : await import("node:http");
  const length = Buffer.byteLength(body);
  const type = "application/json; charset=utf-8";
  const sent = request(url, {
    method: "POST",
    headers: { ...headers, "content-type": type, "content-length": length },
  });
  const answer = new Promise<number>((settle, reject) => {
    sent.on("error", reject);
    sent.on("response", (response: IncomingMessage) => {
      response.resume();
      response.on("error", reject);
      settle(response.statusCode ?? 0);
    });
  });
  sent.end(body);
  try {
    return await within(timeoutMs, answer, () => new Error(`no answer within ${timeoutMs} ms`));
  } finally {
    // Nothing of what the answer holds is read.
    sent.destroy();
  }
}
