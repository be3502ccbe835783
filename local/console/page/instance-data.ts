/** One instance and its diagram, kept up to date. */
import type { DiagramView, InstanceView } from "../wire";
import { api } from "./api";
import { type Polled, usePolled } from "./polled";

export interface InstanceData {
  instance: InstanceView;
  /** Absent where the flow has no drawing, or the drawing cannot be had. */
  diagram: DiagramView | null;
}

export function useInstance(id: string): Polled<InstanceData> {
  return usePolled(`instance ${id}`, async () => {
    const [instance, diagram] = await Promise.all([api.instance(id), api.diagram(id).catch(() => null)]);
    return { instance, diagram };
  });
}
