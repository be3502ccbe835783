/** The workflow engine that the stand-ins start processes on: our interface; bpmn-engine is behind it. */

export type InstanceState = "running" | "waiting" | "completed" | "declined" | "cancelled" | "failed";

export interface EngineTask {
  /** Unique within the instance, also when a node is visited twice. */
  id: string;
  /** The node of the flow. */
  nodeId: string;
  name: string;
  assignee: string;
  state: "open" | "done";
  openedAt: number;
  doneAt?: number;
  /** Absent on a task that is done without a decision: the instance ended, or a timer took it away. */
  action?: "agree" | "reject";
  comment?: string;
}

/** A timer that waits. */
export interface EngineTimer {
  /** Unique within the instance. */
  id: string;
  nodeId: string;
  /** Epoch milliseconds on the local platform's clock. */
  dueAt: number;
}

/** A function that a service task calls, and that has not answered. */
export interface EngineCall {
  /** Unique within the instance. */
  id: string;
  nodeId: string;
  name: string;
  functionName: string;
  /** What the task declares for it, from the instance's variables. */
  params: Record<string, unknown>;
}

/** How a call ended: `failure` says why it did not succeed. The flow goes on either way. */
export interface CallOutcome {
  failure?: string | undefined;
}

export interface TimelineEntry {
  /** Epoch milliseconds on the local platform's clock. */
  at: number;
  /** The node or sequence flow; for what happened to the whole instance, the process key. */
  nodeId: string;
  name: string;
  what:
    | "entered"
    | "left"
    | "taken"
    | "agreed"
    | "rejected"
    | "timer"
    | "cancelled"
    | "completed"
    | "failed"
    | "called"
    | "callFailed";
  detail?: string;
}

/** Everything that must survive a kill: written as one line, so that nothing is ever half there. */
export interface EngineSnapshot {
  state: InstanceState;
  variables: Record<string, unknown>;
  tasks: EngineTask[];
  timers: EngineTimer[];
  timeline: TimelineEntry[];
  /** Absent where nothing is called. */
  calls?: EngineCall[];
  /** What the end gave that was reached last; absent where it gave nothing, and while the instance goes on. */
  output?: unknown;
  /** The library's own state, packed; absent once the instance has ended. */
  engineState?: string;
}

/** A flow that was read: its declared start variables and what is needed to run it. */
export interface Flow {
  processKey: string;
  name: string;
  version: string;
  /** The BPMN text, with its drawing. */
  xml: string;
  startVariables: DeclaredVariable[];
}

/** A start variable as the flow's start node declares it. */
export interface DeclaredVariable {
  paramCode: string;
  name: string;
  type: "string" | "number" | "boolean" | "object" | "objectList";
  required: boolean;
}

/** What an approver said of a task. */
export interface Decision {
  action: "agree" | "reject";
  comment?: string;
}

/** Snapshots that are handed in are never changed. */
export interface WorkflowEngine {
  /** Runs from the start to the first rest: a task that waits, a function to be called, or an end. */
  start(flow: Flow, variables: Record<string, unknown>): Promise<EngineSnapshot>;
  /** Completes one open task and runs to the next rest. Throws `WorkflowError` TASK_NOT_FOUND or TASK_NOT_OPEN. */
  complete(flow: Flow, snapshot: EngineSnapshot, taskId: string, decision: Decision): Promise<EngineSnapshot>;
  /** Takes the outcome of a call that waits, and runs to the next rest. Answers the snapshot itself where there is no such call. */
  answerCall(flow: Flow, snapshot: EngineSnapshot, callId: string, outcome: CallOutcome): Promise<EngineSnapshot>;
  /** Fires every timer that waits now, and runs to the next rest. */
  fastForward(flow: Flow, snapshot: EngineSnapshot): Promise<EngineSnapshot>;
  /** Fires the timers whose time has come. Answers the snapshot itself where there is none. */
  fireDue(flow: Flow, snapshot: EngineSnapshot): Promise<EngineSnapshot>;
  /** Ends a waiting instance. */
  cancel(flow: Flow, snapshot: EngineSnapshot, reason: string): Promise<EngineSnapshot>;
}
