/** What an engine is: one way to start one process, and to ask for it. Nothing here belongs to one vendor. */

import type { Deadline } from "../base/deadline";
import type { Text } from "../base/errors";
import type { MethodContext } from "../platform/context";
import type { Submission } from "./submission";

/** What an engine says of a process that was started and went wrong by itself. */
export interface Problem {
  code: string;
  message: string;
}

/** How a run stands, whatever its engine calls it. `running` may still go on by itself, `waiting` waits for somebody. */
export type Phase = "running" | "waiting" | "completed" | "declined" | "cancelled" | "failed";

/** A node of a flow: where a run waits, and for whom, or where it failed. */
export interface Place {
  /** The engine's own id of the node; "" where it tells only the name. */
  id: string;
  name: string;
  /** Names or ids of people, as the engine tells them. */
  assignees?: string[];
}

export interface Progress {
  /** "other": the engine's answer says nothing that is known. */
  phase: Phase | "other";
  /** Of `waiting` and `failed`, where the engine tells. */
  places?: Place[];
  /** Of `failed`: the engine's own words, as far as they may be shown. */
  reason?: string;
  /** The output was too large to be kept for a repeat. */
  isOutputLeftOut?: boolean;
}

export interface Started {
  /** The engine's own id, as text; null where only the fact is known. */
  processId: string | null;
  /** How the run stood when the start was answered; absent where that answer does not tell. */
  progress?: Progress;
  /** The engine's own word for how the process stands, where its answer to the start tells. */
  status?: string;
  problem?: Problem;
  output?: unknown;
}

export interface PreparedStart {
  /** Exactly what will be sent, secrets masked: for the dry run and the console. */
  readonly request: unknown;
  /** What reaches out before the claim, and can fail while nothing has been started: a token, a file, a rate limit. */
  ready?(deadline: Deadline): Promise<void>;
  /**
   * The one call. Throws StartflowError, whose outcome says whether anything may have been started.
   * @param isRepeat an earlier send of this very start had no answer: a key that was used was used by that one
   */
  send(isRepeat?: boolean): Promise<Started>;
}

/** What the ledger holds of a submission of which nobody knows whether it started. */
export interface Sought {
  id: string;
  environment: "preview" | "production";
  /** The `stamp` of the target when it was sent; null where its start carried no id. */
  stamp: string | null;
  /** When it was claimed, and the present time: both epoch milliseconds on the store's clock. */
  sinceMs: number;
  untilMs: number;
}

/** "none" only where the engine itself said that there is none; "not-now": it is too busy to be asked. */
export type Found = Started | "none" | "cannot-tell" | "not-now";

/** How a process stands now. */
export interface ProcessStatus {
  /** The engine's own code. */
  code: number;
  state: string;
  text: Text;
  progress: Progress;
  /** What happened so far, oldest first; absent where the engine does not tell. */
  timeline?: TimelineStep[];
}

export interface TimelineStep {
  /** ISO time. */
  at: string;
  node: string;
  /** `entered`, `agreed`, … in the engine's own words. */
  what: string;
  /** Who did it. */
  by?: string;
}

/** `Entry` is what it needs to know of a form field. */
export interface Engine<Entry> {
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
  /** Asks the engine how a process stands; absent where it has no such API. @throws StartflowError */
  status?(processId: string, context: MethodContext): Promise<ProcessStatus>;
  /** The start is answered when the run ends, or waits for somebody: it may take as long as the run itself. */
  readonly answersAtEnd?: boolean;
  /** How long to wait between two looks at one process, in milliseconds; by the engine's own rate limit. Default 50. */
  readonly pollMs?: number;
  /** Ends a process that has not ended; absent where the engine has no such API. @throws StartflowError */
  cancel?(processId: string, context: MethodContext): Promise<void>;
  /**
   * The engine refuses a second start with the key that `prepare` makes of id and generation: how long after the first one
   * that is relied on. A refused repeat is a `Started` without an id. Absent where the engine takes no key.
   */
  repeatWindowMs?(): number;
  /** Maps the fields, and reaches out to nobody: a dry run ends here. */
  prepare(submission: Submission<Entry>, context: MethodContext): Promise<PreparedStart>;
}
