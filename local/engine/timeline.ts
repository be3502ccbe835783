/** What a timeline says of the nodes of an instance. */
import type { TimelineEntry } from "./workflow-engine";

/** Id and name of each node that was entered, and neither left nor taken away, in the order in which they were entered. */
export function unfinishedNodes(timeline: readonly TimelineEntry[]): { id: string; name: string }[] {
  const entered = new Map<string, string>();
  for (const { what, nodeId, name } of timeline) {
    if (what === "entered") entered.set(nodeId, name);
    else entered.delete(nodeId);
  }
  return [...entered].map(([id, name]) => ({ id, name }));
}
