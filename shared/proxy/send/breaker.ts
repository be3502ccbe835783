/** After several failures in a row an instance gets no calls for a while, then one that tries. In memory, off by default. */
import { monotonicMs } from "../../base/clock";
import type { PreparedCall } from "../call";
import { CallFailure, heldBack } from "./call-failure";

interface State {
  failures: number;
  /** 0 while it is closed. */
  openUntilMs: number;
  isProbing: boolean;
}

/** One try that was let through: it is told once how it ended. */
export interface Admission {
  /** @param isDown the platform gave no answer, or said itself that it failed; undefined where nothing was sent */
  ended(isDown: boolean | undefined): void;
}

const states = new Map<string, State>();
const ALWAYS: Admission = { ended: () => {} };

/** @throws CallFailure that says when to come again, while the breaker is open */
export function admittedByBreaker({ platform, instance }: PreparedCall): Admission {
  const { breaker } = platform;
  if (breaker === undefined) return ALWAYS;
  const state = stateOf(`${platform.platform_key} ${instance.key} ${instance.baseUrl}`);
  const isProbe = state.openUntilMs !== 0;
  const leftMs = state.openUntilMs - monotonicMs();
  if (isProbe && (leftMs > 0 || state.isProbing)) throw new CallFailure(open(Math.max(leftMs, 0)));
  if (isProbe) state.isProbing = true;
  return {
    ended(isDown) {
      if (isProbe) state.isProbing = false;
      if (isDown === undefined) return;
      state.failures = isDown ? state.failures + 1 : 0;
      const opens = isDown && (isProbe || state.failures >= breaker.failures);
      state.openUntilMs = opens ? monotonicMs() + breaker.openMs : 0;
    },
  };
}

function stateOf(key: string): State {
  const known = states.get(key);
  if (known !== undefined) return known;
  const state: State = { failures: 0, openUntilMs: 0, isProbing: false };
  states.set(key, state);
  return state;
}

function open(leftMs: number) {
  const seconds = Math.ceil(leftMs / 1_000);
  return heldBack(
    `这个平台连续失败，暂停调用，请求没有发出。约 ${seconds} 秒后可以再试。`,
    `This platform failed several times in a row, so calls pause and nothing was sent. Try again in about ${seconds} s.`,
    leftMs,
  );
}
