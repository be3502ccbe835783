/** What a target is: one engine's way to start one process. */
import type { MethodContext } from "../context";
import type { Submission } from "../submission";

export interface Started {
  /** The engine's own id, as text; null where only the fact is known. */
  processId: string | null;
  output?: unknown;
}

export interface PreparedStart {
  /** Exactly what will be sent, secrets masked: for the dry run and the console. */
  readonly request: unknown;
  /** The one call. Throws StartflowError, whose outcome says whether anything may have been started. */
  send(): Promise<Started>;
}

/** What the ledger holds of a submission of which nobody knows whether it started. */
export interface Sought {
  id: string;
  environment: "preview" | "production";
  /** The `stamp` of the target when it was sent; null where its start carried no id. */
  stamp: string | null;
}

/** "none" only where the engine itself said that there is none. */
export type Found = Started | "none" | "cannot-tell";

/** `Entry` is what the target needs to know of a form field. */
export interface Target<Entry> {
  readonly kind: string;
  /** What it starts: part of a submission's identity, shown in the console. */
  readonly processKey: string;
  /** What is wrong with an entry of the `fields` table, in words; a method is refused at definition for it. */
  problemOf(entry: Entry): string | undefined;
  /** The code that two fields must not share. */
  codeOf(entry: Entry): string;
  /** Environment variables with secrets: a method that has any is not built for the custom-code route. */
  readonly secrets: readonly string[];
  /** Where a start carries the submission's id: kept in the ledger, because another version may carry it elsewhere. */
  readonly stamp?: string;
  /**
   * Asks the engine whether a submission did start; never throws. It needs no prepared start, so that it can be asked
   * long after. `context` must be of the submission's own environment.
   */
  find?(sought: Sought, context: MethodContext): Promise<Found>;
  /** Everything that can fail while nothing has been started. */
  prepare(submission: Submission<Entry>, context: MethodContext): Promise<PreparedStart>;
}
