/** A call under a fault switch: for every stand-in and the document store, the one place that says what a fault does. */
import { setTimeout as sleep } from "node:timers/promises";
import { ConnectionFault } from "./connection-fault";
import type { FaultKind } from "./faults";

/** How long the fault `slow` takes. */
const SLOW_MS = 2_000;

export interface FaultyCall<Result> {
  fault: FaultKind | undefined;
  /** How this stand-in words the fault; `undefined` where the kind is none of its own: then the call goes on. */
  refusal: (fault: FaultKind) => Error | undefined;
  work: () => Promise<Result>;
  /** Whether `stall` does the work before it is silent: for a caller that is the worse of the two. */
  worksInStall: boolean;
}

/** @throws the refusal or `ConnectionFault`, before or after the work was done, as the switch says */
export async function underFault<Result>({ fault, refusal, work, worksInStall }: FaultyCall<Result>): Promise<Result> {
  // What the work came to is lost as well, a refusal not less than a success.
  const workUnseen = () => work().catch(() => undefined);
  switch (fault) {
    case "lost-before":
    case "down":
      throw new ConnectionFault("lost");
    case "lost-after":
      await workUnseen();
      throw new ConnectionFault("lost");
    case "stall":
      if (worksInStall) await workUnseen();
      throw new ConnectionFault("stall");
    case "error-after":
      await workUnseen();
      throw refusal(fault) ?? new Error(fault);
    case "slow":
      await sleep(SLOW_MS);
      return await work();
    default: {
      const refused = fault && refusal(fault);
      if (refused) throw refused;
      return await work();
    }
  }
}
