/** What the stand-in says of a workflow that was not run, or did not end well: its texts, in one table. */
import { type NOTHING_RAN, RUN_FAILED, type RunOutcome } from "../../shared/engines/workflow/wire";

const TEXTS = {
  unknown: [
    "没有这个标识的工作流，没有运行。请检查 name。",
    "There is no workflow with this id, so nothing ran. Check name.",
  ],
  disabled: ["工作流没有启用，没有运行。请先启用。", "The workflow is not enabled, so nothing ran. Enable it first."],
  unusable: [
    "工作流的流程图不能使用，没有运行。请修改流程图。",
    "The drawing of the workflow cannot be used, so nothing ran. Correct it.",
  ],
  waiting: ["工作流在等人处理，还没有结束。", "The workflow waits for somebody and has not ended."],
  failed: ["工作流运行失败。", "The workflow failed."],
  late: ["工作流运行超过 10 分钟，已经停止。", "The workflow ran for more than 10 minutes and was stopped."],
  gone: ["本地平台已经重置，这次运行没有结果。", "The local platform was reset; this run has no result."],
} as const;

export const text = (kind: keyof typeof TEXTS): string => TEXTS[kind].join(" ");

/** Nothing was run. */
export class WorkflowRefusal extends Error {
  override readonly name = "WorkflowRefusal";
  readonly code: (typeof NOTHING_RAN)[number];

  constructor(kind: "unknown" | "disabled" | "unusable") {
    super(text(kind));
    this.code = kind === "unknown" ? "WORKFLOW_NOT_FOUND" : "WORKFLOW_DISABLED";
  }
}

export function runFailed(message: string, node?: { id: string; name: string }): RunOutcome {
  return { code: RUN_FAILED, message, ...(node === undefined ? {} : { node }) };
}
