/** The fault switches: what a stand-in does wrong, how often, and how many times. */
import * as z from "zod";

/** `lost-…` resets the connection, before or after the work was done; `stall` never answers. */
export const faultKindSchema = z.enum([
  "reject",
  "rate-limit",
  "lost-before",
  "error-before",
  "lost-after",
  "error-after",
  "stall",
  "slow",
  "down",
  "token-revoked",
  "no-scope",
  "flow-disabled",
]);
export type FaultKind = z.infer<typeof faultKindSchema>;

export const faultsSchema = z.record(
  z.string().regex(/^[A-Za-z0-9_:-]{1,80}$/),
  z.strictObject({
    kind: faultKindSchema,
    /** The share of calls that are hit. */
    rate: z.number().min(0).max(1).default(1),
    /** How many calls are hit before the switch goes off by itself. */
    times: z.number().int().min(1).optional(),
  }),
);
export type Faults = z.infer<typeof faultsSchema>;

export interface FaultSwitches {
  get(): Faults;
  /** Replaces all switches. */
  set(faults: Faults): void;
  /** The fault that hits this call, if one does; names are tried in order. Counts `times` down. */
  draw(...engines: string[]): FaultKind | undefined;
}

export function createFaultSwitches(random: () => number = Math.random): FaultSwitches {
  let switches: Faults = {};
  return {
    get: () => switches,
    set(faults) {
      switches = structuredClone(faults);
    },
    draw(...engines) {
      for (const engine of engines) {
        const fault = switches[engine];
        if (fault === undefined || random() >= fault.rate) continue;
        if (fault.times !== undefined && --fault.times === 0) delete switches[engine];
        return fault.kind;
      }
      return undefined;
    },
  };
}
