/** Instance records -> what the console's API answers. */
import { mask } from "../../shared/base/log";
import type { DiagramView, InstanceView } from "../console/wire";
import { unfinishedNodes } from "../engine/timeline";
import type { Flow, TimelineEntry } from "../engine/workflow-engine";
import type { InstanceRecord } from "./records";

export function instanceView({ snapshot, ...record }: InstanceRecord): InstanceView {
  const { id, engine, processKey, name, version, startedBy, startedAt, request } = record;
  // WeDa's start parameters are shown as they came: whoever tests a form compares them with what was typed.
  const shown: (value: unknown) => unknown =
    engine === "weda" ? (value) => value : (value) => mask(value, Number.POSITIVE_INFINITY);
  return {
    id,
    engine,
    processKey,
    name,
    version,
    state: snapshot.state,
    startedBy,
    startedAt,
    variables: shown(snapshot.variables) as Record<string, unknown>,
    request: shown(request),
    tasks: snapshot.tasks.map((task) => ({
      id: task.id,
      name: task.name,
      assignee: task.assignee,
      state: task.state,
      ...(task.comment === undefined ? {} : { comment: task.comment }),
      ...(task.action === undefined ? {} : { action: task.action }),
    })),
    timeline: snapshot.timeline,
  };
}

const PASSED = new Set<TimelineEntry["what"]>(["left", "taken", "agreed", "rejected", "timer"]);

/** A failed instance stopped at the nodes that it had not left. */
export function diagramView({ snapshot }: InstanceRecord, flow: Flow): DiagramView {
  const { timeline, tasks, timers, calls = [], state } = snapshot;
  const done = new Set(timeline.filter(({ what }) => PASSED.has(what)).map(({ nodeId }) => nodeId));
  const open = tasks.filter((task) => task.state === "open");
  const waiting = new Set([...open, ...timers, ...calls].map(({ nodeId }) => nodeId));
  const failed = state === "failed" ? unfinishedNodes(timeline).map(({ id }) => id) : [];
  for (const id of [...waiting, ...failed]) done.delete(id);
  return { xml: flow.xml, done: [...done], waiting: [...waiting], failed };
}
