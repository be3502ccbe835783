/** How many calls a platform gets in a window from one instance of a function: more wait, as far as their time goes. */
import { monotonicMs, sleep } from "../../base/clock";
import type { PreparedCall } from "../call";
import { CallFailure, heldBack } from "./call-failure";

/** When the last calls go out, in a ring; the one at `next` is the oldest. */
interface Window {
  sentMs: number[];
  next: number;
}

const windows = new Map<string, Window>();

/** @param remainingMs of the call. @throws CallFailure that says when to come again, where the wait is longer than that */
export async function admittedByLimit({ platform }: PreparedCall, remainingMs: number): Promise<void> {
  const { limit, platform_key: key } = platform;
  if (limit === undefined) return;
  const window = windows.get(key) ?? { sentMs: [], next: 0 };
  windows.set(key, window);
  const nowMs = monotonicMs();
  const oldestMs = window.sentMs[window.next];
  const startMs = oldestMs === undefined ? nowMs : Math.max(nowMs, oldestMs + limit.windowMs);
  if (startMs - nowMs >= remainingMs) throw new CallFailure(full(startMs - nowMs));
  // Taken before the wait, so that who comes later waits for the place after this one.
  window.sentMs[window.next] = startMs;
  window.next = (window.next + 1) % limit.calls;
  if (startMs > nowMs) await sleep(startMs - nowMs);
}

function full(waitMs: number) {
  const seconds = Math.ceil(waitMs / 1_000);
  return heldBack(
    `对这个平台的调用太频繁，请求没有发出。约 ${seconds} 秒后可以再试。`,
    `There are too many calls to this platform, so nothing was sent. Try again in about ${seconds} s.`,
    waitMs,
  );
}
