/** Reads what `callWorkflow` answers to a start: unpublished, so every envelope that WeDa is known to use is accepted. */
import * as z from "zod";
import { StartflowError } from "../errors";
import type { Started } from "./target";

/** What an answer that is a failure says. */
export interface AnswerFailure {
  code: unknown;
  message: unknown;
}

const id = z.union([z.string().min(1).max(64), z.number()]).optional();

/** `InstanceId` by analogy with DescribeProcessInstance; the others as other answers of WeDa spell it. */
const ID_NAMES = ["InstanceId", "ProcessInstanceId", "instanceId", "processInstanceId"] as const;
const startedSchema = z.looseObject({
  InstanceId: id,
  ProcessInstanceId: id,
  instanceId: id,
  processInstanceId: id,
});

const code = z.union([z.string(), z.number()]).nullish();
/** Failures: `{code, message}`, `{Response: {Error}}`, `{Error}`, the mini program's `errCode`, SCF's `errorCode`. */
const failureSchema = z.looseObject({
  code,
  message: z.string().nullish(),
  errCode: code,
  errcode: code,
  errMsg: z.string().nullish(),
  errorCode: code,
  errorMessage: z.string().nullish(),
  success: z.boolean().nullish(),
  Error: z.looseObject({ Code: code, Message: z.string().nullish() }).nullish(),
});

/** Where the useful part may be wrapped. */
const WRAPPERS = ["Response", "data", "Data", "result", "Result"] as const;
const MAX_WRAPPERS = 4;

export function readStartAnswer(answer: unknown): Started | { failure: AnswerFailure | StartflowError } {
  let open: unknown[] = [answer];
  let started: Started | undefined;
  for (let level = 0; level <= MAX_WRAPPERS && open.length > 0; level += 1) {
    const wrapped: unknown[] = [];
    for (const part of open) {
      const failure = failureIn(part);
      if (failure !== undefined) return { failure };
      started ??= startedIn(part);
      if (typeof part !== "object" || part === null) continue;
      for (const key of WRAPPERS) if (key in part) wrapped.push((part as Record<string, unknown>)[key]);
    }
    open = wrapped;
  }
  return started ?? { failure: new StartflowError("OUTCOME_UNKNOWN") };
}

function failureIn(part: unknown): AnswerFailure | undefined {
  const parsed = failureSchema.safeParse(part);
  if (!parsed.success) return undefined;
  const { code, message, errCode, errcode, errMsg, errorCode, errorMessage, success, Error: error } = parsed.data;
  if (error !== null && error !== undefined) return { code: error.Code, message: error.Message };
  for (const found of [code, errCode, errcode, errorCode]) {
    if (found === undefined || found === null || found === "" || Number(found) === 0) continue;
    return { code: found, message: message ?? errMsg ?? errorMessage };
  }
  return success === false ? { code: undefined, message: message ?? errMsg ?? errorMessage } : undefined;
}

function startedIn(part: unknown): Started | undefined {
  const parsed = startedSchema.safeParse(part);
  if (!parsed.success) return undefined;
  for (const name of ID_NAMES) {
    const found = parsed.data[name];
    if (typeof found === "string") return { processId: found };
    // A number that lost digits is no id any more: that it started is all that is known.
    if (typeof found === "number") return { processId: Number.isSafeInteger(found) ? String(found) : null };
  }
  return undefined;
}
