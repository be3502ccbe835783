/** What the environment configures: one table, each value checked when it is read. */
import { StartflowError } from "./errors";

/**
 * The paste build puts these in as literals (custom code has no environment variables of ours), so each must be spelt
 * out as `process.env.NAME`.
 */
const read = {
  STARTFLOW_EXTRA_USER_ID: () => process.env.STARTFLOW_EXTRA_USER_ID,
  STARTFLOW_EXTRA_USER_SOURCE: () => process.env.STARTFLOW_EXTRA_USER_SOURCE,
  STARTFLOW_SEND_TIMEOUT_MS: () => process.env.STARTFLOW_SEND_TIMEOUT_MS,
  STARTFLOW_TIME_LIMIT_MS: () => process.env.STARTFLOW_TIME_LIMIT_MS,
  STARTFLOW_WINDOW_MS: () => process.env.STARTFLOW_WINDOW_MS,
  STARTFLOW_RETENTION_DAYS: () => process.env.STARTFLOW_RETENTION_DAYS,
  STARTFLOW_SETTLE_MS: () => process.env.STARTFLOW_SETTLE_MS,
  STARTFLOW_NOTICE_URL: () => process.env.STARTFLOW_NOTICE_URL,
  STARTFLOW_FEISHU_DOMAIN: () => process.env.STARTFLOW_FEISHU_DOMAIN,
  STARTFLOW_FEISHU_APP_ID: () => process.env.STARTFLOW_FEISHU_APP_ID,
  STARTFLOW_FEISHU_APP_SECRET: () => process.env.STARTFLOW_FEISHU_APP_SECRET,
  STARTFLOW_APAAS_OPERATOR_ID: () => process.env.STARTFLOW_APAAS_OPERATOR_ID,
  STARTFLOW_APAAS_OPERATOR_EMAIL: () => process.env.STARTFLOW_APAAS_OPERATOR_EMAIL,
  STARTFLOW_APAAS_KEY_WINDOW_MS: () => process.env.STARTFLOW_APAAS_KEY_WINDOW_MS,
  STARTFLOW_COREHR_INITIATOR_ID: () => process.env.STARTFLOW_COREHR_INITIATOR_ID,
  STARTFLOW_SYNC_PUBLIC: () => process.env.STARTFLOW_SYNC_PUBLIC,
  STARTFLOW_SYNC_PROXY_HOPS: () => process.env.STARTFLOW_SYNC_PROXY_HOPS,
  STARTFLOW_SYNC_CALLBACK_ORIGINS: () => process.env.STARTFLOW_SYNC_CALLBACK_ORIGINS,
  STARTFLOW_SYNC_CALLBACK_KEY: () => process.env.STARTFLOW_SYNC_CALLBACK_KEY,
};
export type SettingName = keyof typeof read;
/** A webhook's address holds its key: neither it nor a secret must get into a paste file. */
export const SECRET_NAMES: readonly string[] = [
  "STARTFLOW_NOTICE_URL",
  "STARTFLOW_FEISHU_APP_SECRET",
  "STARTFLOW_SYNC_CALLBACK_KEY",
];
/** What the paste build puts in. */
export const SETTING_NAMES = (Object.keys(read) as SettingName[]).filter((name) => !SECRET_NAMES.includes(name));

/** `undefined` where it is not set. @throws StartflowError NOT_CONFIGURED that names the variable, without its value */
export function textSetting(name: SettingName, pattern: RegExp, expected = `${pattern}`): string | undefined {
  const value = read[name]();
  if (value === undefined || value === "") return undefined;
  if (pattern.test(value)) return value;
  throw wrong(name, expected);
}

/** @throws StartflowError NOT_CONFIGURED that names the variable, where it is not set or wrong */
export function requiredSetting(name: SettingName, pattern: RegExp, expected?: string): string {
  const value = textSetting(name, pattern, expected);
  if (value !== undefined) return value;
  throw new StartflowError("NOT_CONFIGURED", {
    message: {
      zh: `没有设置环境变量 ${name}，流程没有发起。请联系管理员设置。`,
      en: `The environment variable ${name} is not set, so nothing was started. Tell the administrator.`,
    },
  });
}

/** @throws StartflowError NOT_CONFIGURED that names the variable and its bounds */
export function integerSetting(name: SettingName, bounds: { min: number; max: number; fallback: number }): number {
  const text = textSetting(name, /^\d{1,15}$/);
  if (text === undefined) return bounds.fallback;
  const value = Number(text);
  if (value >= bounds.min && value <= bounds.max) return value;
  throw wrong(name, `${bounds.min} … ${bounds.max}`);
}

function wrong(name: SettingName, expected: string): StartflowError {
  return new StartflowError("NOT_CONFIGURED", {
    message: {
      zh: `环境变量 ${name} 的值不对（应为 ${expected}），流程没有发起。请联系管理员修改。`,
      en: `The environment variable ${name} has a wrong value (expected ${expected}), so nothing was started. Tell the administrator.`,
    },
  });
}
