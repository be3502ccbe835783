/** The one table of what the sync API answers beside an output: refused requests, and how runs end. */
import type { Text } from "../../base/error-texts";

interface RefusalRow extends Text {
  code: string;
  status: number;
}

/** The seed prints only the first two; the others follow its pattern. docs/sync-api.md prints this table. */
export const REFUSALS = {
  tokenRequired: row(401, "requestError.invalidParams", "请在请求头 token 中带上令牌", "Token is required"),
  loginRequired: row(
    401,
    "requestError.invalidParams",
    "请在请求头 user 和 password 中带上账号和密码",
    "User/Password is required",
  ),
  signatureRequired: row(
    401,
    "requestError.invalidParams",
    "请在请求头 x-signature 中带上签名",
    "x-signature is required",
  ),
  tokenWrong: row(401, "requestError.unauthorized", "令牌不对", "Token is invalid"),
  loginWrong: row(401, "requestError.unauthorized", "账号或密码不对", "User/Password is invalid"),
  signatureWrong: row(
    401,
    "requestError.unauthorized",
    "签名不对，或者时间相差太多",
    "x-signature is invalid, or its time is too far off",
  ),
  invalidParams: row(400, "requestError.invalidParams", "请求的内容不对", "The request is not right"),
  unreadable: row(400, "requestError.unreadableBody", "请求体读不出来", "The body cannot be read"),
  addressRefused: row(
    403,
    "requestError.forbidden",
    "您的 IP 地址不在白名单中",
    "Your IP address is not on the list of this API",
  ),
  originRefused: row(
    403,
    "requestError.forbidden",
    "不允许从这个网页来源调用",
    "Pages of this origin may not call this API",
  ),
  notEnabled: row(403, "requestError.notEnabled", "接口未启用", "The API is not enabled"),
  notFound: row(404, "requestError.notFound", "没有这个接口", "There is no such API"),
  runNotFound: row(404, "requestError.notFound", "没有这次运行的记录", "There is no such run"),
  methodNotAllowed: row(405, "requestError.methodNotAllowed", "请求方法不对", "This API takes another method"),
  inProgress: row(
    409,
    "requestError.repeatedOperation",
    "同一个 Idempotency-Key 的请求正在处理",
    "The request of this Idempotency-Key is being handled",
  ),
  notCancellable: row(
    409,
    "requestError.repeatedOperation",
    "这次运行已经结束，或者还不知道它怎样，不能取消",
    "The run has ended, or it is not known how it stands: it cannot be cancelled",
  ),
  payloadTooLarge: row(413, "requestError.payloadTooLarge", "请求体太大", "The body is too large"),
  unsupportedMediaType: row(
    415,
    "requestError.unsupportedMediaType",
    "不支持这种 Content-Type",
    "This Content-Type is not taken",
  ),
  keyReused: row(
    422,
    "requestError.idempotencyMismatch",
    "这个 Idempotency-Key 已用于别的内容",
    "This Idempotency-Key was used for other content",
  ),
  lockedOut: row(
    429,
    "requestError.rateLimited",
    "认证失败次数太多，请稍后再试",
    "Too many failed attempts: try again later",
  ),
  rateLimited: row(429, "requestError.rateLimited", "调用太频繁，请稍后再试", "Too many calls: try again later"),
  internal: row(500, "serverError.internal", "程序出错，没有运行", "The program failed; nothing was run"),
  notConfigured: row(
    500,
    "serverError.notConfigured",
    "接口的配置不完整，没有运行。请联系管理员",
    "The API is not configured completely; nothing was run. Tell the administrator",
  ),
  cannotCancel: row(
    501,
    "serverError.notSupported",
    "这种流程引擎没有取消的接口",
    "The engine of this run has no way to cancel it",
  ),
  refused: row(502, "serverError.refused", "流程引擎拒绝了，没有运行", "The engine refused it; nothing was run"),
  unavailable: row(
    503,
    "serverError.unavailable",
    "暂时无法运行，没有运行。请稍后再试",
    "It cannot be run at the moment; nothing was run. Try again later",
  ),
} as const satisfies Record<string, RefusalRow>;
export type RefusalKind = keyof typeof REFUSALS;

function row(status: number, code: string, zh: string, en: string): RefusalRow {
  return { status, code, zh, en };
}

/** How a run stands, for callers. */
export type RunState = "queued" | "running" | "waiting" | "succeeded" | "declined" | "failed" | "cancelled" | "unknown";

interface RunRow extends Text {
  /** In `response.code`. */
  code: number;
  /** Of the answer to the call that started the run. */
  status: number;
}

/** The seed says: 0 where nothing went wrong. The others are ours. docs/sync-api.md prints this table. */
export const RUN_CODES: Record<RunState, RunRow> = {
  succeeded: { code: 0, status: 200, zh: "", en: "" },
  failed: { code: 1001, status: 500, zh: "运行失败", en: "the run failed" },
  running: {
    code: 1002,
    status: 504,
    zh: "等待已到上限，运行仍在继续，请按 Location 查询",
    en: "the wait is over and the run goes on: ask at Location",
  },
  queued: { code: 1002, status: 504, zh: "正在排队", en: "waiting for its turn" },
  waiting: { code: 1003, status: 202, zh: "等待人工处理", en: "waiting for a person" },
  cancelled: { code: 1004, status: 409, zh: "运行已取消", en: "the run was cancelled" },
  unknown: {
    code: 1005,
    status: 502,
    zh: "不知道运行得怎样，请先核对，不要直接重发",
    en: "it is not known how the run stands: look before you send it again",
  },
  declined: { code: 1006, status: 200, zh: "审批未通过", en: "declined" },
};
