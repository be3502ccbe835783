/** CloudBase "workflow", called synchronously: what is sent, what comes back, and what is assumed of a run that did not end well. */
import * as z from "zod";

/** The function that runs any workflow. https://docs.cloudbase.net/workflow/nodes/triggers/manual */
export const WORKFLOW_FUNCTION = "cloudbase_module";

/** How long one run may take. https://docs.cloudbase.net/workflow/usage/intro */
export const WORKFLOW_RUN_LIMIT_MS = 600_000;

/** Published examples are of letters, digits and `_`. */
export const WORKFLOW_ID = /^[\w-]{1,128}$/;

/** The `data` of the call. Same page as the function. */
export const workflowCallSchema = z.looseObject({ name: z.string().regex(WORKFLOW_ID), data: z.unknown().optional() });
export type WorkflowCallData = z.infer<typeof workflowCallSchema>;

/** Assumption: a run that failed gives this code with a message as its result, and the node where it failed; no page says how. */
export const RUN_FAILED = "WORKFLOW_RUN_FAILED";

/** Assumption: a run that waits for somebody is answered at once, with this code and where it waits; no page says what happens. */
export const RUN_WAITS = "WORKFLOW_WAITING";

/** Assumption: these codes are the result where there is no such workflow, and where its trigger is switched off; nothing ran. */
export const NOTHING_RAN = ["WORKFLOW_NOT_FOUND", "WORKFLOW_DISABLED"] as const;

/**
 * Assumption: with this code the workflow ran and failed. Of a function's own code it means just that
 * (https://docs.cloudbase.net/error-code/); of a workflow no page says it.
 */
export const RUN_THREW = "FUNCTIONS_EXECUTE_FAIL";

/** What a name is not, is left out: the rest of the answer counts all the same. */
const shown = z.string().max(200).catch("");
const nodeSchema = z.looseObject({ id: shown, name: shown });

/** A result that is none of these is the output of a run that ended, whatever code it has. */
export const runOutcomeSchema = z.discriminatedUnion("code", [
  z.looseObject({
    code: z.literal(RUN_FAILED),
    message: z.string(),
    node: nodeSchema.optional().catch(undefined),
  }),
  z.looseObject({
    code: z.literal(RUN_WAITS),
    message: z.string(),
    waiting: z.array(z.looseObject({ node: nodeSchema, assignee: shown })).catch([]),
  }),
  z.looseObject({ code: z.enum(NOTHING_RAN), message: z.string() }),
]);
/** What the stand-in writes, and the target reads. */
export type RunOutcome = z.input<typeof runOutcomeSchema>;

/** `requestId` is node-sdk's spelling, `requestID` the page's. A code beside them is a failure that the SDK did not throw. */
export const workflowAnswerSchema = z.looseObject({
  result: z.unknown().optional(),
  requestId: z.string().optional().catch(undefined),
  requestID: z.string().optional().catch(undefined),
  code: z.union([z.string(), z.number()]).optional().catch(undefined),
  message: z.string().optional().catch(undefined),
});
