/** One method's declaration -> its description; runs inside the bundle of all functions. */
import * as z from "zod";
import { controlOf } from "../shared/form";
import type { MethodDefinition } from "../shared/method";
import type { MethodDescription } from "./describe";

export function describeMethod(name: string, definition: MethodDefinition<z.ZodType, unknown>): MethodDescription {
  const { title, input, sample, start, fields } = definition;
  const inputSchema = z.toJSONSchema(input, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      const control = controlOf(zodSchema);
      if (control !== undefined) (jsonSchema as Record<string, unknown>)["x-control"] = control;
    },
  });
  return {
    name,
    title,
    target: { kind: start.kind, processKey: start.processKey },
    inputSchema: inputSchema as Record<string, unknown>,
    sample,
    fields,
    secrets: [...start.secrets],
  };
}
