/** Hostile bytes to the sync API over real sockets: documented answers, or a refusal of the HTTP server; nothing runs, nothing hangs. */
import { METHODS } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LOCAL_SYNC } from "../../local/functions/environment";
import { REFUSALS } from "../../shared/sync-api/codes";
import { LIMITS } from "../../shared/sync-api/route";
import { counted } from "../helpers/counts";
import {
  expectNothingInside,
  expectOwnHeaders,
  type RawAnswer,
  type ReadAnswer,
  readDocumented,
} from "./sync-api-answers";
import { type HostileRequest, hostile, NASTY, recipes, text } from "./sync-api-hostile";
import { createSamples, residentMb } from "./sync-api-memory";
import { type WatchedPlatform, watchedPlatform } from "./sync-api-platform";
import { type Exchange, exchange, type Sending, wireOf } from "./sync-api-wire";

/** The token is the password, too: short, as the published examples have it. */
const SECRETS = [LOCAL_SYNC.token, LOCAL_SYNC.hmacKey, LOCAL_SYNC.callbackKey];

let platform: WatchedPlatform;
let host: string;
beforeAll(async () => {
  platform = await watchedPlatform();
  host = new URL(platform.url).host;
});
afterAll(() => platform.kill());
/** Runs, and who is locked out. */
const forgetAll = () => platform.send("POST", "/_local/reset", {});

/** Nothing broke: no stack, no rejection that nobody handled, no process that ended. */
function expectQuiet(): void {
  expect(platform.log()).toBe("");
}

/** Of Node's HTTP server for what is no HTTP; 408 takes minutes. */
const BY_HTTP = new Set([400, 408, 413, 417, 431]);

/** The HTTP server's own, the platform's for what is not below `/v1`, or the API's. */
function expectAny(answer: RawAnswer, method: string): Partial<ReadAnswer> {
  expectNothingInside(`${JSON.stringify(answer.headers)}${answer.body}`, SECRETS);
  if (BY_HTTP.has(answer.status) && answer.body === "") {
    expectOwnHeaders(answer.headers);
    return {};
  }
  const { error } = (method === "HEAD" || answer.body === "" ? {} : JSON.parse(answer.body)) as { error?: object };
  if (error === undefined) return readDocumented(answer, method === "HEAD");
  expectOwnHeaders(answer.headers);
  expect([403, 404, 415]).toContain(answer.status);
  expect(error).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/), message: { en: expect.any(String) } });
  return {};
}

const INNER = "POST /v1/api/botman/test/sync HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}";

/** A request of which lines are given as they are; `POST` to a route that asks for nothing, where nothing else is said. */
function raw(lines: string[], body = "", first = "POST /v1/api/botman/test/sync HTTP/1.1"): string {
  const isHost = lines.some((line) => /^\s*host/i.test(line));
  return `${[first, ...(isHost ? [] : [`Host: ${host}`]), ...lines].join("\r\n")}\r\n\r\n${body}`;
}
const get = (target: string, lines: string[] = []) => raw(lines, "", `GET ${target} HTTP/1.1`);

/** What the HTTP server refuses, or closes. */
const BROKEN: Record<string, () => string> = {
  "length and chunked": () => raw(["Content-Length: 2", "Transfer-Encoding: chunked"], `0\r\n\r\n${INNER}`),
  "chunked and length": () => raw(["Transfer-Encoding: chunked", "Content-Length: 4"], `0\r\n\r\n${INNER}`),
  "two lengths": () => raw(["Content-Length: 2", "Content-Length: 7"], `{}${INNER}`),
  "two equal lengths": () => raw(["Content-Length: 2", "Content-Length: 2"], "{}"),
  "a list of lengths": () => raw(["Content-Length: 2, 2"], "{}"),
  "a negative length": () => raw(["Content-Length: -2"], "{}"),
  "a length with a sign": () => raw(["Content-Length: +2"], "{}"),
  "a hexadecimal length": () => raw(["Content-Length: 0x2"], "{}"),
  "a length in words": () => raw(["Content-Length: two"], "{}"),
  "a length of 23 digits": () => raw(["Content-Length: 99999999999999999999999"], "{}"),
  "an empty length": () => raw(["Content-Length:"], `${INNER}`),
  "an unknown encoding": () => raw(["Transfer-Encoding: xchunked"], `0\r\n\r\n${INNER}`),
  "chunked, then identity": () =>
    raw(["Transfer-Encoding: chunked", "Transfer-Encoding: identity"], `0\r\n\r\n${INNER}`),
  "chunked before gzip": () => raw(["Transfer-Encoding: chunked, gzip"], `0\r\n\r\n${INNER}`),
  "a space before the colon": () => raw(["Transfer-Encoding : chunked"], `0\r\n\r\n${INNER}`),
  "a folded header": () => raw(["Transfer-Encoding:", " chunked"], `0\r\n\r\n${INNER}`),
  "a header that begins with a space": () => raw([" Transfer-Encoding: chunked"], `0\r\n\r\n${INNER}`),
  "a chunk of no number": () => raw(["Transfer-Encoding: chunked"], "zz\r\n{}\r\n0\r\n\r\n"),
  "a negative chunk": () => raw(["Transfer-Encoding: chunked"], "-2\r\n{}\r\n0\r\n\r\n"),
  "a chunk of 0x": () => raw(["Transfer-Encoding: chunked"], "0x2\r\n{}\r\n0\r\n\r\n"),
  "a chunk of 17 hex digits": () => raw(["Transfer-Encoding: chunked"], `${"F".repeat(17)}\r\n{}\r\n0\r\n\r\n`),
  "a chunk that is longer than it says": () => raw(["Transfer-Encoding: chunked"], "1\r\n{}\r\n0\r\n\r\n"),
  "chunks with bare line feeds": () => raw(["Transfer-Encoding: chunked"], "2\n{}\n0\n\n"),
  "a chunk extension of 100,000 bytes": () =>
    raw(["Transfer-Encoding: chunked"], `2;${"a".repeat(100_000)}\r\n{}\r\n0\r\n\r\n`),
  "trailers of 100,000 bytes": () => raw(["Transfer-Encoding: chunked"], `0\r\n${"a: b\r\n".repeat(17_000)}\r\n`),
  "a header without a colon": () => raw(["token 123", "Content-Length: 2"], "{}"),
  "a header without a name": () => raw([": x"]),
  "a header name with a space": () => raw(["to ken: x"]),
  "a header name of bytes": () => raw(["t\xf6ken: x"]),
  "a header with a zero": () => raw(["x: a\0b"]),
  "a header with an escape": () => raw(["x: \x1b[2J"]),
  "a header with a bare CR": () => raw(["x: a\rX-Injected: 1"]),
  "a header of 20,000 bytes": () => raw([`x: ${"a".repeat(20_000)}`]),
  "20,000 headers": () => raw(Array.from({ length: 20_000 }, (_, at) => `x${at}: 1`)),
  "a target of 20,000 bytes": () => get(`/v1/api/${"a".repeat(20_000)}`),
  "a target with a zero": () => get("/v1/api/\0/y"),
  "a target with a space": () => get("/v1/api/x y"),
  "a target of bytes": () => get("/v1/api/\xff\xfe/y"),
  "a target with a tab": () => get("/v1/api/\t"),
  "a target without a slash": () => get("v1/api/botman/test/sync"),
  "a target of a user and a host": () => get("@evil.example/v1/api"),
  "a target of a port": () => get(":80/v1/api"),
  "a target of backslashes": () => get("\\v1\\api"),
  "no target": () => raw([], "", "GET HTTP/1.1"),
  "backslashes in a target": () => get("/v1/api\\..\\..\\x"),
  "version 3.7": () => raw([], "", "GET /v1/api/x/y HTTP/3.7"),
  "no protocol": () => raw([], "", "GET /v1/api/x/y FTP/1.1"),
  "lines of bare LF": () => raw([]).replaceAll("\r\n", "\n"),
  "lines of bare CR": () => `${raw([]).replaceAll("\r\n", "\r")}\r\n\r\n`,
  "two line breaks before all": () => `\r\n\r\nx${get("/v1/api/x/y")}`,
  "no host": () => "GET /v1/api/x/y HTTP/1.1\r\n\r\n",
  "a host of a path and a user": () => raw(["Host: a b/c@d"]),
  "an expectation that nobody has": () => raw(["Expect: 200-maybe", "Content-Length: 2"], "{}"),
  "a method in small letters": () => raw([], "", "post /v1/api/botman/test/sync HTTP/1.1"),
  "an invented method": () => raw([], "", "STEAL /v1/api/botman/test/sync HTTP/1.1"),
  "a method of bytes": () => raw([], "", "P\xd6ST /v1/api/botman/test/sync HTTP/1.1"),
  "no method": () => raw([], "", " /v1/api/botman/test/sync HTTP/1.1"),
  CONNECT: () => raw([], "", "CONNECT /v1/api/botman/test/sync HTTP/1.1"),
  "CONNECT to a host": () => raw([], "", "CONNECT evil.example:443 HTTP/1.1"),
  "a star": () => raw([], "", "OPTIONS * HTTP/1.1"),
  "the beginning of HTTP/2": () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "the beginning of TLS": () => "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  "the beginning of gzip": () => "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
  "line breaks only": () => "\r\n".repeat(50_000),
  "zeros only": () => "\0".repeat(1_000),
};

/** HTTP as it should be, or nearly: one answer of the API, with this code. */
const REFUSED: Record<string, [code: string, () => string, method?: string]> = {
  ...Object.fromEntries(
    METHODS.filter((method) => !["POST", "CONNECT"].includes(method)).map((method) => {
      const send = () => raw(["Content-Length: 2"], "{}", `${method} /v1/api/botman/test/sync HTTP/1.1`);
      return [method, ["requestError.methodNotAllowed", send, method] as const];
    }),
  ),
  "version 1.0": ["requestError.notFound", () => raw([], "", "GET /v1/api/x/y HTTP/1.0")],
  "a target with a host": ["requestError.notFound", () => get("http://evil.example/v1/api/x/y")],
  "a target with another scheme": ["requestError.notFound", () => get(`https://${"127.0.0.1"}/v1/api/x/y`)],
  "an encoded zero": ["requestError.notFound", () => get("/v1/api/botman/test/sync%00")],
  "encoded dots": ["requestError.notFound", () => get("/v1/api/%2e%2e%2f%2e%2e/x")],
  "encoded slashes": ["requestError.notFound", () => get("/v1/api/botman%2ftest%2fsync")],
  "dots twice encoded": ["requestError.notFound", () => get("/v1/api/%252e%252e/x")],
  "overlong dots": ["requestError.notFound", () => get("/v1/%c0%ae%c0%ae/api/x")],
  "percent signs": ["requestError.notFound", () => get("/v1/api/%zz/%")],
  "encoded line breaks": ["requestError.notFound", () => get("/v1/api/x%0d%0aX-Injected:%201")],
  "no version": ["requestError.notFound", () => raw([], "", "GET /v1/api/x/y")],
  "a parameter of a path": ["requestError.notFound", () => get("/v1/api/botman/test/sync;a=b")],
  "a path of 3,000 bytes": ["requestError.notFound", () => get(`/v1/api/${"a".repeat(3_000)}`)],
  "a query of 7,000 equal names": [
    "requestError.invalidParams",
    () => get(`/v1/api/admin/test/sync?${"a&".repeat(7_000)}`),
  ],
  "a token that is none": ["requestError.unauthorized", () => get("/v1/api/admin/test/sync", ["token: x"])],
  "a token of bytes": ["requestError.unauthorized", () => get("/v1/api/admin/test/sync", ["token: \xe4\xbd\xa0"])],
  "a token of 15,000 bytes": [
    "requestError.unauthorized",
    () => get("/v1/api/admin/test/sync", [`token: ${"1".repeat(15_000)}`]),
  ],
  "the right token, and a wrong one": [
    "requestError.unauthorized",
    () => get("/v1/api/admin/test/sync", [`token: ${LOCAL_SYNC.token}`, "token: x"]),
  ],
  "a token in the query": [
    "requestError.invalidParams",
    () => get(`/v1/api/admin/test/sync?token=${LOCAL_SYNC.token}`),
  ],
  "a token in a trailer": [
    "requestError.invalidParams",
    () =>
      raw(
        ["Transfer-Encoding: chunked", "Trailer: token"],
        `2\r\n{}\r\n0\r\ntoken: ${LOCAL_SYNC.token}\r\n\r\n`,
        "POST /v1/api/demo/flows/hello HTTP/1.1",
      ),
  ],
  "a token with a hyphenated name": [
    "requestError.invalidParams",
    () => get("/v1/api/admin/test/sync", [`to_ken: ${LOCAL_SYNC.token}`]),
  ],
  "an origin": ["requestError.forbidden", () => raw(["Origin: https://evil.example", "Content-Length: 2"], "{}")],
  "the origin null": ["requestError.forbidden", () => raw(["Origin: null", "Content-Length: 2"], "{}")],
  "half JSON": ["requestError.unreadableBody", () => raw(["Content-Length: 1"], "{")],
  bytes: ["requestError.unreadableBody", () => raw(["Content-Length: 2"], "\xff\xfe")],
  gzip: ["requestError.unreadableBody", () => raw(["Content-Length: 4", "Content-Encoding: gzip"], "\x1f\x8b\x08\0")],
  "parts without a boundary": [
    "requestError.unreadableBody",
    () => raw(["Content-Length: 3", "Content-Type: multipart/form-data"], "--x"),
  ],
  "another type": [
    "requestError.unsupportedMediaType",
    () => raw(["Content-Length: 2", "Content-Type: text/html"], "{}"),
  ],
  "a key of spaces": ["requestError.invalidParams", () => raw(["Idempotency-Key: a b", "Content-Length: 2"], "{}")],
  "an uid of 21 digits": ["requestError.notFound", () => get(`/v1/runs/${"9".repeat(21)}`)],
  "an uid of nobody": ["requestError.notFound", () => get(`/v1/runs/${"9".repeat(18)}`)],
  "an uid with a line break": ["requestError.notFound", () => get(`/v1/runs/${"9".repeat(18)}%0a`)],
  "a body that says it is too large": [
    "requestError.payloadTooLarge",
    () => raw([`Content-Length: ${LIMITS.maxBodyBytes + 1}`]),
  ],
};

describe("what is no HTTP", () => {
  beforeAll(forgetAll);
  it.each(Object.keys(BROKEN))("%s: is refused or closed, and nothing runs", async (name) => {
    const bytes = Buffer.from((BROKEN[name] as () => string)(), "latin1");
    // Some of it looks like one that goes on: then it is cut.
    const { answers, rest } = await exchange(platform.port, { pieces: [bytes], timeoutMs: 1_000 });
    for (const answer of answers) {
      const { status } = answer;
      expectAny(answer, "POST");
      expect([403, ...BY_HTTP]).toContain(status);
    }
    expect(rest).toBe("");
    expect(await platform.instances()).toEqual([]);
    expectQuiet();
  });
});

describe("what is HTTP, and wrong", () => {
  beforeAll(forgetAll);
  it.each(Object.keys(REFUSED))("%s: has its answer, and nothing runs", async (name) => {
    const [code, bytes, method = "POST"] = REFUSED[name] as (typeof REFUSED)[string];
    const { answers } = await exchange(platform.port, { pieces: [Buffer.from(bytes(), "latin1")], methods: [method] });
    expect(answers).toHaveLength(1);
    const answer = answers[0] as RawAnswer;
    expectNothingInside(JSON.stringify(answer), SECRETS);
    const read = readDocumented(answer, method === "HEAD");
    if (method !== "HEAD") expect(read.code).toBe(code);
    expect(await platform.instances()).toEqual([]);
    expectQuiet();
  });

  it.each([
    "evil.example",
    "evil.example:4000",
    "127.0.0.1.evil.example",
    "127.0.0.1@evil.example",
    "0.0.0.0",
    "0x7f.1",
    "[::]",
    "127.0.0.1:999999",
    "127.0.0.1, evil.example",
    "",
  ])("the host %s is refused", async (name) => {
    const bytes = raw([`Host: ${name}`, "Content-Length: 2"], "{}");
    const { answers } = await exchange(platform.port, { pieces: [bytes] });
    expect(answers).toHaveLength(1);
    expectAny(answers[0] as RawAnswer, "POST");
    expect([400, 403]).toContain(answers[0]?.status);
    expect(await platform.instances()).toEqual([]);
  });
});

describe("a body that holds a request", () => {
  beforeAll(forgetAll);
  /** Not read where it is refused before; then it must not be read as the next one. */
  it.each([
    ["GET", "/v1/openapi.json", []],
    ["GET", "/v1/api/x/y", []],
    ["HEAD", "/v1/api/x/y", []],
    ["OPTIONS", "/v1/api/botman/test/sync", []],
    ["TRACE", "/v1/api/botman/test/sync", []],
    ["POST", "/v1/api/x/y", ["Expect: 100-continue"]],
    ["POST", "/v1/api/x/y", ["Upgrade: h2c", "Connection: Upgrade"]],
    ["POST", "/v1/api/x/y", ["Host: evil.example"]],
    ["POST", "/elsewhere", []],
    ["POST", "/v1/../elsewhere", []],
    ["DELETE", "/v1/runs/999999999999999999", []],
  ])("of %s %s is no request of its own", async (method, target, lines) => {
    for (const framing of ["length", "chunked"]) {
      const isChunked = framing === "chunked";
      const how = isChunked ? "Transfer-Encoding: chunked" : `Content-Length: ${INNER.length}`;
      const body = isChunked ? `${INNER.length.toString(16)}\r\n${INNER}\r\n0\r\n\r\n` : INNER;
      const bytes = raw([...lines, how], body, `${method} ${target} HTTP/1.1`);
      const sending: Sending = { pieces: [bytes, { answers: 1 }, get("/v1/api/the/next")], methods: [method, "GET"] };
      const { answers } = await exchange(platform.port, { ...sending, timeoutMs: 3_000 });
      expectAny(answers[0] as RawAnswer, method);
      // The connection may be closed; where it goes on, it goes on with what was meant.
      if (answers.length > 1) expect(answers[1]?.body).toContain("/v1/api/the/next");
    }
    expect(await platform.instances()).toEqual([]);
    expectQuiet();
  });
});

describe("many requests in one piece", () => {
  beforeAll(forgetAll);
  const paths = Array.from({ length: 200 }, (_, at) => `/v1/api/pipe/${at}`);

  it("are answered in order", async () => {
    const pieces = [paths.map((path) => get(path)).join("")];
    const { answers, rest } = await exchange(platform.port, { pieces, methods: paths.map(() => "GET") });
    expect(answers).toHaveLength(paths.length);
    for (const [at, answer] of answers.entries()) {
      expect(readDocumented(answer).code).toBe("requestError.notFound");
      expect(answer.body).toContain(`${paths[at]}.`);
    }
    expect(rest).toBe("");
  });

  it("run each once, and nothing behind what is broken", async () => {
    const call = raw(["Content-Length: 2"], "{}");
    const pieces = [call + call, { answers: 2 }, `${raw(["Content-Length: 1", "Content-Length: 2"], "{}")}${call}`];
    const { answers } = await exchange(platform.port, { pieces, methods: ["POST", "POST", "POST", "POST"] });
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400]);
    expect(await platform.instances()).toHaveLength(2);
    expectQuiet();
  });
});

describe("the size of a body", () => {
  beforeAll(forgetAll);
  const limits = [LIMITS.bodyBytes, LIMITS.maxBodyBytes];
  const sizes = limits.flatMap((limit) => [limit - 1, limit, limit + 1]);

  it.each(sizes.flatMap((size) => [[size, "length"] as const, [size, "chunked"] as const]))(
    "%i bytes by %s",
    async (size, framing) => {
      for (const of of ["[", "\x01", "\xff"]) {
        const body = Buffer.alloc(size, of, "latin1");
        const { answers } = await exchange(platform.port, { pieces: piecesOf(body, framing) });
        expect(answers).toHaveLength(1);
        const kind = size > LIMITS.bodyBytes ? REFUSALS.payloadTooLarge : REFUSALS.unreadable;
        expect(answers[0]?.status).toBe(kind.status);
        expect(readDocumented(answers[0] as RawAnswer).code).toBe(kind.code);
      }
      expect(await platform.instances()).toEqual([]);
      expectQuiet();
    },
  );

  function piecesOf(body: Buffer, framing: "length" | "chunked"): (string | Buffer)[] {
    const of = ["Content-Type: application/json"];
    if (framing === "length") return [raw([...of, `Content-Length: ${body.length}`]), body];
    const pieces: (string | Buffer)[] = [raw([...of, "Transfer-Encoding: chunked"])];
    for (let at = 0; at < body.length; at += 65_536) {
      const piece = body.subarray(at, at + 65_536);
      pieces.push(`${piece.length.toString(16)}\r\n`, piece, "\r\n");
    }
    return [...pieces, "0\r\n\r\n"];
  }
});

describe("twenty slow bodies", () => {
  const SLOW = 20;

  it("hold no process of a function, and nobody else up", async () => {
    const own = await watchedPlatform();
    try {
      const head = raw(["Content-Length: 40"]).replace(host, new URL(own.url).host);
      const drops = Array.from({ length: 38 }, () => [" ", 60]).flat();
      // One half goes away before the end; the other sends it.
      const slow = Array.from({ length: SLOW }, (_, at) => {
        const isCut = at % 2 === 0;
        return exchange(own.port, { pieces: [head, ...drops, ...(isCut ? [] : ["{}"])], isCut, timeoutMs: 20_000 });
      });
      await sleep(1_000);
      expect(own.functions()).toEqual([]);
      const normal = raw(["Content-Length: 2"], "{}").replace(host, new URL(own.url).host);
      for (let at = 0; at < 5; at++) {
        const { answers, ms } = await exchange(own.port, { pieces: [normal] });
        expect(answers[0]?.status).toBe(200);
        // The first one starts a process.
        if (at > 0) expect(ms).toBeLessThan(1_000);
      }
      const ended = await Promise.all(slow);
      expect(ended.flatMap(({ answers }) => answers.map(({ status }) => status))).toEqual(
        Array.from({ length: SLOW / 2 }, () => 200),
      );
      expect(await own.instances()).toHaveLength(5 + SLOW / 2);
      expect(own.log()).toBe("");
    } finally {
      await own.kill();
    }
  });
});

describe("any hostile request", () => {
  beforeAll(forgetAll);
  const IN_FLIGHT = 4;
  const CHUNK = 200;
  const HEAP_ROOM_MB = 12;
  /** What a process has taken, it gives back when it likes: of the functions, each may take 256. */
  const RESIDENT_ROOM_MB = 60;

  const ways = fc.record({
    recipe: recipes(20),
    /** How its body comes. */
    framing: fc.constantFrom("length", "length", "length", "chunked", "chunked"),
    /** In how many pieces, with pauses between them. */
    pieces: fc.constantFrom(1, 1, 1, 2, 5),
    host: fc.oneof({ weight: 12, arbitrary: fc.constant("") }, { weight: 1, arbitrary: fc.constantFrom(...NASTY) }),
    /** Behind the end of it. */
    behind: fc.oneof({ weight: 12, arbitrary: fc.constant("") }, { weight: 1, arbitrary: text }),
    /** Of a hundred, how much is sent before its caller goes away. */
    cutAt: fc.oneof({ weight: 9, arbitrary: fc.constant(100) }, { weight: 1, arbitrary: fc.nat(99) }),
  });
  type Way = typeof ways extends fc.Arbitrary<infer One> ? One : never;

  it("is answered as documented or closed, runs nothing, and leaves nothing behind", async () => {
    const [heap, resident, ofFunctions] = [createSamples(), createSamples(), createSamples()];
    await warmUp();
    const runs = counted(10_000);
    const counts = { answered: 0, closed: 0, cut: 0 };
    const uids = new Set<string>();
    // Of this chunk, and of the one before: such a run may begin after all was forgotten.
    let [lost, accepted, late] = [0, 0, 0];
    let done = 0;
    const one = async (way: Way) => {
      const { request, bytes, isHttp, isElsewhere } = built(way);
      const isCut = way.cutAt < 100;
      const pieces = cutIn(bytes.subarray(0, Math.floor((bytes.length * way.cutAt) / 100)), way.pieces);
      const { answers, isClosed } = await exchange(platform.port, { pieces, methods: [request.method], isCut });
      for (const answer of isElsewhere ? [] : answers) {
        const { uid, kind } = expectAny(answer, request.method);
        if (uid !== undefined) {
          expect(request.mayRun).toBe(true);
          uids.add(uid);
          if (kind === "accepted") accepted += 1;
        }
      }
      if (isElsewhere) expectNothingInside(JSON.stringify(answers), SECRETS);
      if (isHttp && !isCut) expect(answers).toHaveLength(1);
      const isOfServer = answers.every(({ status, body }) => BY_HTTP.has(status) && body === "");
      if (isHttp && !isCut && !isElsewhere && request.method !== "HEAD") expect(isOfServer).toBe(false);
      // It was whole, and ran, before what came behind it broke the connection.
      if (!isHttp && isOfServer && request.mayRun) lost += 1;
      if (answers.length === 0) expect(isCut || isClosed).toBe(true);
      counts[answers.length > 0 ? "answered" : isCut ? "cut" : "closed"] += 1;
    };
    await fc.assert(
      fc.asyncProperty(fc.array(ways, { minLength: IN_FLIGHT, maxLength: IN_FLIGHT }), async (all) => {
        await Promise.all(all.map(one));
        done += all.length;
        await heap.at(done, runs, platform.heapMb);
        await resident.at(done, runs, platform.residentMb);
        await ofFunctions.at(done, runs, residentOfFunction);
        if (done % CHUNK !== 0) return;
        expectQuiet();
        expect((await platform.instances()).length).toBeLessThanOrEqual(uids.size + lost + late);
        uids.clear();
        [lost, accepted, late] = [0, 0, lost + accepted];
        await forgetAll();
        await expectNormal();
      }),
      { numRuns: runs / IN_FLIGHT },
    );
    expectQuiet();
    await expectNormal();
    expect(counts.answered).toBeGreaterThan(runs / 2);
    expectFlat(heap.medians(), HEAP_ROOM_MB);
    expectFlat(resident.medians(), RESIDENT_ROOM_MB);
    expectFlat(ofFunctions.medians(), RESIDENT_ROOM_MB);
  });

  /** Of one process, on an average. */
  function residentOfFunction(): number {
    const all = platform.functions().map(residentMb);
    return all.reduce((sum, one) => sum + one, 0) / all.length;
  }

  /** What the largest bodies take is taken from the beginning, by each process. */
  async function warmUp(): Promise<void> {
    const body = Buffer.alloc(LIMITS.maxBodyBytes, "\x01");
    const pieces = [raw([`Content-Length: ${body.length}`]), body];
    for (let at = 0; at < 2; at++) {
      await Promise.all(Array.from({ length: IN_FLIGHT }, () => exchange(platform.port, { pieces })));
    }
  }

  function expectFlat({ first, last }: { first: number; last: number }, roomMb: number): void {
    expect(last - first).toBeLessThan(roomMb);
  }

  async function expectNormal(): Promise<void> {
    const pieces = [raw(["Content-Length: 2"], "{}")];
    const { answers, ms }: Exchange = await exchange(platform.port, { pieces });
    expect(answers[0]?.status).toBe(200);
    expect(ms).toBeLessThan(2_000);
    await forgetAll();
  }

  function built({ recipe, framing, host: otherHost, behind }: Way) {
    const whole = hostile(recipe, LOCAL_SYNC);
    const isChunked = framing === "chunked" && whole.body.length > 0;
    const request: HostileRequest = isChunked
      ? { ...whole, body: chunked(whole.body), headers: [["Transfer-Encoding", "chunked"], ...whole.headers] }
      : whole;
    const bytes = Buffer.concat([wireOf(request, otherHost || host), Buffer.from(behind)]);
    const isHttp = isRight(request) && otherHost === "" && behind === "";
    return {
      request: { ...request, mayRun: request.mayRun && otherHost === "" },
      bytes,
      isHttp,
      isElsewhere: isElsewhere(request),
    };
  }

  function chunked(body: Buffer): Buffer {
    return Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from("\r\n0\r\n\r\n")]);
  }

  /** Whether the HTTP server has nothing against it. */
  function isRight({ method, target, headers }: HostileRequest): boolean {
    const isHeader = ([name, value]: [string, string]) =>
      /^[\w!#$%&'*+.^`|~-]+$/.test(name) && !/(?!\t)\p{Cc}/u.test(value);
    const size = Buffer.byteLength(`${target}${headers.flat().join("")}`);
    // A backslash counts as a slash in some places, and not in others: such a target is refused.
    return (
      METHODS.includes(method) && /^\/[\x21-\x5b\x5d-\x7e]*$/.test(target) && headers.every(isHeader) && size < 15_000
    );
  }

  /** As the platform's router reads the path; what is there is no part of the API. */
  function isElsewhere({ target }: HostileRequest): boolean {
    const url = URL.canParse(`http://x${target}`) ? new URL(`http://x${target}`) : undefined;
    return url !== undefined && !/^\/v1(\/|$)/.test(url.pathname);
  }

  function cutIn(bytes: Buffer, count: number): (Buffer | number)[] {
    const size = Math.max(1, Math.ceil(bytes.length / count));
    const pieces: (Buffer | number)[] = [];
    for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size), 3);
    return pieces.slice(0, -1);
  }
});
