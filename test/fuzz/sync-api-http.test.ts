/** Hostile bytes to the sync API over real sockets: documented answers, or a refusal of the HTTP server; nothing runs, nothing hangs. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LOCAL_SYNC } from "../../local/functions/environment";
import { LIMITS } from "../../shared/sync-api/routes/route";
import { REFUSALS } from "../../shared/sync-api/wire/codes";
import { counted } from "../helpers/counts";
import { must } from "./must";
import {
  expectNothingInside,
  expectOwnHeaders,
  type RawAnswer,
  type ReadAnswer,
  readDocumented,
} from "./sync-api-answers";
import { BROKEN } from "./sync-api-broken";
import { createSamples, residentMb } from "./sync-api-memory";
import { type WatchedPlatform, watchedPlatform } from "./sync-api-platform";
import { get, INNER, NORMAL, raw } from "./sync-api-raw";
import { REFUSED } from "./sync-api-refused";
import { bytesOf, type Way, ways } from "./sync-api-ways";
import { exchange, type Piece, type Sending } from "./sync-api-wire";

/** The token is the password, too: short, as the published examples have it. */
const SECRETS = [LOCAL_SYNC.token, LOCAL_SYNC.hmacKey, LOCAL_SYNC.callbackKey];

let platform: WatchedPlatform;
beforeAll(async () => {
  platform = await watchedPlatform();
});
afterAll(() => platform.kill());
const ask = (sending: Sending) => exchange(platform.port, sending);

/** Nothing broke: no stack, no rejection that nobody handled, no process that ended. */
function expectQuiet(): void {
  expect(platform.log()).toBe("");
}

async function expectNothingRan(): Promise<void> {
  expect(await platform.instances()).toEqual([]);
  expectQuiet();
}

async function expectNormal(): Promise<void> {
  const { answers } = await ask({ pieces: [NORMAL] });
  expect(answers.map(({ status }) => status)).toEqual([200]);
}

/** Of Node's HTTP server for what is no HTTP; 408 takes minutes. */
const BY_HTTP = new Set([400, 408, 413, 417, 431]);
const CODE = /^[A-Z_]+$/;

/** The HTTP server's own, the platform's for what is not below `/v1`, or the API's. */
function expectAny(answer: RawAnswer, method: string): Partial<ReadAnswer> {
  expectNothingInside(`${JSON.stringify(answer.headers)}${answer.body}`, SECRETS);
  if (BY_HTTP.has(answer.status) && answer.body === "") {
    expectOwnHeaders(answer.headers);
    return {};
  }
  const json = method === "HEAD" || answer.body === "" ? {} : JSON.parse(answer.body);
  const { error } = json as { error?: { code: string; message: { en: unknown } } };
  if (error === undefined) return readDocumented(answer, method === "HEAD");
  expectOwnHeaders(answer.headers);
  const isOwn = CODE.test(error.code) && typeof error.message.en === "string";
  must([403, 404, 415].includes(answer.status) && isOwn, "a refusal of the platform", answer);
  return {};
}

describe("what is no HTTP", () => {
  it.each(Object.keys(BROKEN))("%s: is refused or closed, and nothing runs", async (name) => {
    const bytes = Buffer.from((BROKEN[name] as () => string)(), "latin1");
    // Some of it looks like one that goes on. Whoever came later is answered; then no more comes of this one.
    const { answers, rest } = await ask({ pieces: [bytes, () => platform.get("/_local/faults"), { end: true }] });
    for (const answer of answers) {
      expectAny(answer, "POST");
      expect([403, ...BY_HTTP]).toContain(answer.status);
    }
    expect(rest).toBe("");
    await expectNothingRan();
  });
});

describe("what is HTTP, and wrong", () => {
  it.each(Object.keys(REFUSED))("%s: has its answer, and nothing runs", async (name) => {
    const [code, bytes, method = "POST"] = REFUSED[name] as (typeof REFUSED)[string];
    const { answers } = await ask({ pieces: [Buffer.from(bytes(), "latin1")], methods: [method] });
    expect(answers).toHaveLength(1);
    const answer = answers[0] as RawAnswer;
    expectNothingInside(JSON.stringify(answer), SECRETS);
    const read = readDocumented(answer, method === "HEAD");
    if (method !== "HEAD") expect(read.code).toBe(code);
    await expectNothingRan();
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
    const { answers } = await ask({ pieces: [raw([`Host: ${name}`, "Content-Length: 2"], "{}")] });
    expect(answers).toHaveLength(1);
    expectAny(answers[0] as RawAnswer, "POST");
    expect([400, 403]).toContain(answers[0]?.status);
    await expectNothingRan();
  });
});

describe("a body that holds a request", () => {
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
      const pieces = [bytes, { answers: 1 }, get("/v1/api/the/next")];
      const { answers } = await ask({ pieces, methods: [method, "GET"] });
      expectAny(answers[0] as RawAnswer, method);
      // The connection may be closed; where it goes on, it goes on with what was meant.
      if (answers.length > 1) expect(answers[1]?.body).toContain("/v1/api/the/next");
    }
    await expectNothingRan();
  });
});

describe("the size of a body", () => {
  const limits = [LIMITS.bodyBytes, LIMITS.maxBodyBytes];
  const sizes = limits.flatMap((limit) => [limit - 1, limit, limit + 1]);
  const texts: [name: string, of: string][] = [
    ["brackets", "["],
    ["control characters", "\x01"],
    ["no text", "\xff"],
  ];
  /** Every two of them meet. */
  const bodies = sizes.flatMap((size, row) =>
    texts.map(([name, of], at) => [size, name, (row + at) % 2 === 0 ? "length" : "chunked", of] as const),
  );

  it.each(bodies)("%i bytes, %s, by %s", async (size, _, framing, of) => {
    const { answers } = await ask({ pieces: piecesOf(Buffer.alloc(size, of, "latin1"), framing) });
    expect(answers).toHaveLength(1);
    const kind = size > LIMITS.bodyBytes ? REFUSALS.payloadTooLarge : REFUSALS.unreadable;
    expect(answers[0]?.status).toBe(kind.status);
    expect(readDocumented(answers[0] as RawAnswer).code).toBe(kind.code);
    await expectNothingRan();
  });

  function piecesOf(body: Buffer, framing: "length" | "chunked"): Piece[] {
    const of = ["Content-Type: application/json"];
    if (framing === "length") return [raw([...of, `Content-Length: ${body.length}`]), body];
    const pieces: Piece[] = [raw([...of, "Transfer-Encoding: chunked"])];
    for (let at = 0; at < body.length; at += 65_536) {
      const piece = body.subarray(at, at + 65_536);
      pieces.push(`${piece.length.toString(16)}\r\n`, piece, "\r\n");
    }
    return [...pieces, "0\r\n\r\n"];
  }
});

describe("many requests in one piece", () => {
  const paths = Array.from({ length: 200 }, (_, at) => `/v1/api/pipe/${at}`);

  it("are answered in order", async () => {
    const pieces = [paths.map((path) => get(path)).join("")];
    const { answers, rest } = await ask({ pieces, methods: paths.map(() => "GET") });
    expect(answers).toHaveLength(paths.length);
    for (const [at, answer] of answers.entries()) {
      expect(readDocumented(answer).code).toBe("requestError.notFound");
      expect(answer.body).toContain(`${paths[at]}.`);
    }
    expect(rest).toBe("");
  });

  it("run each once, and nothing behind what is broken", async () => {
    const pieces = [
      NORMAL + NORMAL,
      { answers: 2 },
      `${raw(["Content-Length: 1", "Content-Length: 2"], "{}")}${NORMAL}`,
    ];
    const { answers } = await ask({ pieces, methods: ["POST", "POST", "POST", "POST"] });
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400]);
    expect(await platform.instances()).toHaveLength(2);
    expectQuiet();
  });
});

describe("twenty slow bodies", () => {
  const SLOW = 20;
  const NORMAL_ONES = 5;

  it("hold no process of a function, and nobody else up", async () => {
    const [processes, before] = [platform.functions(), await platform.instances()];
    const [reached, parts] = [countdown(SLOW), Array.from({ length: NORMAL_ONES }, () => countdown(1))];
    const head = raw(["Content-Length: 40", "Expect: 100-continue"]);
    let ended = 0;
    const slow = Array.from({ length: SLOW }, async (_, at) => {
      const begun = [head, { interim: 1 }, " ", async () => reached.one()];
      const slowly = parts.flatMap(({ all }) => [() => all, " "]);
      // One half goes away before the end; the other sends it.
      const isCut = at % 2 === 0;
      const rest = " ".repeat(37 - NORMAL_ONES);
      const { answers } = await ask({ pieces: [...begun, ...slowly, rest, ...(isCut ? [] : ["{}"])], isCut });
      ended += 1;
      return answers;
    });
    await reached.all;
    expect(platform.functions().filter((pid) => !processes.includes(pid))).toEqual([]);
    for (const { one } of parts) {
      await expectNormal();
      expect(ended).toBe(0);
      one();
    }
    const answers = (await Promise.all(slow)).flat();
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: SLOW / 2 }, () => 200));
    expect(await platform.instances()).toHaveLength(before.length + NORMAL_ONES + SLOW / 2);
    expectQuiet();
  });

  /** `all` is there after so many calls of `one`. */
  function countdown(count: number): { one(): void; all: Promise<void> } {
    let left = count;
    let settle = () => {};
    const all = new Promise<void>((done) => {
      settle = done;
    });
    const one = () => {
      left -= 1;
      if (left === 0) settle();
    };
    return { one, all };
  }
});

describe("any hostile request", () => {
  const IN_FLIGHT = 4;
  /** Then all is forgotten, before everybody is locked out. */
  const CHUNK = 500;
  const HEAP_ROOM_MB = 12;
  /** What a process has taken, it gives back when it likes: of the functions, each may take 256. */
  const RESIDENT_ROOM_MB = 60;

  it("is answered as documented or closed, runs nothing, and leaves nothing behind", async () => {
    const [heap, resident, ofFunctions] = [createSamples(), createSamples(), createSamples()];
    await warmUp();
    const runs = counted(10_000);
    const counts = { answered: 0, closed: 0, cut: 0 };
    const uids = new Set<string>();
    // Of this chunk, and of the one before: such a run may begin after all was forgotten.
    let [lost, accepted, late] = [0, 0, (await platform.instances()).length];
    let done = 0;
    const one = async (way: Way) => {
      const { request, pieces, isCut, isHttp, isElsewhere } = bytesOf(way);
      const { answers, isClosed } = await ask({ pieces, methods: [request.method], isCut });
      for (const answer of isElsewhere ? [] : answers) {
        const { uid, kind } = expectAny(answer, request.method);
        if (uid === undefined) continue;
        must(request.mayRun, "one that may run", answer);
        uids.add(uid);
        if (kind === "accepted") accepted += 1;
      }
      if (isElsewhere) expectNothingInside(JSON.stringify(answers), SECRETS);
      const isOfServer = answers.every(({ status, body }) => BY_HTTP.has(status) && body === "");
      if (isHttp && !isCut) {
        must(answers.length === 1, "one answer", answers);
        must(isElsewhere || request.method === "HEAD" || !isOfServer, "of the API", answers);
      }
      // It was whole, and ran, before what came behind it broke the connection.
      if (!isHttp && isOfServer && request.mayRun) lost += 1;
      must(answers.length > 0 || isCut || isClosed, "nothing that hangs", answers);
      counts[answers.length > 0 ? "answered" : isCut ? "cut" : "closed"] += 1;
    };
    await fc.assert(
      fc.asyncProperty(fc.array(ways, { minLength: IN_FLIGHT, maxLength: IN_FLIGHT }), async (all) => {
        await Promise.all(all.map(one));
        done += all.length;
        await heap.at(done, runs, platform.heapMb);
        await resident.at(done, runs, platform.residentMb);
        await ofFunctions.at(done, runs, residentOfFunction);
        if (done % CHUNK !== 0 && done !== runs) return;
        await expectNormal();
        expectQuiet();
        expect((await platform.instances()).length - 1).toBeLessThanOrEqual(uids.size + lost + late);
        if (done === runs) return;
        uids.clear();
        [lost, accepted, late] = [0, 0, lost + accepted];
        await platform.send("POST", "/_local/reset", {});
      }),
      { numRuns: runs / IN_FLIGHT },
    );
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
    await Promise.all(Array.from({ length: IN_FLIGHT }, () => ask({ pieces })));
  }

  function expectFlat({ first, last }: { first: number; last: number }, roomMb: number): void {
    expect(last - first).toBeLessThan(roomMb);
  }
});
