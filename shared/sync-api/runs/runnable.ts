/** What a route runs: a process of an engine, a method of the bundle, or a function; each as one target and how it is fed. */
import * as z from "zod";
import { isPlainObject } from "../../base/objects";
import type { Engine } from "../../engines/engine";
import { cloudFunction } from "../../engines/function";
import { mappedFields, type Submission } from "../../engines/submission";
import { json, label } from "../../form/fields";
import { parseFields } from "../../form/issues";
import { labelsOf, type SchemaLabels } from "../../form/labels";
import { type ParamsLimits, readParams, SUBMISSION_KEY } from "../../form/params";
import type { Method } from "../../method";
import { bundleMethod } from "./bundle-method";

export interface RunInput {
  /** For the target. */
  fields: Submission<never>["fields"];
  /** Which input it is: equal values are the same request. */
  values: unknown;
}

/** A target, and how a request's input becomes its fields. The entries' type is known where it is made, and nowhere else. */
export interface Runnable {
  target: Engine<never>;
  labels: SchemaLabels;
  /** For the description of the API. */
  input: z.ZodType;
  /** Whether the end of a run can be waited for: its start is answered at the end, or the engine can be asked. */
  canBeWaitedFor: boolean;
  /** @throws StartflowError INVALID_PARAMS, PARAMS_TOO_LARGE, IDENTITY_IN_FORM */
  read(input: unknown): RunInput;
}

interface FieldsRun<I extends z.ZodType, Entry> {
  input: I;
  start: Engine<Entry>;
  /** Member of the input -> start variable. */
  fields: { [K in keyof z.output<I>]?: NoInfer<Entry> };
  limits?: Partial<ParamsLimits>;
}

/** A process that is fed field by field, as a form's method feeds it. */
export function runsProcess<I extends z.ZodType, Entry>({
  input,
  start,
  fields,
  limits,
}: FieldsRun<I, Entry>): Runnable {
  const labels = labelsOf(input);
  return {
    ...common(start, input),
    labels,
    read(raw) {
      const values = parseFields(input, labels, formFields(raw, labels, limits)) as Record<string, unknown>;
      return { fields: mappedFields<Entry>(fields, values) as RunInput["fields"], values };
    },
  };
}

/** The reserved param of forms is none here: a run has its own id. */
function formFields(raw: unknown, labels: SchemaLabels, limits?: Partial<ParamsLimits>): Record<string, unknown> {
  const { fields, submissionId } = readParams(isPlainObject(raw) ? raw : { body: raw }, labels, limits);
  return submissionId === undefined ? fields : { ...fields, [SUBMISSION_KEY]: submissionId };
}

/** What takes any JSON: no member is left out or changed. */
const anything = z.strictObject({ body: json().meta(label("请求内容", "Request body")) });
const anyLabels = labelsOf(anything);

interface WholeRun<Entry> {
  start: Engine<Entry>;
  /** What the target makes of the input as one value. */
  whole: Entry;
  /** Default: any JSON. */
  input?: z.ZodType;
}

/** Something that is given the request's input as it is. */
export function runsWhole<Entry>({ start, whole, input = z.unknown() }: WholeRun<Entry>): Runnable {
  const labels = labelsOf(input);
  return {
    ...common(start, input),
    labels,
    read(raw) {
      const { body } = readParams({ body: raw }, anyLabels).fields;
      const value = parseFields(input, labels, body as Record<string, unknown>);
      return { fields: [{ name: "body", value, entry: whole }] as RunInput["fields"], values: value };
    },
  };
}

/** A method of this bundle: the process that it starts, or what it does. */
export function runsMethod<I extends z.ZodType, Entry>(name: string, { definition }: Method<I, Entry>): Runnable {
  if ("start" in definition) return runsProcess(definition);
  const { input } = definition;
  const labels = labelsOf(input);
  const start = bundleMethod(name, definition);
  return {
    ...common(start, input),
    labels,
    read(raw) {
      const value = parseFields(input, labels, formFields(raw, labels));
      return {
        fields: [{ name: "body", value, entry: { whole: true } }] as unknown as RunInput["fields"],
        values: value,
      };
    },
  };
}

/** Another function of the environment, by its name. */
export function runsFunction(name: string, input?: z.ZodType): Runnable {
  return runsWhole({ start: cloudFunction(name), whole: { whole: true }, ...(input === undefined ? {} : { input }) });
}

function common<Entry>(start: Engine<Entry>, input: z.ZodType) {
  const canBeWaitedFor = start.answersAtEnd === true || start.status !== undefined;
  return { target: start as unknown as Engine<never>, input, canBeWaitedFor };
}
