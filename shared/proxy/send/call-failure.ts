/** What can go wrong between two tries of a call: each case with its text, and whether trying again helps or harms. */
import type { Text } from "../../base/errors";
import { TIMED_OUT, TOO_LONG } from "../../http/request";
import type { InterfaceErrorKind } from "../error";
import { NOT_DECODED } from "./decode";
import type { ExchangeError } from "./exchange";
import { ADDRESS_BLOCKED, type AddressProblem } from "./guard";

export interface Failure {
  kind: InterfaceErrorKind;
  text: Text;
  status?: number | undefined;
  code?: string | number | undefined;
  /** The same may succeed a little later. */
  isTransient?: boolean;
  /** The request has not left, so a second try does no harm whatever the interface is. */
  isUnsent?: boolean;
  /** It has left, and the platform says that it did nothing. */
  isUndone?: boolean;
  /** Our own time was over: it says nothing about the platform. */
  isTooLate?: boolean;
  /** The platform does not know the token any more. */
  isExpired?: boolean;
  /** When the platform wants to be asked again. */
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/** Carries a failure to where the call's one error is made of it; no secret is in it. */
export class CallFailure extends Error {
  constructor(readonly failure: Failure) {
    super(failure.text.en, { cause: failure.cause });
  }
}

/** @param error has a code, and no address in its text */
export function transportFailure(error: ExchangeError, maxBytes: number): Failure {
  const { code, isUnsent } = error;
  if (code === ADDRESS_BLOCKED) return addressNotAllowed("private");
  if (code === TOO_LONG) return tooLong(maxBytes, error);
  if (code === TIMED_OUT) return isUnsent ? notReached(error) : timedOut(error);
  if (code === NOT_DECODED) return undecodable(error);
  if (isUnsent) {
    return {
      kind: "network",
      code,
      isTransient: true,
      isUnsent: true,
      cause: error,
      text: {
        zh: `连不上平台（${code}），请求没有发出。请检查网络和基础地址，然后再试。`,
        en: `The platform cannot be reached (${code}), and nothing was sent. Check the network and the base URL, then try again.`,
      },
    };
  }
  return {
    kind: "network",
    code,
    isTransient: true,
    cause: error,
    text: {
      zh: `与平台的连接中断（${code}），不知道请求是否已经处理。请先到平台上查看，再决定是否重试。`,
      en: `The connection to the platform broke (${code}); whether the request was handled is not known. Look at the platform before you try again.`,
    },
  };
}

export function timedOut(cause?: unknown): Failure {
  return {
    kind: "timeout",
    code: TIMED_OUT,
    isTransient: true,
    cause,
    text: {
      zh: "平台没有在限定时间内应答，不知道请求是否已经处理。请稍后再试，或在接口配置中放宽 timeoutMs、attemptTimeoutMs。",
      en: "The platform did not answer in time; whether the request was handled is not known. Try again later, or raise timeoutMs or attemptTimeoutMs in the catalogue.",
    },
  };
}

/** No connection within the time of a try. */
function notReached(cause: unknown): Failure {
  return {
    ...timedOut(cause),
    isUnsent: true,
    text: {
      zh: "没有在限定时间内连上平台，请求没有发出。请检查网络和基础地址，然后再试。",
      en: "The platform could not be reached in time, and nothing was sent. Check the network and the base URL, then try again.",
    },
  };
}

/** The time was over before the request could be sent. */
export function tooLate(): Failure {
  return {
    ...timedOut(),
    isUnsent: true,
    isTooLate: true,
    text: {
      zh: "还没有发出请求，限定时间就用完了。请稍后再试，或在接口配置中放宽 timeoutMs。",
      en: "The time was over before the request was sent. Try again later, or raise timeoutMs in the catalogue.",
    },
  };
}

function tooLong(maxBytes: number, cause: unknown): Failure {
  return {
    kind: "size",
    code: TOO_LONG,
    cause,
    text: {
      zh: `平台的应答超过 ${maxBytes} 字节，没有读完。请减少一次查询的内容，或在接口配置中放宽 maxAnswerBytes。`,
      en: `The platform's answer is longer than ${maxBytes} bytes and was not read to its end. Ask for less at a time, or raise maxAnswerBytes in the catalogue.`,
    },
  };
}

function undecodable(cause: unknown): Failure {
  return {
    kind: "http",
    code: NOT_DECODED,
    cause,
    text: {
      zh: "平台的应答压缩方式无法识别，没有读出内容，请求可能已经处理。请先到平台上查看。",
      en: "The platform's answer came, compressed in a way that cannot be read; the request may have been handled. Look at the platform.",
    },
  };
}

const ADDRESS_TEXTS: Record<AddressProblem, Text> = {
  scheme: {
    zh: "实例的基础地址不是 https，请求没有发出。请改用 https；只有内网实例（allowPrivate）可以用 http。",
    en: "The instance's base URL is not https, so nothing was sent. Use https; only an instance in a private network (allowPrivate) may use http.",
  },
  private: {
    zh: "实例的地址在内网或保留网段，请求没有发出。如果确实要访问内网，请为这个实例设置 allowPrivate。",
    en: "The instance's address is private or reserved, so nothing was sent. If it is meant to be in a private network, set allowPrivate of this instance.",
  },
};

export function addressNotAllowed(problem: AddressProblem): Failure {
  return { kind: "blocked", code: ADDRESS_BLOCKED, isUnsent: true, text: ADDRESS_TEXTS[problem] };
}

export function leftTheBase(): Failure {
  return {
    kind: "blocked",
    isUnsent: true,
    text: {
      zh: "请求的地址离开了实例的基础地址，没有发出。请检查接口的 path 和路径参数。",
      en: "The address leads out of the instance's base URL, so nothing was sent. Check the interface's path and its arguments.",
    },
  };
}

export function redirected(status: number): Failure {
  return {
    kind: "blocked",
    status,
    text: {
      zh: `平台把请求转到别的地址（HTTP ${status}），没有跟随，凭证没有外传。请把实例的基础地址改成最终的地址。`,
      en: `The platform redirects elsewhere (HTTP ${status}); this was not followed, and no credentials went there. Set the instance's base URL to the final address.`,
    },
  };
}

export function configFailure(zh: string, en: string, cause?: unknown): Failure {
  return { kind: "config", isUnsent: true, cause, text: { zh, en } };
}

/** @param retryAfterMs when there is room again */
export function heldBack(zh: string, en: string, retryAfterMs: number): Failure {
  return { kind: "blocked", isTransient: true, isUnsent: true, retryAfterMs, text: { zh, en } };
}
