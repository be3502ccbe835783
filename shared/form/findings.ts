/** Where a mapper stands in the form, and what it found wrong there. */
import { type FieldIssue, StartflowError } from "../base/errors";
import type { IssueCode, IssueFacts } from "./issue-texts";
import { issue, MAX_ISSUES } from "./issues";
import type { SchemaLabels } from "./labels";

export interface Findings {
  /** Of the value that is looked at; one list that grows and shrinks, because a form can hold 100,000 values. */
  path: (string | number)[];
  issues: FieldIssue[];
  labels: SchemaLabels;
}

export function findings(labels: SchemaLabels): Findings {
  return { path: [], issues: [], labels };
}

/** Notes what is wrong with the value that is looked at, or with the member of it at `below`. */
export function note(
  found: Findings,
  code: IssueCode,
  facts?: IssueFacts,
  below: readonly (string | number)[] = [],
): undefined {
  if (!isFull(found)) found.issues.push(issue(code, [...found.path, ...below], found.labels, facts));
}

/** Nothing more will be listed: there is no need to look further. */
export function isFull(found: Findings): boolean {
  return found.issues.length >= MAX_ISSUES;
}

/** @throws StartflowError INVALID_PARAMS where anything was found */
export function refuseFound(found: Findings): void {
  if (found.issues.length > 0) throw StartflowError.invalid(found.issues);
}
