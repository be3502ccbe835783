/** Which idempotent keys are taken: read back from the executions, so that a kill forgets none. */
import type { LocalClock } from "../../clock";
import type { InstanceRecord } from "../../instances/records";

/** What one key stands for. */
export interface KeyOwner {
  /** `<namespace>/<flow id>` */
  processKey: string;
  key: string;
}

export interface IdempotentKeys {
  /** Takes the key; false where it is taken. Of two at the same moment, one gets it. */
  take(owner: KeyOwner): boolean;
  /** Nothing was started with it after all. */
  release(owner: KeyOwner): void;
  clear(): void;
}

/** Assumption: the page does not say how long a key is remembered. */
const REMEMBERED_MS = 24 * 3_600_000;

export function createIdempotentKeys(executions: readonly InstanceRecord[], clock: LocalClock): IdempotentKeys {
  const takenAt = new Map<string, number>();
  const nameOf = ({ processKey, key }: KeyOwner) => JSON.stringify([processKey, key]);
  for (const { processKey, idempotentKey: key, startedAt } of [...executions].reverse()) {
    if (key !== undefined) takenAt.set(nameOf({ processKey, key }), startedAt);
  }
  return {
    take(owner) {
      const at = takenAt.get(nameOf(owner));
      if (at !== undefined && clock.now() - at < REMEMBERED_MS) return false;
      takenAt.set(nameOf(owner), clock.now());
      return true;
    },
    release: (owner) => void takenAt.delete(nameOf(owner)),
    clear: () => takenAt.clear(),
  };
}
