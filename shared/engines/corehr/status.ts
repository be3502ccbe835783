/** How a CoreHR process stands: in its own codes and in words, for whom it waits, and what happened so far. */
import type { FeishuApp } from "../../feishu/app";
import type { Phase, Place, ProcessStatus, Progress, TimelineStep } from "../engine";
import { getProcess } from "./api";
import { type Names, PROCESS_STATUSES, type ProcessDetail, type ProcessTask, type UserIdType } from "./wire";

const TIMEOUT_MS = 5_000;

/** @throws StartflowError */
export async function processStatus(app: FeishuApp, processId: string, userIdType: UserIdType): Promise<ProcessStatus> {
  return describedStatus(await getProcess(app, processId, userIdType, TIMEOUT_MS));
}

/** A code that the page does not list is passed on as it is. */
export function describedStatus(detail: ProcessDetail): ProcessStatus {
  const { status: code } = detail;
  const known = knownStatus(code);
  const { state, zh, en } = known ?? { state: "other", zh: `状态 ${code}`, en: `status ${code}` };
  const timeline = timelineOf(detail, state);
  return {
    code,
    state,
    text: { zh, en },
    progress: progressOf(detail),
    ...(timeline.length === 0 ? {} : { timeline }),
  };
}

function knownStatus(code: number) {
  return Object.hasOwn(PROCESS_STATUSES, code) ? PROCESS_STATUSES[code as keyof typeof PROCESS_STATUSES] : undefined;
}

/** Of one that is being revoked nobody decides: it goes on by itself. */
const PHASES: Readonly<Record<keyof typeof PROCESS_STATUSES, Phase>> = {
  1: "running",
  2: "declined",
  4: "cancelled",
  8: "cancelled",
  9: "completed",
  15: "running",
};

function progressOf({ status, todos = [] }: ProcessDetail): Progress {
  if (status === 1 && todos.length > 0) return { phase: "waiting", places: placesOf(todos) };
  return { phase: knownStatus(status) === undefined ? "other" : PHASES[status as keyof typeof PHASES] };
}

/** One for each node; several people may have to decide at one. */
function placesOf(todos: readonly ProcessTask[]): Place[] {
  const places = new Map<string, Place>();
  for (const task of todos) {
    const { node_definition_id: id = "" } = task;
    const name = textOf(task.node_name);
    const key = JSON.stringify([id, name]);
    const person = personOf(task);
    const assignees = [...(places.get(key)?.assignees ?? []), ...(person === undefined ? [] : [person])];
    places.set(key, { id, name, ...(assignees.length === 0 ? {} : { assignees }) });
  }
  return [...places.values()];
}

/** What was done with a task. */
const DONE = new Map([
  [3, "done"],
  [2, "rejected"],
  [4, "canceled"],
]);

function timelineOf(detail: ProcessDetail, state: string): TimelineStep[] {
  const { create_time, complete_time, done_list = [], todos = [], initiator_id } = detail;
  const whole = textOf(detail.flow_definition_name);
  const entered = (task: ProcessTask) => stepOf(task.create_time, textOf(task.node_name), "entered");
  const done = (task: ProcessTask) => {
    const { status } = task;
    const what = status === undefined ? "done" : (DONE.get(status) ?? `status ${status}`);
    return stepOf(task.complete_time, textOf(task.node_name), what, personOf(task));
  };
  const steps = [
    stepOf(create_time, whole, "created", initiator_id),
    ...done_list.flatMap((task) => [entered(task), done(task)]),
    ...todos.map(entered),
    stepOf(complete_time, whole, state),
  ];
  // What happened in one moment stays in the order above.
  return steps.filter((step) => step !== undefined).sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

function stepOf(ms: string | undefined, node: string, what: string, by = ""): TimelineStep | undefined {
  if (ms === undefined) return undefined;
  return { at: new Date(Number(ms)).toISOString(), node, what, ...(by === "" ? {} : { by }) };
}

/** A name in Chinese, as the flow's designer wrote it, else in English. */
function textOf(names: Names): string {
  return names?.zh_cn || names?.en_us || "";
}

/** The person's id, by the kind of id that was asked for; his name where there is none. */
function personOf({ operator_id: id, operator_name: names }: ProcessTask): string | undefined {
  return id || textOf(names) || undefined;
}
