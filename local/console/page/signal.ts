/** A value that components can watch; the few things that outlive one component are kept in these. */
import { useEffect, useState } from "preact/hooks";

export class Signal<T> {
  readonly #watchers = new Set<() => void>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const watcher of [...this.#watchers]) watcher();
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}

export function useSignal<T>(signal: Signal<T>): T {
  const [, draw] = useState(signal.value);
  useEffect(() => {
    const again = () => draw(() => signal.value);
    // It may have been set after the drawing and before this, when nobody watched.
    again();
    return signal.watch(again);
  }, [signal]);
  return signal.value;
}
