/** Asks WeDa for the process that carries a submission's id in one of its start variables. */

import { describeError, log } from "../../base/log";
import { isObject } from "../../base/objects";
import { failureIn } from "../../platform/answer-failure";
import type { MethodContext } from "../../platform/context";
import type { Found, Sought } from "../engine";
import { partsOf, startedIn } from "./answer";

/**
 * No page names an action that looks processes up by a variable. This one is ours, only the local platform has it, and its
 * name says so: an action of WeDa's own that does not know the filter would answer "none" of processes that there are.
 */
export const FIND_ACTION = "StartflowFindInstances";

/** Never throws: what went wrong says nothing about the process. */
export async function findProcess(processKey: string, sought: Sought, context: MethodContext): Promise<Found> {
  if (sought.stamp === null) return "cannot-tell";
  const data = { ProcessKey: processKey, ParamCode: sought.stamp, Value: sought.id };
  try {
    const answer = await context.callWorkflow({ action: FIND_ACTION, data });
    const found = readFindAnswer(answer, sought);
    log("info", "engine was asked for a process", { processKey, submissionId: sought.id, found });
    return found;
  } catch (error) {
    const shown = describeError(error);
    log("warn", "engine could not be asked", { processKey, submissionId: sought.id, error: shown });
    return "cannot-tell";
  }
}

/** The list counts only beside the very question that was asked: an engine that ignores a filter answers another one. */
export function readFindAnswer(answer: unknown, { id, stamp }: Pick<Sought, "id" | "stamp">): Found {
  const parts = partsOf(answer);
  if (parts.some((part) => failureIn(part) !== undefined)) return "cannot-tell";
  const listed = parts.find(({ Instances }) => Array.isArray(Instances));
  if (listed === undefined || listed.Value !== id || listed.ParamCode !== stamp) return "cannot-tell";
  const [first, ...others] = listed.Instances as unknown[];
  if (first === undefined) return "none";
  if (others.length > 0) log("warn", "several processes carry one submission's id", { id, count: others.length + 1 });
  return (isObject(first) ? startedIn(first) : undefined) ?? "cannot-tell";
}
