/** One submission of a form, and the id that stays the same when it is sent again. */
import { hashOf } from "../base/hash";
import type { SchemaLabels } from "../form/labels";
import type { UserInfo } from "../platform/context";

export { SUBMISSION_ID } from "./submission-id";

export interface Submission<Entry> {
  id: string;
  /** Field values that were parsed, each with what the target has to know of it. */
  fields: { name: string; value: unknown; entry: Entry }[];
  environment: "preview" | "production";
  /** Empty where nobody is signed in. */
  userId: string;
  /** Which start of this id it is: 1, unless an earlier one is known to have started nothing. */
  generation: number;
  /** Longest wait for the engine's answer to the start. Default: `STARTFLOW_SEND_TIMEOUT_MS`. */
  sendTimeoutMs?: number;
  /** How people call the fields, for errors. */
  labels: SchemaLabels;
}

/** Each field that is sent, with what its engine has to know of it, in the order of the table. */
export function mappedFields<Entry>(
  fields: { [name: string]: Entry | undefined },
  values: Record<string, unknown>,
): Submission<Entry>["fields"] {
  const mapped: Submission<Entry>["fields"] = [];
  for (const name of Object.keys(fields)) mapped.push({ name, value: values[name], entry: fields[name] as Entry });
  return mapped;
}

/** The signed-in user as the platform names him; "" for nobody and for anonymous visitors. */
export function userIdOf(user: UserInfo | undefined): string {
  if (user === undefined || user.isAnonymous === true) return "";
  return user.uid || user.customUserId || user.openId || "";
}

/** What `derivedId` makes. */
export const DERIVED_ID = /^d-[0-9a-f]{40}$/;

/**
 * The id where the form sent none: equal content by one user in one environment gives one id. Best effort: two
 * submissions that are meant to be equal cannot be told apart.
 */
export function derivedId(environment: string, userId: string, contentHash: string): string {
  return `d-${hashOf([environment, userId, contentHash]).slice(0, 40)}`;
}

/** One id for one submission in one environment: of its record, and in a start that carries it. */
export function recordId(environment: string, submissionId: string): string {
  return `${environment}:${submissionId}`;
}

/** The files that were uploaded to an engine for a submission, so that its repeat uploads nothing again. */
export const UPLOADS = "startflow_uploads";
