/** One look at a process, for as long as there is time: an engine that does not answer takes nothing away from what is known. */

import { within } from "../../base/deadline";
import { describeError, log } from "../../base/log";
import type { Engine, ProcessStatus } from "../../engines/engine";
import type { MethodContext } from "../../platform/context";

/** `undefined` where its engine has no such API, or gave no answer. */
export async function lookAt(
  target: Pick<Engine<never>, "status">,
  processId: string,
  context: MethodContext,
  timeoutMs: number,
): Promise<ProcessStatus | undefined> {
  if (target.status === undefined) return undefined;
  try {
    const late = () => new Error(`no answer within ${timeoutMs} ms`);
    return await within(timeoutMs, target.status(processId, context), late);
  } catch (error) {
    log("warn", "the process could not be looked at", { processId, error: describeError(error) });
    return undefined;
  }
}
