/** Where a call may go: every notation of a private address, names that resolve to one, and addresses that climb out. */
import type { LookupAddress } from "node:dns";
import { Agent } from "node:http";
import { hostname } from "node:os";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { exchange } from "../../../../shared/proxy/send/exchange";
import {
  ADDRESS_BLOCKED,
  finalUrl,
  guardedLookup,
  isPublicAddress,
  type Resolve,
} from "../../../../shared/proxy/send/guard";
import { send } from "../../../../shared/proxy/send/send";
import { openScriptedServer, type ScriptedServer } from "../../../helpers/scripted-server";
import { failureOf, prepared } from "../prepared";

let server: ScriptedServer;
beforeAll(async () => {
  server = await openScriptedServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.received = [];
  vi.spyOn(console, "log").mockImplementation(() => {});
});

const PRIVATE_HOSTS = [
  "127.0.0.1",
  "0x7f.1",
  "2130706433",
  "127.1",
  "0177.0.0.1",
  "[::1]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[::127.0.0.1]",
  "[64:ff9b::7f00:1]",
  "[2002:7f00:1::]",
  "localhost",
  "localhost.",
  "LOCALHOST",
  "api.localhost",
  "0.0.0.0",
  "10.1.2.3",
  "172.31.255.255",
  "192.168.1.1",
  "100.64.0.1",
  "100.100.100.200",
  "169.254.169.254",
  "169.254.0.23",
  "[fe80::1]",
  "[fd00:ec2::254]",
  "[ff02::1]",
  "224.0.0.1",
  "255.255.255.255",
  "168.63.129.16",
];

describe("an address", () => {
  it.each(PRIVATE_HOSTS)("%s is refused, and nothing is sent there", async (host) => {
    const port = new URL(server.url).port;
    const call = prepared({ baseUrl: `https://${host}:${port}/api`, allowPrivate: false });
    expect(await failureOf(send(call))).toMatchObject({ kind: "blocked", retryable: false, code: ADDRESS_BLOCKED });
    expect(server.received).toEqual([]);
  });

  it("is refused without HTTPS, unless the instance may be in a private network", async () => {
    const call = prepared({ baseUrl: "http://api.example.com", allowPrivate: false });
    const failure = await failureOf(send(call));
    expect(failure).toMatchObject({ kind: "blocked", attempts: 1 });
    expect(failure.message).toContain("https");
    await send(prepared({ baseUrl: server.url }));
    expect(server.received).toHaveLength(1);
  });

  it.each(["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2400:3200::1", "2606:4700:4700::1111"])(
    "%s is public",
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each(["", "example.com", "fe80::1%eth0", "::ffff:8.8.8.8"])("%s is not", (address) =>
    expect(isPublicAddress(address)).toBe(false),
  );
});

/** A name service that a test holds in its hand. */
function answering(...addresses: LookupAddress[]): Resolve {
  return (_host, _options, done) => done(null, addresses);
}

async function reached(resolve: Resolve): Promise<unknown> {
  const agent = new Agent({ lookup: guardedLookup(resolve) });
  const url = new URL(`http://erp.example.com:${new URL(server.url).port}/`);
  const common = { method: "GET", headers: {}, body: undefined, timeoutMs: 2_000, maxBytes: 1_000 };
  return exchange({ ...common, url, agent }).catch((error: unknown) => error);
}

describe("a name", () => {
  it.each([
    [[{ address: "127.0.0.1", family: 4 }]],
    [[{ address: "::1", family: 6 }]],
    [[{ address: "169.254.169.254", family: 4 }]],
    [
      [
        { address: "8.8.8.8", family: 4 },
        { address: "127.0.0.1", family: 4 },
      ],
    ],
    [[]],
  ])("that resolves to %j is refused when the connection is made", async (addresses) => {
    expect(await reached(answering(...addresses))).toMatchObject({ code: ADDRESS_BLOCKED });
    expect(server.received).toEqual([]);
  });

  it("is asked for once a connection, so that a second answer cannot lead elsewhere", async () => {
    const answers = ["192.0.2.1", "127.0.0.1"];
    let asked = 0;
    const resolve: Resolve = (_host, _options, done) => {
      done(null, [{ address: answers[asked] as string, family: 4 }]);
      asked += 1;
    };
    expect(await reached(resolve)).toMatchObject({ code: ADDRESS_BLOCKED });
    expect(asked).toBe(1);
  });

  it("that is not known is a failure of the network, not a refusal", async () => {
    const unknown: Resolve = (_host, _options, done) => done(Object.assign(new Error("x"), { code: "ENOTFOUND" }), []);
    expect(await reached(unknown)).toMatchObject({ code: "ENOTFOUND" });
  });

  it("gives its addresses in the form that the connection asks for", () => {
    const lookup = guardedLookup(answering({ address: "8.8.8.8", family: 4 }, { address: "2400:3200::1", family: 6 }));
    const [all, one] = [vi.fn(), vi.fn()];
    lookup("x", { all: true }, all);
    lookup("x", {}, one);
    expect(all).toHaveBeenCalledWith(null, [
      { address: "8.8.8.8", family: 4 },
      { address: "2400:3200::1", family: 6 },
    ]);
    expect(one).toHaveBeenCalledWith(null, "8.8.8.8", 4);
  });

  it("of this very machine is no way around it", async () => {
    const call = prepared({ baseUrl: `https://${hostname()}:${new URL(server.url).port}`, allowPrivate: false });
    // A machine that does not know its own name fails to reach it: either way nothing arrives.
    expect(["blocked", "network"]).toContain((await failureOf(send(call))).kind);
    expect(server.received).toEqual([]);
  });
});

describe("the final address", () => {
  const base = "https://api.example.com/v1";

  it.each([
    ["/a/b?x=1", "https://api.example.com/v1/a/b?x=1"],
    ["/..%2Fadmin", "https://api.example.com/v1/..%2Fadmin"],
    ["/a?next=/../b", "https://api.example.com/v1/a?next=/../b"],
    ["/a@evil.com", "https://api.example.com/v1/a@evil.com"],
  ])("with %s is %s", (target, expected) => expect(finalUrl(base, target)?.href).toBe(expected));

  it.each([
    "",
    "a",
    "@evil.com/",
    ".evil.com/",
    ":8080/",
    "/..",
    "/../admin",
    "/a/../../b",
    "/%2e%2e/b",
    "/.%2E/b",
    "/./a",
    "/a/.",
    "/a\\b",
    "/a\t/../b",
    "/a\nb",
    "/a b",
    "/a#b",
    "\\\\evil.com",
  ])("with %j is refused", (target) => expect(finalUrl(base, target)).toBeUndefined());

  it("that leads out of the prefix is never sent", async () => {
    const call = prepared({ baseUrl: `${server.url}/v1`, call: { target: "/../admin" } });
    expect(await failureOf(send(call))).toMatchObject({ kind: "blocked" });
    expect(server.received).toEqual([]);
  });
});
