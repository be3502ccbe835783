/** What the result card tells of an answer: its outcome, its next step, and what the engine said of the process. */
import { describe, expect, it } from "vitest";
import type { Answer } from "../../../local/console/page/drafts";
import { engineName, targetText } from "../../../local/console/page/engines";
import { outcomeOf, processIdOf, saidOf, shownOutcome } from "../../../local/console/page/outcome";
import { TEXTS } from "../../../local/console/page/texts";

const common = { logs: [], requests: [], durationMs: 1 };
const succeeded = (result: unknown): Answer => ({ ok: true, result, ...common });
const failed = (error: Omit<NonNullable<Answer["error"]>, "message" | "code">): Answer => ({
  ok: false,
  error: { code: "ENGINE_BUSY", message: { zh: "忙", en: "busy" }, ...error },
  ...common,
});

describe("an answer", () => {
  it("is a success where the process was started", () => {
    const answer = succeeded({ outcome: "started", processId: "1", status: "in_process" });
    expect(shownOutcome(answer)).toMatchObject({ outcome: "started", tone: "good", next: "startedNext" });
    expect(saidOf(answer)).toEqual({ status: "in_process" });
    expect(processIdOf(answer)).toBe("1");
  });

  it.each(["started", "duplicate"])("is no success where a process that was %s failed by itself", (outcome) => {
    const problem = { code: "k_ec_000001", message: "division by zero" };
    const answer = succeeded({ outcome, processId: "1", status: "failed", problem });
    expect(shownOutcome(answer)).toMatchObject({ outcome, tone: "bad", sign: "!", next: "problemNext" });
    expect(saidOf(answer)).toEqual({ status: "failed", problem: "k_ec_000001 division by zero" });
  });

  it("names a problem by its status where the engine says nothing of it", () => {
    const answer = succeeded({ outcome: "started", status: "failed", problem: { code: "", message: "" } });
    expect(saidOf(answer).problem).toBe("failed");
  });

  it("tells how the process stands now, in words", () => {
    const text = { zh: "审批中", en: "running" };
    const answer = succeeded({ outcome: "started", processId: "1", process: { code: 1, state: "running", text } });
    expect(saidOf(answer)).toEqual({ process: text });
  });

  it("of a method that starts nothing says nothing of a process, whatever its members are called", () => {
    const answer = succeeded({ status: "ok", problem: { code: "1" }, process: { text: { zh: "x", en: "x" } } });
    expect(outcomeOf(answer)).toBe("returned");
    expect(saidOf(answer)).toEqual({});
    expect(shownOutcome(answer).tone).toBe("good");
  });

  it("asks to wait, and for no correction, where the failure says when to come again", () => {
    expect(shownOutcome(failed({ outcome: "rejected", retryAfterMs: 9_000 })).next).toBe("rejectedWaitNext");
    expect(shownOutcome(failed({ outcome: "rejected" })).next).toBe("rejectedNext");
    expect(shownOutcome(failed({ outcome: "unknown", retryAfterMs: 9_000 })).next).toBe("unknownNext");
  });
});

describe("engines and targets", () => {
  const t = (key: keyof typeof TEXTS) => TEXTS[key].zh;

  it("go by the names that people know, and by their own where there is none", () => {
    expect(["weda", "apaas", "corehr", "other"].map((engine) => engineName(engine, t))).toEqual([
      "微搭",
      "飞书低代码平台",
      "飞书人事",
      "other",
    ]);
  });

  it.each([
    [{ kind: "weda-process", processKey: "flow_012" }, "微搭 · weda-process → flow_012"],
    [{ kind: "corehr-process" }, "飞书人事 · corehr-process"],
    [{ kind: "other", processKey: "x" }, "other → x"],
    [null, null],
  ])("%j is shown as %s", (target, text) => {
    expect(targetText({ target }, t)).toBe(text);
  });
});
