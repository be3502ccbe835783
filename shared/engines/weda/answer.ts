/** Reads what `callWorkflow` answers to a start: unpublished, so every envelope that WeDa is known to use is accepted. */
import { StartflowError } from "../../base/errors";
import { isObject } from "../../base/objects";
import { type AnswerFailure, failureIn } from "../../platform/answer-failure";
import type { Started } from "../engine";

/** `InstanceId` by analogy with DescribeProcessInstance; the others as other answers of WeDa spell it. */
const ID_NAMES = ["InstanceId", "ProcessInstanceId", "instanceId", "processInstanceId"] as const;
/** Where the useful part may be wrapped. */
const WRAPPERS = ["Response", "data", "Data", "result", "Result"] as const;
const MAX_WRAPPERS = 4;

/** A failure anywhere in the answer counts before an id anywhere in it. Each member is checked where it is read. */
export function readStartAnswer(answer: unknown): Started | { failure: AnswerFailure | StartflowError } {
  let started: Started | undefined;
  for (const part of partsOf(answer)) {
    const failure = failureIn(part);
    if (failure !== undefined) return { failure };
    started ??= startedIn(part);
  }
  return started ?? { failure: new StartflowError("OUTCOME_UNKNOWN") };
}

/** The answer and what it wraps, outermost first. */
export function partsOf(answer: unknown): Record<string, unknown>[] {
  const parts: Record<string, unknown>[] = [];
  let open: unknown[] = [answer];
  for (let level = 0; level <= MAX_WRAPPERS && open.length > 0; level += 1) {
    const wrapped: unknown[] = [];
    for (const part of open) {
      if (!isObject(part)) continue;
      parts.push(part);
      for (const key of WRAPPERS) if (key in part) wrapped.push(part[key]);
    }
    open = wrapped;
  }
  return parts;
}

export function startedIn(part: Record<string, unknown>): Started | undefined {
  for (const name of ID_NAMES) {
    const id = part[name];
    if (typeof id === "string" && id !== "" && id.length <= 64) return { processId: id };
    // A number that lost digits is no id any more: that it started is all that is known.
    if (typeof id === "number") return { processId: Number.isSafeInteger(id) ? String(id) : null };
  }
  return undefined;
}
