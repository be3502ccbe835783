/** Data that is loaded again every two seconds while the tab is seen, and at once when something changed. */
import { useEffect, useRef, useState } from "preact/hooks";
import { type ApiFailure, asFailure, changes } from "./api";

const EVERY_MS = 2_000;

export interface Polled<T> {
  data: T | undefined;
  /** Of the last try; `data` then is what was known before. */
  failure: ApiFailure | undefined;
}

type Kept<T> = Polled<T> & { key: string | null };

/**
 * @param key what is loaded; other data is dropped when it changes
 * @param options.once load again only after a failure or a change
 */
export function usePolled<T>(key: string, load: () => Promise<T>, options: { once?: boolean } = {}): Polled<T> {
  const [kept, setKept] = useState<Kept<T>>({ key, data: undefined, failure: undefined });
  const latest = useRef(load);
  latest.current = load;
  const { once = false } = options;
  useEffect(() => {
    const attempt = async (isLive: () => boolean) => {
      try {
        const data = await latest.current();
        if (isLive()) setKept((old) => (isSame(old, key, data) ? old : { key, data, failure: undefined }));
        return !once;
      } catch (error) {
        const failure = asFailure(error);
        if (isLive()) setKept((old) => ({ key, data: old.key === key ? old.data : undefined, failure }));
        return true;
      }
    };
    return repeat(attempt);
  }, [key, once]);
  return kept.key === key ? kept : { data: undefined, failure: undefined };
}

/**
 * Runs `attempt` now, after every change, and every two seconds as long as it answers true; never twice at a time.
 * @returns what ends it
 */
function repeat(attempt: (isLive: () => boolean) => Promise<boolean>): () => void {
  let live = true;
  let busy = false;
  let askedMeanwhile = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = async () => {
    clearTimeout(timer);
    askedMeanwhile = busy;
    if (busy || !live || document.visibilityState !== "visible") return;
    busy = true;
    const goOn = await attempt(() => live);
    busy = false;
    if (askedMeanwhile) start();
    else if (goOn && live) timer = setTimeout(start, EVERY_MS);
  };
  const start = () => void run();
  const stopWatching = changes.watch(start);
  document.addEventListener("visibilitychange", start);
  start();
  return () => {
    live = false;
    clearTimeout(timer);
    stopWatching();
    document.removeEventListener("visibilitychange", start);
  };
}

/** Unchanged data keeps its identity, so that nothing is drawn again. */
function isSame<T>(old: Kept<T>, key: string, data: T): boolean {
  return old.key === key && old.failure === undefined && JSON.stringify(old.data) === JSON.stringify(data);
}
