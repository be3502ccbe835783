/** Where a request comes from, and who is on a route's list: no address that a caller writes himself counts. */
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { admits, isAddressList, sourceAddress } from "../../../../shared/sync-api/gate/address";
import { counted } from "../../../helpers/counts";
import { failureOf } from "../../../helpers/failure";

const hops = (count: string) => vi.stubEnv("STARTFLOW_SYNC_PROXY_HOPS", count);
afterEach(() => vi.unstubAllEnvs());

describe("the address that the platform tells", () => {
  it.each(["10.0.2.14", "2001:db8::1", "::ffff:10.0.2.14"])("%s counts, whatever a header says", (address) => {
    hops("1");
    expect(sourceAddress(address, "1.2.3.4")).toBe(address);
  });

  it.each([undefined, null, "", 7, {}, "localhost", "1.2.3", "1.2.3.4:80", "01.2.3.4", ["1.2.3.4"]])(
    "is none where it says %j",
    (sourceIp) => expect(sourceAddress(sourceIp, undefined)).toBeUndefined(),
  );
});

describe("the header of proxies", () => {
  const FORGED = "8.8.8.8, 203.0.113.7, 10.1.1.1";

  it("counts for nothing where no proxies are configured", () => {
    expect(sourceAddress(undefined, FORGED)).toBeUndefined();
    hops("0");
    expect(sourceAddress(undefined, FORGED)).toBeUndefined();
  });

  it.each([
    ["1", "10.1.1.1"],
    ["2", "203.0.113.7"],
    ["3", "8.8.8.8"],
    ["4", undefined],
    ["10", undefined],
  ])("with %s proxies of one's own names %j", (count, address) => {
    hops(count);
    expect(sourceAddress(undefined, FORGED)).toBe(address);
  });

  it("never lets a caller choose: whatever he writes in front, his proxy's entry is the one", () => {
    hops("1");
    const forged = fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), fc.constantFrom(",", " ", "")), {
      maxLength: 5,
    });
    const property = fc.property(forged, fc.ipV4(), (written, peer) => {
      expect(sourceAddress(undefined, [...written, peer].join(", "))).toBe(peer);
    });
    fc.assert(property, { numRuns: counted(4_000) });
  });

  it.each(["", ",", "unknown", "10.1.1.1,", "10.1.1.1, x", "1.2.3.4:80"])(
    "that ends in no address (%j) names none",
    (header) => {
      hops("1");
      expect(sourceAddress(undefined, header)).toBeUndefined();
    },
  );

  it.each(["-1", "11", "x", "1.5", "{{env.STARTFLOW_SYNC_PROXY_HOPS}}"])(
    "with %j for the count of proxies is refused as a wrong configuration",
    async (count) => {
      hops(count);
      const failure = await failureOf((async () => sourceAddress(undefined, "1.2.3.4"))());
      expect(failure).toMatchObject({ code: "NOT_CONFIGURED" });
      expect(failure.text.en).toContain("STARTFLOW_SYNC_PROXY_HOPS");
    },
  );
});

describe("a list", () => {
  const LIST = ["203.0.113.7", "10.0.0.0/8", "2001:db8::/32", "2001:4860:4860::8888"];

  it.each([
    "203.0.113.7",
    "10.0.0.0",
    "10.255.255.255",
    "2001:db8::1",
    "2001:0db8:ffff::",
    "2001:4860:4860::8888",
    "2001:4860:4860:0:0:0:0:8888",
    "::ffff:203.0.113.7",
    "::FFFF:10.1.2.3",
    "::ffff:a01:203",
    "0:0:0:0:0:ffff:cb00:7107",
  ])("admits %s", (address) => expect(admits(LIST, address)).toBe(true));

  it.each([
    "203.0.113.8",
    "203.0.113.70",
    "1203.0.113.7",
    "11.0.0.0",
    "9.255.255.255",
    "2001:db9::1",
    "2001:4860:4860::8889",
    "::ffff:203.0.113.8",
    "::ffff:b00:1",
    "::203.0.113.7",
    "::",
    "",
    "localhost",
  ])("does not admit %s", (address) => expect(admits(LIST, address)).toBe(false));

  it("does not admit one of whom nobody says where he is", () => {
    expect(admits(LIST, undefined)).toBe(false);
    expect(admits(["0.0.0.0/0", "::/0"], undefined)).toBe(false);
  });

  it("that is empty admits nobody", () => {
    expect(admits([], "127.0.0.1")).toBe(false);
  });

  it("admits an IPv4 address by its network of any size, exactly", () => {
    const property = fc.property(
      fc.nat(2 ** 32 - 1),
      fc.nat(2 ** 32 - 1),
      fc.integer({ min: 0, max: 32 }),
      (one, other, bits) => {
        const text = (ip: number) => [24, 16, 8, 0].map((shift) => (ip >>> shift) & 255).join(".");
        const isWithin = bits === 0 || one >>> (32 - bits) === other >>> (32 - bits);
        const list = [`${text(one)}/${bits}`];
        expect(isAddressList(list)).toBe(true);
        expect(admits(list, text(other))).toBe(isWithin);
        expect(admits(list, `::ffff:${text(other)}`)).toBe(isWithin);
      },
    );
    fc.assert(property, { numRuns: counted(4_000) });
  });

  it("decides on every address that Node takes for one, without throwing", () => {
    for (const address of ["fe80::1%eth0", "::ffff:1.2.3.4%1", "1::", "::1.2.3.4", "0:0:0:0:0:0:0:0"])
      expect(admits(LIST, address)).toBe(false);
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV4Extended(), fc.ipV6()), (address) => {
        expect(typeof admits(LIST, sourceAddress(address, undefined))).toBe("boolean");
      }),
      { numRuns: counted(4_000) },
    );
  });
});

describe("a declaration", () => {
  it.each([[[]], [["10.0.0.0/8"]], [["::1", "127.0.0.1"]], [["::/0"]], [["10.0.0.0/0", "10.0.0.0/32"]]])(
    "may have the list %j",
    (list) => expect(isAddressList(list)).toBe(true),
  );

  it.each([
    "",
    "x",
    "10.0.0",
    "10.0.0.0/33",
    "::/129",
    "10.0.0.0/",
    "10.0.0.0/-1",
    "10.0.0.0/8/8",
    "10.0.0.0/x",
    "10.0.0.1-10.0.0.9",
  ])("may not have %j in its list", (entry) => expect(isAddressList(["127.0.0.1", entry])).toBe(false));
});
