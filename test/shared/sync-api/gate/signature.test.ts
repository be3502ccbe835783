/** The signature of a request: what it is made of, and that nothing of it can be changed. */
import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSignature, type SignedParts, signatureOf, signedQuery } from "../../../../shared/sync-api/gate/signature";
import { counted } from "../../../helpers/counts";

const parts: SignedParts = {
  at: "1764547200",
  method: "POST",
  path: "/v1/api/demo/staff/transfer",
  query: "",
  key: "order-1",
  body: '{"reason":"部门调动"}',
};

describe("a signature", () => {
  it("is HMAC-SHA256 over six lines, the last of which is the body's SHA-256", () => {
    const bodyHash = createHash("sha256").update('{"reason":"部门调动"}', "utf8").digest("hex");
    const text = `1764547200\nPOST\n/v1/api/demo/staff/transfer\n\norder-1\n${bodyHash}`;
    expect(signatureOf("secret", parts)).toBe(createHmac("sha256", "secret").update(text).digest("hex"));
  });

  it("is the one that openssl makes", () => {
    // printf '1764547200\nGET\n/v1/runs/379206788450353152\n\n\n%s' "$(printf '' | sha256sum | cut -d' ' -f1)" | openssl dgst -sha256 -hmac secret
    const get = { at: "1764547200", method: "GET", path: "/v1/runs/379206788450353152", query: "", key: "", body: "" };
    expect(signatureOf("secret", get)).toBe("ee3138312c6e1928ddde38fd3bcd8fb8acf6a763794d3734859234f3ac9a5bb9");
  });

  it("is the same over text and over its bytes", () => {
    expect(signatureOf("secret", { ...parts, body: Buffer.from(parts.body as string) })).toBe(
      signatureOf("secret", parts),
    );
  });

  it("is another one wherever one part is, and for another secret", () => {
    const change = fc.record({
      at: fc.integer({ min: 1_000_000_000, max: 9_999_999_999 }).map(String),
      method: fc.constantFrom("GET", "POST", "PUT"),
      path: fc.webPath(),
      query: fc.webQueryParameters(),
      key: fc.base64String(),
      body: fc.string(),
    });
    const property = fc.property(change, change, fc.string(), fc.string(), (one, other, secret, another) => {
      const isSame = JSON.stringify(one) === JSON.stringify(other) && secret === another;
      expect(signatureOf(secret, one) === signatureOf(another, other)).toBe(isSame);
      for (const name of Object.keys(one) as (keyof SignedParts)[]) {
        if (one[name] === other[name]) continue;
        expect(signatureOf(secret, { ...one, [name]: other[name] })).not.toBe(signatureOf(secret, one));
      }
    });
    fc.assert(property, { numRuns: counted(4_000) });
  });
});

describe("the signed query", () => {
  it("is sorted by name, with every value of a name in its order, encoded", () => {
    expect(signedQuery({ b: "2", a: ["y", "x"], 编号: "1 &=" })).toBe("a=y&a=x&b=2&%E7%BC%96%E5%8F%B7=1%20%26%3D");
    expect(signedQuery({})).toBe("");
    expect(signedQuery({ a: "" })).toBe("a=");
  });

  it("tells two queries apart, whatever stands in them, and not their order", () => {
    const text = fc.oneof(fc.string(), fc.constantFrom("a", "a=b", "a&b", "%61", "=", "&"));
    const pairs = fc.uniqueArray(fc.tuple(text, text), { selector: ([name]) => name, maxLength: 4 });
    const property = fc.property(pairs, pairs, (one, other) => {
      const sorted = (list: [string, string][]) => JSON.stringify([...list].sort(([a], [b]) => (a < b ? -1 : 1)));
      const isSame = sorted(one) === sorted(other);
      const [first, second] = [one, other].map((list) => signedQuery(Object.fromEntries(list)));
      expect(first === second).toBe(isSame);
      expect(signedQuery(Object.fromEntries([...one].reverse()))).toBe(first);
    });
    fc.assert(property, { numRuns: counted(4_000) });
  });
});

describe("the header", () => {
  const v1 = "0123456789abcdef".repeat(4);

  it("is a time and a signature, with or without a space between", () => {
    for (const header of [`t=1764547200,v1=${v1}`, ` t=1764547200, v1=${v1} `])
      expect(readSignature(header)).toEqual({ at: "1764547200", v1 });
  });

  it.each([
    "",
    v1,
    `v1=${v1}`,
    "t=1764547200",
    `v1=${v1},t=1764547200`,
    `t=1764547200000,v1=${v1}`,
    `t=,v1=${v1}`,
    `t=1764547200,v1=${v1.toUpperCase()}`,
    `t=1764547200,v1=${v1}0`,
    `t=1764547200,v1=${v1.slice(1)}`,
    `t=1764547200,v1=${v1},v1=${v1}`,
    `t=1764547200,v0=${v1}`,
  ])("is not %j", (header) => expect(readSignature(header)).toBeUndefined());
});
