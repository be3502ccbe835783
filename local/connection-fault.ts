/** A fault switch that concerns the connection, not the answer: the HTTP layer resets it, or never answers. */
import type { IncomingMessage } from "node:http";

export class ConnectionFault extends Error {
  override readonly name = "ConnectionFault";
  readonly kind: "lost" | "stall";

  constructor(kind: "lost" | "stall") {
    super(kind === "lost" ? "the connection is to be reset" : "the call is never to be answered");
    this.kind = kind;
  }
}

/** What a caller sees of a lost connection, or of an engine that never answers. */
export function cut(incoming: IncomingMessage, { kind }: ConnectionFault): Promise<Response> {
  if (kind === "lost") incoming.socket.destroy();
  return new Promise(() => undefined);
}
