/** What the build tells of a method, for those who do not load it: the console, the commands. */
import type { Text } from "../base/errors";
import type { WedaConnector } from "../engines/weda";

/** What a method starts. */
export interface MethodTarget extends Partial<WedaConnector> {
  kind: string;
  processKey: string;
  /** The variable that carries the submission's id. */
  stamp?: string;
}

/** A row of dist/methods.json. */
export interface MethodDescription {
  name: string;
  title: Text;
  /** null where it starts nothing. */
  target: MethodTarget | null;
  /** JSON Schema of the params. */
  inputSchema: Record<string, unknown>;
  sample: unknown;
  fields: Record<string, unknown>;
  /** Environment variables with secrets: such a method is not built for the custom-code route. */
  secrets: string[];
}
