/** Ids of runs: those of the published records, and what ours have in common with them. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { counted } from "../../../helpers/counts";
import { fixture } from "../../../helpers/fixtures";

type Uid = typeof import("../../../../shared/sync-api/runs/uid");
const records = fixture<{ uid: string; startedAt: string; source: string }[]>("sync-api/published-records.json");

/** As a new process has it. */
async function instance(): Promise<Uid> {
  vi.resetModules();
  return await import("../../../../shared/sync-api/runs/uid");
}

let uid: Uid;
beforeEach(async () => {
  uid = await instance();
});
afterEach(() => vi.useRealTimers());
const clockAt = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: ms });

describe("a published record", () => {
  it("379206788450353152 tells its start to 3 milliseconds", () => {
    const [{ uid: id, startedAt }] = records as [(typeof records)[0]];
    expect(id).toBe("379206788450353152");
    expect(uid.askedAtMs(id) - Date.parse(startedAt)).toBe(3);
  });

  it.each(records)("$uid of $source tells when it was started", ({ uid: id, startedAt }) => {
    expect(id).toMatch(uid.UID);
    expect(Math.abs(uid.askedAtMs(id) - Date.parse(startedAt))).toBeLessThanOrEqual(10);
  });
});

describe("the id of a run", () => {
  it("is decimal text of 18 digits, which no number holds", () => {
    const id = uid.newUid();
    expect(id).toMatch(/^\d{18}$/);
    expect(id).toMatch(uid.UID);
    expect(BigInt(id)).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER));
  });

  it("tells the millisecond in which it was made", () => {
    const times = fc.integer({ min: Date.UTC(2023, 5), max: Date.UTC(2060, 0) });
    const property = fc.asyncProperty(times, async (ms) => {
      const { newUid, askedAtMs, UID } = await instance();
      clockAt(ms);
      const id = newUid();
      expect(askedAtMs(id)).toBe(ms);
      expect(id).toMatch(UID);
    });
    return fc.assert(property, { numRuns: counted(1_000) });
  });

  it("sorts as text by the time that it was made, until 2030 at least", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 2, maxLength: 50 });
    const property = fc.asyncProperty(gaps, async (steps) => {
      const { newUid } = await instance();
      let ms = Date.UTC(2026, 0);
      const made = steps.map((step) => {
        ms += step;
        clockAt(ms);
        return newUid();
      });
      expect([...made].sort()).toEqual(made);
      expect(new Set(made).size).toBe(made.length);
      expect(made.every((id) => id.length === 18)).toBe(true);
    });
    return fc.assert(property, { numRuns: counted(500) });
  });

  it("has 18 digits to the end of 2029", () => {
    clockAt(Date.UTC(2029, 11, 31, 23, 59));
    expect(uid.newUid()).toMatch(/^\d{18}$/);
  });

  it("grows also while the clock is set back", () => {
    clockAt(Date.UTC(2026, 11, 1));
    const before = uid.newUid();
    clockAt(Date.UTC(2026, 10, 1));
    const after = [uid.newUid(), uid.newUid()];
    expect([before, ...after].sort()).toEqual([before, ...after]);
    expect(new Set([before, ...after]).size).toBe(3);
  });

  it("is given once among 100,000", () => {
    const made = Array.from({ length: 100_000 }, () => uid.newUid());
    expect(new Set(made).size).toBe(100_000);
    expect([...made].sort()).toEqual(made);
  });

  it("is another in each of 20 processes in the same millisecond", async () => {
    clockAt(Date.UTC(2026, 11, 1));
    const made = new Set<string>();
    for (let at = 0; at < 20; at += 1) made.add((await instance()).newUid());
    expect(made.size).toBe(20);
  });
});

describe("what is taken for an id", () => {
  it.each([
    "",
    "abc",
    "1",
    "12345678901234",
    "123456789012345678901",
    "-12345678901234567",
    "1e17",
    " 379206788450353152",
  ])("is not %j", (text) => expect(text).not.toMatch(uid.UID));
});
