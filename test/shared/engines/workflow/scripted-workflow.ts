/** What the tests of CloudBase workflows start: one submission, on a context whose SDK answers as it is told. */
import * as z from "zod";
import type { Submission } from "../../../../shared/engines/submission";
import type { CloudbaseWorkflowOptions, WorkflowInput } from "../../../../shared/engines/workflow";
import { labelsOf } from "../../../../shared/form/labels";
import type { MethodContext } from "../../../../shared/platform/context";

export type Fields = Submission<WorkflowInput>["fields"];

export const options: CloudbaseWorkflowOptions = { workflow: "wf_hello" };
export const submission: Submission<WorkflowInput> = {
  id: "s-12345678",
  environment: "preview",
  userId: "u",
  generation: 1,
  labels: labelsOf(z.unknown()),
  fields: [
    { name: "reason", value: "探亲", entry: { name: "reason" } },
    { name: "days", value: 3, entry: { name: "howLong" } },
  ],
};
export const wholeOf = (value: unknown): Fields => [{ name: "body", value, entry: { whole: true } }];

export interface Scripted {
  answer?: unknown;
  thrown?: { code?: unknown; message: string };
}

/** A context whose SDK answers as it is told, and the calls that it got. */
export function scripted({ answer, thrown }: Scripted = { answer: { result: null, requestId: "r" } }) {
  const calls: unknown[][] = [];
  const app = {
    getTempFileURL: async () => ({}),
    isSdk: true,
    async callFunction(this: { isSdk?: boolean }, ...given: unknown[]) {
      if (this.isSdk !== true) throw new TypeError("callFunction without its app");
      calls.push(structuredClone(given));
      if (thrown !== undefined) throw Object.assign(new Error(thrown.message), { code: thrown.code });
      return answer;
    },
  };
  const context: MethodContext = { callWorkflow: async () => undefined, app };
  return { context, calls };
}
