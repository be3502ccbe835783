/** Rounds of a scenario that go on until every submission has an answer that is not about the machine. */
import { type Attempt, type Load, runLoad } from "./load";

/** A slow machine may need several; whatever is still rejected then is what the scenario is told. */
const ROUNDS = 20;
/** Nothing was started, for want of time; each of their texts asks for the same submission again. */
const FOR_WANT_OF_TIME = ["STORE_UNREACHABLE", "TOO_LATE", "ENGINE_BUSY"];

export function isForWantOfTime(attempt: Attempt | undefined): boolean {
  return FOR_WANT_OF_TIME.includes(attempt?.code ?? "");
}

export interface Answered {
  /** All of them. */
  attempts: Attempt[];
  /** The last one of each submission. */
  last: Attempt[];
}

/** As `runLoad`, with each submission once; those that were rejected for want of time are submitted again. */
export async function untilInTime(load: Load): Promise<Answered> {
  const attempts: Attempt[] = [];
  const last = new Map<string, Attempt>();
  let submissions = load.submissions;
  for (let round = 1; round <= ROUNDS && submissions.length > 0; round += 1) {
    for (const attempt of (await runLoad({ ...load, submissions })).attempts) {
      attempts.push(attempt);
      last.set(idOf(attempt), attempt);
    }
    submissions = submissions.filter((id) => isForWantOfTime(last.get(id)));
  }
  return { attempts, last: [...last.values()] };
}

/** Those that were only ever rejected, though nothing is wrong with them. @returns what they were answered then */
export async function untilNotRejected(
  load: Omit<Load, "submissions">,
  ids: readonly string[],
  earlier: readonly Attempt[],
): Promise<Attempt[]> {
  const isSettled = ({ outcome }: Attempt) => outcome !== "rejected" && outcome !== "killed";
  const { environment = "preview" } = load;
  const attempts: Attempt[] = [];
  const settled = new Set(earlier.filter(isSettled).map(({ key }) => key));
  for (let round = 1; round <= ROUNDS; round += 1) {
    const submissions = ids.filter((id) => !settled.has(`${environment}:${id}`));
    if (submissions.length === 0) break;
    const answers = (await runLoad({ ...load, submissions })).attempts;
    attempts.push(...answers);
    for (const { key } of answers.filter(isSettled)) settled.add(key);
  }
  return attempts;
}

function idOf({ key }: Attempt): string {
  return key.slice(key.indexOf(":") + 1);
}
