/** Calls another function of the environment: `callFunction({name, data})`, answered when that function is done. */

import { StartflowError } from "../../base/errors";
import { describeError, log, mask } from "../../base/log";
import { isObject } from "../../base/objects";
import { anyCode, safeCause, safeWords } from "../../base/safe-words";
import { failureIn } from "../../platform/answer-failure";
import { sendTimeoutMs } from "../../platform/time-limits";
import type { Engine, Started } from "../engine";
import { engineFailure } from "../engine-failure";
import type { Submission } from "../submission";

/** The input as one value. */
export interface WholeInput {
  whole: true;
}

/** https://cloud.tencent.com/document/product/583/11637 */
const FUNCTION_NAME = /^[A-Za-z][\w-]{0,59}$/;

/** @throws Error at definition, where the name is none */
export function cloudFunction(name: string): Engine<WholeInput> {
  if (!FUNCTION_NAME.test(name)) throw new Error(`cloudFunction: "${name}" is no function's name`);
  return {
    kind: "cloud-function",
    processKey: name,
    answersAtEnd: true,
    problemOf: () => undefined,
    codeOf: () => "whole",
    secrets: [],
    async prepare({ fields, sendTimeoutMs: timeoutMs = sendTimeoutMs() }, { app }) {
      const { callFunction } = app ?? {};
      if (app === undefined || callFunction === undefined) throw new StartflowError("NOT_CONFIGURED");
      const data = wholeValue(fields);
      const call = { name, data };
      return {
        get request() {
          return mask(call);
        },
        send: () => send(() => callFunction.call(app, call, { timeout: timeoutMs }), data),
      };
    },
  };
}

export function wholeValue(fields: Submission<unknown>["fields"]): unknown {
  return fields[0]?.value;
}

/** It ran, and what it has done is not known: so it is not run again. */
export function failedRun(code: string, message: string): Started {
  const reason = message === "" ? code : message;
  return { processId: null, problem: { code, message }, progress: { phase: "failed", reason } };
}

async function send(call: () => Promise<unknown>, data: unknown): Promise<Started> {
  let result: unknown;
  try {
    result = resultOf(await call());
  } catch (error) {
    log("warn", "function call failed", { error: describeError(safeCause(error, data)) });
    return thrownFailure(error, data);
  }
  // What SCF makes of a throw, and what the methods of this bundle return.
  const failure = isObject(result) ? failureIn(result) : undefined;
  if (failure !== undefined)
    return failedRun(anyCode(failure.code, data) || "FAILED", safeWords(failure.message, data));
  return { processId: null, progress: { phase: "completed" }, ...(result == null ? {} : { output: result }) };
}

/** @throws an error with the platform's code where the SDK resolved with a failure; one without, where nothing can be read */
function resultOf(answer: unknown): unknown {
  if (isObject(answer) && "result" in answer) return answer.result;
  const { code, message } = (answer ?? {}) as { code?: unknown; message?: unknown };
  throw Object.assign(new Error(typeof message === "string" ? message : "the answer has no result"), { code });
}

/** The function was there and ended badly; everything else is as with any engine. */
const RAN = /^FUNCTIONS_(EXECUTE_FAIL|TIME_LIMIT_EXCEEDED|MEMORY_LIMIT_EXCEEDED)$/;

function thrownFailure(error: unknown, data: unknown): Started {
  const { code } = (error ?? {}) as { code?: unknown };
  if (!RAN.test(String(code))) throw engineFailure(error, data);
  return failedRun(String(code), safeWords((error as Error).message, data));
}
