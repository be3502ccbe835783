/** What to do about each way in which a deployment fails. */

interface Advice {
  /** Of the cause, as it is shown. */
  pattern: RegExp;
  zh: string;
  en: string;
}

/** The first that fits. docs/deploy.md prints them. */
export const ADVICE: readonly Advice[] = [
  {
    pattern: /^DIFFERS/,
    zh: "与声明的不一样：再部署一次。运行环境只能在创建时指定，更新也不会删掉触发器：要改就在控制台删掉，再部署。",
    en: "It is not as declared: deploy again. A runtime is set when a function is made, and no update takes a timer away: delete it in the console, then deploy.",
  },
  {
    pattern: /^PATH/,
    zh: "代码已更新，HTTP 路径没有建好：它可能属于别的函数，到控制台的 HTTP 访问服务里看一看，再部署一次。",
    en: "The code is new, but the HTTP path is not there: it may be another function's; look at HTTP access in the console, then deploy again.",
  },
  {
    pattern: /RequestLimitExceeded/,
    zh: "调用太频繁：等一会儿，再部署一次。",
    en: "Too many calls at a time: wait a moment, then deploy again.",
  },
  {
    pattern: /AuthFailure|INVALID_CREDENTIAL|identity information/i,
    zh: "密钥或登录不对：检查 TENCENTCLOUD_SECRETID 和 TENCENTCLOUD_SECRETKEY，或者重新运行 npx tcb login。",
    en: "The keys or the login are refused: check TENCENTCLOUD_SECRETID and TENCENTCLOUD_SECRETKEY, or run npx tcb login again.",
  },
  {
    pattern: /UnauthorizedOperation|CamNoAuth/i,
    zh: "这个账号没有权限：在访问管理里给它云开发和云函数的权限。",
    en: "This account may not do it: give it the policies of CloudBase and SCF in Cloud Access Management.",
  },
  {
    pattern: /LimitExceeded/,
    zh: "到了套餐的上限：删掉不用的函数，或者升级套餐，再部署一次。",
    en: "The plan's limit is reached: delete functions that nobody uses or take a larger plan, then deploy again.",
  },
  {
    pattern: /NETWORK|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|socket hang up/,
    zh: "网络不通：检查网络和代理，再部署一次。",
    en: "The network is gone: check it and the proxy, then deploy again.",
  },
  {
    pattern: /NO_ENVIRONMENT/,
    zh: "这个账号没有这个环境：检查 CLOUDBASE_ENV_ID 和 TCB_REGION。",
    en: "This account has no such environment: check CLOUDBASE_ENV_ID and TCB_REGION.",
  },
  {
    pattern: /^(TIMEOUT|NOT_ACTIVE)/,
    zh: "到时间还没有就绪：到控制台看它的状态，再部署一次；需要更久就加 --timeout。",
    en: "It was not ready in time: look at it in the console, then deploy again; --timeout gives it longer.",
  },
];

export const OTHER_ADVICE = {
  zh: "按上面的原因处理，再部署一次。",
  en: "Mend what it says, then deploy again.",
} as const;

export function adviceFor(cause: string): { zh: string; en: string } {
  return ADVICE.find(({ pattern }) => pattern.test(cause)) ?? OTHER_ADVICE;
}
