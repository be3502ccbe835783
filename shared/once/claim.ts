/** What is claimed in the ledger, what starting it once takes, and what comes of it. */
import type { Deadline } from "../base/deadline";
import type { Started } from "../engines/engine";
import type { LedgerStore } from "./store";

/** What is known of a submission before anything is asked of the engine. */
export interface Claim {
  submissionId: string;
  /** The id was made from the content: it stands for one submission only for a short window. */
  isDerived: boolean;
  environment: "preview" | "production";
  target: string;
  processKey: string;
  /** Where the start carries the submission's id; absent where it does not. */
  stamp?: string;
  userId: string;
  contentHash: string;
  /** The id was made for this very call: nobody else can have it, so there is nothing to look up. Default false. */
  isNew?: boolean;
  /** Of a run of the sync API: its route. */
  api?: string;
  /** Where its end is to be told. */
  callbackUrl?: string;
  callbackState?: "pending";
}

export interface OnceParts {
  store: LedgerStore;
  deadline: Deadline;
  /** Longest wait for the engine's answer to a send. */
  sendTimeoutMs: number;
  /** How long a derived id stands for one submission. Default `ONCE.derivedWindowMs`. */
  windowMs?: number;
  /**
   * The engine takes a key of ours and refuses its repeat: so long after the first send, sending again is the way to find
   * out what became of it. Default 0: nothing of which nobody knows is sent again.
   */
  repeatWindowMs?: number;
}

export interface OnceAnswer extends Started {
  outcome: "started" | "duplicate";
}
