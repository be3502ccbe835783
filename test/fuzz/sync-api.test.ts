/**
 * Any event at all, and hostile requests, to the sync API as built: documented answers, nothing told, nothing run, memory flat.
 * Its documents are kept in this process, what it runs is the platform's; sync-api-http.test.ts goes the whole way.
 */
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type tcb from "@cloudbase/node-sdk";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FunctionConfig, functionEnvironment, readFunctionConfigs } from "../../local/functions/environment";
import { ERRORS } from "../../shared/base/errors";
import { LOCKOUT } from "../../shared/sync-api/gate/lockout";
import { SYNC_API_FUNCTION } from "../../shared/sync-api/routes/route";
import { REFUSALS } from "../../shared/sync-api/wire/codes";
import { counted } from "../helpers/counts";
import { keptLog } from "../helpers/kept-log";
import { forgetDocuments, nearDatabase } from "../helpers/near-database";
import { must } from "./must";
import { expectNothingInside, type RawAnswer, readDocumented } from "./sync-api-answers";
import { BOUNDARY, type BodyRecipe, bodyOf } from "./sync-api-bodies";
import type { Secrets } from "./sync-api-credentials";
import { hostile, parametersOf, type Recipe, recipes } from "./sync-api-hostile";
import { createSamples, heapMb } from "./sync-api-memory";
import { type WatchedPlatform, watchedPlatform } from "./sync-api-platform";
import { NASTY, text } from "./sync-api-text";

type Main = (event: unknown, scf?: unknown) => Promise<unknown>;

const SECRETS: Secrets = {
  token: `token-${randomUUID()}`.replaceAll("-", "_"),
  user: `user-${randomUUID()}`.replaceAll("-", "_"),
  password: `password-${randomUUID()}`.replaceAll("-", "_"),
  hmacKey: `hmac-${randomUUID()}`.replaceAll("-", "_"),
};
/** In the input of a run that only its route's token opens. */
const PRIVATE = `private_${randomUUID()}`.replaceAll("-", "_");
const TOLD_NOBODY = [...Object.values(SECRETS), PRIVATE];

/** A slow machine must not be taken for a slow engine. */
const SCF = { time_limit_in_ms: 120_000 };
const FORM_DATA = `multipart/form-data; boundary=${BOUNDARY}`;
/** Requests between two looks at what has run. */
const CHUNK = 1_000;
const IN_FLIGHT = 10;
/** In MB. A leak of 1 KB a request would be a hundred. */
const ROOM_MB = 12;

let platform: WatchedPlatform;
let main: Main;
const log = keptLog();
const saved = { ...process.env };

beforeAll(async () => {
  platform = await watchedPlatform([]);
  const config = readFunctionConfigs("cloudbaserc.json").get("sync-api") as FunctionConfig;
  Object.assign(process.env, functionEnvironment(config, `${platform.url}/admin`), {
    IS_PREVIEW: "true",
    STARTFLOW_SYNC_TOKEN: SECRETS.token,
    STARTFLOW_SYNC_USER: SECRETS.user,
    STARTFLOW_SYNC_PASSWORD: SECRETS.password,
    STARTFLOW_SYNC_HMAC_KEY: SECRETS.hmacKey,
    STARTFLOW_SEND_TIMEOUT_MS: "60000",
    // Else its SDK opens a connection for each call.
    TENCENTCLOUD_RUNENV: "",
    PATH: saved.PATH,
    HOME: saved.HOME,
  });
  main = mainOf(resolve("dist", "functions", "sync-api"));
});
afterAll(async () => {
  process.env = saved;
  await platform.kill();
});

/** Calls of itself that nobody waits for. */
const later: Promise<unknown>[] = [];

/** As built; but its documents are in this process, and so is what it calls of itself. */
function mainOf(folder: string): Main {
  const require = createRequire(join(folder, "index.js"));
  const sdk = require("./cloudbase.js") as typeof tcb;
  const database = nearDatabase();
  const init = (config: Parameters<typeof tcb.init>[0]) => {
    const app = sdk.init(config);
    const callFunction = async (call: { name: string; data: object }, options?: object) => {
      if (call.name !== SYNC_API_FUNCTION) return await app.callFunction(call, options);
      later.push(main(JSON.parse(JSON.stringify(call.data)), SCF));
      return { result: {}, requestId: randomUUID() };
    };
    return { auth: () => app.auth(), callFunction, database: () => database };
  };
  Object.assign(require.cache[require.resolve("./cloudbase.js")] as NodeModule, { exports: { ...sdk, init } });
  return (require("./index.js") as { main: Main }).main;
}

/** Runs, keys, and who is locked out; what was accepted has run by then. */
async function forgetAll(): Promise<void> {
  await Promise.all(later.splice(0));
  await platform.send("POST", "/_local/reset", {});
  await forgetDocuments();
}

/** What was logged since the last look is nothing that nobody may know; the platform logs what breaks, and nothing else. */
function lookAtLog(): void {
  expect(platform.log()).toBe("");
  expectNothingInside(log.take(), TOLD_NOBODY);
}

/** @throws what the function throws: it may throw nothing */
async function answerOf(event: unknown): Promise<RawAnswer> {
  const answer = (await main(event, SCF)) as { statusCode: number; headers: Record<string, string>; body: string };
  must(Object.keys(answer).sort().join() === "body,headers,isBase64Encoded,statusCode", "an answer", answer);
  const { statusCode: status, headers, body } = answer;
  expectNothingInside(`${JSON.stringify(headers)}${body}`, TOLD_NOBODY);
  return { status, headers: Object.entries(headers), body };
}

describe("any event", () => {
  beforeAll(forgetAll);
  const any = fc.oneof(fc.jsonValue({ maxDepth: 4 }), text, fc.constantFrom(...NASTY), fc.constant(null));
  const member = fc.oneof({ weight: 2, arbitrary: text }, { weight: 1, arbitrary: any });
  const httpEvent = fc.record(
    {
      httpMethod: fc.oneof(fc.constantFrom("GET", "POST", "OPTIONS"), member),
      path: fc.oneof(fc.constantFrom("/v1/api/x/y", "/v1/openapi.json", "/v1/runs/999999999999999999", "/"), member),
      headers: fc.oneof(fc.dictionary(text, member), any),
      queryStringParameters: fc.oneof(fc.dictionary(text, fc.oneof(member, fc.array(member))), any),
      requestContext: fc.oneof(fc.record({ requestId: member, sourceIp: member }, { requiredKeys: [] }), any),
      body: any,
      isBase64Encoded: fc.oneof(fc.boolean(), any),
    },
    { requiredKeys: ["httpMethod", "path"] },
  );
  const plainCall = fc.record(
    {
      api: fc.oneof(fc.constantFrom("demo/flows/hello", "botman/test/x", "../runs", "openapi.json"), member),
      method: member,
      data: any,
      headers: fc.oneof(fc.dictionary(text, text), any),
      run: fc.oneof(fc.constantFrom("999999999999999999", "0"), member),
    },
    { requiredKeys: [] },
  );
  /** As it would arrive: what JSON cannot hold is gone. */
  const events = fc
    .oneof(
      { weight: 2, arbitrary: any },
      { weight: 4, arbitrary: httpEvent },
      { weight: 2, arbitrary: plainCall },
      {
        weight: 1,
        arbitrary: fc.tuple(httpEvent, fc.dictionary(text, any)).map(([one, more]) => ({ ...more, ...one })),
      },
    )
    .map((event) => JSON.parse(JSON.stringify(event) ?? "null") as unknown);

  it("is answered, and starts nothing", async () => {
    const samples = createSamples();
    const runs = counted(30_000);
    let done = 0;
    await fc.assert(
      fc.asyncProperty(events, async (event) => {
        const answer = await main(event, SCF);
        expectAnswered(event, answer);
        expectNothingInside(JSON.stringify(answer), TOLD_NOBODY);
        done += 1;
        if (done % CHUNK === 0) lookAtLog();
        await samples.at(done, runs, heapMb);
      }),
      { numRuns: runs },
    );
    lookAtLog();
    expect(await platform.instances()).toEqual([]);
    expectFlat(samples.medians());
  });

  it("of 100,000 levels is answered", async () => {
    for (const member of ["body", "headers", "queryStringParameters", "requestContext", "path", "data"]) {
      const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
      const json = `{"httpMethod":"POST","path":"/v1/api/demo/flows/hello","${member}":${deep}}`;
      const { status } = await answerOf(JSON.parse(json) as unknown);
      expect(status).toBeGreaterThanOrEqual(400);
      expectAnswered({}, await main(JSON.parse(`{"${member}":${deep}}`), SCF));
    }
  });
});

/** With an integration response where it came by HTTP; else with what the methods of the bundle answer. */
function expectAnswered(event: unknown, answer: unknown): void {
  if (typeof event === "object" && event !== null && "httpMethod" in event && "path" in event) {
    const { statusCode: status, headers, body } = answer as { statusCode: number; headers: object; body: string };
    const { kind } = readDocumented({ status, headers: Object.entries(headers), body });
    must(kind === "refusal" || kind === "openapi", "nothing that runs", answer);
    return;
  }
  if (typeof answer === "object" && answer !== null && "code" in answer) {
    const isRejected = ERRORS[answer.code as keyof typeof ERRORS]?.outcome === "rejected";
    must(isRejected && answer.code !== "INTERNAL", "a refusal", answer);
  } else if (JSON.stringify(answer) !== "{}") {
    // Of a plain call: the body alone.
    const { response } = answer as { response: { error: { code: string; message: string } } };
    must(/^(request|server)Error\.(?!internal)\w+$/.test(response.error.code), "a refusal", answer);
  }
}

function expectFlat({ first, last }: { first: number; last: number }): void {
  expect(last - first).toBeLessThan(ROOM_MB);
}

describe("a hostile request", () => {
  beforeAll(forgetAll);
  const addresses = fc.nat(99).map((at) => `10.0.0.${at}`);
  const encodings = fc.constantFrom("text", "base64", "says base64", "says text");
  const calls = fc.record({ recipe: recipes(40), sourceIp: addresses, encoding: encodings, asksPrivate: fc.nat(9) });
  type Call = typeof calls extends fc.Arbitrary<infer One> ? One : never;

  it("gets a documented answer, is told nothing, and runs nothing", async () => {
    const samples = createSamples();
    const runs = counted(50_000);
    const [uids, accepted] = [new Set<string>(), new Set<string>()];
    const seen = new Set<string>();
    let done = 0;
    let privateUid = await privateRun();
    const one = async ({ recipe, sourceIp, encoding, asksPrivate }: Call) => {
      const isAimed = asksPrivate === 0 && recipe.path.startsWith("/v1/runs/");
      const asked = isAimed ? { ...recipe, path: `/v1/runs/${privateUid}`, spoiled: ASKS } : recipe;
      const { event, isExact, mayRun } = eventOf(asked, { sourceIp, encoding });
      const { kind, code, uid } = readDocumented(await answerOf(event));
      seen.add(code ?? kind);
      if (kind === "run" || kind === "accepted") {
        must(mayRun, "one that may run", event);
        (kind === "run" ? uids : accepted).add(uid as string);
      }
      if (isAimed) must(kind === "refusal", "refused", kind, event);
      if (asked.spoiled.length === 0 && isExact) must(OF_RIGHT_ONES.test(code ?? ""), "a right one", code, event);
    };
    await fc.assert(
      fc.asyncProperty(together(calls), async (all) => {
        await Promise.all(all.map(one));
        done += IN_FLIGHT;
        if (done % CHUNK === 0) {
          await settled(uids, accepted);
          privateUid = await privateRun();
        }
        await samples.at(done, runs, heapMb);
      }),
      { numRuns: runs / IN_FLIGHT, examples: [[tooLarge()]] },
    );
    await settled(uids, accepted);
    expectFlat(samples.medians());
    // So that what is drawn goes on to reach every part of the API.
    expect([...seen]).toEqual(expect.arrayContaining(REACHED));
  });

  /** So rare among those that are drawn that there may be none. */
  function tooLarge(): Call[] {
    const body = { kind: "sized" as const, bytes: 1_000_001, of: "a" };
    const change = { api: "botman/test/sync", spoiled: ["body" as const], body };
    return fc.sample(calls, IN_FLIGHT).map((call) => ({ ...call, recipe: { ...call.recipe, ...change } }));
  }

  const ASKS: Recipe["spoiled"] = ["path", "credentials"];
  /** Equal requests at the same second are one by their signature; in another encoding they are taken for another. */
  const OF_RIGHT_ONES = /^$|notEnabled|rateLimited|repeatedOperation|idempotencyMismatch/;
  const REACHED = [
    "accepted",
    "requestError.forbidden",
    "requestError.invalidParams",
    "requestError.methodNotAllowed",
    "requestError.notEnabled",
    "requestError.notFound",
    "requestError.payloadTooLarge",
    "requestError.unauthorized",
    "requestError.unreadableBody",
    "requestError.unsupportedMediaType",
    "run",
  ];

  /** A run of a route with a token, by its uid. */
  async function privateRun(): Promise<string> {
    const event = {
      httpMethod: "POST",
      path: "/v1/api/demo/flows/hello",
      headers: { token: SECRETS.token },
      body: JSON.stringify({ name: PRIVATE }),
    };
    const { body } = (await main(event, SCF)) as { body: string };
    return (JSON.parse(body) as { response: { uid: string } }).response.uid;
  }

  /** Nothing runs that was not answered with its uid; then everything is forgotten: runs, keys, and who is locked out. */
  async function settled(uids: Set<string>, accepted: Set<string>): Promise<void> {
    await Promise.all(later.splice(0));
    lookAtLog();
    const instances = await platform.instances();
    // One is the private run.
    expect(instances.length - 1).toBeLessThanOrEqual(uids.size + accepted.size);
    uids.clear();
    accepted.clear();
    await forgetAll();
  }
});

describe("a large body", () => {
  beforeAll(forgetAll);
  /** Each is refused: what is not too large is not what the route takes. */
  const bodies: [name: string, BodyRecipe, contentType?: string][] = [
    ["of 1,000,000 bytes that are no JSON", { kind: "sized", bytes: 1_000_000, of: "a" }],
    ["of 1,000,001 bytes", { kind: "sized", bytes: 1_000_001, of: "1" }],
    ["of 6,000,000 control characters", { kind: "sized", bytes: 6_000_000, of: "\x01" }],
    ["of 999,999 opening brackets", { kind: "sized", bytes: 999_999, of: "[" }],
    ["of 17 levels", { kind: "deep", open: "[", close: "]", levels: 17 }],
    ["of 100,000 lists in each other", { kind: "deep", open: "[", close: "]", levels: 100_000 }],
    ["of 100,000 objects in each other", { kind: "deep", open: '{"a":', close: "}", levels: 100_000 }],
    ["of 50,001 members", { kind: "wide", members: 50_001, isList: false }],
    ["of 499,999 items", { kind: "wide", members: 499_999, isList: true }],
    ["of 1,001 parts", { kind: "parts", count: 1_001, nested: 0, isFile: false }, FORM_DATA],
    ["of 19,000 parts", { kind: "parts", count: 19_000, nested: 0, isFile: false }, FORM_DATA],
    ["of 100,000 parts", { kind: "parts", count: 100_000, nested: 0, isFile: false }, FORM_DATA],
    ["of 15,000 parts in each other", { kind: "parts", count: 0, nested: 15_000, isFile: false }, FORM_DATA],
    ["of 249,999 equal names", { kind: "pairs", count: 249_999 }, "application/x-www-form-urlencoded"],
    ["of 1,500,000 equal names", { kind: "pairs", count: 1_500_000 }, "application/x-www-form-urlencoded"],
  ];

  const JSON_TYPE = { "content-type": "application/json" };

  /** What this process has worked, whatever else the machine does. */
  async function measured(event: object): Promise<{ code: string | undefined; cpuMs: number }> {
    const before = process.cpuUsage();
    const { code } = readDocumented(await answerOf(event));
    const { user, system } = process.cpuUsage(before);
    return { code, cpuMs: (user + system) / 1_000 };
  }

  it.each(bodies)("%s is refused before anybody gets tired", async (_, recipe, contentType = "application/json") => {
    const event = {
      httpMethod: "POST",
      path: "/v1/api/botman/test/sync",
      headers: { "content-type": contentType },
      body: bodyOf(recipe).toString("utf8"),
    };
    const { code, cpuMs } = await measured(event);
    expect(code).toMatch(/payloadTooLarge|unreadableBody/);
    // What takes longer for each further byte takes thousands of times as long, or millions.
    const plain = await measured({ ...event, headers: JSON_TYPE, body: `"${"a".repeat(999_990)}` });
    expect(cpuMs).toBeLessThan(200 * Math.max(10, plain.cpuMs));
    expect(await platform.instances()).toEqual([]);
  });
});

describe("a guesser", () => {
  beforeAll(forgetAll);
  const apis = ["demo/flows/hello", "demo/leave/start", "demo/staff/transfer"];
  const guesses = fc
    .tuple(fc.constantFrom(...apis), recipes(0))
    .map(([api, recipe]): Recipe => ({ ...recipe, api, spoiled: ["credentials"] }));

  it("is refused whatever he guesses, and locked out from his twentieth on", async () => {
    const runs = counted(10_000);
    const failures = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(together(guesses), async (all) => {
        for (const recipe of all) {
          const { event } = eventOf(recipe, { sourceIp: "10.0.1.1", encoding: "text" });
          const { kind, code } = readDocumented(await answerOf(event));
          must(kind === "refusal", "refused", kind);
          const failed = failures.get(recipe.api) ?? 0;
          if (failed >= LOCKOUT.failures) must(code === REFUSALS.lockedOut.code, "locked out", code, recipe);
          if (code === REFUSALS.tokenWrong.code) failures.set(recipe.api, failed + 1);
        }
      }),
      { numRuns: runs / IN_FLIGHT },
    );
    lookAtLog();
    expect(Object.fromEntries(failures)).toEqual(Object.fromEntries(apis.map((api) => [api, LOCKOUT.failures])));
    expect(await platform.instances()).toEqual([]);
  });
});

/** Drawn at once, so that a failure still shrinks. */
function together<One>(one: fc.Arbitrary<One>): fc.Arbitrary<One[]> {
  return fc.array(one, { minLength: IN_FLIGHT, maxLength: IN_FLIGHT });
}

interface Sent {
  event: object;
  /** The body is read as it was built. */
  isExact: boolean;
  mayRun: boolean;
}

/** As CloudBase's HTTP access would hand it over. */
function eventOf(recipe: Recipe, { sourceIp, encoding }: { sourceIp: string; encoding: string }): Sent {
  const { method, target, headers, body, mayRun } = hostile(recipe, SECRETS);
  const [path = "", ...query] = target.split("?");
  const asText = body.toString("utf8");
  const isText = Buffer.from(asText).equals(body);
  const isBase64 = encoding === "base64" || encoding === "says text" || (!isText && encoding === "text");
  const isSaid = isBase64 ? encoding !== "says text" : encoding === "says base64";
  const event = {
    httpMethod: method,
    path,
    headers: headersOf(headers),
    queryStringParameters: parametersOf(query.join("?")),
    requestContext: { requestId: randomUUID(), envId: "startflow-local", appId: 0, uin: 0, sourceIp },
    body: isBase64 ? body.toString("base64") : asText,
    isBase64Encoded: isSaid,
  };
  return { event, isExact: isBase64 === isSaid, mayRun };
}

function headersOf(headers: [string, string][]): Record<string, string | string[]> {
  const named: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of headers) named[name] = name in named ? [named[name] ?? [], value].flat() : value;
  return named;
}
