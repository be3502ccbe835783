/** One method's declaration -> its description; runs inside the bundle of all functions. */
import * as z from "zod";
import type { WedaConnector } from "../shared/engines/weda";
import { declared } from "../shared/form/fields";
import { checkZone } from "../shared/form/time-zone";
import type { MethodDefinition } from "../shared/method/definition";
import type { MethodDescription } from "../shared/method/description";

export function describeMethod(name: string, definition: MethodDefinition<z.ZodType, unknown>): MethodDescription {
  const { title, input, sample } = definition;
  const inputSchema = z.toJSONSchema(input, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      const { control, zone } = declared(zodSchema);
      // Here, because a function that starts should not pay for it: making a formatter takes 12 ms.
      if (zone !== undefined) checkZone(zone);
      if (control !== undefined) (jsonSchema as Record<string, unknown>)["x-control"] = control;
    },
  });
  const common = { name, title, inputSchema: inputSchema as Record<string, unknown>, sample };
  if (!("start" in definition))
    return { ...common, target: null, fields: {}, secrets: [...(definition.secrets ?? [])] };
  const { start, fields } = definition;
  const { kind, processKey, stamp } = start;
  const { connector } = start as Partial<WedaConnector>;
  const target = {
    kind,
    processKey,
    ...(stamp === undefined ? {} : { stamp }),
    ...(connector === undefined ? {} : { connector }),
  };
  return { ...common, target, fields, secrets: [...start.secrets] };
}
