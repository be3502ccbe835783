/** defineMethod: parse, prepare, start, answer. The only wrapper of the bundle; both entries come from here. */
import type * as z from "zod";
import { contextFromSdk, currentEnvironment, type MethodContext } from "./context";
import { type FailureAnswer, StartflowError, type Text } from "./errors";
import { fieldIssues, issue } from "./issues";
import { labelsOf, type SchemaLabels } from "./labels";
import { describeError, log } from "./log";
import { IDENTITY_KEYS, readParams, SUBMISSION_KEY } from "./params";
import { derivedId, SUBMISSION_ID, type Submission, userIdOf } from "./submission";
import type { PreparedStart, Started, Target } from "./targets/target";

/** A method as data: what a form sends, and what it starts. */
export interface MethodDefinition<I extends z.ZodType, Entry> {
  title: Text;
  input: I;
  /** Params that work: the console's first values, run by the contract tests. */
  sample: z.input<I>;
  start: Target<Entry>;
  /** Form field -> start variable. A field without an entry is validated and not sent. */
  fields: { [K in keyof z.output<I>]?: NoInfer<Entry> };
}

export interface StartedAnswer extends Started {
  outcome: "started";
  submissionId: string;
  /** The kind of target. */
  target: string;
}

export interface Method<I extends z.ZodType, Entry> {
  /** The custom-code entry. Throws `TCBError(code, message)` where the platform has that global. */
  (params: unknown, context: MethodContext): Promise<StartedAnswer>;
  /** The cloud-function entry. Never throws: a throw would lose all but a stack. */
  main(event: unknown, context?: unknown): Promise<StartedAnswer | FailureAnswer>;
  /** What would be sent; nothing is sent. */
  dryRun(
    params: unknown,
    context: MethodContext,
  ): Promise<{ outcome: "dry_run"; submissionId: string; request: unknown }>;
  readonly definition: MethodDefinition<I, Entry>;
}

/** @throws Error at definition: a code that two fields share, an entry for no field, a malformed entry, a reserved name */
export function defineMethod<I extends z.ZodType, Entry>(definition: MethodDefinition<I, Entry>): Method<I, Entry> {
  const labels = labelsOf(definition.input);
  checkDefinition(definition, labels);
  const prepare = (params: unknown, context: MethodContext) => prepareStart(definition, labels, params, context);
  const perform = async (params: unknown, context: MethodContext) => start(await prepare(params, context), definition);
  const code = async (params: unknown, context: MethodContext) => {
    try {
      return await perform(params, context);
    } catch (error) {
      throw asPlatformError(reported(error));
    }
  };
  const main = async (event: unknown) => {
    try {
      return await perform(paramsOf(event), contextFromSdk());
    } catch (error) {
      return reported(error).toAnswer();
    }
  };
  const dryRun = async (params: unknown, context: MethodContext) => {
    try {
      const { submissionId, prepared } = await prepare(params, context);
      return { outcome: "dry_run" as const, submissionId, request: prepared.request };
    } catch (error) {
      throw asPlatformError(reported(error));
    }
  };
  return Object.assign(code, { main, dryRun, definition });
}

interface Ready {
  submissionId: string;
  prepared: PreparedStart;
}

async function prepareStart<I extends z.ZodType, Entry>(
  definition: MethodDefinition<I, Entry>,
  labels: SchemaLabels,
  params: unknown,
  context: MethodContext,
): Promise<Ready> {
  const read = readParams(params, labels);
  const values = parseFields(definition.input, labels, read.fields);
  const userId = userIdOf(context.auth?.getUserInfo());
  const environment = currentEnvironment();
  const id =
    submissionIdOf(read.submissionId, labels) ?? derivedId(identityOf(definition.start), environment, userId, values);
  try {
    const submission: Submission<Entry> = { id, fields: mappedFields(definition, values), environment, userId };
    return { submissionId: id, prepared: await definition.start.prepare(submission, context) };
  } catch (error) {
    throw withId(asFailure(error), id);
  }
}

async function start<I extends z.ZodType, Entry>(
  { submissionId, prepared }: Ready,
  { start: target }: MethodDefinition<I, Entry>,
): Promise<StartedAnswer> {
  let started: Started;
  try {
    started = await prepared.send();
  } catch (error) {
    // Once the call may have left, an error that nobody foresaw says nothing about the process.
    throw withId(
      error instanceof StartflowError ? error : new StartflowError("OUTCOME_UNKNOWN", { cause: error }),
      submissionId,
    );
  }
  log("info", "process started", { submissionId, target: target.kind, processId: started.processId });
  return { outcome: "started", ...started, submissionId, target: target.kind };
}

function parseFields(input: z.ZodType, labels: SchemaLabels, fields: Record<string, unknown>): Record<string, unknown> {
  const parsed = input.safeParse(fields);
  if (parsed.success) return parsed.data as Record<string, unknown>;
  throw StartflowError.invalid(fieldIssues(parsed.error.issues, fields, labels));
}

function submissionIdOf(value: unknown, labels: SchemaLabels): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && SUBMISSION_ID.test(value)) return value;
  throw StartflowError.invalid([issue("invalid_submission_id", [SUBMISSION_KEY], labels)]);
}

function mappedFields<I extends z.ZodType, Entry>(
  { fields }: MethodDefinition<I, Entry>,
  values: Record<string, unknown>,
): Submission<Entry>["fields"] {
  const mapped: Submission<Entry>["fields"] = [];
  for (const name of Object.keys(fields)) {
    const entry = (fields as Record<string, Entry>)[name] as Entry;
    mapped.push({ name, value: values[name], entry });
  }
  return mapped;
}

function identityOf<Entry>(target: Target<Entry>): string {
  return `${target.kind}:${target.processKey}`;
}

/** WeDa's cloud-function methods may pass the bare params or `{params}`: which one is not published, so both are read. */
function paramsOf(event: unknown): unknown {
  if (typeof event !== "object" || event === null) return event;
  const { params, ...beside } = event as Record<string, unknown>;
  const isCall = typeof params === "object" && params !== null;
  return isCall && Object.keys(beside).every((key) => CALL_KEYS.has(key)) ? params : event;
}
const CALL_KEYS = new Set(["dataSourceName", "methodName", "envType", "mode", "userInfo", "tcbContext"]);

function asFailure(error: unknown): StartflowError {
  if (error instanceof StartflowError) return error;
  log("error", "unexpected error before the start", { error: describeError(error) });
  return new StartflowError("INTERNAL", { cause: error });
}

/** Every failure leaves one line in the log: its code, the fields' paths and codes, and the chain of causes. */
function reported(error: unknown): StartflowError {
  const failure = asFailure(error);
  const { code, outcome, submissionId, issues } = failure;
  const fields = issues?.map((issue) => `${issue.path}: ${issue.code}`);
  log("warn", "method failed", {
    code,
    outcome,
    submissionId,
    fields,
    cause: failure.cause && describeError(failure.cause),
  });
  return failure;
}

function withId(error: StartflowError, submissionId: string): StartflowError {
  error.submissionId ??= submissionId;
  return error;
}

declare const TCBError: (new (code: string, message: string) => Error) | undefined;

/** `TCBError` is a global of custom code. https://cloud.tencent.com/document/product/1301/68440 */
function asPlatformError(error: StartflowError): Error {
  if (typeof TCBError !== "function") return error;
  return Object.assign(new TCBError(error.code, error.fullText), { details: error.toBody(), cause: error });
}

function checkDefinition<I extends z.ZodType, Entry>(
  definition: MethodDefinition<I, Entry>,
  labels: SchemaLabels,
): void {
  const taken = new Map<string, string>();
  const { fields, start: target } = definition;
  for (const key of [...IDENTITY_KEYS, SUBMISSION_KEY]) {
    if (labels.has(key)) throw new Error(`defineMethod: "${key}" is reserved and cannot be a field of the form`);
  }
  for (const name of Object.keys(fields)) {
    if (labels.keys !== undefined && !labels.has(name))
      throw new Error(`defineMethod: fields.${name} is no field of the form`);
    const entry = (fields as Record<string, Entry>)[name] as Entry;
    const problem = target.problemOf(entry);
    if (problem !== undefined) throw new Error(`defineMethod: fields.${name} ${problem}`);
    const code = target.codeOf(entry);
    const other = taken.get(code);
    if (other !== undefined) throw new Error(`defineMethod: fields.${name} and fields.${other} share the code ${code}`);
    taken.set(code, name);
  }
}
