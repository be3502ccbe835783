/** What the methods of this bundle start. A new method is added here, so that the sweep can ask its engine. */
import type { MethodContext } from "../../shared/context";
import type { SubmissionRecord } from "../../shared/once/record";
import type { Found, Target } from "../../shared/targets/target";
import startContract from "../start-contract/index";
import startLeave from "../start-leave/index";

type Findable = Pick<Target<never>, "kind" | "processKey" | "find">;

export const TARGETS: Findable[] = [];
for (const { definition } of [startLeave, startContract]) if ("start" in definition) TARGETS.push(definition.start);

/** @param contextOf gives a context of the named environment: each has processes of its own */
export async function findStarted(
  record: SubmissionRecord,
  contextOf: (environment: SubmissionRecord["environment"]) => MethodContext,
): Promise<Found> {
  const target = TARGETS.find(({ kind, processKey }) => kind === record.target && processKey === record.processKey);
  if (target?.find === undefined) return "cannot-tell";
  const { submissionId: id, environment, stamp = null } = record;
  return target.find({ id, environment, stamp }, contextOf(environment));
}
