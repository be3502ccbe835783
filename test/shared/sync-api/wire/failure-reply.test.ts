/** Failures of which it is known that nothing was run: every code of the product has its answer. */
import { describe, expect, it } from "vitest";
import { ERRORS, type ErrorCode, StartflowError } from "../../../../shared/base/errors";
import { REFUSALS } from "../../../../shared/sync-api/wire/codes";
import { failureReply } from "../../../../shared/sync-api/wire/failure-reply";

const codes = Object.keys(ERRORS) as ErrorCode[];
const errorOf = (failure: StartflowError) =>
  (failureReply(failure).body as { response: { error: { code: string; message: string; fields?: unknown[] } } })
    .response.error;
const rows = Object.values(REFUSALS).map(({ code, status }) => `${status} ${code}`);

describe("every code", () => {
  it.each(codes)("%s is answered by a row of the table", (code) => {
    const { status } = failureReply(new StartflowError(code));
    expect(rows).toContain(`${status} ${errorOf(new StartflowError(code)).code}`);
  });

  it.each(codes.filter((code) => ERRORS[code].retryable))("%s, which may be sent again, says when", (code) => {
    expect(failureReply(new StartflowError(code)).headers["retry-after"]).toBe("1");
  });

  it.each(codes.filter((code) => !ERRORS[code].retryable))("%s, which may not, does not", (code) => {
    expect(failureReply(new StartflowError(code, { retryAfterMs: 5_000 })).headers).not.toHaveProperty("retry-after");
  });

  it.each([
    ["INVALID_PARAMS", 400],
    ["PARAMS_NOT_OBJECT", 400],
    ["PARAMS_TOO_LARGE", 413],
    ["IDENTITY_IN_FORM", 400],
    ["SUBMISSION_REUSED", 422],
    ["SUBMISSION_IN_PROGRESS", 409],
    ["NOT_CONFIGURED", 500],
    ["STORE_UNREACHABLE", 503],
    ["TOO_LATE", 503],
    ["ENGINE_REFUSED", 502],
    ["ENGINE_BUSY", 503],
    ["ENGINE_UNREACHABLE", 503],
    ["INTERNAL", 500],
  ] as [ErrorCode, number][])("%s is %i", (code, status) =>
    expect(failureReply(new StartflowError(code)).status).toBe(status),
  );
});

describe("the wait before a retry", () => {
  it.each([
    [0, "1"],
    [1, "1"],
    [999, "1"],
    [1_001, "2"],
    [59_001, "60"],
    [3_600_000, "60"],
  ])("of %i milliseconds is %s seconds", (retryAfterMs, seconds) => {
    expect(failureReply(new StartflowError("ENGINE_BUSY", { retryAfterMs })).headers["retry-after"]).toBe(seconds);
  });
});

describe("what is said", () => {
  it.each(["INVALID_PARAMS", "IDENTITY_IN_FORM", "ENGINE_REFUSED"] as const)(
    "of %s are its own words, each language with one full stop",
    (code) => {
      const message = { zh: "「天数」太大。", en: '"Days" is too large.' };
      expect(errorOf(new StartflowError(code, { message })).message).toBe('"Days" is too large. 「天数」太大。');
      expect(errorOf(new StartflowError(code)).message).not.toMatch(/\.\.|。。/);
    },
  );

  it("of what only an administrator can put right is no name of a variable", () => {
    const message = { zh: "环境变量 STARTFLOW_FEISHU_APP_SECRET", en: "STARTFLOW_FEISHU_APP_SECRET is not set" };
    const { message: said } = errorOf(new StartflowError("NOT_CONFIGURED", { message }));
    expect(said).not.toContain("STARTFLOW");
    expect(said).toContain("管理员");
  });

  it("of a bug is nothing of its cause", () => {
    const cause = new Error("canary-secret");
    expect(JSON.stringify(failureReply(new StartflowError("INTERNAL", { cause })))).not.toContain("canary");
  });

  it("of fields is which, and what is wrong with each", () => {
    const label = { zh: "天数", en: "Days" };
    const issue = { path: "days", label, code: "too_big" as const, message: { zh: "太大。", en: "Too large." } };
    const failure = StartflowError.invalid([issue]);
    expect(errorOf(failure).fields).toEqual([{ path: "days", code: "too_big", message: "Too large. 太大。" }]);
  });

  it("has the id of its run where it has one", () => {
    const failure = new StartflowError("ENGINE_BUSY");
    expect(failureReply(failure, "379206788450353152").headers["x-run-uid"]).toBe("379206788450353152");
    expect(failureReply(failure).headers).not.toHaveProperty("x-run-uid");
  });
});
