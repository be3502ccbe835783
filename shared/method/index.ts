/** defineMethod: parse, then start once or run, then answer. The only wrapper of the bundle; both entries come from here. */
import type * as z from "zod";
import { type Deadline, deadlineIn } from "../base/deadline";
import { type FailureAnswer, StartflowError } from "../base/errors";
import { reported } from "../base/failure";
import { hashOf } from "../base/hash";
import { log, mask } from "../base/log";
import type { Started } from "../engines/engine";
import { derivedId, mappedFields, SUBMISSION_ID, type Submission, userIdOf } from "../engines/submission";
import { issue, parseFields } from "../form/issues";
import { labelsOf, type SchemaLabels } from "../form/labels";
import { readParams, SUBMISSION_KEY } from "../form/params";
import type { Claim } from "../once/claim";
import { startSubmission } from "../once/start";
import { asPlatformError, contextFromSdk, currentEnvironment, type MethodContext } from "../platform/context";
import { timeLimitMs } from "../platform/time-limits";
import { checkDefinition, type MethodDefinition, type RunDefinition, type StartDefinition } from "./definition";

export interface StartedAnswer extends Started {
  /** `duplicate`: this submission had started it before. */
  outcome: "started" | "duplicate";
  submissionId: string;
  /** The kind of target. */
  target: string;
}

export interface DryRunAnswer {
  outcome: "dry_run";
  submissionId?: string;
  request: unknown;
}

export interface Method<I extends z.ZodType, Entry> {
  /** The custom-code entry. Throws `TCBError(code, message)` where the platform has that global. */
  (params: unknown, context: MethodContext): Promise<object>;
  /** The cloud-function entry. Never throws: a throw would lose all but a stack. */
  main(event: unknown, scf?: unknown): Promise<object | FailureAnswer>;
  /** What would be sent; nothing is sent, and a method that starts nothing is not run. */
  dryRun(params: unknown, context: MethodContext): Promise<DryRunAnswer>;
  readonly definition: MethodDefinition<I, Entry>;
}

/** @throws Error at definition, where it is wrong: see `checkDefinition` */
export function defineMethod<I extends z.ZodType, Entry>(definition: MethodDefinition<I, Entry>): Method<I, Entry> {
  const labels = labelsOf(definition.input);
  checkDefinition(definition, labels);
  const perform = (params: unknown, context: MethodContext, limitMs: number): Promise<object> => {
    const deadline = deadlineIn(limitMs);
    return "start" in definition
      ? start(definition, labels, params, context, deadline)
      : run(definition, labels, params, context, deadline);
  };
  const thrown = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await work();
    } catch (error) {
      throw asPlatformError(reported(error));
    }
  };
  const code = (params: unknown, context: MethodContext) =>
    thrown(() => perform(params, context, timeLimitMs(undefined)));
  const main = async (event: unknown, scf?: unknown) => {
    try {
      return await perform(paramsOf(event), contextFromSdk(), timeLimitMs(scf));
    } catch (error) {
      return reported(error).toAnswer();
    }
  };
  const dryRun = (params: unknown, context: MethodContext) => thrown(() => dry(definition, labels, params, context));
  return Object.assign(code, { main, dryRun, definition });
}

interface ReadSubmission<Entry> {
  submission: Submission<Entry>;
  claim: Claim;
}

function readSubmission<I extends z.ZodType, Entry>(
  definition: StartDefinition<I, Entry>,
  labels: SchemaLabels,
  params: unknown,
  context: MethodContext,
): ReadSubmission<Entry> {
  const read = readParams(params, labels, definition.limits);
  const values = parseFields(definition.input, labels, read.fields) as Record<string, unknown>;
  const userId = userIdOf(context.auth?.getUserInfo());
  const environment = currentEnvironment();
  const { kind: target, processKey, stamp } = definition.start;
  const given = submissionIdOf(read.submissionId, labels);
  const contentHash = hashOf([target, processKey, values]);
  const submissionId = given ?? derivedId(environment, userId, contentHash);
  return {
    submission: {
      id: submissionId,
      fields: mappedFields<Entry>(definition.fields, values),
      environment,
      userId,
      generation: 1,
      labels,
    },
    claim: {
      submissionId,
      isDerived: given === undefined,
      environment,
      target,
      processKey,
      stamp,
      userId,
      contentHash,
    },
  };
}

async function start<I extends z.ZodType, Entry>(
  definition: StartDefinition<I, Entry>,
  labels: SchemaLabels,
  params: unknown,
  context: MethodContext,
  deadline: Deadline,
): Promise<StartedAnswer> {
  const { submission, claim } = readSubmission(definition, labels, params, context);
  // How its run stood is for those who wait for it; a form's answer says that it started.
  const { progress: _, ...answer } = await startSubmission(definition.start, submission, claim, { context, deadline });
  const { outcome, processId } = answer;
  log("info", "process started", { outcome, processId, submissionId: submission.id, target: claim.target });
  return { ...answer, submissionId: submission.id, target: claim.target };
}

/** Methods that start nothing have no reserved param of their own: `submissionId` may be one of their fields. */
function readInput<I extends z.ZodType>({ input }: RunDefinition<I>, labels: SchemaLabels, params: unknown) {
  const { fields, submissionId } = readParams(params, labels);
  if (submissionId !== undefined) fields[SUBMISSION_KEY] = submissionId;
  return parseFields(input, labels, fields) as z.output<I>;
}

async function run<I extends z.ZodType>(
  definition: RunDefinition<I>,
  labels: SchemaLabels,
  params: unknown,
  context: MethodContext,
  deadline: Deadline,
): Promise<object> {
  const input = readInput(definition, labels, params);
  const userId = userIdOf(context.auth?.getUserInfo());
  return await definition.run(input, { context, environment: currentEnvironment(), userId, deadline });
}

async function dry<I extends z.ZodType, Entry>(
  definition: MethodDefinition<I, Entry>,
  labels: SchemaLabels,
  params: unknown,
  context: MethodContext,
): Promise<DryRunAnswer> {
  if (!("start" in definition)) return { outcome: "dry_run", request: mask(readInput(definition, labels, params)) };
  const { submission } = readSubmission(definition, labels, params, context);
  const { request } = await definition.start.prepare(submission, context);
  return { outcome: "dry_run", submissionId: submission.id, request };
}

function submissionIdOf(value: unknown, labels: SchemaLabels): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && SUBMISSION_ID.test(value)) return value;
  throw StartflowError.invalid([issue("invalid_submission_id", [SUBMISSION_KEY], labels)]);
}

/**
 * WeDa's cloud-function methods may pass the bare params or `{params}`: which one is not published, so both are read.
 * What a timer sends says nothing to a method. https://cloud.tencent.com/document/product/583/9708
 */
function paramsOf(event: unknown): unknown {
  if (typeof event !== "object" || event === null) return event;
  const { params, ...beside } = event as Record<string, unknown>;
  const isCall = typeof params === "object" && params !== null;
  if (isCall && Object.keys(beside).every((key) => CALL_KEYS.has(key))) return params;
  const isTimer =
    beside.Type === "Timer" && Object.keys(event).every((key) => TIMER_KEYS.has(key) || CALL_KEYS.has(key));
  return isTimer ? {} : event;
}
const CALL_KEYS = new Set(["dataSourceName", "methodName", "envType", "mode", "userInfo", "tcbContext"]);
const TIMER_KEYS = new Set(["Type", "TriggerName", "Time", "Message"]);
