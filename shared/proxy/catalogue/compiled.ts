/** The catalogue in the form that calls are made from. */
import type * as z from "zod";
import type { SchemaLabels } from "../../form/labels";
import type { PathTemplate } from "../request/path";
import type { Instance, Interface, Platform } from "./catalogue";

export interface CompiledArgument {
  name: string;
  in: "path" | "query" | "header" | "body";
  /** Its name on the wire; of a header in lower case. */
  wire: string;
  /** Down into the body; empty for the whole of it. */
  bodyPath: readonly string[];
  schema: z.ZodType;
  default: unknown;
  labels: SchemaLabels;
}

export interface CompiledInterface {
  key: string;
  definition: Interface;
  args: readonly CompiledArgument[];
  path: PathTemplate;
}

export interface CompiledPlatform {
  platform: Platform;
  /** Both spellings of each interface -> its key. */
  names: ReadonlyMap<string, string>;
  interfaces: ReadonlyMap<string, CompiledInterface>;
  instances: ReadonlyMap<string, Instance>;
  defaultInstance: Instance;
  /** What the authentication fills in, and callers may not. */
  taken: { headers: ReadonlySet<string>; query: ReadonlySet<string> };
}
