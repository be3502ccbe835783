/** One call of a configured interface between its two halves: what the client has resolved, and what sending it brings. */
import type { Interface, Platform } from "./catalogue/catalogue";

/** An instance with its environment read. */
export interface ResolvedInstance {
  key: string;
  /** Origin and path prefix, without a slash at the end. */
  baseUrl: string;
  /** Whether it may lie in a private network. */
  allowPrivate: boolean;
  /** By the names of the catalogue. */
  secrets: Readonly<Record<string, string>>;
  variables: Readonly<Record<string, string>>;
}

export interface PreparedCall {
  platform: Platform;
  instance: ResolvedInstance;
  interfaceKey: string;
  definition: Interface;
  /** Who calls, for the log: a script, a form, a function. */
  caller: string | undefined;
  /** Behind the base URL, encoded: begins with a slash, ends with the query where there is one. */
  target: string;
  /** Lower-case names; those of the authentication are added when it is sent. */
  headers: Readonly<Record<string, string>>;
  body: { type: string; content: string | readonly Uint8Array[] } | undefined;
  /** For all tries. */
  timeoutMs: number;
}

export interface RawAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** Parsed JSON, text or bytes, as the interface declares. */
  body: unknown;
  ms: number;
  attempts: number;
}

/** A body as it is sent. */
export interface Body {
  type: string;
  content: string | readonly Uint8Array[];
}
