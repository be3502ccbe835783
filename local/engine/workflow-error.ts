/** The failures of flows, instances and tasks, with one table of their codes. */

const TEXTS = {
  FLOW_INVALID: {
    zh: "流程图不能使用。",
    en: "This flow cannot be used.",
  },
  PROCESS_NOT_FOUND: {
    zh: "没有这个流程标识的流程。请检查 ProcessKey。",
    en: "There is no flow with this process key. Check ProcessKey.",
  },
  INSTANCE_NOT_FOUND: {
    zh: "没有这个流程实例。",
    en: "There is no such process instance.",
  },
  INSTANCE_ENDED: {
    zh: "流程实例已经结束。",
    en: "The process instance has ended already.",
  },
  TASK_NOT_FOUND: {
    zh: "流程实例中没有这个任务。",
    en: "The process instance has no such task.",
  },
  TASK_NOT_OPEN: {
    zh: "任务已经处理过了，没有重复处理。",
    en: "The task is done already; it was not done again.",
  },
} as const;

export type WorkflowErrorCode = keyof typeof TEXTS;

export class WorkflowError extends Error {
  override readonly name = "WorkflowError";
  readonly code: WorkflowErrorCode;
  readonly text: { zh: string; en: string };

  /** `detail` is for the flow's author: a node's id, or what the library said. It is never what a user typed. */
  constructor(code: WorkflowErrorCode, detail?: string) {
    const { zh, en } = TEXTS[code];
    const text = detail === undefined ? { zh, en } : { zh: `${zh}${detail}`, en: `${en} ${detail}` };
    super(`${text.zh} ${en}`);
    this.code = code;
    this.text = text;
  }
}
