/** Runs one CloudBase workflow: `callFunction({name: "cloudbase_module", data: {name, data}})`, answered when the run ends. */

import { ERRORS, StartflowError } from "../../base/errors";
import { describeError, log, mask, outline } from "../../base/log";
import { safeCause, safeWords } from "../../base/safe-words";
import type { MethodContext } from "../../platform/context";
import { sendTimeoutMs } from "../../platform/time-limits";
import type { Engine, Place, Started } from "../engine";
import { engineFailure } from "../engine-failure";
import type { Submission } from "../submission";
import {
  NOTHING_RAN,
  RUN_FAILED,
  RUN_THREW,
  RUN_WAITS,
  runOutcomeSchema,
  WORKFLOW_FUNCTION,
  WORKFLOW_ID,
  workflowAnswerSchema,
} from "./wire";

export { NOTHING_RAN, RUN_FAILED, RUN_THREW, RUN_WAITS };

export interface CloudbaseWorkflowOptions {
  /** The workflow's id, as its call node shows it. */
  workflow: string;
  /** Sends `data` as a list of one, for a workflow that takes its trigger's input as a list. */
  inList?: boolean;
}

/** The member of `data` that a field becomes, or that the one field is `data`. */
export type WorkflowInput = { name: string } | { whole: true };

/** @throws Error at definition, where the workflow's id is none */
export function cloudbaseWorkflow({ workflow, inList = false }: CloudbaseWorkflowOptions): Engine<WorkflowInput> {
  if (!WORKFLOW_ID.test(workflow)) {
    throw new Error("cloudbaseWorkflow: the workflow's id is not made of 1 to 128 letters, digits, _ and -");
  }
  return {
    kind: "cloudbase-workflow",
    processKey: workflow,
    answersAtEnd: true,
    problemOf: workflowInputProblem,
    codeOf: (entry) => ("whole" in entry ? "data" : `data.${entry.name}`),
    secrets: [],
    async prepare(submission, context) {
      const callFunction = functionCaller(context);
      const data = dataOf(submission.fields);
      const call = { name: WORKFLOW_FUNCTION, data: { name: workflow, data: inList ? [data] : data } };
      // Without the names of the members, which are the method's own.
      const typed = submission.fields.map(({ value }) => value);
      const options = { timeout: submission.sendTimeoutMs ?? sendTimeoutMs() };
      return {
        // Made only where it is shown.
        get request() {
          return mask(call, Number.POSITIVE_INFINITY);
        },
        send: () => send(() => callFunction(call, options), workflow, typed),
      };
    },
  };
}

const MEMBER = /^(?!__proto__$)[\p{L}_$][\p{L}\p{N}_$-]{0,63}$/u;

function workflowInputProblem(entry: WorkflowInput): string | undefined {
  if ("whole" in entry) return "name" in entry ? "has both name and whole" : undefined;
  return MEMBER.test(entry.name)
    ? undefined
    : "has a name that is none of a member: 1 to 64 letters, digits, _, $ and -";
}

type CallFunction = NonNullable<NonNullable<MethodContext["app"]>["callFunction"]>;

/** @throws StartflowError NOT_CONFIGURED */
function functionCaller({ app }: MethodContext): CallFunction {
  const { callFunction } = app ?? {};
  if (typeof callFunction === "function") return callFunction.bind(app);
  throw new StartflowError("NOT_CONFIGURED", {
    message: {
      zh: "运行环境没有提供 app.callFunction，不能调用工作流，流程没有发起。请联系管理员。",
      en: "There is no app.callFunction here, so no workflow can be called and nothing was started. Tell the administrator.",
    },
  });
}

/** @throws StartflowError NOT_CONFIGURED, where something else stands beside what is to be the whole */
function dataOf(fields: Submission<WorkflowInput>["fields"]): unknown {
  const whole = fields.find(({ entry }) => "whole" in entry);
  if (whole === undefined) {
    return Object.fromEntries(fields.map(({ entry, value }) => ["name" in entry ? entry.name : "", value]));
  }
  if (fields.length === 1) return whole.value;
  throw new StartflowError("NOT_CONFIGURED", {
    message: {
      zh: `字段 ${whole.name} 声明为工作流的全部输入，不能再有其他字段，流程没有发起。请联系管理员。`,
      en: `The field ${whole.name} is declared as the workflow's whole input, so no other can stand beside it; nothing was started. Tell the administrator.`,
    },
  });
}

async function send(call: () => Promise<unknown>, workflow: string, typed: readonly unknown[]): Promise<Started> {
  let answer: ReturnType<typeof readAnswer>;
  try {
    answer = readAnswer(await call());
  } catch (error) {
    log("warn", "workflow call failed", { workflow, error: describeError(safeCause(error, typed)) });
    const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
    if (code === RUN_THREW) return failed(RUN_THREW, safeWords(message, typed));
    throw sendFailure(error, typed);
  }
  const { result, requestId, requestID = requestId } = answer;
  log("info", "engine answered", { workflow, requestId: requestID, result: outline(result) });
  return readResult(result, typed);
}

/** @throws an error with the platform's code where it answered a failure; one without, where it answered nothing that can be read */
function readAnswer(answer: unknown) {
  const read = workflowAnswerSchema.safeParse(answer).data;
  if (read !== undefined && "result" in read) return read;
  throw Object.assign(new Error(read?.message ?? "the answer has no result"), { code: read?.code });
}

function readResult(result: unknown, typed: readonly unknown[]): Started {
  const outcome = runOutcomeSchema.safeParse(result).data;
  if (outcome === undefined) {
    const output = result === undefined || result === null ? {} : { output: result };
    return { processId: null, progress: { phase: "completed" }, ...output };
  }
  const words = safeWords(outcome.message, typed);
  switch (outcome.code) {
    case RUN_FAILED:
      return failed(outcome.code, words, outcome.node);
    case RUN_WAITS: {
      const places = outcome.waiting.map(({ node: { id, name }, assignee }): Place => {
        return { id, name, ...(assignee === "" ? {} : { assignees: [assignee] }) };
      });
      return { processId: null, progress: { phase: "waiting", places } };
    }
    default:
      throw refused(outcome.code, words);
  }
}

/** It ran, and what it had done by then is not known: so it is not run again. */
function failed(code: string, message: string, node?: Place): Started {
  const { id = "", name = "" } = node ?? {};
  const places = id === "" && name === "" ? {} : { places: [{ id, name }] };
  const reason = message === "" ? {} : { reason: message };
  return { processId: null, problem: { code, message }, progress: { phase: "failed", ...places, ...reason } };
}

function refused(code: string, words: string): StartflowError {
  const { zh, en } = ERRORS.ENGINE_REFUSED;
  const detail = [code, words].filter((part) => part !== "");
  return new StartflowError("ENGINE_REFUSED", {
    message: { zh: `${zh}（引擎：${detail.join("，")}）`, en: `${en} (Engine: ${detail.join(", ")})` },
  });
}

/** The system's codes, and the HTTP status that the SDK gives for what is no answer of CloudBase. */
const OF_CONNECTION = /^(\d{3}|E[A-Z]+|(ERR|HPE|UND_ERR)_\w+)$/;

/** A timeout, a reset, or what cannot be read says nothing; a code of CloudBase, also one that nobody knows, is an answer. */
function sendFailure(error: unknown, typed: readonly unknown[]): StartflowError {
  const failure = engineFailure(error, typed);
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  const of = code ?? cause?.code;
  const isUnanswered = failure.code === "OUTCOME_UNKNOWN" && (of === undefined || OF_CONNECTION.test(String(of)));
  return isUnanswered
    ? new StartflowError(failure.code, { message: failure.text, isUnanswered, cause: failure.cause })
    : failure;
}
