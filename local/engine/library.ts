/** The parts of bpmn-engine that are used, loaded when first needed, with everything off that could run code or time. */
import { createExpressions, type ExpressionScope } from "./expressions";

/** What the library tells of a node or a sequence flow. */
export interface ElementApi {
  id: string;
  content: Record<string, unknown> & { executionId?: string };
}

/** A node or sequence flow as it was parsed. */
export interface ParsedElement {
  id: string;
  type: string;
  name?: string;
  parent: { id: string };
  behaviour: Record<string, unknown>;
}

/** A parsed flow. It holds no state of an instance, so that all instances share one. */
export interface SourceContext {
  id: string;
  getProcesses(): ParsedElement[];
  getActivities(): ParsedElement[];
  getSequenceFlows(): ParsedElement[];
  getActivityById(id: string): ParsedElement | undefined;
  getSequenceFlowById(id: string): ParsedElement | undefined;
  getScripts(): { name: string }[];
}

export interface LibraryDefinition {
  environment: { options: { source: SourceContext } };
  getState(): unknown;
}

export interface LibraryExecution {
  definitions: LibraryDefinition[];
  signal(message: { id: string; executionId: string }): void;
  cancelActivity(message: { id: string; executionId: string }): void;
}

export interface Listener {
  emit(event: string, api: ElementApi | undefined): void;
}

export interface LibraryEngine {
  readonly state: "idle" | "running" | "error";
  on(event: "error", handler: (error: Error) => void): void;
  execute(options: { listener: Listener }): Promise<LibraryExecution>;
  recover(state: unknown): LibraryEngine;
  resume(options: { listener: Listener }): Promise<LibraryExecution>;
  getDefinitions(): Promise<LibraryDefinition[]>;
}

interface TimerBehaviour {
  parse(timerType: string, value: string): { expireAt: Date; repeat?: number; delay: number };
}

export interface Library {
  createEngine(options: Record<string, unknown>): LibraryEngine;
  /** Milliseconds from `now` until a timer is due. Throws on what is no ISO 8601 text. */
  msUntil(timerType: string, value: string, now: number): number;
  /** Ours in place of the library's: the timer, and the service task. */
  elements: Record<string, unknown>;
}

/** The last instant that a Date can hold: to the library, our timers never come due. */
const NEVER = new Date(8.64e15);

/** Our own attributes: of tasks who does them or what they call, of ends how they count and what they give; the start variables. */
const WEDA_MODDLE = {
  name: "weda",
  uri: "http://startflow.local/schema/weda",
  prefix: "weda",
  xml: { tagAlias: "lowerCase" },
  types: [
    extending("Process", [["version", "String"]]),
    extending("UserTask", [["assignee", "String"]]),
    extending("EndEvent", [
      ["outcome", "String"],
      ["output", "String"],
    ]),
    extending("ServiceTask", [["function", "String"]]),
    {
      name: "Input",
      superClass: ["Element"],
      properties: attributes([
        ["name", "String"],
        ["value", "String"],
      ]),
    },
    {
      name: "StartVariable",
      superClass: ["Element"],
      properties: attributes([
        ["paramCode", "String"],
        ["name", "String"],
        ["type", "String"],
        ["required", "Boolean"],
      ]),
    },
  ],
};

function attributes(pairs: [string, string][]) {
  return pairs.map(([name, type]) => ({ name, isAttr: true, type }));
}

function extending(type: string, pairs: [string, string][]) {
  return { name: type, extends: [`bpmn:${type}`], properties: attributes(pairs) };
}

/** Must answer undefined, not throw: the library asks for a script also where a flow has a plain expression. */
const NO_SCRIPTS = { register: () => undefined, getScript: () => undefined };

/** Takes timers and never fires them: an engine leaves nothing running, and time is the platform clock's business. */
const NO_TIMERS = {
  executing: [],
  register: () => NO_TIMERS,
  setTimeout: () => ({}),
  clearTimeout: () => undefined,
};

let loading: Promise<Library> | undefined;

/** Takes some 80 ms the first time, so it is not done while the platform starts. */
export function loadLibrary(): Promise<Library> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Library> {
  const { Engine } = (await import("bpmn-engine")) as unknown as {
    Engine: new (options: Record<string, unknown>) => LibraryEngine;
  };
  const { TimerEventDefinition: LibraryTimer, UserTask } = (await import("bpmn-elements")) as unknown as {
    TimerEventDefinition: new (activity: unknown, definition: unknown) => TimerBehaviour;
    UserTask: unknown;
  };
  const parse = LibraryTimer.prototype.parse;
  /** Called with `new` by the library, which takes what it returns. */
  function PlatformTimer(activity: unknown, definition: unknown): TimerBehaviour {
    const timer = new LibraryTimer(activity, definition);
    timer.parse = (timerType, value) => ({ ...parse(timerType, value), expireAt: NEVER });
    return timer;
  }
  return {
    createEngine: (options) => new Engine(options),
    msUntil(timerType, value, now) {
      const { expireAt, delay } = parse(timerType, value);
      return timerType === "timeDate" ? expireAt.getTime() - now : delay;
    },
    // A service task rests like a person's: what it calls is called by the instance's owner, once that is written down.
    elements: { TimerEventDefinition: PlatformTimer, ServiceTask: UserTask },
  };
}

/** For reading a flow: the parser knows our attributes. */
export function parserOptions(library: Library, xml: string) {
  return { name: "parser", source: xml, moddleOptions: { weda: WEDA_MODDLE }, elements: library.elements };
}

/** For running a flow: no scripts, no timers, our expressions, and no state kept of what does not run. */
export function runOptions(library: Library, sourceContext: SourceContext, scope: ExpressionScope) {
  return {
    name: sourceContext.id,
    sourceContext,
    elements: library.elements,
    scripts: NO_SCRIPTS,
    timers: NO_TIMERS,
    expressions: createExpressions(scope),
    settings: { disableTrackState: true },
  };
}
