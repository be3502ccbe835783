/** Feishu's documented error codes: what each says of the call, in words, with what to do. docs/feishu.md prints this table. */
import type { ErrorCode, Text } from "../base/errors";

export interface FeishuCode extends Text {
  /** All but what is marked are known to have started nothing: Feishu refuses a call before it acts. */
  is: Extract<ErrorCode, "ENGINE_REFUSED" | "ENGINE_BUSY">;
  /** A failure inside of Feishu, after which nobody knows what a start has done. */
  isInside?: true;
}

const refused = (zh: string, en: string): FeishuCode => ({ is: "ENGINE_REFUSED", zh, en });
const busy = (zh: string, en: string): FeishuCode => ({ is: "ENGINE_BUSY", zh, en });

/** The token is no longer good: it is dropped, and the call is made once more with a new one. */
export const TOKEN_REFUSED = 99991663;

/**
 * The first group: https://open.feishu.cn/document/apaas-v1/flow/application-flow/execute and
 * https://open.feishu.cn/document/corehr-v1/process-form_variable_data/process-instance/create ; the others:
 * https://open.feishu.cn/document/server-docs/api-call-guide/generic-error-code
 */
export const FEISHU_CODES: Readonly<Record<number, FeishuCode>> = {
  2320001: refused(
    "飞书低代码平台：参数不对，流程没有发起。请检查命名空间、流程 API 名称、入参和操作人。",
    "Feishu aPaaS: a parameter is wrong, so nothing was started. Check namespace, flow API name, params and operator.",
  ),
  1161001: refused(
    "飞书人事：参数错误，流程没有发起。请对照接口字段说明检查流程定义 id 和各变量。",
    "Feishu CoreHR: a parameter is wrong, so nothing was started. Check the flow definition id and the variables against the API's page.",
  ),
  1161002: refused(
    "飞书人事：无权限，流程没有发起。请确认应用是否已申请权限 corehr:process.instance:write。",
    "Feishu CoreHR: no permission, so nothing was started. Check that the app has the scope corehr:process.instance:write.",
  ),
  1161059: refused(
    "飞书人事：流程未启用，没有发起。请确认流程是否已启用。",
    "Feishu CoreHR: the flow is not enabled, so nothing was started. Check that the flow is enabled.",
  ),
  1161060: refused(
    "飞书人事：未能获取到租户 id 和用户 id，流程没有发起。请检查发起人 id 与用户 ID 类型是否正确。",
    "Feishu CoreHR: tenant id and user id could not be resolved, so nothing was started. Check the initiator's id and the user id type.",
  ),
  // The app's own credentials.
  10003: refused(
    "飞书：应用凭证的参数不对。请检查 STARTFLOW_FEISHU_APP_ID 和 STARTFLOW_FEISHU_APP_SECRET。",
    "Feishu: the app's credentials are malformed. Check STARTFLOW_FEISHU_APP_ID and STARTFLOW_FEISHU_APP_SECRET.",
  ),
  10005: refused(
    "飞书：应用未被授权。请在飞书开放平台检查应用的状态。",
    "Feishu: the app is not authorized. Check the app's state on the open platform.",
  ),
  10012: refused(
    "飞书：获取应用凭证失败。请检查应用的 App ID 和 App Secret。",
    "Feishu: the app's token could not be had. Check App ID and App Secret.",
  ),
  10013: refused(
    "飞书：获取租户凭证失败。请检查应用的 App ID 和 App Secret，以及应用是否已发布。",
    "Feishu: the tenant's token could not be had. Check App ID and App Secret, and that the app is published.",
  ),
  10014: refused(
    "飞书：App ID 不存在。请检查 STARTFLOW_FEISHU_APP_ID，以及域名是飞书还是 Lark。",
    "Feishu: there is no such App ID. Check STARTFLOW_FEISHU_APP_ID, and whether the domain is Feishu's or Lark's.",
  ),
  10015: refused(
    "飞书：App Secret 不对。请检查 STARTFLOW_FEISHU_APP_SECRET。",
    "Feishu: the App Secret is wrong. Check STARTFLOW_FEISHU_APP_SECRET.",
  ),
  10016: refused(
    "飞书：这不是商店应用，不能推送 app_ticket。请使用自建应用的凭证。",
    "Feishu: this is no store app, so there is no app_ticket. Use the credentials of a self-built app.",
  ),
  2200: {
    ...busy("飞书：内部负载过高。请稍后再试。", "Feishu: too much load inside. Try again a little later."),
    isInside: true,
  },
  // The gateway, which looks at a call before the API does.
  99991661: refused(
    "飞书：请求没有带访问凭证。请联系管理员。",
    "Feishu: the call had no access token. Tell the administrator.",
  ),
  [TOKEN_REFUSED]: refused(
    "飞书：访问凭证无效，换了新的凭证也被拒绝。请检查应用的状态，以及接口是否支持 tenant_access_token。",
    "Feishu: the access token was refused, a new one as well. Check the app's state, and that the API takes a tenant_access_token.",
  ),
  99991664: refused(
    "飞书：应用访问凭证无效。请检查应用的凭证。",
    "Feishu: the app access token is not valid. Check the app's credentials.",
  ),
  99991665: refused(
    "飞书：租户代码无效。请检查应用所在的租户。",
    "Feishu: the tenant code is not valid. Check the app's tenant.",
  ),
  99991668: refused(
    "飞书：用户访问凭证无效或接口不支持。请使用自建应用的凭证。",
    "Feishu: the user access token is not valid, or not taken by this API. Use the credentials of a self-built app.",
  ),
  99991671: refused(
    "飞书：访问凭证的格式不对。请联系管理员。",
    "Feishu: the access token has the wrong form. Tell the administrator.",
  ),
  99991672: refused(
    "飞书：应用缺少这个接口的权限。请在飞书开放平台申请权限并发布新版本。",
    "Feishu: the app lacks the scope of this API. Apply for it on the open platform and publish a new version.",
  ),
  99991677: refused(
    "飞书：用户访问凭证已过期。请重新登录。",
    "Feishu: the user access token has expired. Sign in again.",
  ),
  99991679: refused(
    "飞书：用户没有授予这个权限。请让用户重新授权。",
    "Feishu: the user has not granted this scope. Have the user grant it.",
  ),
  99991662: refused(
    "飞书：应用已停用。请在飞书管理后台启用应用。",
    "Feishu: the app is disabled. Enable it in the admin console.",
  ),
  99991673: refused(
    "飞书：应用在这个租户不可用。请检查应用的可用范围和状态。",
    "Feishu: the app cannot be used in this tenant. Check its availability and state.",
  ),
  99991400: busy(
    "飞书：调用太频繁，流程没有发起。请稍后再提交。",
    "Feishu: too many calls, so nothing was started. Submit again a little later.",
  ),
  99991401: refused(
    "飞书：云函数的 IP 不在应用的白名单中。请在飞书开放平台修改 IP 白名单。",
    "Feishu: the function's IP address is not in the app's allow-list. Change the list on the open platform.",
  ),
  99991403: refused(
    "飞书：本月的接口调用次数已经用完。请等下个月，或升级飞书的版本。",
    "Feishu: this month's quota of API calls is used up. Wait for the next month, or upgrade.",
  ),
  99992402: refused(
    "飞书：请求的字段没有通过校验。请对照接口文档检查字段。",
    "Feishu: a field of the call did not pass its check. Compare the fields with the API's page.",
  ),
  99992351: refused(
    "飞书：id 不存在。请检查用户、部门等 id，以及 id 类型。",
    "Feishu: an id does not exist. Check ids of users and departments, and the id types.",
  ),
  99992360: refused(
    "飞书：id 不存在或不属于这个应用。请检查 id 与 id 类型。",
    "Feishu: an id does not exist or is of another app. Check the ids and the id types.",
  ),
  99992361: refused(
    "飞书：open_id 属于另一个应用。请换成本应用的 open_id，或改用别的用户 ID 类型。",
    "Feishu: the open_id is of another app. Use this app's open_id, or another user id type.",
  ),
  99992364: refused("飞书：id 属于另一个租户。请检查 id。", "Feishu: the id is of another tenant. Check the id."),
  99992381: refused("飞书：id 无效。请检查 id 与 id 类型。", "Feishu: the id is not valid. Check the id and its type."),
  404: refused(
    "飞书：没有这个接口地址。请检查 STARTFLOW_FEISHU_DOMAIN。",
    "Feishu: there is no API at this address. Check STARTFLOW_FEISHU_DOMAIN.",
  ),
};
