/** What every answer of Feishu's open platform has in common, and the answer to "give me a token". */
import * as z from "zod";

/** https://open.feishu.cn/document/server-docs/api-call-guide/generic-error-code */
export const envelopeSchema = z.looseObject({
  /** 0 is success. */
  code: z.number().int(),
  msg: z.string().default(""),
  data: z.unknown().optional(),
  error: z.looseObject({ log_id: z.string().optional() }).optional(),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/**
 * The members of a success stand beside `code`, not under `data`. No bound on the token's length is published.
 * https://open.feishu.cn/document/server-docs/authentication-management/access-token/tenant_access_token_internal
 */
export const tokenAnswerSchema = z.looseObject({
  tenant_access_token: z.string().min(1),
  /** Seconds that are left, not always 7200; without it the token is not kept. */
  expire: z.number().optional(),
});
