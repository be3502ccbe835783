/** The method that is compared: its declaration as it is on disk, and under which names its form fields are sought. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type CorehrVariable, corehrVariableCode } from "../shared/engines/corehr/fields";
import type { StartVariable } from "../shared/engines/weda/start-params";
import type { MethodDescription } from "../shared/method/description";
import { updatedCorehr } from "./import-flow-corehr";
import type { MethodFields } from "./import-flow-match";
import type { FlowVariable } from "./import-flow-variable";
import { updatedWeda } from "./import-flow-weda";
import { ImportRefused } from "./interface-draft";
import { paths } from "./project";

/** @throws ImportRefused where there is no such method; Error where it does not load */
export async function describedMethod(name: string): Promise<MethodDescription> {
  if (!existsSync(join(paths.functions, name, "index.ts"))) {
    throw new ImportRefused(`there is no functions/${name}/index.ts; npm run new makes one`);
  }
  // Later, because it loads what builds: without a method there is nothing to build.
  return (await import("./describe")).describeFunction(name);
}

interface Property {
  title?: string;
  "x-title-en"?: string;
}

/** @param noted codes that the table names without a field */
export function fieldsOf({ fields, inputSchema, target }: MethodDescription, noted: ReadonlySet<string>): MethodFields {
  const properties = (inputSchema.properties ?? {}) as Record<string, Property>;
  const names = Object.entries(properties).map(([key, { title = key, "x-title-en": english = key }]) => {
    return [key, [key, title, english]] as const;
  });
  const filled = new Set([...(target?.stamp === undefined ? [] : [target.stamp]), ...readyVariables(fields)]);
  const common = { fields: fields as Record<string, object>, names: new Map(names), noted, filled };
  if (target?.kind === "corehr-process") {
    const codeOf = (entry: object) =>
      (entry as CorehrVariable).kind === "flowData" ? undefined : corehrVariableCode(entry as CorehrVariable);
    return { ...common, codeOf, updated: (old, variable) => updatedCorehr(old as CorehrVariable, variable) };
  }
  const codeOf = (entry: object) => (entry as StartVariable).paramCode;
  return { ...common, codeOf, updated: (old, variable) => updatedWeda(old as StartVariable, variable) };
}

/** Those that may come ready: they need no field of their own. */
function readyVariables(fields: Record<string, unknown>): string[] {
  return Object.values(fields as Record<string, CorehrVariable>).flatMap((entry) =>
    entry.kind === "flowData" ? [...(entry.variables ?? [])] : [],
  );
}

/** A key of the table; none where nobody should have such a field. */
export function keyOf({ names, code }: FlowVariable, taken: Set<string>): string | undefined {
  const [name = `variable_${code}`] = names;
  if (Object.getOwnPropertyNames(Object.prototype).includes(name) || name.length > 64 || taken.has(name))
    return undefined;
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)) return undefined;
  taken.add(name);
  return name;
}
