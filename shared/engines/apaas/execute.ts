/** Executes an aPaaS flow, and reads what became of it: two codes, and outputs in a text that holds JSON. */
import { parseExactJson } from "../../base/exact-json";
import { describeError, log } from "../../base/log";
import { anyCode, safeCause, safeWords } from "../../base/safe-words";
import type { FeishuApp } from "../../feishu/app";
import { type FeishuAnswer, jsonText } from "../../feishu/call";
import { ask } from "../../feishu/request";
import type { Phase, Problem, Progress, Started } from "../engine";
import { type ExecuteFlow, type FLOW_STATUSES, type FlowExecution, flowExecutionSchema, outParamsSchema } from "./wire";

export interface FlowName {
  namespace: string;
  flowId: string;
}

/** Behind `/open-apis/`. */
export function pathOf({ namespace, flowId }: FlowName): string[] {
  return ["apaas", "v1", "applications", namespace, "flows", flowId, "execute"];
}

/** @throws StartflowError where there is no answer that can be read; a refusal is returned */
export function executeFlow(
  app: FeishuApp,
  name: FlowName,
  body: ExecuteFlow,
  timeoutMs: number,
): Promise<FeishuAnswer<FlowExecution>> {
  return ask(app, {
    method: "POST",
    path: pathOf(name),
    body: jsonText(JSON.stringify(body)),
    schema: flowExecutionSchema,
    timeoutMs,
    starts: true,
  });
}

/** The API does not tell for whom a flow waits. */
const PHASES: Readonly<Record<string, Phase>> = {
  wait: "waiting",
  in_process: "running",
  end: "completed",
  agreed: "completed",
  rejected: "declined",
  canceled: "cancelled",
  failed: "failed",
} satisfies Record<(typeof FLOW_STATUSES)[number], Phase>;

/** @param typed what a user typed of it: the flow's own words are left out where they repeat any of that */
export function startedBy(execution: FlowExecution, typed: unknown): Started {
  const { execution_id: id, code, error_msg: message, out_params: outParams } = execution;
  const status = Object.hasOwn(PHASES, execution.status) ? execution.status : anyCode(execution.status, typed);
  const output = outputOf(outParams, typed);
  const isWrong = (code !== "" && code !== "0") || status === "failed";
  const problem = isWrong ? { code: anyCode(code, typed), message: safeWords(message, typed) } : undefined;
  const progress = progressOf(execution.status, problem);
  if (progress?.phase === "other") log("warn", "the flow has a status that is not known", { status });
  return {
    processId: id === "" ? null : id,
    ...(progress === undefined ? {} : { progress }),
    ...(status === "" ? {} : { status }),
    ...(problem === undefined ? {} : { problem }),
    ...(output === undefined ? {} : { output }),
  };
}

/** What went wrong counts before a status; without either, nothing is told. */
function progressOf(status: string, problem: Problem | undefined): Progress | undefined {
  if (problem !== undefined) return { phase: "failed", ...(problem.message === "" ? {} : { reason: problem.message }) };
  if (status === "") return undefined;
  return { phase: (Object.hasOwn(PHASES, status) ? PHASES[status] : undefined) ?? "other" };
}

/** Outputs by their API name. What cannot be read says nothing about the start. */
function outputOf(text: string, typed: unknown): Record<string, unknown> | undefined {
  if (text === "") return undefined;
  try {
    const outputs = outParamsSchema.parse(parseExactJson(text));
    return Object.fromEntries(outputs.map(({ api_name, value }) => [api_name, value]));
  } catch (error) {
    log("warn", "the flow's outputs cannot be read", { error: describeError(safeCause(error, typed)) });
    return undefined;
  }
}
