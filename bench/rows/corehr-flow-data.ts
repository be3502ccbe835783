/** CoreHR flow_data of 100,000 ready items. */
import type { Comparison } from "../compare";
import { flowDataComparison } from "../flow-data";

export function comparison(): Promise<Comparison> {
  return flowDataComparison("ready", "100,000 ready items");
}
