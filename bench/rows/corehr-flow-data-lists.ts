/** CoreHR flow_data of ten lists with 10,000 entries each. */
import type { Comparison } from "../compare";
import { flowDataComparison } from "../flow-data";

export function comparison(): Promise<Comparison> {
  return flowDataComparison("lists", "ten lists with 10,000 entries each");
}
