/** The one table of the codes that a form can see: what each says of the process, and its words. */

/** A text for people, in the two languages of the product. */
export interface Text {
  zh: string;
  en: string;
}

/** What a failure says about the process: nothing was started, somebody else is starting it, or nobody knows. */
export type FailureOutcome = "rejected" | "in_progress" | "unknown";

interface ErrorRow {
  outcome: FailureOutcome;
  /** The same submission may be sent again, unchanged, with a chance of success. */
  retryable: boolean;
  zh: string;
  en: string;
}

/**
 * Every code that a form can see. The texts say what happened and what to do; a thrown error may replace them by more
 * exact ones. docs/errors.md lists the same codes, and a test holds the two together.
 */
export const ERRORS = {
  // What the caller sent.
  INVALID_PARAMS: {
    outcome: "rejected",
    retryable: false,
    zh: "有字段没有填对，请按提示修改后再提交。",
    en: "Some fields are not right. Correct them as marked and submit again.",
  },
  PARAMS_NOT_OBJECT: {
    outcome: "rejected",
    retryable: false,
    zh: "提交的内容不是一个对象。请把表单的值作为方法入参传入。",
    en: "What was submitted is not an object. Pass the form's values as the method's params.",
  },
  PARAMS_TOO_LARGE: {
    outcome: "rejected",
    retryable: false,
    zh: "提交的内容太大或层级太深。请减少明细行数或文字后再提交。",
    en: "What was submitted is too large or nested too deep. Submit fewer rows or less text.",
  },
  IDENTITY_IN_FORM: {
    outcome: "rejected",
    retryable: false,
    zh: "表单不能指定由谁发起流程。请从表单中删除 ExtraUserInfo、UserId 字段。",
    en: "A form cannot say who starts the process. Remove the fields ExtraUserInfo and UserId from it.",
  },
  SUBMISSION_REUSED: {
    outcome: "rejected",
    retryable: false,
    zh: "这个提交编号已经用于别的内容，这次没有发起流程。请新开一张表单再提交。",
    en: "This submission id was used for other content, so nothing was started. Open a new form and submit that.",
  },
  SUBMISSION_IN_PROGRESS: {
    outcome: "in_progress",
    retryable: true,
    zh: "同一份提交正在处理。请等几秒再看，不会重复发起。",
    en: "This very submission is being handled. Wait a few seconds and look again; it is not started twice.",
  },
  // Who called, and how the method is configured.
  NOT_SIGNED_IN: {
    outcome: "rejected",
    retryable: false,
    zh: "没有登录用户，流程没有发起。请先登录；无登录的应用请由管理员配置 STARTFLOW_EXTRA_USER_ID。",
    en: "Nobody is signed in, so nothing was started. Sign in, or have STARTFLOW_EXTRA_USER_ID configured for this app.",
  },
  NOT_CONFIGURED: {
    outcome: "rejected",
    retryable: false,
    zh: "方法的配置不完整，流程没有发起。请联系管理员。",
    en: "The method is not configured completely, so nothing was started. Tell the administrator.",
  },
  // The ledger.
  STORE_UNREACHABLE: {
    outcome: "rejected",
    retryable: true,
    zh: "提交记录暂时无法读写，为避免重复，流程没有发起。请稍后用同一份表单再提交。",
    en: "The record of submissions cannot be reached, so nothing was started. Submit the same form again a little later.",
  },
  TOO_LATE: {
    outcome: "rejected",
    retryable: true,
    zh: "剩余的运行时间不够，流程没有发起。请再提交一次。",
    en: "Too little of the function's time was left, so nothing was started. Submit again.",
  },
  // What the engine said.
  ENGINE_REFUSED: {
    outcome: "rejected",
    retryable: false,
    zh: "流程引擎拒绝了这次发起，流程没有开始。",
    en: "The process engine refused this start; no process began.",
  },
  ENGINE_BUSY: {
    outcome: "rejected",
    retryable: true,
    zh: "流程引擎正忙，流程没有发起。请稍后再提交。",
    en: "The process engine is busy and nothing was started. Submit again a little later.",
  },
  ENGINE_UNREACHABLE: {
    outcome: "rejected",
    retryable: true,
    zh: "连接不到流程引擎，流程没有发起。请稍后再提交。",
    en: "The process engine cannot be reached, so nothing was started. Submit again a little later.",
  },
  OUTCOME_UNKNOWN: {
    outcome: "unknown",
    retryable: false,
    zh: "无法确认流程是否已经发起。请不要再次提交，先在流程列表中核对，或把提交编号告诉管理员。",
    en: "It is not known whether the process started. Do not submit again: look in the process list first, or give the submission id to the administrator.",
  },
  // What a system said that was only asked, or told something.
  INTERFACE_FAILED: {
    outcome: "rejected",
    retryable: false,
    zh: "调用外部系统没有成功，没有发起任何流程。请核对填写的内容，或联系管理员。",
    en: "The call of another system failed; no process was started. Check what was filled in, or tell the administrator.",
  },
  INTERFACE_UNAVAILABLE: {
    outcome: "rejected",
    retryable: true,
    zh: "外部系统暂时没有应答，没有发起任何流程。请稍后再试。",
    en: "Another system does not answer at the moment; no process was started. Try again a little later.",
  },
  INTERNAL: {
    outcome: "rejected",
    retryable: false,
    zh: "程序在发起流程之前出错，流程没有发起。请把提交编号告诉管理员。",
    en: "The program failed before it started anything. Give the submission id to the administrator.",
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;
