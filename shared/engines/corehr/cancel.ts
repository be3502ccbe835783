/** Withdraws a CoreHR process. https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/corehr-v2/process_withdraw/update */
import { StartflowError } from "../../base/errors";
import { log } from "../../base/log";
import { safeWords } from "../../base/safe-words";
import type { FeishuApp } from "../../feishu/app";
import type { Refusal } from "../../feishu/call";
import { FEISHU_CODES } from "../../feishu/codes";
import { askFailure } from "../ask-failure";
import { withdrawProcess } from "./api";
import type { UserIdType, WithdrawProcess } from "./wire";

const TIMEOUT_MS = 5_000;
/** Shown to whoever looks at the process in Feishu. */
export const WITHDRAW_REASON = "发起方取消了这次申请。 Cancelled by whoever submitted it.";

/** @param by in whose name. @throws StartflowError */
export async function withdraw(
  app: FeishuApp,
  processId: string,
  by: Pick<WithdrawProcess, "user_id" | "system_user">,
  userIdType: UserIdType,
): Promise<void> {
  const answer = await sent(
    withdrawProcess(app, processId, { ...by, reason: WITHDRAW_REASON }, userIdType, TIMEOUT_MS),
  );
  if ("refusal" in answer) throw refused(answer.refusal);
  log("info", "process cancelled", { process: processId, logId: answer.logId });
}

/** The texts of a call speak of a start; all but the app's own credentials are told in words that fit. */
async function sent<Answer>(work: Promise<Answer>): Promise<Answer> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof StartflowError)) throw error;
    if (error.code === "OUTCOME_UNKNOWN") throw askFailure("cancel", "OUTCOME_UNKNOWN", { cause: error });
    const isNotSent = error.code === "ENGINE_UNREACHABLE" || error.code === "TOO_LATE";
    throw isNotSent ? askFailure("cancel", "ENGINE_UNREACHABLE", { cause: error }) : error;
  }
}

function refused({ code, status, msg, logId, retryAfterMs }: Refusal): StartflowError {
  const words = safeWords(msg, undefined);
  log("warn", "Feishu refused a call", { code, status, logId, msg: words });
  const known = FEISHU_CODES[code];
  const is = known?.isInside === true ? "OUTCOME_UNKNOWN" : (known?.is ?? "ENGINE_REFUSED");
  return askFailure("cancel", is, {
    detail: [String(code), words, logId === undefined ? "" : `log_id ${logId}`],
    ...(is === "ENGINE_BUSY" && retryAfterMs !== undefined ? { retryAfterMs: Math.max(1_000, retryAfterMs) } : {}),
    cause: Object.assign(new Error(`Feishu answered ${code} with HTTP ${status}`), { code, requestId: logId }),
  });
}
