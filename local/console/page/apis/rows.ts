/** The rows of the sync APIs: their names, which of them a filter shows, and what is told of their output. Pure. */
import type { ApiRow, InstanceView } from "../../wire";
import { engineOf } from "../engines";

export function nameOf({ space, module, function: name }: Pick<ApiRow, "space" | "module" | "function">): string {
  return `${space}/${module}/${name}`;
}

export interface ApiFilter {
  text: string;
  state: "all" | "enabled" | "disabled";
}

/** Every word of the text is in the full name or in one of the two titles. */
export function filtered(rows: ApiRow[], { text, state }: ApiFilter): ApiRow[] {
  const words = text.toLowerCase().split(/\s+/);
  return rows.filter((row) => {
    if (state !== "all" && row.enabled !== (state === "enabled")) return false;
    const searched = `${nameOf(row)} ${row.title.zh} ${row.title.en}`.toLowerCase();
    return words.every((word) => searched.includes(word));
  });
}

/** The address without its origin, which is the same for all. */
export function pathOf({ url }: Pick<ApiRow, "url">): string {
  return url.replace(/^\w+:\/\/[^/]+/, "");
}

/** `own` is what the run itself gives. */
export function outputKind(row: ApiRow): "own" | "none" | "fixed" {
  if (!("output" in row)) return "own";
  return row.output === null ? "none" : "fixed";
}

/** As it is edited; "" for the run's own output, which is no JSON. */
export function outputText(row: ApiRow): string {
  return outputKind(row) === "own" ? "" : JSON.stringify(row.output, null, 2);
}

/** What was started since: undefined also where several were, as nobody can tell them apart. */
export function startedSince(
  row: ApiRow,
  knownIds: readonly string[],
  instances: InstanceView[] = [],
): InstanceView | undefined {
  const engine = engineOf(row);
  const found = instances.filter(
    (instance) =>
      instance.engine === engine && instance.processKey === row.target.processKey && !knownIds.includes(instance.id),
  );
  return found.length === 1 ? found[0] : undefined;
}
