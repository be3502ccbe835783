/** What the build tells of a route, for those who do not load it: the console, the commands. */
import type { Route } from "./route";

type Told =
  | "space"
  | "module"
  | "function"
  | "title"
  | "method"
  | "auth"
  | "enabled"
  | "credentials"
  | "debug"
  | "output";

/** A row of dist/apis.json, with the defaults filled in. */
export interface ApiDescription
  extends Pick<Route, Told>,
    Required<Pick<Route, "mode" | "waitMs" | "raw" | "keyRequired">> {
  /** JSON Schema of the input. */
  inputSchema: Record<string, unknown>;
  target: { kind: string; processKey: string };
}
