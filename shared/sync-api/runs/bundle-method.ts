/** Runs a method of this bundle that starts no process of its own, within the call of the one who asked for it. */
import type * as z from "zod";
import { deadlineIn } from "../../base/deadline";
import { StartflowError } from "../../base/errors";
import { asFailure, isOwnFailure } from "../../base/failure";
import { mask } from "../../base/log";
import { safeCause, safeWords } from "../../base/safe-words";
import type { Engine, Started } from "../../engines/engine";
import { failedRun, type WholeInput, wholeValue } from "../../engines/function";
import type { RunDefinition } from "../../method/definition";
import { sendTimeoutMs } from "../../platform/time-limits";

/**
 * Its failure is the run's: what it had done by then is not known, so it is not run again.
 * @param name of its function
 */
export function bundleMethod<I extends z.ZodType>(name: string, definition: RunDefinition<I>): Engine<WholeInput> {
  return {
    kind: "bundle-method",
    processKey: name,
    answersAtEnd: true,
    problemOf: () => undefined,
    codeOf: () => "whole",
    secrets: definition.secrets ?? [],
    async prepare({ fields, environment, userId, sendTimeoutMs: timeoutMs = sendTimeoutMs() }, context) {
      const input = wholeValue(fields) as z.output<I>;
      return {
        get request() {
          return mask({ method: name, input });
        },
        async send() {
          try {
            const deadline = deadlineIn(timeoutMs);
            const output = await definition.run(input, { context, environment, userId, deadline });
            return { processId: null, output, progress: { phase: "completed" } };
          } catch (error) {
            return failed(error, input);
          }
        },
      };
    },
  };
}

/** A method may say anything, in a failure of its own as well: then the table's text says as much as may be told. */
function failed(error: unknown, input: unknown): Started {
  const { code, message } = asFailure(isOwnFailure(error) ? error : safeCause(error, input));
  if (safeWords(message, input) !== "") return failedRun(code, message);
  return failedRun(code, new StartflowError(code).message);
}
