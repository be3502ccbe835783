import { describe, expect, it } from "vitest";
import { describeError, mask, maskText, outline } from "../../../shared/base/log";

describe("masking", () => {
  it("hides members whose name says that they are secret, at any depth", () => {
    const secret = "canary-7f3a";
    const value = {
      app_secret: secret,
      list: [{ Authorization: secret, tenant_access_token: secret }],
      password: secret,
      Cookie: secret,
    };
    expect(JSON.stringify(mask(value))).not.toContain(secret);
  });

  it.each([
    ["Authorization: Bearer abc.def-123", "abc.def-123"],
    ["Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"],
    ["https://x/y?access_token=canary7f3a&z=1", "canary7f3a"],
    ['{"password":"canary7f3a"}', "canary7f3a"],
    ["AKIDcanary7f3a0123456789", "AKIDcanary7f3a"],
    ["call 13812345678 now", "13812345678"],
    ["id 110101199003071234", "110101199003071234"],
  ])("hides what is secret inside the text %j", (text, secret) => expect(maskText(text)).not.toContain(secret));

  it("leaves process ids readable: they are what an operator looks for", () => {
    expect(maskText("1542109022301507586")).toBe("1542109022301507586");
  });
});

it("an outline tells the shape of what was typed, and none of it", () => {
  expect(outline({ a: "abc", b: 1, c: [{ d: "x" }, 2], e: null, f: true })).toEqual({
    a: "string(3)",
    b: "number",
    c: ["list(2)", { d: "string(1)" }],
    e: "null",
    f: "boolean",
  });
});

it("an error is described with its code and its causes, and without a stack", () => {
  const cause = Object.assign(new Error("token=canary7f3a"), { code: "ECONNRESET" });
  const described = JSON.stringify(describeError(new Error("failed", { cause })));
  expect(described).toContain("ECONNRESET");
  expect(described).not.toContain("canary7f3a");
  expect(described).not.toContain("at ");
});
