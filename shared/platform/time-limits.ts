/** How long a call may take, and the send in it. */
import { integerSetting } from "../base/environment";

export const SEND_TIMEOUT_MS = { min: 500, max: 60_000, fallback: 8_000 };

/**
 * Longest wait for the engine's answer. The SDK's own default is 15 s, which a function of 20 s could not record; this
 * leaves 5 s for looking up and preparing.
 */
export function sendTimeoutMs(): number {
  return integerSetting("STARTFLOW_SEND_TIMEOUT_MS", SEND_TIMEOUT_MS);
}

/** No page gives a limit for custom code; callers give up at 60 s (@cloudbase/weda-cloud-sdk, h5/tcb.js). */
const TIME_LIMIT_MS = { min: 5_000, max: 900_000, fallback: 20_000 };

/** How long this call may take: what SCF says of it, or else the configured limit. https://cloud.tencent.com/document/product/583/11060 */
export function timeLimitMs(scf: unknown): number {
  const { time_limit_in_ms: told } = (scf ?? {}) as { time_limit_in_ms?: unknown };
  const limit = Number(told);
  return limit > 0 ? limit : integerSetting("STARTFLOW_TIME_LIMIT_MS", TIME_LIMIT_MS);
}
