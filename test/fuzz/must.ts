/** A check for what runs thousands of times: vitest's `expect` takes longer than most of what it would look at here. */
import { inspect, isDeepStrictEqual } from "node:util";

/** @throws Error that shows `seen`, where it does not hold */
export function must(holds: boolean, what: string, ...seen: unknown[]): asserts holds {
  if (!holds) throw new Error([what, ...seen.map((one) => inspect(one, { depth: 6 }))].join(": "));
}

/** @throws Error that shows both, where one differs */
export function mustEqual(found: unknown, expected: unknown): void {
  must(isDeepStrictEqual(found, expected), "equal", found, expected);
}
