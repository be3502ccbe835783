/** What a caller asks for beside its input: how long to wait, and where the end is to be told. */
import { textSetting } from "../../base/environment";
import { type Reply, refusal } from "./envelope";

export interface Preference {
  /** Milliseconds; absent: as the route says. */
  waitMs?: number;
  respondAsync: boolean;
}

/** `Prefer: wait=10`, `Prefer: respond-async`; others are ignored. https://www.rfc-editor.org/rfc/rfc7240 */
export function readPreference(header: string | undefined): Preference {
  const preferences = (header ?? "").split(/[,;]/).map((part) => part.trim().toLowerCase());
  const seconds = preferences.map((part) => /^wait\s*=\s*"?(\d{1,5})"?$/.exec(part)?.[1]).find((found) => found);
  return {
    respondAsync: preferences.includes("respond-async") || Number(seconds) === 0,
    ...(seconds === undefined ? {} : { waitMs: Number(seconds) * 1_000 }),
  };
}

const ORIGINS = /^https?:\/\/[\w.-]+(:\d{1,5})?(,\s*https?:\/\/[\w.-]+(:\d{1,5})?)*$/;
const MAX_URL = 2_000;

/**
 * `X-Callback-Url`, where its origin is one of those configured, and a key to sign with.
 * @throws StartflowError NOT_CONFIGURED, where the list of origins is wrong
 */
export function readCallback(header: string | undefined): { callbackUrl?: string } | { refused: Reply } {
  if (header === undefined || header === "") return {};
  const hasKey = textSetting("STARTFLOW_SYNC_CALLBACK_KEY", CALLBACK_KEY, "16 … 200") !== undefined;
  if (hasKey && header.length <= MAX_URL && isCallbackOrigin(header)) return { callbackUrl: new URL(header).href };
  const message = {
    zh: "X-Callback-Url 的来源没有在 STARTFLOW_SYNC_CALLBACK_ORIGINS 中配置",
    en: "The origin of X-Callback-Url is not configured in STARTFLOW_SYNC_CALLBACK_ORIGINS",
  };
  return { refused: refusal("invalidParams", { message }) };
}

export const CALLBACK_KEY = /^[^\s,{}]{16,200}$/;

/** @throws StartflowError NOT_CONFIGURED, where the list of origins is wrong */
export function isCallbackOrigin(text: string): boolean {
  const origins = (textSetting("STARTFLOW_SYNC_CALLBACK_ORIGINS", ORIGINS) ?? "")
    .split(",")
    .map((one) => parsed(one.trim())?.origin);
  const url = parsed(text);
  return url !== undefined && url.username === "" && url.password === "" && origins.includes(url.origin);
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
