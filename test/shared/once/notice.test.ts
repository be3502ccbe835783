/** What an operator is told, and where to: nothing secret, and nothing to an address that anybody could read on the way. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { SETTING_NAMES } from "../../../shared/base/environment";
import { StartflowError } from "../../../shared/base/errors";
import { recordId } from "../../../shared/engines/submission";
import { noticeOf, noticeUrl, notify } from "../../../shared/once/notice";
import type { SubmissionRecord } from "../../../shared/once/record";
import { openWebhook } from "../../helpers/notices";

afterEach(() => vi.unstubAllEnvs());

const record: SubmissionRecord = {
  _id: recordId("preview", "s-12345678"),
  submissionId: "s-12345678",
  environment: "preview",
  target: "weda-process",
  processKey: "flow_012",
  userId: "13812345678",
  contentHash: "hash-1",
  state: "unknown",
  token: "the-owner-token",
  generation: 1,
  claimedAt: new Date("2026-12-01T00:00:00Z"),
  leaseMs: 20_000,
  changedAt: new Date("2026-12-01T00:00:09Z"),
  processId: null,
  output: null,
  reason: "OUTCOME_UNKNOWN",
};

describe("a notice", () => {
  it("says whose submission it is, of what, since when, and what to do", () => {
    expect(noticeOf(record)).toEqual({
      event: "submission_unknown",
      submissionId: "s-12345678",
      environment: "preview",
      target: "weda-process",
      processKey: "flow_012",
      userId: "13812345678",
      since: "2026-12-01T00:00:00.000Z",
      reason: "OUTCOME_UNKNOWN",
      next: { zh: expect.stringContaining("核对"), en: expect.stringContaining("process list") },
    });
  });

  it("goes out as JSON, with what must not be read masked", async () => {
    const webhook = await openWebhook();
    expect(await notify(noticeOf(record), webhook.url, 5_000)).toBe(true);
    await webhook.close();
    expect(webhook.received).toMatchObject([{ submissionId: "s-12345678", userId: "138****5678" }]);
  });

  it("to a webhook that is not there is not told", async () => {
    const webhook = await openWebhook();
    await webhook.close();
    expect(await notify(noticeOf(record), webhook.url, 5_000)).toBe(false);
  });
});

describe("the webhook's address", () => {
  it.each([
    "https://hooks.example.com/cgi-bin/send?key=0f9c",
    "https://hooks.example.com:8443",
    "http://127.0.0.1:4000/hook",
    "http://localhost/hook",
    "http://[::1]:4000",
  ])("may be %s", (url) => {
    vi.stubEnv("STARTFLOW_NOTICE_URL", url);
    expect(noticeUrl()).toBe(url);
    expect(new URL(url).username).toBe("");
  });

  it.each([
    "http://hooks.example.com/?key=0f9c",
    "http://127.0.0.1.example.com/?key=0f9c",
    "http://localhost:80@example.com/?key=0f9c",
    "https://user:0f9c@example.com/",
    "https://exa mple.com/?key=0f9c",
    "ftp://example.com/?key=0f9c",
    "{{env.STARTFLOW_NOTICE_URL}}?key=0f9c",
  ])("is refused, and not shown, where it is %s", (url) => {
    vi.stubEnv("STARTFLOW_NOTICE_URL", url);
    let refusal: unknown;
    try {
      noticeUrl();
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(StartflowError);
    expect(refusal).toMatchObject({ code: "NOT_CONFIGURED", message: expect.stringContaining("STARTFLOW_NOTICE_URL") });
    expect(String(refusal)).not.toContain("0f9c");
  });

  it("is none where it is not set, and is never built into a paste file", () => {
    expect(noticeUrl()).toBeUndefined();
    expect(SETTING_NAMES).not.toContain("STARTFLOW_NOTICE_URL");
  });
});
