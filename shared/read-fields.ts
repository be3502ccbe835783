/** A form's params -> its parsed fields, and each field with what the target has to know of it. */
import type * as z from "zod";
import { StartflowError } from "./errors";
import { fieldIssues } from "./issues";
import type { SchemaLabels } from "./labels";
import type { Submission } from "./submission";

/** @throws StartflowError INVALID_PARAMS, with each field by its label */
export function parseFields(input: z.ZodType, labels: SchemaLabels, fields: Record<string, unknown>): unknown {
  const parsed = input.safeParse(fields);
  if (parsed.success) return parsed.data;
  throw StartflowError.invalid(fieldIssues(parsed.error.issues, fields, labels));
}

/** In the order of the table. */
export function mappedFields<Entry>(
  fields: { [name: string]: Entry | undefined },
  values: Record<string, unknown>,
): Submission<Entry>["fields"] {
  const mapped: Submission<Entry>["fields"] = [];
  for (const name of Object.keys(fields)) mapped.push({ name, value: values[name], entry: fields[name] as Entry });
  return mapped;
}
