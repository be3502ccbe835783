/** What the build tells of a route, for those who do not load it: the console, the commands. */
import type { Text } from "../../base/errors";
import type { CredentialVariables } from "./route";
import type { ApiMethod, AuthKind } from "./route-kinds";

/** A row of dist/apis.json. */
export interface ApiDescription {
  space: string;
  module: string;
  function: string;
  title: Text;
  method: ApiMethod;
  auth: AuthKind;
  enabled: boolean;
  mode: "sync" | "async";
  /** Longest wait for a run's end, in milliseconds. */
  waitMs: number;
  raw: boolean;
  keyRequired: boolean;
  /** JSON Schema of the input. */
  inputSchema: Record<string, unknown>;
  debug: unknown;
  /** Absent: what the run itself gives. */
  output?: unknown;
  target: { kind: string; processKey: string };
  /** Names of environment variables. */
  credentials: CredentialVariables;
}
