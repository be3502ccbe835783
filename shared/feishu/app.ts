/** The Feishu app on whose behalf everything is called: from the environment, never from a form. */
import { requiredSetting, textSetting } from "../base/environment";

export interface FeishuApp {
  /** An origin, without a slash at its end. */
  domain: string;
  appId: string;
  appSecret: string;
}

/** Lark, the international one, is `https://open.larksuite.com`: the same paths, the same bodies. */
const DEFAULT_DOMAIN = "https://open.feishu.cn";
/** Plain http only to this very machine. */
const DOMAIN = /^(https:\/\/[\w.-]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\]))(:\d{1,5})?$/;
const APP_ID = /^[\w-]{1,64}$/;
/** No braces, which a template has that was not filled in. */
const APP_SECRET = /^[^\s{}]{1,200}$/;

/** A method that needs them is not built for the custom-code route, which has no environment of its own. */
export const FEISHU_SECRETS: readonly string[] = ["STARTFLOW_FEISHU_APP_SECRET"];

/** @throws StartflowError NOT_CONFIGURED that names the variable */
export function feishuApp(): FeishuApp {
  return {
    domain: textSetting("STARTFLOW_FEISHU_DOMAIN", DOMAIN, "https://open.feishu.cn") ?? DEFAULT_DOMAIN,
    appId: requiredSetting("STARTFLOW_FEISHU_APP_ID", APP_ID, "cli_…"),
    appSecret: requiredSetting("STARTFLOW_FEISHU_APP_SECRET", APP_SECRET, "…"),
  };
}
