/** The one error class of the product; its codes and their words are one table, error-texts.ts. */
import { ERRORS, type ErrorCode, type FailureOutcome, type Text } from "./error-texts";

export { ERRORS, type ErrorCode, type FailureOutcome, type Text };

/** One line of an error's list. Never holds a value that was typed. */
export interface FieldIssue {
  /** Where in the params: `items[2].amount`; "" is the whole form. */
  path: string;
  label: Text;
  /** Of the table in form/issue-texts.ts. */
  code: string;
  message: Text;
}

export interface ErrorDetails {
  /** Replaces the table's text where more is known. */
  message?: Text;
  /** What is wrong with which field. */
  issues?: FieldIssue[];
  submissionId?: string;
  /** How long to wait before the same may be sent again, where the engine says so. */
  retryAfterMs?: number;
  /** Of a send: nothing came back that could be read. */
  isUnanswered?: boolean;
  cause?: unknown;
}

/** What a failure says, in both languages apart. */
export interface FailureBody {
  code: ErrorCode;
  message: Text;
  outcome: FailureOutcome;
  submissionId?: string;
  retryAfterMs?: number;
  issues?: FieldIssue[];
}

/** What the cloud-function entry returns on failure: `message` is one text, as WeDa shows it; `text` has the two apart. */
export interface FailureAnswer extends Omit<FailureBody, "message"> {
  message: string;
  text: Text;
}

/** How many issues the one-line message spells out; the list has them all. */
const SPELT_OUT = 3;

/** Every failure that this product reports. `message` holds both languages; nothing that a user typed is ever in it. */
export class StartflowError extends Error {
  override readonly name = "StartflowError";
  readonly code: ErrorCode;
  readonly text: Text;
  readonly issues: FieldIssue[] | undefined;
  readonly retryAfterMs: number | undefined;
  /** Of a send: nothing came back that could be read. What came back, and says nothing certain, says so again. */
  readonly isUnanswered: boolean;
  submissionId: string | undefined;

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    const text = details.message ?? { zh: ERRORS[code].zh, en: ERRORS[code].en };
    super(`${text.zh} ${text.en}`, { cause: details.cause });
    // Runtimes before Node 16.9 do not know the option.
    if (details.cause !== undefined && this.cause === undefined) this.cause = details.cause;
    this.code = code;
    this.text = text;
    this.issues = details.issues;
    this.retryAfterMs = details.retryAfterMs;
    this.isUnanswered = details.isUnanswered ?? false;
    this.submissionId = details.submissionId;
  }

  /** INVALID_PARAMS with a message that names the first fields. */
  static invalid(issues: FieldIssue[], cause?: unknown): StartflowError {
    const shown = issues.slice(0, SPELT_OUT);
    const more = issues.length - shown.length;
    const message = {
      zh: shown.map((issue) => issue.message.zh).join("") + (more > 0 ? `另有 ${more} 处。` : ""),
      en: shown.map((issue) => issue.message.en).join(" ") + (more > 0 ? ` And ${more} more.` : ""),
    };
    return new StartflowError("INVALID_PARAMS", { message, issues, cause });
  }

  /** The text of `TCBError` and of the cloud function's answer: both languages, and the submission id. */
  get fullText(): string {
    return this.submissionId === undefined ? this.message : `${this.message} [submissionId ${this.submissionId}]`;
  }

  get outcome(): FailureOutcome {
    return ERRORS[this.code].outcome;
  }

  /** The same submission may be sent again, unchanged, with a chance of success. */
  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }

  toFailure(): StartflowError {
    return this;
  }

  toBody(): FailureBody {
    return {
      code: this.code,
      message: this.text,
      outcome: this.outcome,
      ...(this.submissionId === undefined ? {} : { submissionId: this.submissionId }),
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
      ...(this.issues === undefined ? {} : { issues: this.issues }),
    };
  }

  toAnswer(): FailureAnswer {
    return { ...this.toBody(), message: this.fullText, text: this.text };
  }
}
