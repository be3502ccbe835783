/** The body of a request, from Node's own stream: a web Request with its streams and signals takes longer than most answers. */
import type { IncomingMessage } from "node:http";

/** `undefined` for more than that; what is left of it is passed over. */
export async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  if (Number(incoming.headers["content-length"] ?? 0) > maxBytes) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  // To be done with it early would close the connection before the answer.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) {
      incoming.resume();
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Whoever asked went away before all of it was here: nothing is wrong with the platform, and nobody waits for an answer. */
export function isBrokenOff(incoming: IncomingMessage | undefined): boolean {
  return incoming?.destroyed === true && !incoming.complete;
}
