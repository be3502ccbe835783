/** One method's declaration -> its description; runs inside the bundle of all functions. */
import * as z from "zod";
import { declared } from "../shared/form";
import type { MethodDefinition } from "../shared/method";
import { checkZone } from "../shared/time-zone";
import type { MethodDescription } from "./describe";

export function describeMethod(name: string, definition: MethodDefinition<z.ZodType, unknown>): MethodDescription {
  const { title, input, sample, start, fields } = definition;
  const inputSchema = z.toJSONSchema(input, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      const { control, zone } = declared(zodSchema);
      // Here, because a function that starts should not pay for it: making a formatter takes 12 ms.
      if (zone !== undefined) checkZone(zone);
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
