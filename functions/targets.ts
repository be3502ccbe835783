/** What the methods of this bundle start. A new method is added here, so that its engine can be asked later on. */

import type { Engine, Found } from "../shared/engines/engine";
import type { SubmissionRecord } from "../shared/once/record";
import type { Engines } from "../shared/once/status";
import type { MethodContext } from "../shared/platform/context";
import startApaasFlow from "./start-apaas-flow/index";
import startContract from "./start-contract/index";
import startCorehrProcess from "./start-corehr-process/index";
import startLeave from "./start-leave/index";
import { routes } from "./sync-api/routes";

type Askable = Pick<Engine<never>, "kind" | "processKey" | "find" | "status" | "repeatWindowMs">;

const METHODS = [startLeave, startContract, startApaasFlow, startCorehrProcess];
export const TARGETS: Askable[] = [
  ...METHODS.flatMap(({ definition }) => ("start" in definition ? [definition.start] : [])),
  ...routes.map(({ run }) => run.target),
];

function targetOf(record: SubmissionRecord): Askable | undefined {
  return TARGETS.find(({ kind, processKey }) => kind === record.target && processKey === record.processKey);
}

/** @param contextOf gives a context of the named environment: each has processes of its own */
export async function findStarted(
  record: SubmissionRecord,
  contextOf: (environment: SubmissionRecord["environment"]) => MethodContext,
): Promise<Found> {
  const target = targetOf(record);
  if (target?.find === undefined) return "cannot-tell";
  const { submissionId: id, environment, stamp = null, openedAt, claimedAt, sweptAt } = record;
  const times = { sinceMs: (openedAt ?? claimedAt).getTime(), untilMs: (sweptAt ?? claimedAt).getTime() };
  return target.find({ id, environment, stamp, ...times }, contextOf(environment));
}

/** What `submission-status` asks the engines. */
export function enginesOf(context: MethodContext): Engines {
  return {
    statusNow: async (record) =>
      record.processId === null ? undefined : await targetOf(record)?.status?.(record.processId, context),
    repeatWindowMs: (record) => targetOf(record)?.repeatWindowMs?.() ?? 0,
  };
}
