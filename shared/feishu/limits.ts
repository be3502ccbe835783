/** Feishu's rate limits, kept by all instances together: who would be over one, is told before anything is claimed. */

import { ERRORS, StartflowError } from "../base/errors";
import type { MethodContext } from "../platform/context";
import { databaseOf } from "../platform/database";
import { createLimiter } from "../platform/limiter";

/**
 * Limits are of one app in one tenant, in a minute: https://open.feishu.cn/document/server-docs/api-call-guide/frequency-control
 * Between the admission and the request's arrival lie a claim and a network, so a place is free a little later.
 */
const WINDOW_MS = 63_000;

/** @param key one API of one app. @throws StartflowError ENGINE_BUSY that says when to come again */
export async function admitted(context: MethodContext, key: string, perMinute: number): Promise<void> {
  const admission = await createLimiter(databaseOf(context)).admit(`feishu:${key}`, perMinute, WINDOW_MS);
  if (admission.admitted) return;
  const { zh, en } = ERRORS.ENGINE_BUSY;
  const seconds = Math.ceil(admission.retryAfterMs / 1_000);
  throw new StartflowError("ENGINE_BUSY", {
    message: {
      zh: `${zh}飞书每分钟只接受 ${perMinute} 次，约 ${seconds} 秒后可以再提交。`,
      en: `${en} Feishu takes ${perMinute} in a minute; submit again in about ${seconds} s.`,
    },
    retryAfterMs: admission.retryAfterMs,
  });
}
