/** One call of a route, from its body to its answer: what is looked at first, what is kept, and what a key stands for. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { deadlineIn } from "../../../../shared/base/deadline";
import { StartflowError } from "../../../../shared/base/errors";
import { label } from "../../../../shared/form/fields";
import { LIMITS, type Route } from "../../../../shared/sync-api/routes/route";
import { answerCall } from "../../../../shared/sync-api/runs/api-call";
import { runQueued } from "../../../../shared/sync-api/runs/queue";
import { runsWhole } from "../../../../shared/sync-api/runs/runnable";
import { UID } from "../../../../shared/sync-api/runs/uid";
import type { Reply } from "../../../../shared/sync-api/wire/envelope";
import type { ApiRequest } from "../../../../shared/sync-api/wire/request";
import { type TestStore, testStore } from "../../../helpers/database";
import { unhurried } from "../../../helpers/still-clock";
import { completed, contextOf, gate, openEngine, requestOf, routeOf, type TriedEngine } from "../calls";
import { allRuns, findRun } from "../records";

interface Upload {
  cloudPath: string;
  fileContent: Buffer;
}

let store: TestStore;
let engine: TriedEngine;
let uploads: Upload[];
let handedOver: unknown[];
let upload: (file: Upload) => Promise<unknown>;
beforeEach(() => {
  store = testStore();
  engine = openEngine(completed);
  [uploads, handedOver] = [[], []];
  upload = async ({ fileContent }) => ({ fileID: `cloud://env/${fileContent}` });
  for (const method of ["log", "error"] as const) vi.spyOn(console, method).mockImplementation(() => undefined);
});
afterEach(() => {
  store.faults.set({});
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

interface Asked {
  route?: Partial<Route>;
  headers?: Record<string, string>;
  request?: Partial<ApiRequest>;
  mode?: "sync" | "async";
  signatureKey?: string;
}
async function call(
  body: unknown,
  { route = {}, headers = {}, request = {}, mode = "sync", signatureKey }: Asked = {},
) {
  const context = contextOf(store, {
    async callFunction({ data }) {
      handedOver.push(data);
    },
    async uploadFile(file) {
      uploads.push(file);
      return await upload(file);
    },
  });
  const parts = { context, environment: "preview" as const, deadline: deadlineIn(20_000) };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return await answerCall(parts, {
    route: routeOf(engine, route),
    mode,
    request: requestOf({ body: text, ...request, headers: { "content-type": "application/json", ...headers } }),
    ...(signatureKey === undefined ? {} : { signatureKey }),
  });
}
const keyed = (body: unknown, key = "order-1", asked: Asked = {}) =>
  call(body, { ...asked, headers: { "idempotency-key": key, ...asked.headers } });
interface Body {
  data: unknown;
  code: number;
  uid: string;
  error: { code: string; message: string; fields?: { path: string }[] };
}
const responseOf = ({ body }: Reply) => (body as { response: Body }).response;
const errorOf = (reply: Reply) => responseOf(reply).error;
const isReplay = ({ headers }: Reply) => headers["idempotent-replayed"] === "true";
const strict = z.strictObject({ days: z.number().max(60).meta(label("天数", "Days")) });
const withSchema = () => ({ run: runsWhole({ start: engine.target, whole: { whole: true }, input: strict }) });

describe("a call", () => {
  it("runs its input, and answers what came of it", async () => {
    const reply = await call({ name: "botman.cc" });
    expect(reply).toMatchObject({ status: 200, body: { response: { data: { name: "botman.cc" }, code: 0, msg: "" } } });
    expect(responseOf(reply).uid).toMatch(UID);
    expect(reply.headers["x-run-uid"]).toBe(responseOf(reply).uid);
    expect(engine.sent).toEqual([{ name: "botman.cc" }]);
  });

  it.each([
    ["botman.cc", "botman.cc"],
    [
      { code: 0, msg: "ok" },
      { code: 0, msg: "ok" },
    ],
    [null, ""],
    ["", ""],
    [0, 0],
  ])("answers the output %j of its route as %j", async (output, data) => {
    expect(responseOf(await call({}, { route: { output } })).data).toStrictEqual(data);
  });

  it("of a raw route answers the output alone", async () => {
    expect((await call({ a: 1 }, { route: { raw: true } })).body).toEqual({ a: 1 });
  });

  it("is a run of its own without a key, however equal", async () => {
    const [first, second] = [await call({ a: 1 }), await call({ a: 1 })];
    expect(responseOf(first).uid).not.toBe(responseOf(second).uid);
    expect(engine.sent).toHaveLength(2);
    expect(isReplay(second)).toBe(false);
  });
});

describe("what is wrong with a call", () => {
  it("is told in the order of length, type, text, key, callback and schema", async () => {
    const route = { ...withSchema(), bodyBytes: 10, keyRequired: true };
    const wrong = {
      "idempotency-key": "a b",
      "x-callback-url": "https://evil.example.com/",
      "content-type": "text/plain",
    };
    const statusOf = async (body: string, headers: Record<string, string>) => {
      const reply = await call(body, { route, headers });
      return `${reply.status} ${errorOf(reply).message.split(/[:.]/)[0]}`;
    };
    expect(await statusOf("{".repeat(11), wrong)).toMatch(/^413 /);
    expect(await statusOf("{", wrong)).toMatch(/^415 /);
    const json = { ...wrong, "content-type": "application/json" };
    expect(await statusOf("{", json)).toMatch(/^400 The body cannot be read/);
    expect(await statusOf("{}", json)).toMatch(/^400 The header Idempotency-Key/);
    expect(await statusOf("{}", { ...json, "idempotency-key": "k-1" })).toMatch(/^400 The origin of X-Callback-Url/);
    const right = { "content-type": "application/json", "idempotency-key": "k-1" };
    expect(await statusOf("{}", right)).toMatch(/^400 Fill in "Days"/);
    expect(engine.sent).toEqual([]);
    expect(await allRuns(store)).toEqual([]);
  });

  it("by its schema names each field, and uses no key up", async () => {
    const route = withSchema();
    const reply = await keyed({ days: 61 }, "order-1", { route });
    expect(reply.status).toBe(400);
    expect(errorOf(reply)).toMatchObject({ code: "requestError.invalidParams", fields: [{ path: "days" }] });
    expect(errorOf(reply).message).toContain("天数");
    expect(await keyed({ days: 60 }, "order-1", { route })).toMatchObject({ status: 200 });
  });

  it("by what is too deep or too much is 413", async () => {
    const deep = `${"[".repeat(1_000)}${"]".repeat(1_000)}`;
    expect(await call(deep)).toMatchObject({ status: 413 });
  });
});

describe("a key", () => {
  it("answers the first run again, and says so", async () => {
    const [first, again] = [await keyed({ a: 1 }), await keyed({ a: 1 })];
    expect(isReplay(first)).toBe(false);
    expect(isReplay(again)).toBe(true);
    expect({ status: again.status, body: again.body }).toEqual({ status: first.status, body: first.body });
    expect(engine.sent).toHaveLength(1);
  });

  it.each([
    ["body", { a: 2 }, {}],
    ["query", { a: 1 }, { query: { b: "1" } }],
    ["method", { a: 1 }, { method: "GET" }],
  ] as const)("with another %s is refused with 422, and starts nothing", async (_, body, request) => {
    await keyed({ a: 1 });
    const reply = await keyed(body, "order-1", { request });
    expect(reply).toMatchObject({
      status: 422,
      body: { response: { error: { code: "requestError.idempotencyMismatch" } } },
    });
    expect(engine.sent).toHaveLength(1);
  });

  it("is asked for where the route says so", async () => {
    const route = { keyRequired: true };
    expect(await call({}, { route })).toMatchObject({ status: 400 });
    expect(await keyed({}, "order-1", { route })).toMatchObject({ status: 200 });
  });

  it("whose run is under way is refused with 409, and may be sent again", async () => {
    const { opened, open } = gate();
    engine = openEngine(() => opened.then(() => completed()));
    const first = keyed({ a: 1 });
    await expect.poll(() => engine.sent.length).toBe(1);
    const busy = await keyed({ a: 1 });
    expect(busy).toMatchObject({ status: 409, headers: { "retry-after": "1" } });
    expect(errorOf(busy).code).toBe("requestError.repeatedOperation");
    open();
    const done = await first;
    expect(busy.headers["x-run-uid"]).toBe(responseOf(done).uid);
    expect(await keyed({ a: 1 })).toMatchObject({ status: 200, body: done.body as object });
  });

  it("whose run was not started may be sent again, and then starts it once", async () => {
    let isBusy = true;
    engine = openEngine(() => {
      if (isBusy) throw new StartflowError("ENGINE_REFUSED");
      return completed("done");
    });
    const refused = await keyed({ a: 1 });
    expect(refused).toMatchObject({ status: 502 });
    expect(refused.headers["x-run-uid"]).toMatch(UID);
    isBusy = false;
    const done = await keyed({ a: 1 });
    expect(done.status).toBe(200);
    expect(isReplay(done)).toBe(false);
    expect(responseOf(done).uid).toBe(refused.headers["x-run-uid"]);
    expect(isReplay(await keyed({ a: 1 }))).toBe(true);
  });

  it("that 200 calls carry at once is one run; all others are its replays, or 409", async () => {
    unhurried();
    const { opened, open } = gate();
    engine = openEngine(() => opened.then(() => completed("done")));
    let answered = 0;
    const one = async () => {
      const reply = await keyed({ a: 1 });
      answered += 1;
      // Half of them come while it is under way.
      if (answered === 100) open();
      return reply;
    };
    const replies = await Promise.all(Array.from({ length: 200 }, one));
    expect(engine.sent).toHaveLength(1);
    expect(replies.filter((reply) => reply.status === 200 && !isReplay(reply))).toHaveLength(1);
    expect(replies.filter((reply) => reply.status === 409 || isReplay(reply))).toHaveLength(199);
    expect(new Set(replies.map(({ headers }) => headers["x-run-uid"])).size).toBe(1);
  });

  it("of another route is another one", async () => {
    await keyed({ a: 1 });
    const reply = await keyed({ a: 2 }, "order-1", { route: { function: "other" } });
    expect(reply.status).toBe(200);
  });

  it("that is a signature is none that a caller can write", async () => {
    const v1 = "0".repeat(64);
    const first = await call({ a: 1 }, { signatureKey: v1 });
    expect(isReplay(await call({ a: 1 }, { signatureKey: v1 }))).toBe(true);
    expect(await call({ a: 2 }, { signatureKey: v1 })).toMatchObject({ status: 422 });
    for (const key of [v1, `signature:${v1}`]) {
      const other = await keyed({ a: 1 }, key);
      expect(responseOf(other).uid).not.toBe(responseOf(first).uid);
    }
  });

  it("that a caller gives counts before his signature", async () => {
    const first = await keyed({ a: 1 }, "order-1", { signatureKey: "0".repeat(64) });
    const again = await keyed({ a: 1 }, "order-1", { signatureKey: "1".repeat(64) });
    expect(isReplay(again)).toBe(true);
    expect(responseOf(again).uid).toBe(responseOf(first).uid);
  });
});

describe("the wait", () => {
  const slow = () => openEngine(() => new Promise(() => {}));
  const waited = async (asked: Asked) => {
    engine = slow();
    const startedMs = performance.now();
    const reply = await call({}, asked);
    return { reply, ms: performance.now() - startedMs };
  };

  it("is as long as the route says, and then answered with where to ask", async () => {
    const { reply, ms } = await waited({ route: { waitMs: 500 } });
    expect(reply).toMatchObject({ status: 504, body: { response: { code: 1002, data: "" } } });
    expect(reply.headers.location).toBe(`/v1/runs/${responseOf(reply).uid}`);
    expect(ms).toBeGreaterThan(490);
    expect(ms).toBeLessThan(8_000);
  });

  it("is shorter where the caller prefers that, and never longer", async () => {
    expect((await waited({ headers: { prefer: "wait=1" } })).ms).toBeLessThan(8_000);
    expect((await waited({ route: { waitMs: 300 }, headers: { prefer: "wait=10" } })).ms).toBeLessThan(8_000);
  });
});

describe("a call that is not waited for", () => {
  const runs = async (uid: string) => {
    const parts = { context: contextOf(store), environment: "preview" as const, deadline: deadlineIn(20_000) };
    await runQueued(parts, uid, () => routeOf(engine));
  };

  it.each([
    ["the route", { mode: "async" }, undefined],
    ["its caller", { headers: { prefer: "respond-async" } }, "respond-async"],
    ["its caller's wait of nothing", { headers: { prefer: "wait=0" } }, "respond-async"],
  ] as [string, Asked, string | undefined][])(
    "because of %s is answered with its uid at once, and run afterwards",
    async (_, asked, applied) => {
      const reply = await call({ a: 1 }, asked);
      const { uid } = responseOf(reply);
      expect(reply).toMatchObject({
        status: 202,
        headers: { location: `/v1/runs/${uid}`, "x-run-uid": uid, "retry-after": "1" },
      });
      expect(reply.body).toEqual({ response: { uid } });
      expect(reply.headers["preference-applied"]).toBe(applied);
      expect(handedOver).toEqual([{ run: uid }]);
      expect(engine.sent).toEqual([]);
      await runs(uid);
      expect(engine.sent).toEqual([{ a: 1 }]);
    },
  );

  it("is checked before it is accepted", async () => {
    expect(await call({ days: 61 }, { mode: "async", route: withSchema() })).toMatchObject({ status: 400 });
    expect(await allRuns(store)).toEqual([]);
  });

  it("is run once under its key, whether it waits, runs or is done", async () => {
    const first = await keyed({ a: 1 }, "order-1", { mode: "async" });
    const waiting = await keyed({ a: 1 }, "order-1", { mode: "async" });
    expect(isReplay(first)).toBe(false);
    expect(isReplay(waiting)).toBe(true);
    expect(waiting.body).toEqual(first.body);
    await runs(responseOf(first).uid);
    expect(isReplay(await keyed({ a: 1 }, "order-1", { mode: "async" }))).toBe(true);
    expect(handedOver).toHaveLength(1);
    await runs(responseOf(first).uid);
    expect(engine.sent).toHaveLength(1);
    expect(await keyed({ a: 2 }, "order-1", { mode: "async" })).toMatchObject({ status: 422 });
  });

  it("may be longer than what the database keeps of it: 413", async () => {
    const reply = await call({ a: "x".repeat(LIMITS.queuedBytes) }, { mode: "async" });
    expect(reply).toMatchObject({ status: 413 });
    expect(errorOf(reply).message).toContain(String(LIMITS.queuedBytes));
    expect(await call({ a: "x".repeat(LIMITS.queuedBytes) })).toMatchObject({ status: 200 });
  });

  it("keeps where its end is to be told, as one that is waited for does", async () => {
    vi.stubEnv("STARTFLOW_SYNC_CALLBACK_ORIGINS", "https://erp.example.com");
    vi.stubEnv("STARTFLOW_SYNC_CALLBACK_KEY", "canary-callback-key");
    const headers = { "x-callback-url": "https://erp.example.com/done" };
    for (const mode of ["sync", "async"] as const) {
      const { uid } = responseOf(await call({}, { mode, headers }));
      expect(await findRun(store, uid)).toMatchObject({
        callbackUrl: "https://erp.example.com/done",
        callbackState: "pending",
      });
    }
    expect(await findRun(store, responseOf(await call({})).uid)).not.toHaveProperty("callbackState");
  });
});

describe("a call with files", () => {
  async function form(files: string[], fields: Record<string, string> = {}): Promise<Asked & { body: string }> {
    const data = new FormData();
    for (const [name, value] of Object.entries(fields)) data.append(name, value);
    for (const text of files) data.append("attachments", new Blob([text]), "a.txt");
    const response = new Response(data);
    const body = Buffer.from(await response.arrayBuffer()).toString("base64");
    return {
      body,
      request: { isBase64: true },
      headers: { "content-type": response.headers.get("content-type") ?? "" },
    };
  }
  const sendForm = async (files: string[], fields?: Record<string, string>, asked: Asked = {}) => {
    const { body, ...made } = await form(files, fields);
    return await call(body, { ...made, ...asked, headers: { ...made.headers, ...asked.headers } });
  };

  it("gives the run their ids, once they are stored", async () => {
    expect(await sendForm(["one", "two"], { reason: "x" })).toMatchObject({ status: 200 });
    expect(engine.sent).toEqual([{ reason: "x", attachments: ["cloud://env/one", "cloud://env/two"] }]);
    expect(uploads).toHaveLength(2);
  });

  it("keeps their ids where it is not waited for", async () => {
    const { uid } = responseOf(await sendForm(["one"], {}, { mode: "async" }));
    expect(await findRun(store, uid)).toMatchObject({ input: '{"attachments":"cloud://env/one"}' });
  });

  it("stores none of them where its fields are wrong", async () => {
    const input = z.strictObject({ reason: z.string(), attachments: z.string() });
    const run = runsWhole({ start: engine.target, whole: { whole: true }, input });
    expect(await sendForm(["one"], {}, { route: { run } })).toMatchObject({ status: 400 });
    expect(uploads).toEqual([]);
  });

  it("is not run where they cannot be stored, and may be sent again", async () => {
    upload = () => Promise.reject(new Error("down"));
    const headers = { "idempotency-key": "order-1" };
    const refused = await sendForm(["one"], {}, { headers });
    expect(refused).toMatchObject({ status: 503 });
    expect(refused.headers["x-run-uid"]).toMatch(UID);
    expect(engine.sent).toEqual([]);
    upload = async () => ({ fileID: "cloud://env/again" });
    expect(await sendForm(["one"], {}, { headers })).toMatchObject({ status: 200 });
    expect(engine.sent).toEqual([{ attachments: "cloud://env/again" }]);
  });

  it("is the same under its key when it is written anew, with another boundary", async () => {
    const headers = { "idempotency-key": "order-1" };
    const first = await sendForm(["one"], { reason: "x" }, { headers });
    expect(first.status).toBe(200);
    const again = await sendForm(["one"], { reason: "x" }, { headers });
    expect(again.body).toEqual(first.body);
    expect(isReplay(again)).toBe(true);
    expect(await sendForm(["other"], { reason: "x" }, { headers })).toMatchObject({ status: 422 });
    expect(await sendForm(["one"], { reason: "y" }, { headers })).toMatchObject({ status: 422 });
    expect(engine.sent).toHaveLength(1);
  });
});

describe("a database that fails", () => {
  it("starts nothing: 503, with a time to come again", async () => {
    store.faults.set({ store: { kind: "down", rate: 1 } });
    for (const mode of ["sync", "async"] as const) {
      const reply = await keyed({}, "order-1", { mode });
      expect(reply).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
      expect(errorOf(reply).code).toBe("serverError.unavailable");
    }
    expect(engine.sent).toEqual([]);
  });
});
