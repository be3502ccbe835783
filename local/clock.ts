/** The local platform's clock: what the store and the stand-ins call "now"; it can be moved and sped up. */
export interface ClockSetting {
  /** Added to the real time, in milliseconds. */
  offsetMs: number;
  /** How many clock milliseconds pass in one real millisecond. */
  rate: number;
}

export interface LocalClock {
  /** Epoch milliseconds on this clock. */
  now(): number;
  get(): ClockSetting;
  /** Changes the given members only; time never jumps when just the rate changes. */
  set(change: Partial<ClockSetting>): ClockSetting;
}

export function createClock(realNow: () => number = Date.now): LocalClock {
  let anchorRealMs = realNow();
  let anchorMs = anchorRealMs;
  let rate = 1;
  const now = () => Math.trunc(anchorMs + (realNow() - anchorRealMs) * rate);
  const get = () => ({ offsetMs: now() - realNow(), rate });
  return {
    now,
    get,
    set(change) {
      const current = now();
      anchorRealMs = realNow();
      anchorMs = change.offsetMs === undefined ? current : anchorRealMs + change.offsetMs;
      rate = change.rate ?? rate;
      return get();
    },
  };
}
