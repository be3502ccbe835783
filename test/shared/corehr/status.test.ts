/** How a process stands, in words: every code that the page lists, and one that it does not. */
import { describe, expect, it } from "vitest";
import { describedStatus } from "../../../shared/corehr/status";
import { PROCESS_STATUSES } from "../../../shared/corehr/wire";

describe("the status of a process", () => {
  it.each(Object.entries(PROCESS_STATUSES))("%s has its own word in both languages", (code, { state, zh, en }) => {
    expect(describedStatus(Number(code))).toEqual({ code: Number(code), state, text: { zh, en } });
    expect([zh, en]).toEqual([expect.stringMatching(/^\p{Script=Han}+$/u), expect.stringMatching(/^[a-z ]+$/)]);
  });

  it("is told apart from every other", () => {
    const all = Object.keys(PROCESS_STATUSES).map((code) => describedStatus(Number(code)));
    for (const told of [
      all.map(({ state }) => state),
      all.map(({ text }) => text.zh),
      all.map(({ text }) => text.en),
    ]) {
      expect(new Set(told).size).toBe(6);
    }
  });

  it.each([0, 3, 16, -1, 1.5, Number.NaN])("that the page does not list (%s) is passed on as it is", (code) => {
    const text = { zh: `状态 ${code}`, en: `status ${code}` };
    expect(describedStatus(code)).toEqual({ code, state: "other", text });
  });
});
