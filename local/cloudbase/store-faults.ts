/** The fault switches `store` and `store:<collection>` around one database action. */
import type { FaultSwitches } from "../faults";
import { ConnectionFault } from "../weda/connection-fault";
import { CloudError } from "./cloud-error";

const SLOW_MS = 2_000;

/** @throws CloudError or ConnectionFault, before or after the work was done, as the switch says */
export async function faulty<Result>(
  faults: FaultSwitches,
  collection: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const kind = faults.draw(`store:${collection}`, "store");
  switch (kind) {
    case "lost-before":
    case "down":
      throw new ConnectionFault("lost");
    case "lost-after":
      // What the work came to is lost as well, a refusal not less than a success.
      await work().catch(() => undefined);
      throw new ConnectionFault("lost");
    case "error-before":
      throw new CloudError("SYS_ERR", "[InternalError] fault switch: before the work was done");
    case "error-after":
      await work().catch(() => undefined);
      throw new CloudError("SYS_ERR", "[InternalError] fault switch: after the work was done");
    case "reject":
      throw new CloudError("DATABASE_REQUEST_FAILED", "[FailedOperation] fault switch: refused");
    case "rate-limit":
      throw new CloudError("EXCEED_REQUEST_LIMIT", "[RequestLimitExceeded] fault switch: too many requests");
    case "stall":
      throw new ConnectionFault("stall");
    case "slow":
      await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
      return work();
    default:
      return work();
  }
}
