/** What a stand-in of a third-party system is: its routes, how it words a fault, and what it answers to anything else. */
import type { LocalClock } from "../clock";
import type { FaultKind } from "../faults";

export interface Reply {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

export interface StandInCall {
  /** The named parts of the path, decoded. */
  path: Record<string, string>;
  query: URLSearchParams;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** Parsed JSON; `{}` where there was none, `undefined` where it is not readable. */
  body: unknown;
}

export interface StandIn {
  /** `"GET /customers/:id"` -> what it does. Refusals are thrown. */
  routes: Record<string, (call: StandInCall) => Reply>;
  notFound: Reply;
  /** How the system words a fault; `undefined` where it knows none of the kind: then the call goes on. */
  refusal(fault: FaultKind, call: StandInCall): Refusal | undefined;
  /** As shipped, but for the tokens that are out. */
  reset(): void;
}

export type OpenStandIn = (clock: LocalClock) => StandIn;

export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(readonly reply: Reply) {
    super(`HTTP ${reply.status}`);
  }
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
