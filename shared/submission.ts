/** One submission of a form, and the id that stays the same when it is sent again. */
import { createHash } from "node:crypto";
import type { UserInfo } from "./context";
import type { SchemaLabels } from "./labels";

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

/** The signed-in user as the platform names him; "" for nobody and for anonymous visitors. */
export function userIdOf(user: UserInfo | undefined): string {
  if (user === undefined || user.isAnonymous === true) return "";
  return user.uid || user.customUserId || user.openId || "";
}

/** Of equal content whatever the order of its members; the content itself is kept nowhere. */
export function hashOf(content: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(canonical(content)))
    .digest("hex");
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

/** Members in the order of their names, so that the order of keys does not count. */
function canonical(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(canonical);
  const members: [string, unknown][] = [];
  for (const key of Object.keys(value).sort()) members.push([key, canonical((value as Record<string, unknown>)[key])]);
  return { o: members };
}
