/** Runs a method of this bundle that starts no process of its own, within the call of the one who asked for it. */
import type * as z from "zod";
import { sendTimeoutMs } from "../context";
import type { RunDefinition } from "../definition";
import { asFailure } from "../failure";
import { mask } from "../log";
import { deadlineIn } from "../once/time";
import { failedRun, type WholeInput, wholeValue } from "./cloud-function";
import type { Target } from "./target";

/**
 * Its failure is the run's: what it had done by then is not known, so it is not run again.
 * @param name of its function
 */
export function bundleMethod<I extends z.ZodType>(name: string, definition: RunDefinition<I>): Target<WholeInput> {
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
            const { code, message } = asFailure(error);
            return failedRun(code, message);
          }
        },
      };
    },
  };
}
