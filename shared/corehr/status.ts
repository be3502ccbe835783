/** How a CoreHR process stands, in its own codes and in words. */
import type { FeishuApp } from "../feishu/app";
import type { ProcessStatus } from "../targets/target";
import { getProcess } from "./api";
import { PROCESS_STATUSES, type UserIdType } from "./wire";

const TIMEOUT_MS = 5_000;

/** @throws StartflowError */
export async function processStatus(app: FeishuApp, processId: string, userIdType: UserIdType): Promise<ProcessStatus> {
  const { status } = await getProcess(app, processId, userIdType, TIMEOUT_MS);
  return describedStatus(status);
}

/** A code that the page does not list is passed on as it is. */
export function describedStatus(code: number): ProcessStatus {
  const known = Object.hasOwn(PROCESS_STATUSES, code)
    ? PROCESS_STATUSES[code as keyof typeof PROCESS_STATUSES]
    : undefined;
  if (known === undefined) return { code, state: "other", text: { zh: `状态 ${code}`, en: `status ${code}` } };
  const { state, zh, en } = known;
  return { code, state, text: { zh, en } };
}
