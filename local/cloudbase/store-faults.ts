/** The fault switches `store` and `store:<collection>` around one database action. */
import type { FaultKind, FaultSwitches } from "../faults";
import { underFault } from "../under-fault";
import { CloudError } from "./cloud-error";

const REFUSALS: Partial<Record<FaultKind, ConstructorParameters<typeof CloudError>>> = {
  "error-before": ["SYS_ERR", "[InternalError] fault switch: before the work was done"],
  "error-after": ["SYS_ERR", "[InternalError] fault switch: after the work was done"],
  reject: ["DATABASE_REQUEST_FAILED", "[FailedOperation] fault switch: refused"],
  "rate-limit": ["EXCEED_REQUEST_LIMIT", "[RequestLimitExceeded] fault switch: too many requests"],
};

/** @throws CloudError or ConnectionFault, before or after the work was done, as the switch says */
export function faulty<Result>(
  faults: FaultSwitches,
  collection: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const refusal = (kind: FaultKind) => {
    const refused = REFUSALS[kind];
    return refused && new CloudError(...refused);
  };
  return underFault({ fault: faults.draw(`store:${collection}`, "store"), refusal, work, worksInStall: false });
}
