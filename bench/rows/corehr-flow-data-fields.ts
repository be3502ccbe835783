/** CoreHR flow_data of 100,000 form fields. */
import type { Comparison } from "../compare";
import { flowDataComparison } from "../flow-data";

export function comparison(): Promise<Comparison> {
  return flowDataComparison("fields", "100,000 form fields");
}
