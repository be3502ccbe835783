/** What the environment configures: one table, read when first needed. */
import * as z from "zod";
import { StartflowError } from "./errors";

/**
 * The paste build puts these in as literals (custom code has no environment variables of ours), so each must be spelt
 * out as `process.env.NAME`.
 */
const read = {
  STARTFLOW_EXTRA_USER_ID: () => process.env.STARTFLOW_EXTRA_USER_ID,
  STARTFLOW_EXTRA_USER_SOURCE: () => process.env.STARTFLOW_EXTRA_USER_SOURCE,
  STARTFLOW_SEND_TIMEOUT_MS: () => process.env.STARTFLOW_SEND_TIMEOUT_MS,
};
export type SettingName = keyof typeof read;
export const SETTING_NAMES = Object.keys(read) as SettingName[];

/** Throws NOT_CONFIGURED that names the variable; the value is not in the message. */
export function setting<S extends z.ZodType>(name: SettingName, schema: S): z.output<S> {
  const value = read[name]();
  const parsed = schema.safeParse(value === undefined || value === "" ? undefined : value);
  if (parsed.success) return parsed.data;
  throw new StartflowError("NOT_CONFIGURED", {
    message: {
      zh: `环境变量 ${name} 的值不对，流程没有发起。请联系管理员修改。`,
      en: `The environment variable ${name} has a wrong value, so nothing was started. Tell the administrator.`,
    },
    cause: parsed.error,
  });
}

/** Text of digits -> integer within bounds; `fallback` where the variable is not set. */
export function integerSetting(bounds: { min: number; max: number; fallback: number }) {
  return z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.int().min(bounds.min).max(bounds.max))
    .default(bounds.fallback);
}
