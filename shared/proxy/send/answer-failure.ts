/** An answer that is no success: which kind of failure it is, and what is said of it. */
import { now } from "../../base/clock";
import type { Text } from "../../base/errors";
import type { Failure } from "./call-failure";

export interface Refused {
  status: number;
  /** HTTP 2xx: then it is the platform's own code that says no. */
  isSuccess: boolean;
  code: string | number | undefined;
  /** The member in which the code should stand. */
  member: string | undefined;
  /** The platform's own, as far as they may be shown. */
  words: string;
  isExpired: boolean;
  retryAfterMs: number | undefined;
}

/** A later try may be better: https://datatracker.ietf.org/doc/html/rfc9110#section-15 */
const TRANSIENT: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
const TOO_MANY = 429;

export function refusal(refused: Refused): Failure {
  const { status, code, isExpired, retryAfterMs } = refused;
  const isAuth = isExpired || status === 401 || status === 403;
  const kind = isAuth ? "auth" : refused.isSuccess ? "business" : "http";
  return {
    kind,
    status,
    code: code ?? (refused.isSuccess ? undefined : status),
    isTransient: !refused.isSuccess && TRANSIENT.has(status),
    isUndone: status === TOO_MANY,
    isExpired,
    retryAfterMs,
    text: textOf(kind, refused),
  };
}

function textOf(kind: "auth" | "business" | "http", { status, isSuccess, code, member, words }: Refused): Text {
  if (isSuccess && code === undefined) {
    return {
      zh: `平台的应答中没有能识别的「${member}」，不能确认成功。请检查接口配置的 success。`,
      en: `The platform's answer has no "${member}" that can be read, so it is not known to be a success. Check success in the catalogue.`,
    };
  }
  const parts = [isSuccess ? "" : `HTTP ${status}`, code === undefined ? "" : `${member} ${code}`, words];
  const detail = parts.filter((part) => part !== "");
  const [zh, en] = [detail.join("，"), detail.join(", ")];
  switch (kind) {
    case "auth":
      return {
        zh: `平台不接受凭证（${zh}）。请检查实例的密钥和权限。`,
        en: `The platform refused the credentials (${en}). Check the secrets and the permissions of the instance.`,
      };
    case "business":
      return {
        zh: `平台拒绝了这次调用（${zh}）。请对照平台的错误码说明检查参数。`,
        en: `The platform refused the call (${en}). Compare the arguments with the platform's list of codes.`,
      };
    default:
      return {
        zh: `平台的应答不是成功（${zh}）。请检查接口配置和参数，或稍后再试。`,
        en: `The platform's answer is no success (${en}). Check the catalogue and the arguments, or try again later.`,
      };
  }
}

/** Seconds or a date. https://datatracker.ietf.org/doc/html/rfc9110#section-10.2.3 */
export function retryAfterMs(text: string | undefined): Failure["retryAfterMs"] {
  if (text === undefined) return undefined;
  const waitMs = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now();
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}

export function unreadable(status: number, length: number): Failure {
  return {
    kind: "http",
    status,
    text: {
      zh: `平台的应答不是 JSON（HTTP ${status}，${length} 字节）。请检查基础地址，或在接口配置中设置 response.type。`,
      en: `The platform's answer is not JSON (HTTP ${status}, ${length} bytes). Check the base URL, or set response.type in the catalogue.`,
    },
  };
}
