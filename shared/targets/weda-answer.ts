/** Reads what `callWorkflow` answers to a start: unpublished, so every envelope that WeDa is known to use is accepted. */
import { StartflowError } from "../errors";
import type { Started } from "./target";

/** What an answer that is a failure says. */
export interface AnswerFailure {
  code: unknown;
  message: unknown;
}

/** `InstanceId` by analogy with DescribeProcessInstance; the others as other answers of WeDa spell it. */
const ID_NAMES = ["InstanceId", "ProcessInstanceId", "instanceId", "processInstanceId"] as const;
/** WeDa's envelope, a mini program's, SCF's. */
const CODE_NAMES = ["code", "errCode", "errcode", "errorCode"] as const;
const MESSAGE_NAMES = ["message", "errMsg", "errmsg", "errorMessage"] as const;
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

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

export function failureIn(part: Record<string, unknown>): AnswerFailure | undefined {
  // The cloud API's own shape: {Response: {Error: {Code, Message}}}.
  if (isObject(part.Error)) return { code: part.Error.Code, message: part.Error.Message };
  const message = MESSAGE_NAMES.map((name) => part[name]).find((text) => typeof text === "string");
  for (const name of CODE_NAMES) {
    const code = part[name];
    if ((typeof code === "string" && code !== "" && code !== "0") || (typeof code === "number" && code !== 0)) {
      return { code, message };
    }
  }
  return part.success === false ? { code: undefined, message } : undefined;
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
