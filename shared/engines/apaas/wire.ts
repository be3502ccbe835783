/**
 * Feishu aPaaS' own shapes: executing a flow.
 * https://open.feishu.cn/document/apaas-v1/flow/application-flow/execute
 */
import * as z from "zod";

export const APAAS_LIMITS = {
  /** Calls in a minute, of one app in one tenant. Same page. */
  callsPerMinute: 100,
  loopMasks: 20,
} as const;

/** The request's body. Two of its members are texts that hold JSON. */
export const executeFlowSchema = z.object({
  /** JSON: `{"_id": 1111, "email": "…"}`, one of the two at least: a user of the low-code platform. */
  operator: z.string().min(1),
  /** JSON: variable -> value. Left out where there is none. */
  params: z.string().optional(),
  is_async: z.boolean().optional(),
  /** A second request with the same key is refused. */
  idempotent_key: z.string().optional(),
  loop_masks: z.array(z.string()).max(APAAS_LIMITS.loopMasks).optional(),
});
export type ExecuteFlow = z.infer<typeof executeFlowSchema>;

/** The states by which ByteDance's own SDK (byted-apaas/server-sdk-go, constants) knows an execution. */
export const FLOW_STATUSES = ["wait", "in_process", "end", "rejected", "canceled", "failed", "agreed"] as const;

/** The page says text; an id must not be lost because it, or what stands beside it, is a number or null. */
const textSchema = z.union([z.string(), z.number().transform(String), z.null().transform(() => "")]).default("");

/** The answer's `data`. It has a code of its own: a flow can fail under `code: 0`. */
export const flowExecutionSchema = z.looseObject({
  /** One of `FLOW_STATUSES`; the page names "end" only, so any text is passed on. */
  status: textSchema,
  /** JSON: `[{"api_name", "value"}]`. */
  out_params: textSchema,
  execution_id: textSchema,
  error_msg: textSchema,
  /** "" is success. */
  code: textSchema,
});
export type FlowExecution = z.infer<typeof flowExecutionSchema>;

/** What `out_params` holds. */
export const outParamsSchema = z.array(z.looseObject({ api_name: z.string(), value: z.unknown() }));
