/** Maps one field, or gives the issues that it was refused for. */
import * as z from "zod";
import { type FieldIssue, StartflowError } from "../../../../shared/base/errors";
import type { CorehrType, CorehrVariable } from "../../../../shared/engines/corehr/fields";
import { type CorehrField, toFlowData } from "../../../../shared/engines/corehr/flow-data";
import type { FileValue } from "../../../../shared/engines/corehr/values";
import { labelsOf } from "../../../../shared/form/labels";

const noLabels = labelsOf(z.strictObject({}));
const noFiles: ReadonlyMap<string, FileValue> = new Map();

export function flowDataOf(fields: CorehrField[], labels = noLabels, files = noFiles) {
  return toFlowData(fields, labels, files);
}

/** The item of one variable called "v", from the form's field "field". */
export function itemOf(type: CorehrType, value: unknown, files = noFiles) {
  return flowDataOf([{ name: "field", value, entry: { variable: "v", ...type } }], noLabels, files)[0];
}

export function writtenAs(type: CorehrType, value: unknown) {
  return itemOf(type, value)?.variable_value;
}

export function issuesOf(fields: CorehrField[], labels = noLabels, files = noFiles): FieldIssue[] {
  try {
    toFlowData(fields, labels, files);
  } catch (error) {
    if (error instanceof StartflowError && error.code === "INVALID_PARAMS") return error.issues ?? [];
    throw error;
  }
  return [];
}

/** `path: code` of every issue. */
export function refused(type: CorehrType, value: unknown): string[] {
  return said(issuesOf([{ name: "field", value, entry: { variable: "v", ...type } }]));
}

export function readyIssues(value: unknown, variables?: readonly string[]): string[] {
  const entry: CorehrVariable = { kind: "flowData", variables };
  return said(issuesOf([{ name: "flowData", value, entry }]));
}

function said(issues: FieldIssue[]): string[] {
  return issues.map(({ path, code }) => `${path}: ${code}`);
}
