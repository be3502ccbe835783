/** A chore of the sweep: one that fails is a line in the log, and the next sweep's. */
import { describeError, log } from "../../base/log";
import { orNone } from "../../platform/database";

interface Chore<Result> {
  /** What the log says where it fails. */
  trouble: string;
  /** What it comes to where it fails, or there is nothing to do. */
  none: Result;
  work: () => Promise<Result>;
  /** Said in the log beside the error. */
  details?: Record<string, unknown>;
}

/** Never throws. */
export async function chore<Result>({ trouble, none, work, details = {} }: Chore<Result>): Promise<Result> {
  try {
    return await orNone(none, work);
  } catch (error) {
    log("warn", trouble, { ...details, error: describeError(error) });
    return none;
  }
}
