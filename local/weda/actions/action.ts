/** What an action of `callWedaApi` is: the page that documents it, the schema of its data, and what it does. */
import * as z from "zod";
import { safeWords } from "../../../shared/base/safe-words";
import { FAIL_MEMBERS } from "../../../shared/engines/weda/status";
import type { LocalClock } from "../../clock";
import { unfinishedNodes } from "../../engine/timeline";
import type { EngineSnapshot, WorkflowEngine } from "../../engine/workflow-engine";
import type { Instances } from "../../instances/instances";
import type { InstanceRecord } from "../../instances/records";
import type { Slots } from "../slots";
import { WedaError } from "../weda-error";

/** Who calls; null is nobody. */
export interface Caller {
  userId: string | null;
}

export interface ActionCall {
  environment: "preview" | "production";
  caller: Caller;
  /** The data as it was received, before its keys were capitalised. */
  received: unknown;
  instances: Instances;
  slots: Slots;
  engine: WorkflowEngine;
  clock: LocalClock;
}

export interface Action {
  /** Where it is documented: an address, or the package that calls it. */
  doc: string;
  /** Answers what stands in the envelope's `data.Data`. */
  run(data: unknown, call: ActionCall): Promise<unknown>;
}

/** A page says little of an action's data, so members that it does not name are accepted and ignored. */
export function action<S extends z.ZodType>(definition: {
  doc: string;
  data: S;
  run(data: z.output<S>, call: ActionCall): Promise<unknown>;
}): Action {
  return {
    doc: definition.doc,
    run: (data, call) => definition.run(parseData(definition.data, data), call),
  };
}

/** A refusal names the members, never their values. */
export function parseData<S extends z.ZodType>(schema: S, data: unknown): z.output<S> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const paths = parsed.error.issues.map(({ path }) => path.slice(0, 6).map(String).join(".") || "data");
  throw new WedaError("bodyInvalid", [...new Set(paths)].slice(0, 5).join(", ").slice(0, 200));
}

/** Ids are digits that a number cannot hold; a caller that sent one unquoted is understood all the same. */
export const idSchema = z.union([z.string().min(1).max(64), z.number().int().transform(String)]);

/** The action codes of the operations on a task (@cloudbase/weda-ui, flow components). */
export const ACTION_CODES = { submit: 1, agree: 2, reject: 3, revoke: 5 } as const;

/** Canvas codes of the node kinds (same source). */
export const NODE_TYPES = { approval: 17 } as const;

/** `Status` of an instance that has ended: 1 terminated, 2 rejected; anything but 1, 2 and 4 passed (same source). */
const STATUS = { completed: 3, declined: 2, cancelled: 1, failed: 1 } as const;

/** The members by which WeDa's own pages know an instance (same source). Ids are text: as numbers they lose digits. */
export function instanceData(record: InstanceRecord) {
  const { snapshot } = record;
  const current = snapshot.tasks.filter((task) => task.state === "open");
  const [first] = current;
  const running = snapshot.state === "waiting" || snapshot.state === "running";
  return {
    InstanceId: record.id,
    Name: record.name,
    FlowCode: record.processKey,
    FlowVersion: record.version,
    StartedBy: record.startedBy,
    StartUserId: record.startedBy,
    StartTime: record.startedAt,
    IsCompleted: !running,
    ...(running ? {} : { Status: STATUS[snapshot.state as keyof typeof STATUS] }),
    ...(snapshot.state === "failed" ? failMembers(snapshot) : {}),
    CurrentApprover: current.map((task) => task.assignee).join(","),
    CurrentNodeId: first?.nodeId ?? "",
    CurrentNodeName: first?.name ?? "",
    ...(first ? { CurrentNodeType: NODE_TYPES.approval, UserTaskType: 1, TaskId: first.id } : {}),
  };
}

/**
 * Where and why it failed: the node that was entered and not left, and the engine's own words, which are left out where they
 * repeat a start variable. Ours, not WeDa's.
 */
function failMembers({ timeline, variables }: EngineSnapshot): Record<string, string> {
  const { id, name } = unfinishedNodes(timeline).at(-1) ?? { id: "", name: "" };
  const words = timeline.find(({ what }) => what === "failed")?.detail;
  const reason = safeWords(words, Object.values(variables)) || "failed";
  return { [FAIL_MEMBERS.nodeId]: id, [FAIL_MEMBERS.nodeName]: name, [FAIL_MEMBERS.reason]: reason };
}
