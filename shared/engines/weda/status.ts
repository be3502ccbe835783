/** Asks WeDa how a process stands, and revokes one in the name of who started it. */
import * as z from "zod";
import { within } from "../../base/deadline";
import { classify } from "../../base/failure-codes";
import { describeError, log } from "../../base/log";
import { safeWords } from "../../base/safe-words";
import { failureIn } from "../../platform/answer-failure";
import type { MethodContext, WorkflowCall } from "../../platform/context";
import { type Asked, type AskFailureCode, askFailure } from "../ask-failure";
import type { Phase, Place, ProcessStatus, Progress } from "../engine";
import { partsOf } from "./answer";

const TIMEOUT_MS = 5_000;

/**
 * Assumption: no page has a member that tells an instance that failed from one that was terminated, so these are ours. Only
 * the local platform has them; where they are absent, `Status` 1 is a cancellation. docs/parity.md has the row.
 */
export const FAIL_MEMBERS = { nodeId: "FailNodeId", nodeName: "FailNodeName", reason: "FailReason" } as const;

/** In the words of WeDa's own pages where these have one (@cloudbase/weda-ui, flow/modules/basic/status-text.js). */
export const WEDA_STATES = {
  running: { phase: "running", zh: "审批中", en: "in approval" },
  passed: { phase: "completed", zh: "审批通过", en: "passed" },
  rejected: { phase: "declined", zh: "已驳回", en: "rejected" },
  terminated: { phase: "cancelled", zh: "已终止", en: "terminated" },
  discarded: { phase: "cancelled", zh: "已作废", en: "discarded" },
  failed: { phase: "failed", zh: "运行失败", en: "failed" },
  other: { phase: "other", zh: "状态未知", en: "unknown" },
} as const satisfies Record<string, { phase: Phase | "other"; zh: string; en: string }>;

/** `Status` of an instance that has ended; any other has passed. Same source. */
const ENDED = new Map<number, keyof typeof WEDA_STATES>([
  [1, "terminated"],
  [2, "rejected"],
  [4, "discarded"],
]);

const text = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);

/** The members by which WeDa's own pages know an instance: one that is missing or odd says nothing, and is no failure. */
const instanceSchema = z.looseObject({
  IsCompleted: z.boolean().optional().catch(undefined),
  Status: z
    .union([
      z.number().int(),
      z
        .string()
        .regex(/^\d{1,4}$/)
        .transform(Number),
    ])
    .optional()
    .catch(undefined),
  FlowCode: text,
  FlowVersion: text,
  CurrentApprover: text,
  CurrentNodeId: text,
  CurrentNodeName: text,
  [FAIL_MEMBERS.nodeId]: text,
  [FAIL_MEMBERS.nodeName]: text,
  [FAIL_MEMBERS.reason]: text,
});
type Instance = z.output<typeof instanceSchema>;

/** @throws StartflowError */
export async function wedaStatus(processId: string, context: MethodContext): Promise<ProcessStatus> {
  const instance = await described(processId, context);
  const state = stateOf(instance);
  const { zh, en } = WEDA_STATES[state];
  const code = instance.IsCompleted === true ? (instance.Status ?? 0) : 0;
  return { code, state, text: { zh, en }, progress: progressOf(instance, state) };
}

/** By who started it (2), not by a handler who takes his approval back (1). */
const REVOKE_TYPE = 2;

/**
 * The very request of WeDa's own page, which names the flow and its version as the instance has them
 * (@cloudbase/weda-ui, flow/modules/operations/controls-items/revoke-modal). @throws StartflowError
 */
export async function revokeProcess(processKey: string, processId: string, context: MethodContext): Promise<void> {
  const { FlowCode = processKey, FlowVersion } = await described(processId, context);
  const version = FlowVersion === undefined ? {} : { AppVersion: FlowVersion };
  const data = { FlowCode, ...version, InstanceId: processId, RevokeType: REVOKE_TYPE };
  const parts = await ask({ action: "Revoke", data }, context, "cancel");
  if (parts.some(({ Status }) => Status === false)) throw askFailure("cancel", "ENGINE_REFUSED");
  log("info", "process cancelled", { process: processId });
}

/** https://docs.cloudbase.net/lowcode/api/flow */
async function described(ProcessInstanceId: string, context: MethodContext): Promise<Instance> {
  const call = { action: "DescribeProcessInstanceDetails", data: { ProcessInstanceId } };
  const parts = (await ask(call, context, "status")).map(capitalized);
  const found = parts.find((part) => "IsCompleted" in part) ?? parts.find((part) => "InstanceId" in part);
  if (found !== undefined) return instanceSchema.parse(found);
  log("warn", "engine's answer has no instance", { process: ProcessInstanceId });
  throw askFailure("status", "OUTCOME_UNKNOWN");
}

/** WeDa's pages know the same members with a small first letter. */
function capitalized(part: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key.charAt(0).toUpperCase() + key.slice(1), value]),
  );
}

function stateOf(instance: Instance): keyof typeof WEDA_STATES {
  const { IsCompleted, Status } = instance;
  if (IsCompleted === false) return "running";
  if (IsCompleted === undefined || Status === undefined) return "other";
  return Status === 1 && hasFailed(instance) ? "failed" : (ENDED.get(Status) ?? "passed");
}

const hasFailed = (instance: Instance): boolean => Object.values(FAIL_MEMBERS).some((name) => Boolean(instance[name]));

function progressOf(instance: Instance, state: keyof typeof WEDA_STATES): Progress {
  if (state === "running") {
    const assignees = (instance.CurrentApprover ?? "").split(",").map((name) => name.trim());
    const places = placesOf(instance.CurrentNodeId, instance.CurrentNodeName, assignees);
    return places.length === 0 ? { phase: "running" } : { phase: "waiting", places };
  }
  if (state !== "failed") return { phase: WEDA_STATES[state].phase };
  const places = placesOf(instance[FAIL_MEMBERS.nodeId], instance[FAIL_MEMBERS.nodeName]);
  const reason = safeWords(instance[FAIL_MEMBERS.reason], undefined);
  return { phase: "failed", ...(places.length === 0 ? {} : { places }), ...(reason === "" ? {} : { reason }) };
}

function placesOf(id = "", name = "", people: readonly string[] = []): Place[] {
  const assignees = people.filter((person) => person !== "");
  if (id === "" && name === "" && assignees.length === 0) return [];
  return [{ id, name, ...(assignees.length === 0 ? {} : { assignees }) }];
}

/** The answer and what it wraps. @throws StartflowError */
async function ask(call: WorkflowCall, context: MethodContext, asked: Asked): Promise<Record<string, unknown>[]> {
  let parts: Record<string, unknown>[];
  try {
    parts = partsOf(await within(TIMEOUT_MS, context.callWorkflow(call), () => new Error("no answer in time")));
  } catch (error) {
    throw failed(call.action, asked, error);
  }
  const failure = parts.map(failureIn).find((one) => one !== undefined);
  if (failure === undefined) return parts;
  throw failed(call.action, asked, Object.assign(new Error(String(failure.message ?? "")), { code: failure.code }));
}

function failed(action: string, asked: Asked, error: unknown) {
  log("warn", "engine call failed", { action, error: describeError(error) });
  const { code, message, cause } = (error ?? {}) as { code?: unknown; message?: unknown; cause?: { code?: unknown } };
  const shownCode = String(code ?? cause?.code ?? "");
  const detail = [/^[\w.:-]{1,80}$/.test(shownCode) ? shownCode : "", safeWords(message, undefined)];
  return askFailure(asked, classOf(shownCode, message), { detail, cause: error });
}

/**
 * Of Tencent Cloud's public families, those that say that what was asked for was not done: no certain word for a start,
 * which may have begun something before it failed. https://cloud.tencent.com/document/api/213/30435
 */
const REFUSED = /^(FailedOperation|InvalidRequest|LimitExceeded|ResourceInUse|ResourceUnavailable)(\..*)?$/;

function classOf(code: string, message: unknown): AskFailureCode {
  const is = classify(code, message);
  if (is === "NOT_SIGNED_IN") return "ENGINE_REFUSED";
  return is === "OUTCOME_UNKNOWN" && REFUSED.test(code) ? "ENGINE_REFUSED" : is;
}
