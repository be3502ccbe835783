/** CoreHR flow_data of one table with 10,000 rows of six cells. */
import type { Comparison } from "../compare";
import { flowDataComparison } from "../flow-data";

export function comparison(): Promise<Comparison> {
  return flowDataComparison("table", "one table with 10,000 rows of six cells");
}
