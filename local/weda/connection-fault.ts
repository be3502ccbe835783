/** A fault switch that concerns the connection, not the answer: the HTTP layer resets it, or never answers. */
export class ConnectionFault extends Error {
  override readonly name = "ConnectionFault";
  readonly kind: "lost" | "stall";

  constructor(kind: "lost" | "stall") {
    super(kind === "lost" ? "the connection is to be reset" : "the call is never to be answered");
    this.kind = kind;
  }
}
