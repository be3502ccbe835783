/** What went wrong with a call of a configured interface, in one class: its kind, where, and what to do. */
import { StartflowError, type Text } from "../base/errors";
import type { OwnFailure } from "../base/failure";

/**
 * `config`: the catalogue or the environment; `param`: what the caller gave; `auth`: the platform refused the credentials;
 * `network`: no connection, or it broke; `timeout`; `http`: a status that is no success; `business`: a success that is none
 * by the platform's own code; `blocked`: an address or a redirect that is not allowed, an open breaker; `size`: too long an answer.
 */
export const INTERFACE_ERROR_KINDS = [
  "config",
  "param",
  "auth",
  "network",
  "timeout",
  "http",
  "business",
  "blocked",
  "size",
] as const;
export type InterfaceErrorKind = (typeof INTERFACE_ERROR_KINDS)[number];

export interface InterfaceErrorDetails {
  kind: InterfaceErrorKind;
  text: Text;
  platform: string;
  interface?: string | undefined;
  instance?: string | undefined;
  caller?: string | undefined;
  /** The HTTP status of the last answer. */
  status?: number | undefined;
  /** The platform's own code, or the system's. */
  code?: string | number | undefined;
  attempts?: number | undefined;
  ms?: number | undefined;
  /** The same call may be made again with a chance of success. */
  retryable?: boolean | undefined;
  cause?: unknown;
}

/** `message` holds both languages; no secret and nothing that a user typed is in it. */
export class InterfaceError extends Error implements OwnFailure {
  override readonly name = "InterfaceError";
  readonly kind: InterfaceErrorKind;
  readonly text: Text;
  readonly platform: string;
  readonly interface: string | undefined;
  readonly instance: string | undefined;
  readonly caller: string | undefined;
  readonly status: number | undefined;
  readonly code: string | number | undefined;
  readonly attempts: number;
  readonly ms: number;
  readonly retryable: boolean;

  constructor(details: InterfaceErrorDetails) {
    super(`${details.text.zh} ${details.text.en}`, { cause: details.cause });
    this.kind = details.kind;
    this.text = details.text;
    this.platform = details.platform;
    this.interface = details.interface;
    this.instance = details.instance;
    this.caller = details.caller;
    this.status = details.status;
    this.code = details.code;
    this.attempts = details.attempts ?? 0;
    this.ms = details.ms ?? 0;
    this.retryable = details.retryable ?? false;
  }
  /** As a method fails with it: its own text says which system, and what it said. */
  toFailure(): StartflowError {
    const { kind, retryable, text: message } = this;
    const code = kind === "config" ? "NOT_CONFIGURED" : retryable ? "INTERFACE_UNAVAILABLE" : "INTERFACE_FAILED";
    return new StartflowError(code, { message, cause: this });
  }
}
