/** How long a comparison takes says nothing of where a secret is wrong: measured in this process, in the full counts. */
import { randomBytes } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { checkCredentials } from "../../../../shared/sync-api/gate/credentials";
import type { ApiRequest } from "../../../../shared/sync-api/wire/request";
import { isFull } from "../../../helpers/counts";
import { requestOf, VARIABLES } from "../calls";

const SAMPLES = 100_000;
/** Of so many nanoseconds of one check, what is above came from something else: a garbage collection, another process. */
const KEPT = 0.9;
const TOKEN = "7Qm2xV9cRb4TzK1pWn8yLd3sHf6gJa0e";
const wrongFirst = `#${TOKEN.slice(1)}`;
const wrongLast = `${TOKEN.slice(0, -1)}#`;

/** Above it, the two are told apart. */
const TOLD = 4.5;
/** So many rounds of five decide: whatever befalls the machine in one of them is no verdict. */
const MAJORITY = 3;

/** https://en.wikipedia.org/wiki/Welch%27s_t-test ; above 0 where the first one takes longer. */
function welch(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [one, other].map((samples) => {
    const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
    const variance = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (samples.length - 1);
    return { mean, error: variance / samples.length };
  }) as [{ mean: number; error: number }, { mean: number; error: number }];
  return (a.mean - b.mean) / Math.sqrt(a.error + b.error);
}

/**
 * Interleaved at random, so that whatever else the machine does falls on both. As in a request, each text is one of its own,
 * made of bytes: where one text lies in memory says nothing of its letters.
 */
function measured(check: (request: ApiRequest) => unknown, tokens: readonly [string, string], samples: number): number {
  const order = [...randomBytes(2 * samples)].map((byte) => (byte & 1) as 0 | 1);
  const requests = order.map((which) => {
    return requestOf({ headers: { token: Buffer.from(tokens[which]).toString("latin1") } });
  });
  for (const request of requests.slice(0, samples / 5)) check(request);
  const times: [number[], number[]] = [[], []];
  for (let at = 0; at < requests.length; at += 1) {
    const request = requests[at] as ApiRequest;
    const startedNs = process.hrtime.bigint();
    check(request);
    const ns = Number(process.hrtime.bigint() - startedNs);
    times[order[at] as 0 | 1].push(ns);
  }
  const limit = [...times[0], ...times[1]].sort((a, b) => a - b)[Math.floor(2 * samples * KEPT)] as number;
  const [first, last] = times.map((list) => list.filter((ns) => ns <= limit));
  return welch(first as number[], last as number[]);
}

/** Told, if most rounds say that the same one of the two takes longer. */
function isTold(check: (request: ApiRequest) => unknown, samples: number): boolean {
  const votes = { first: 0, last: 0, neither: 0 };
  for (;;) {
    const t = measured(check, [wrongFirst, wrongLast], samples);
    console.log(`Welch's t over ${samples} pairs: ${t.toFixed(2)}`);
    votes[t > TOLD ? "first" : t < -TOLD ? "last" : "neither"] += 1;
    if (votes.first === MAJORITY || votes.last === MAJORITY) return true;
    // Of the rounds that are left, there are too few.
    if (votes.neither === MAJORITY || votes.first + votes.last + votes.neither === 2 * MAJORITY - 1) return false;
  }
}

describe("the time of a comparison", () => {
  it.runIf(isFull)("does not tell a token wrong in its first byte from one wrong in its last", () => {
    vi.stubEnv("TEST_TOKEN", TOKEN);
    const check = (request: ApiRequest) => checkCredentials("token", VARIABLES, request);
    for (const token of [wrongFirst, wrongLast])
      expect(check(requestOf({ headers: { token } }))).toEqual({ ok: false, kind: "tokenWrong", bad: true });
    const told = isTold(check, SAMPLES);
    vi.unstubAllEnvs();
    expect(told).toBe(false);
  });

  it("would be told by this measurement, where it does", () => {
    // Stops at the first byte that differs, as a loop does that nobody thought about.
    const naive = ({ headers: { token = "" } }: ApiRequest) => {
      for (let at = 0; at < TOKEN.length; at += 1) {
        if (token.charCodeAt(at) !== TOKEN.charCodeAt(at)) return false;
        for (let work = 0; work < 20; work += 1) Math.sqrt(work);
      }
      return true;
    };
    expect(isTold(naive, 1_000)).toBe(true);
  });
});
