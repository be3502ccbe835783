/** What the library tells while it runs -> tasks, timers, calls and the timeline of an instance. */
import type { ElementApi, Library, Listener, ParsedElement, SourceContext } from "./library";
import { inputsOf, outputOf } from "./source";
import type {
  CallOutcome,
  Decision,
  EngineCall,
  EngineSnapshot,
  EngineTask,
  EngineTimer,
  TimelineEntry,
} from "./workflow-engine";

/** A flow that goes round in circles without a task would never rest; far more steps than any real run takes. */
const MAX_EVENTS_PER_RUN = 3_000;

export interface RecorderParts {
  library: Library;
  source: SourceContext;
  now: () => number;
  resolve: (expression: unknown) => unknown;
}

export interface Recorder extends Listener {
  readonly tasks: EngineTask[];
  readonly timers: EngineTimer[];
  readonly timeline: TimelineEntry[];
  readonly calls: EngineCall[];
  /** An end was reached that counts as a refusal. */
  declined: boolean;
  /** What the end gives that was reached last. */
  output: unknown;
  /** Adds a line to the timeline. */
  note(what: TimelineEntry["what"], node: { id: string; name?: string | undefined }, detail?: string): void;
  /** Marks a task as done by a decision. */
  decide(taskId: string, decision: Decision): void;
  /** Notes how a call ended, which then no longer waits. */
  answer(call: EngineCall, outcome: CallOutcome): void;
  /** Marks open tasks as done without a decision: all, or those of one node. */
  closeTasks(nodeId?: string): void;
}

export function createRecorder(parts: RecorderParts, before?: EngineSnapshot): Recorder {
  let eventsLeft = MAX_EVENTS_PER_RUN;
  const recorder: Recorder = {
    tasks: structuredClone(before?.tasks ?? []),
    timers: structuredClone(before?.timers ?? []),
    timeline: structuredClone(before?.timeline ?? []),
    calls: structuredClone(before?.calls ?? []),
    declined: false,
    output: undefined,
    note(what, { id, name }, detail) {
      const entry = { at: parts.now(), nodeId: id, name: name ?? "", what };
      recorder.timeline.push(detail === undefined ? entry : { ...entry, detail });
    },
    decide(taskId, { action, comment }) {
      const task = recorder.tasks.find(({ id }) => id === taskId);
      if (task === undefined) return;
      Object.assign(task, { state: "done", doneAt: parts.now(), action }, comment ? { comment } : {});
      recorder.note(action === "agree" ? "agreed" : "rejected", { id: task.nodeId, name: task.name }, comment);
    },
    answer({ id, nodeId, name }, { failure }) {
      removeFrom(recorder.calls, (call) => call.id === id);
      recorder.note(failure === undefined ? "called" : "callFailed", { id: nodeId, name }, failure);
    },
    closeTasks(nodeId) {
      for (const task of recorder.tasks) {
        if (task.state === "done" || (nodeId !== undefined && task.nodeId !== nodeId)) continue;
        Object.assign(task, { state: "done", doneAt: parts.now() });
        recorder.note("cancelled", { id: task.nodeId, name: task.name });
      }
    },
    emit(event, api) {
      if (api === undefined) return;
      if (--eventsLeft < 0) throw new Error(`more than ${MAX_EVENTS_PER_RUN} steps without a rest: <${api.id}>`);
      const handle = HANDLERS.get(event);
      const element = handle && (parts.source.getActivityById(api.id) ?? parts.source.getSequenceFlowById(api.id));
      if (element) handle(recorder, { ...parts, element, content: api.content });
    },
  };
  return recorder;
}

/** The element is looked up in the source: for an event the library names its event definition as the sender. */
interface Happening extends RecorderParts {
  element: ParsedElement;
  content: ElementApi["content"];
}

type Handler = (recorder: Recorder, happening: Happening) => void;

const HANDLERS = new Map<string, Handler>([
  ["activity.enter", enter],
  ["activity.wait", wait],
  ["activity.timer", armTimer],
  ["activity.timeout", (recorder, { element }) => recorder.note("timer", element)],
  ["activity.end", leave],
  ["activity.execution.discard", drop],
  ["activity.discard", drop],
  ["flow.take", (recorder, { element }) => recorder.note("taken", element)],
]);

/** A boundary event is entered together with its task; it shows once its timer fires. */
function enter(recorder: Recorder, { element }: Happening): void {
  if (element.type !== "bpmn:BoundaryEvent") recorder.note("entered", element);
}

function wait(recorder: Recorder, happening: Happening): void {
  if (happening.element.type === "bpmn:ServiceTask") openCall(recorder, happening);
  else openTask(recorder, happening);
}

function openCall({ calls }: Recorder, { element, content, resolve }: Happening): void {
  const id = content.executionId;
  if (id === undefined || calls.some((call) => call.id === id)) return;
  const values = inputsOf(element.behaviour).map(({ name, value }) => [name, resolve(value)]);
  const params = Object.fromEntries(values.filter(([, value]) => value !== undefined)) as EngineCall["params"];
  const functionName = String(element.behaviour.function);
  calls.push({ id, nodeId: element.id, name: element.name ?? element.id, functionName, params });
}

/** The library tells of a waiting task again whenever it is resumed. */
function openTask(recorder: Recorder, { element, content, now, resolve }: Happening): void {
  const id = content.executionId;
  if (element.type !== "bpmn:UserTask" || id === undefined || recorder.tasks.some((task) => task.id === id)) return;
  const assignee = resolve(element.behaviour.assignee);
  recorder.tasks.push({
    id,
    nodeId: element.id,
    name: element.name ?? element.id,
    assignee: typeof assignee === "string" ? assignee : "",
    state: "open",
    openedAt: now(),
  });
}

function armTimer(recorder: Recorder, { element, content, library, now }: Happening): void {
  const { executionId, timerType } = content;
  if (executionId === undefined || typeof timerType !== "string") return;
  if (recorder.timers.some((timer) => timer.id === executionId)) return;
  const dueAt = now() + library.msUntil(timerType, String(content[timerType]), now());
  recorder.timers.push({ id: executionId, nodeId: element.id, dueAt });
}

function leave(recorder: Recorder, { element, resolve }: Happening): void {
  if (element.type === "bpmn:EndEvent") {
    if (element.behaviour.outcome === "declined") recorder.declined = true;
    recorder.output = outputOf(element.behaviour, resolve);
  }
  removeTimers(recorder, element.id);
  if (element.type !== "bpmn:UserTask") recorder.note("left", element);
}

function drop(recorder: Recorder, { element }: Happening): void {
  removeTimers(recorder, element.id);
  removeFrom(recorder.calls, (call) => call.nodeId === element.id);
  recorder.closeTasks(element.id);
}

function removeTimers(recorder: Recorder, nodeId: string): void {
  removeFrom(recorder.timers, (timer) => timer.nodeId === nodeId);
}

function removeFrom<Item>(list: Item[], isGone: (item: Item) => boolean): void {
  list.splice(0, list.length, ...list.filter((item) => !isGone(item)));
}
