/** A platform that gives no token: what it says, and whether it may give one later. */
import { maskText } from "../../../base/log";
import type { Failure } from "../call-failure";

export interface TokenAnswer {
  status: number;
  /** Parsed JSON; undefined where it is none. */
  body: unknown;
  retryAfterMs: number | undefined;
}

const MAX_WORDS = 300;

/** @param words the platform's own, without secrets */
export function refusedToken(
  { status, retryAfterMs }: TokenAnswer,
  code: string | number | undefined,
  words: string,
): Failure {
  const isTransient = status === 408 || status === 429 || status >= 500;
  const detail = [
    `HTTP ${status}`,
    ...(code === undefined ? [] : [String(code)]),
    maskText(words).slice(0, MAX_WORDS),
  ].filter((part) => part !== "");
  return {
    kind: isTransient ? "http" : "auth",
    status,
    code: code ?? status,
    isTransient,
    isUnsent: true,
    retryAfterMs,
    text: {
      zh: `平台没有给出凭证（${detail.join("，")}）。请检查实例的密钥和权限。`,
      en: `The platform gave no access token (${detail.join(", ")}). Check the secrets and the permissions of the instance.`,
    },
  };
}

export function unreadableToken({ status }: TokenAnswer): Failure {
  return {
    kind: "auth",
    status,
    isUnsent: true,
    text: {
      zh: "平台的应答中没有访问凭证。请检查接口配置中 auth 的 tokenPath 和 token。",
      en: "There is no access token in the platform's answer. Check tokenPath and token of auth in the catalogue.",
    },
  };
}
