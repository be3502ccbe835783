/** A method as data: what it is called, what a form sends to it, and what it starts or runs. */
import type * as z from "zod";
import type { Deadline } from "../base/deadline";
import type { Text } from "../base/errors";
import type { Engine } from "../engines/engine";
import type { SchemaLabels } from "../form/labels";
import { IDENTITY_KEYS, type ParamsLimits, SUBMISSION_KEY } from "../form/params";
import type { MethodContext } from "../platform/context";

interface CommonDefinition<I extends z.ZodType> {
  title: Text;
  input: I;
  /** Params that work: the console's first values, run by the contract tests. */
  sample: z.input<I>;
}

/** A method that starts one process. */
export interface StartDefinition<I extends z.ZodType, Entry> extends CommonDefinition<I> {
  start: Engine<Entry>;
  /** Form field -> start variable. A field without an entry is validated and not sent. */
  fields: { [K in keyof z.output<I>]?: NoInfer<Entry> };
  /** Bounds of what a form may send, where they are not PARAMS_LIMITS. */
  limits?: Partial<ParamsLimits>;
}

/** Who calls a method that starts nothing, and what it may use. */
export interface Call {
  context: MethodContext;
  environment: "preview" | "production";
  /** "" where nobody is signed in. */
  userId: string;
  deadline: Deadline;
}

/** A method that starts nothing. */
export interface RunDefinition<I extends z.ZodType> extends CommonDefinition<I> {
  run(input: z.output<I>, call: Call): Promise<object>;
  /** Environment variables with secrets: such a method is not built for the custom-code route. */
  secrets?: readonly string[];
}

export type MethodDefinition<I extends z.ZodType, Entry> = StartDefinition<I, Entry> | RunDefinition<I>;

/** @throws Error at definition: a code that two fields share, an entry for no field, a malformed entry, a reserved name */
export function checkDefinition<I extends z.ZodType, Entry>(
  definition: MethodDefinition<I, Entry>,
  labels: SchemaLabels,
): void {
  const reserved = "start" in definition ? [...IDENTITY_KEYS, SUBMISSION_KEY] : IDENTITY_KEYS;
  for (const key of reserved) {
    if (labels.has(key)) throw new Error(`defineMethod: "${key}" is reserved and cannot be a field of the form`);
  }
  if ("start" in definition) checkFields(definition, labels);
}

function checkFields<I extends z.ZodType, Entry>(definition: StartDefinition<I, Entry>, labels: SchemaLabels): void {
  const { fields, start: target } = definition;
  const taken = new Map<string, string>();
  for (const name of Object.keys(fields)) {
    if (labels.keys !== undefined && !labels.has(name)) {
      throw new Error(`defineMethod: fields.${name} is no field of the form`);
    }
    const entry = (fields as Record<string, Entry>)[name] as Entry;
    const problem = target.problemOf(entry);
    if (problem !== undefined) throw new Error(`defineMethod: fields.${name} ${problem}`);
    const code = target.codeOf(entry);
    const other = taken.get(code);
    if (other !== undefined) throw new Error(`defineMethod: fields.${name} and fields.${other} share the code ${code}`);
    taken.set(code, name);
  }
}
