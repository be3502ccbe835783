/** `WorkflowEngine` on bpmn-engine: every call builds an engine, runs it to the next rest, and lets go of it. */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { LocalClock } from "../clock";
import { createExpressions, type ExpressionScope } from "./expressions";
import { type LibraryEngine, type LibraryExecution, loadLibrary, runOptions } from "./library";
import { createRecorder, type Recorder } from "./recorder";
import { loadSource } from "./source";
import type {
  CallOutcome,
  Decision,
  EngineCall,
  EngineSnapshot,
  EngineTask,
  EngineTimer,
  Flow,
  WorkflowEngine,
} from "./workflow-engine";
import { WorkflowError } from "./workflow-error";

export function createWorkflowEngine(parts: { clock: LocalClock }): WorkflowEngine {
  const run = (flow: Flow, step: Step) => runToRest(parts.clock, flow, step);
  const fire = (flow: Flow, snapshot: EngineSnapshot, timers: EngineTimer[]) =>
    timers.length === 0 ? Promise.resolve(snapshot) : run(flow, { ...continuing(snapshot), timers });
  return {
    start: (flow, variables) => run(flow, { variables, decisions: {} }),
    async complete(flow, snapshot, taskId, decision) {
      const task = openTask(snapshot, taskId);
      const step = continuing(snapshot);
      step.decisions[task.nodeId] = decision.action;
      return await run(flow, { ...step, completing: { task, decision } });
    },
    async answerCall(flow, snapshot, callId, outcome) {
      const call = snapshot.calls?.find(({ id }) => id === callId);
      return call === undefined ? snapshot : await run(flow, { ...continuing(snapshot), answering: { call, outcome } });
    },
    fastForward: (flow, snapshot) => fire(flow, snapshot, snapshot.timers),
    fireDue: (flow, snapshot) => {
      const now = parts.clock.now();
      const due = snapshot.timers.filter((timer) => timer.dueAt <= now);
      return fire(flow, snapshot, due);
    },
    async cancel(flow, snapshot, reason) {
      if (snapshot.engineState === undefined) throw new WorkflowError("INSTANCE_ENDED");
      const recorder = await recorderOf(parts.clock, flow, continuing(snapshot));
      recorder.closeTasks();
      recorder.note("cancelled", { id: flow.processKey, name: flow.name }, reason);
      return ended("cancelled", snapshot.variables, recorder);
    },
  };
}

/** What one run does: from the start, or from a snapshot with a task to complete, a call to answer or timers to fire. */
interface Step extends ExpressionScope {
  before?: EngineSnapshot;
  completing?: { task: EngineTask; decision: Decision };
  answering?: { call: EngineCall; outcome: CallOutcome };
  timers?: EngineTimer[];
}

function continuing(before: EngineSnapshot): Step {
  const decided = before.tasks.filter((task) => task.action !== undefined);
  const decisions = Object.fromEntries(decided.map((task) => [task.nodeId, task.action]));
  return { before, variables: before.variables, decisions };
}

/** The library takes a signal for a task that is not open without a word, so it is asked for here. */
function openTask(snapshot: EngineSnapshot, taskId: string): EngineTask {
  const task = snapshot.tasks.find(({ id }) => id === taskId);
  if (task === undefined) throw new WorkflowError("TASK_NOT_FOUND");
  if (task.state !== "open") throw new WorkflowError("TASK_NOT_OPEN");
  return task;
}

async function recorderOf(clock: LocalClock, flow: Flow, step: Step): Promise<Recorder> {
  const { resolveExpression: resolve } = createExpressions(step);
  const parts = { library: await loadLibrary(), source: await loadSource(flow.xml), now: () => clock.now(), resolve };
  return createRecorder(parts, step.before);
}

async function runToRest(clock: LocalClock, flow: Flow, step: Step): Promise<EngineSnapshot> {
  const library = await loadLibrary();
  const source = await loadSource(flow.xml);
  const recorder = await recorderOf(clock, flow, step);
  const engine = library.createEngine(runOptions(library, source, step));
  // What cannot be read back is no failure of the instance: it stays as it was written.
  if (step.before !== undefined) engine.recover(unpack(step.before));
  let failure: Error | undefined;
  engine.on("error", (error) => {
    failure = error;
  });
  let execution: LibraryExecution | undefined;
  try {
    execution = await advance(engine, recorder, step);
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  }
  // Nothing is left to stop: the library has neither timers nor services of ours that could go on by themselves.
  return rest(flow, step, recorder, engine.state === "running" ? execution : undefined, failure);
}

/** No node does anything by itself, so all run synchronously: when this is done, the instance rests. */
async function advance(engine: LibraryEngine, recorder: Recorder, step: Step): Promise<LibraryExecution> {
  if (step.before === undefined) return await engine.execute({ listener: recorder });
  const execution = await engine.resume({ listener: recorder });
  if (step.completing) {
    const { task, decision } = step.completing;
    recorder.decide(task.id, decision);
    execution.signal({ id: task.nodeId, executionId: task.id });
  }
  if (step.answering) {
    const { call, outcome } = step.answering;
    recorder.answer(call, outcome);
    execution.signal({ id: call.nodeId, executionId: call.id });
  }
  for (const { id, nodeId } of step.timers ?? []) execution.cancelActivity({ id: nodeId, executionId: id });
  return execution;
}

function rest(
  flow: Flow,
  step: Step,
  recorder: Recorder,
  running: LibraryExecution | undefined,
  failure: Error | undefined,
): EngineSnapshot {
  const instance = { id: flow.processKey, name: flow.name };
  if (failure === undefined && running !== undefined) {
    const { tasks, timers, timeline, calls } = recorder;
    const state = calls.length === 0 ? "waiting" : "running";
    const open = calls.length === 0 ? {} : { calls };
    return { state, variables: step.variables, tasks, timers, timeline, ...open, engineState: pack(running) };
  }
  recorder.closeTasks();
  if (failure === undefined) {
    recorder.note("completed", instance);
    const { output } = recorder;
    const given = output === undefined ? {} : { output };
    return { ...ended(recorder.declined ? "declined" : "completed", step.variables, recorder), ...given };
  }
  recorder.note("failed", instance, failure.message.slice(0, 500));
  return ended("failed", step.variables, recorder);
}

function ended(
  state: EngineSnapshot["state"],
  variables: Record<string, unknown>,
  { tasks, timeline }: Recorder,
): EngineSnapshot {
  return { state, variables, tasks, timers: [], timeline };
}

/**
 * The library's state without the parsed source, which is larger than the rest and the same for all instances. Deflated
 * it takes a sixth of the room, in the file and in memory.
 */
function pack(execution: LibraryExecution): string {
  const state = { definitions: execution.definitions.map((definition) => definition.getState()) };
  return deflateRawSync(JSON.stringify(state), { level: 1 }).toString("base64");
}

function unpack(snapshot: EngineSnapshot): unknown {
  if (snapshot.engineState === undefined) throw new WorkflowError("INSTANCE_ENDED");
  return JSON.parse(inflateRawSync(Buffer.from(snapshot.engineState, "base64")).toString());
}
