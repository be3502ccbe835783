/** The failures of the console's own API: one table, one shape. */
import type { Context } from "hono";
import type { ApiError } from "./wire";

const TEXTS = {
  HOST_REFUSED: ["只接受本机地址的请求。", "Only requests to an address of this machine are served."],
  ORIGIN_REFUSED: ["不接受其他网站发来的请求。", "Requests from other sites are not served."],
  CONTENT_TYPE_REFUSED: [
    "请求的 content-type 不对，请用 application/json。",
    "Wrong content-type. Use application/json.",
  ],
  BODY_NOT_JSON: ["请求体不是有效的 JSON。", "The body is not valid JSON."],
  BODY_INVALID: ["请求体的字段不对。", "The body has wrong members."],
  BODY_TOO_LARGE: ["请求体太大（最大 6 MB）。", "The body is too large (6 MB at most)."],
  NOT_FOUND: ["没有这个地址。", "There is nothing at this address."],
  API_NOT_FOUND: ["没有这个同步 API。", "There is no such sync API."],
  METHOD_NOT_FOUND: ["没有这个方法。", "There is no such method."],
  ENTRY_NOT_FOUND: ["这个方法没有云函数入口。", "This method has no cloud-function entry."],
  INSTANCE_NOT_FOUND: ["没有这个流程实例。", "There is no such process instance."],
  PROCESS_NOT_FOUND: ["没有这个流程。", "There is no such process."],
  TASK_NOT_OPEN: ["这个任务不存在或已经处理过。", "There is no such task, or it was done already."],
  INSTANCE_ENDED: ["这个流程实例已经结束。", "This process instance has ended."],
  INTERNAL: ["本地平台出错，请看终端里的日志。", "The local platform failed. See its log in the terminal."],
} as const satisfies Record<string, readonly [string, string]>;

export type ApiErrorCode = keyof typeof TEXTS;

/** @param detail added in brackets: which member, which name; never a value that was typed */
export function apiError(
  c: Context,
  status: 400 | 403 | 404 | 409 | 413 | 415 | 500,
  code: ApiErrorCode,
  detail?: string,
) {
  const [zh, en] = TEXTS[code];
  const suffix = detail === undefined ? "" : ` (${detail})`;
  const body: ApiError = { error: { code, message: { zh: `${zh}${suffix}`, en: `${en}${suffix}` } } };
  return c.json(body, status);
}
