/** How long a comparison takes says nothing of where a secret is wrong: measured in this process, in the full counts. */
import { describe, expect, it, vi } from "vitest";
import { checkCredentials, type Verdict } from "../../../shared/sync-api/credentials";
import { isFull } from "../../helpers/counts";
import { requestOf, VARIABLES } from "./calls";

const SAMPLES = 100_000;
/** Of so many nanoseconds of one check, what is above came from something else: a garbage collection, another process. */
const KEPT = 0.9;
const TOKEN = "7Qm2xV9cRb4TzK1pWn8yLd3sHf6gJa0e";
const wrongFirst = `#${TOKEN.slice(1)}`;
const wrongLast = `${TOKEN.slice(0, -1)}#`;

/** https://en.wikipedia.org/wiki/Welch%27s_t-test */
function welch(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [one, other].map((samples) => {
    const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
    const variance = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (samples.length - 1);
    return { mean, error: variance / samples.length };
  }) as [{ mean: number; error: number }, { mean: number; error: number }];
  return Math.abs(a.mean - b.mean) / Math.sqrt(a.error + b.error);
}

/** Interleaved, so that whatever else the machine does falls on both. */
function measured(check: (token: string) => unknown, samples: number): number {
  const times: [number[], number[]] = [[], []];
  const tokens = [wrongFirst, wrongLast];
  for (let at = 0; at < samples / 10; at += 1) check(tokens[at % 2] as string);
  for (let at = 0; at < 2 * samples; at += 1) {
    // Neither is always the first of a pair.
    const which = (at ^ (at >> 1)) & 1;
    const startedNs = process.hrtime.bigint();
    check(tokens[which] as string);
    times[which as 0 | 1].push(Number(process.hrtime.bigint() - startedNs));
  }
  const limit = [...times[0], ...times[1]].sort((a, b) => a - b)[Math.floor(2 * samples * KEPT)] as number;
  const [first, last] = times.map((list) => list.filter((ns) => ns <= limit));
  return welch(first as number[], last as number[]);
}

describe("the time of a comparison", () => {
  it.runIf(isFull)("does not tell a token wrong in its first byte from one wrong in its last", () => {
    vi.stubEnv("TEST_TOKEN", TOKEN);
    const requests = new Map([wrongFirst, wrongLast].map((token) => [token, requestOf({ headers: { token } })]));
    const check = (token: string): Verdict =>
      checkCredentials("token", VARIABLES, requests.get(token) as ReturnType<typeof requestOf>);
    expect(check(wrongFirst)).toEqual({ ok: false, kind: "tokenWrong", bad: true });
    expect(check(wrongLast)).toEqual({ ok: false, kind: "tokenWrong", bad: true });
    const t = measured(check, SAMPLES);
    vi.unstubAllEnvs();
    console.log(`Welch's t over ${SAMPLES} pairs: ${t.toFixed(2)}`);
    expect(t).toBeLessThan(4.5);
  });

  it("would be told by this measurement, where it does", () => {
    // Stops at the first byte that differs, as a loop does that nobody thought about.
    const naive = (token: string) => {
      for (let at = 0; at < TOKEN.length; at += 1) {
        if (token.charCodeAt(at) !== TOKEN.charCodeAt(at)) return false;
        for (let work = 0; work < 20; work += 1) Math.sqrt(work);
      }
      return true;
    };
    expect(measured(naive, 5_000)).toBeGreaterThan(4.5);
  });
});
