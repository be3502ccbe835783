/** The page's example with one value of it replaced by one of a wrong type, wherever the wire's schema refuses that. */
import * as z from "zod";
import { flowDataItemSchema } from "../../../../shared/engines/corehr/wire";

const schema = z.array(flowDataItemSchema);

/** Where it was made wrong, and the whole. */
export function wrongVariantsOf(sample: unknown): [where: string, wrong: unknown][] {
  const cases: [string, unknown][] = [];
  for (const path of pathsIn(sample, [])) {
    for (const wrong of [1.5, "x", true, null, {}, []]) {
      const changed = structuredClone(sample);
      replace(changed, path, wrong);
      if (!schema.safeParse(changed).success) cases.push([`${path.join(".")} = ${JSON.stringify(wrong)}`, changed]);
    }
  }
  return cases;
}

function pathsIn(value: unknown, path: string[]): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, member]) => pathsIn(member, [...path, key]));
  return path.length === 0 ? below : [path, ...below];
}

function replace(root: unknown, path: string[], value: unknown): void {
  let current = root as Record<string, unknown>;
  for (const key of path.slice(0, -1)) current = current[key] as Record<string, unknown>;
  current[path.at(-1) as string] = value;
}
