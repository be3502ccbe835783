/** What the pool and a function's process say to each other. */

export interface CallMessage {
  id: number;
  /** The bundle to load. */
  file: string;
  route: "code" | "main" | "dryRun";
  /** The caller's text, unparsed: what JSON.parse would lose is lost here as it is on the platform. */
  text: string;
  /** The member of the parsed text that holds the params; the whole text where absent. */
  member?: "params";
  /** Set for the length of this call: who calls, and in which environment. */
  variables: Record<string, string>;
  environment: "preview" | "production";
  /** The node-sdk that the context of custom code is made of: the file beside a function of the bundle, or the published package. */
  sdk: string;
}

export interface CallReply {
  id: number;
  /** The result as JSON text; absent where the function failed. */
  resultText?: string;
  error?: ThrownError;
  logs: string[];
}

/** What is left of a thrown error outside its process. */
export interface ThrownError {
  name: string;
  code?: string | number;
  message: string;
  stack?: string;
  /** A FailureBody, where the product's own error was thrown. */
  details?: unknown;
}
