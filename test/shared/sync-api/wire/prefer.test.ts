/** What a caller asks for beside his input: how long to wait, and where the end is to be told. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isCallbackOrigin, readCallback, readPreference } from "../../../../shared/sync-api/wire/prefer";
import { counted } from "../../../helpers/counts";
import { failureOf } from "../../../helpers/failure";

afterEach(() => vi.unstubAllEnvs());

describe("Prefer", () => {
  it.each([
    [undefined, { respondAsync: false }],
    ["", { respondAsync: false }],
    ["wait=10", { waitMs: 10_000, respondAsync: false }],
    ["Wait = 10", { waitMs: 10_000, respondAsync: false }],
    ['wait="10"', { waitMs: 10_000, respondAsync: false }],
    ["respond-async", { respondAsync: true }],
    ["Respond-Async, wait=10", { waitMs: 10_000, respondAsync: true }],
    ["wait=10; respond-async", { waitMs: 10_000, respondAsync: true }],
    ["handling=lenient, wait=5, wait=7", { waitMs: 5_000, respondAsync: false }],
    ["return=minimal", { respondAsync: false }],
  ])("%j asks for %j", (header, preference) => expect(readPreference(header)).toEqual(preference));

  it("of no wait at all is one for an answer at once", () => {
    expect(readPreference("wait=0")).toEqual({ waitMs: 0, respondAsync: true });
  });

  it.each(["wait=-1", "wait=1.5", "wait=x", "wait", "wait=", "wait=1000000", "await=3", "wait=10s"])(
    "%j asks for nothing that is known",
    (header) => expect(readPreference(header)).toEqual({ respondAsync: false }),
  );

  it("is read whatever it says", () => {
    const property = fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `wait=${text}`),
      ),
      (header) => {
        const { waitMs = 0, respondAsync } = readPreference(header);
        expect(Number.isSafeInteger(waitMs) && waitMs >= 0).toBe(true);
        expect(typeof respondAsync).toBe("boolean");
      },
    );
    fc.assert(property, { numRuns: counted(4_000) });
  });
});

describe("X-Callback-Url", () => {
  beforeEach(() => {
    vi.stubEnv("STARTFLOW_SYNC_CALLBACK_ORIGINS", "https://erp.example.com, http://127.0.0.1:4001");
    vi.stubEnv("STARTFLOW_SYNC_CALLBACK_KEY", "canary-callback-key");
  });
  const REFUSED = {
    refused: { status: 400, body: { response: { error: { code: "requestError.invalidParams" } } } },
  };

  it.each([undefined, ""])("that is %j asks for none", (header) => expect(readCallback(header)).toEqual({}));

  it.each([
    "https://erp.example.com/hooks/startflow?id=1",
    "https://erp.example.com",
    "HTTPS://ERP.example.com:443/a",
    "http://127.0.0.1:4001/done",
  ])("%s is of an origin that is configured", (url) => {
    expect(readCallback(url)).toEqual({ callbackUrl: new URL(url).href });
  });

  it.each([
    "https://evil.example.com/",
    "http://erp.example.com/",
    "https://erp.example.com:8443/",
    "https://erp.example.com.evil.com/",
    "https://erp.example.com@evil.com/",
    "https://user:password@erp.example.com/",
    "https://user@erp.example.com/",
    "http://127.0.0.1:4002/",
    "http://127.0.0.1/",
    "http://169.254.169.254/latest/meta-data",
    "//erp.example.com/",
    "/hook",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/plain,x",
    "null",
    "x",
    `https://erp.example.com/${"x".repeat(2_000)}`,
  ])("%s is refused, and the variable named", (url) => {
    const read = readCallback(url);
    expect(read).toMatchObject(REFUSED);
    expect(JSON.stringify(read)).toContain("STARTFLOW_SYNC_CALLBACK_ORIGINS");
  });

  it.each(["STARTFLOW_SYNC_CALLBACK_ORIGINS", "STARTFLOW_SYNC_CALLBACK_KEY"])(
    "is refused where %s is not set",
    (name) => {
      vi.stubEnv(name, "");
      expect(readCallback("https://erp.example.com/")).toMatchObject(REFUSED);
    },
  );

  it.each([
    ["STARTFLOW_SYNC_CALLBACK_ORIGINS", "erp.example.com"],
    ["STARTFLOW_SYNC_CALLBACK_ORIGINS", "https://erp.example.com/"],
    ["STARTFLOW_SYNC_CALLBACK_ORIGINS", "*"],
    ["STARTFLOW_SYNC_CALLBACK_ORIGINS", "{{env.STARTFLOW_SYNC_CALLBACK_ORIGINS}}"],
    ["STARTFLOW_SYNC_CALLBACK_KEY", "short"],
    ["STARTFLOW_SYNC_CALLBACK_KEY", "{{env.STARTFLOW_SYNC_CALLBACK_KEY}}"],
    ["STARTFLOW_SYNC_CALLBACK_KEY", "has spaces in it, and a comma"],
  ])("is a wrong configuration where %s is %j, which is told without its value", async (name, value) => {
    vi.stubEnv(name, value);
    const failure = await failureOf((async () => readCallback("https://erp.example.com/"))());
    expect(failure).toMatchObject({ code: "NOT_CONFIGURED" });
    expect(failure.text.en).toContain(name);
    if (value.length > 1) expect(failure.message).not.toContain(value);
  });

  it("is of no origin where nothing can be parsed", () => {
    const property = fc.property(fc.oneof(fc.string(), fc.webUrl()), (text) => {
      expect(isCallbackOrigin(text)).toBe(false);
    });
    fc.assert(property, { numRuns: counted(2_000) });
  });
});
