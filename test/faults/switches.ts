/** The fault switches of the scenarios: one kind at a time, another one every moment. */
import type { Faults } from "../../local/faults";
import type { Random } from "./random";

const ENGINE_KINDS = ["rate-limit", "lost-before", "error-before", "lost-after", "error-after", "stall"] as const;
const STORE_KINDS = ["lost-before", "lost-after", "error-before", "error-after"] as const;

function oneOf<Item>(items: readonly Item[], random: Random): Item {
  return items[random.below(items.length)] as Item;
}

export function engineFaults(random: Random): Faults {
  return { weda: { kind: oneOf(ENGINE_KINDS, random), rate: 0.2 } };
}

/** Of aPaaS, and of the address that gives out tokens. */
export function tokenFaults(random: Random): Faults {
  return {
    apaas: { kind: oneOf([...ENGINE_KINDS, "token-revoked"], random), rate: 0.2 },
    feishu: { kind: oneOf(["lost-before", "lost-after", "error-before"], random), rate: 0.2 },
  };
}

export function storeFaults(random: Random): Faults {
  return { store: { kind: oneOf(STORE_KINDS, random), rate: 0.05 } };
}
