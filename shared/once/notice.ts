/** Tells an operator of a submission that stays unknown: a log line always, and a webhook where one is configured. */
import { textSetting } from "../base/environment";
import type { Text } from "../base/errors";
import { describeError, log, mask } from "../base/log";
import { postJson } from "../http/webhook";
import type { SubmissionRecord } from "./record";

export interface Notice {
  event: "submission_unknown";
  submissionId: string;
  environment: "preview" | "production";
  target: string;
  processKey: string;
  /** "" where nobody was signed in. */
  userId: string;
  /** ISO time of the claim, on the store's clock. */
  since: string;
  reason: string | null;
  next: Text;
}

/** Its own, so that nothing is told that the ledger may come to hold. */
export function noticeOf(record: SubmissionRecord): Notice {
  const { submissionId, environment, target, processKey, userId, claimedAt, reason } = record;
  return {
    event: "submission_unknown",
    submissionId,
    environment,
    target,
    processKey,
    userId,
    since: claimedAt.toISOString(),
    reason,
    next: {
      zh: `无法确认这份提交是否已经发起流程，系统不会自动重发。请按发起人和时间在流程列表中核对，再用 npm run submissions 把核对的结果记到提交 ${submissionId} 上：已发起，或没有发起（之后可以用同一份表单再提交）。`,
      en: `It is not known whether this submission started a process, and it is not sent again by itself. Look for the process in the process list, by user and time, then record what you found for submission ${submissionId} with npm run submissions: started, or not started (the same form can then be submitted again).`,
    },
  };
}

/** Plain http only to this very machine; no user and password in the address. */
const NOTICE_URL = /^(https:\/\/[\w.-]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\]))(:\d{1,5})?([/?][^\s#]*)?$/;

/** @throws StartflowError NOT_CONFIGURED, which does not show the address: it holds the webhook's key */
export function noticeUrl(): string | undefined {
  return textSetting("STARTFLOW_NOTICE_URL", NOTICE_URL, "https://…");
}

/** True where an operator was told: the webhook took it, or there is none and the log has it. */
export async function notify(notice: Notice, url: string | undefined, timeoutMs: number): Promise<boolean> {
  const shown = mask(notice) as Record<string, unknown>;
  const { event: _, ...facts } = shown;
  log("warn", "submission stays unknown", facts);
  if (url === undefined) return true;
  try {
    const status = await postJson(url, JSON.stringify(shown), { timeoutMs });
    if (status >= 200 && status < 300) return true;
    log("error", "notice was not taken", { submissionId: notice.submissionId, status });
  } catch (error) {
    log("error", "notice was not sent", { submissionId: notice.submissionId, error: describeError(error) });
  }
  return false;
}
