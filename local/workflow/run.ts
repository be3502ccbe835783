/** One run of a workflow: started, held until it rests or its time is over, and told as the function's result. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  RUN_WAITS,
  type RunOutcome,
  WORKFLOW_RUN_LIMIT_MS,
  type WorkflowCallData,
} from "../../shared/engines/workflow/wire";
import type { LocalClock } from "../clock";
import type { FlowsFolder } from "../engine/flows-folder";
import { unfinishedNodes } from "../engine/timeline";
import type { EngineSnapshot, WorkflowEngine } from "../engine/workflow-engine";
import { WorkflowError } from "../engine/workflow-error";
import type { InstanceRecord } from "../instances/records";
import type { InstanceStore } from "../instances/store";
import { runFailed, text, WorkflowRefusal } from "./refusal";

export interface RunParts {
  store: Pick<InstanceStore, "instances" | "flows">;
  folder: FlowsFolder;
  clock: LocalClock;
  engine: WorkflowEngine;
  /** Lets go of the runs that are held. */
  closing: AbortSignal;
}

/** The instance is there, and written down, before anything is waited for: whether its caller still listens changes nothing. */
export async function startRun(call: WorkflowCallData, startedBy: string, parts: RunParts): Promise<InstanceRecord> {
  const { store, engine } = parts;
  const flow = await flowOf(call.name, parts.folder);
  const flowHash = await store.flows.keep(flow);
  const { processKey, name, version } = flow;
  return await store.instances.create(
    { engine: "workflow", processKey, name, version, flowHash, startedBy, request: call },
    () => engine.start(flow, { trigger: call.data ?? null }),
  );
}

/** @throws WorkflowRefusal */
async function flowOf(workflow: string, folder: FlowsFolder) {
  try {
    return await folder.flow(workflow);
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error;
    throw new WorkflowRefusal(error.code === "PROCESS_NOT_FOUND" ? "unknown" : "unusable");
  }
}

/** While only time, or a function that it calls, is waited for; a run that waits for somebody is told at once. */
export async function heldToRest(started: InstanceRecord, parts: RunParts): Promise<unknown> {
  const { instances } = parts.store;
  const limitAt = started.startedAt + WORKFLOW_RUN_LIMIT_MS;
  try {
    let record = started;
    while (goesOn(record.snapshot)) {
      const dueAt = Math.min(...record.snapshot.timers.map((timer) => timer.dueAt));
      const wakeAt = Math.min(dueAt, limitAt);
      if (parts.clock.now() < wakeAt) await pauseUntil(wakeAt, parts);
      else if (limitAt < dueAt) return resultOf(await stopped(record.id, parts));
      record = await instances.get(record.id, "workflow");
    }
    return resultOf(record);
  } catch (error) {
    if (error instanceof WorkflowError && error.code === "INSTANCE_NOT_FOUND") return runFailed(text("gone"));
    throw error;
  }
}

function goesOn({ state, tasks, timers }: EngineSnapshot): boolean {
  if (state === "running") return true;
  return state === "waiting" && timers.length > 0 && tasks.every((task) => task.state === "done");
}

/** The clock may be moved, sped up or stopped meanwhile, and somebody may move the instance on: so no longer than this. */
const LOOK_AGAIN_MS = 50;

async function pauseUntil(at: number, { clock, closing }: RunParts): Promise<void> {
  const { rate } = clock.get();
  const realMs = rate > 0 ? (at - clock.now()) / rate : LOOK_AGAIN_MS;
  await sleep(Math.min(LOOK_AGAIN_MS, Math.max(1, realMs)), undefined, { signal: closing, ref: false });
}

async function stopped(id: string, { store, engine }: RunParts): Promise<InstanceRecord> {
  return await store.instances.change(
    id,
    async ({ snapshot }, flow) => (goesOn(snapshot) ? await engine.cancel(flow, snapshot, text("late")) : snapshot),
    "workflow",
  );
}

/** The output of a run that ended, null where it gives none; anything else in the words of `runOutcomeSchema`. */
function resultOf({ snapshot }: InstanceRecord): unknown {
  const { state, timeline, tasks, output } = snapshot;
  switch (state) {
    case "completed":
    case "declined":
      return output ?? null;
    case "failed":
    case "cancelled":
      return runFailed(timeline.at(-1)?.detail ?? text("failed"), unfinishedNodes(timeline).at(-1));
    default: {
      const open = tasks.filter((task) => task.state === "open");
      const waiting = open.map(({ nodeId, name, assignee }) => ({ node: { id: nodeId, name }, assignee }));
      return { code: RUN_WAITS, message: text("waiting"), waiting } satisfies RunOutcome;
    }
  }
}
