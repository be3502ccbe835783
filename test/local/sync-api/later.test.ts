/** Runs that are answered before they start, and callbacks of their end: nothing that was answered is lost, also after a kill. */
import { readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { LOCAL_SYNC } from "../../../local/functions/environment";
import { readSignature, signatureOf } from "../../../shared/sync-api/gate/signature";
import { folderForTests } from "../../helpers/folder";
import {
  clientOf,
  type PlatformHere,
  type PlatformProcess,
  platformHere,
  platformProcess,
} from "../../helpers/platform";
import { type Api, apiOf, LOGIN, startedFromNow, TOKEN } from "./open-api";

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

let status = 200;
let received: Received[] = [];
let receiver: Server;
/** The one origin to which callbacks may go here. */
let CALLBACK = "";

let platform: PlatformHere;
let api: Api;
const [data, dataOfKilled] = [folderForTests(), folderForTests()];
beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    received.push({ path: request.url ?? "", headers: request.headers, body });
    response.writeHead(status, { location: `${CALLBACK}/elsewhere` }).end();
  });
  await new Promise<void>((listening) => receiver.listen(0, "127.0.0.1", listening));
  CALLBACK = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const functions = ["sync-api", "sweep"].map((name) => withOrigin(name, CALLBACK));
  platform = await platformHere(data, { functions });
  api = apiOf(platform);
});
afterAll(async () => {
  await platform.stop();
  await new Promise((closed) => receiver.close(closed));
});
/** The function's own row, with this origin. */
function withOrigin(name: string, origin: string) {
  const config = JSON.parse(readFileSync("cloudbaserc.json", "utf8")) as {
    functions: { name: string; envVariables: object }[];
  };
  const row = config.functions.find((one) => one.name === name);
  return { name, envVariables: { ...row?.envVariables, STARTFLOW_SYNC_CALLBACK_ORIGINS: origin } };
}

const sweep = async (on: Pick<PlatformHere, "test"> = platform) => (await on.test("sweep", { params: {} })).result;
const state = async (uid: string, headers: Record<string, string> = TOKEN, on: Api = api) =>
  (await on.call(`/runs/${uid}`, { headers })).body.state;
const later = (offsetMs: number) => platform.send("PUT", "/_local/clock", { offsetMs });

describe("the async mode", () => {
  let started: Awaited<ReturnType<typeof startedFromNow>>;
  beforeEach(async () => {
    started = await startedFromNow(platform);
  });
  afterEach(async () => {
    await platform.send("PUT", "/_local/faults", {});
    await later(0);
  });

  it.each([
    ["by its path", "/api/demo/flows/hello/async", {}],
    ["as the caller prefers", "/api/demo/flows/hello", { prefer: "respond-async" }],
  ])("%s answers the uid at once; the run goes on without the call", async (_, path, headers) => {
    const answer = await api.call(path, { headers: { ...TOKEN, ...headers }, body: { name: "x" } });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ uid: expect.stringMatching(/^\d{18}$/) });
    expect(answer.headers.get("location")).toBe(`/v1/runs/${answer.body.uid}`);
    await expect.poll(() => state(answer.body.uid)).toBe("succeeded");
    expect((await api.call(`/runs/${answer.body.uid}`, { headers: TOKEN })).body.data).toEqual({ name: "hello world" });
    expect(await started()).toHaveLength(1);
  });

  it("waits for a workflow as long as the function has, and then tells its end", async () => {
    const { body } = await api.call("/api/demo/flows/slow/async", { headers: TOKEN, body: {} });
    await expect.poll(() => state(body.uid)).toBe("running");
    await later(30_000);
    await expect.poll(() => state(body.uid)).toBe("succeeded");
  });

  it("with a key that comes again is one run", async () => {
    const call = () =>
      api.call("/api/demo/flows/hello/async", { headers: { ...TOKEN, "idempotency-key": "one" }, body: { name: "x" } });
    const answers = await Promise.all(Array.from({ length: 20 }, call));
    expect(new Set(answers.map(({ body }) => body.uid)).size).toBe(1);
    await expect.poll(() => state(answers[0]?.body.uid ?? "")).toBe("succeeded");
    expect(await started()).toHaveLength(1);
  });

  it("refuses a wrong input before it answers a uid", async () => {
    const answer = await api.call("/api/demo/leave/start/async", { headers: LOGIN, body: { days: 3 } });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "requestError.invalidParams" } } });
  });

  it("tells of a start that the engine refused as a failed run", async () => {
    await platform.send("PUT", "/_local/faults", { workflow: { kind: "flow-disabled" } });
    const { body } = await api.call("/api/demo/flows/hello/async", { headers: TOKEN, body: {} });
    await expect.poll(() => state(body.uid)).toBe("failed");
    expect(await started()).toEqual([]);
  });
});

describe("a run that was answered and whose platform was killed", () => {
  it("is taken on by the next sweep, once", async () => {
    const before = await platformProcess(dataOfKilled);
    const uids: string[] = [];
    const calls = Array.from({ length: 12 }, async () => {
      const answer = await apiOf(asHere(before)).call("/api/demo/flows/hello/async", {
        headers: TOKEN,
        body: { a: 1 },
      });
      uids.push(answer.body.uid);
      // In the midst of the others.
      if (uids.length === 6) await before.kill();
    });
    await Promise.allSettled(calls);
    expect(uids.length).toBeGreaterThanOrEqual(6);
    const after = await platformProcess(dataOfKilled);
    const again = apiOf(asHere(after));
    await after.send("PUT", "/_local/clock", { offsetMs: 120_000 });
    await sweep(after);
    for (const uid of uids) {
      await expect.poll(() => state(uid, TOKEN, again)).toMatch(/succeeded|unknown/);
    }
    const states = await Promise.all(uids.map((uid) => state(uid, TOKEN, again)));
    // One that was being sent when the platform died is not known; it is not sent again.
    expect(states.filter((one) => one === "succeeded").length).toBeGreaterThan(0);
    expect((await after.instances()).length).toBeLessThanOrEqual(12);
    await after.kill();
  });
});

/** Stopped by the test itself. */
function asHere(running: PlatformProcess): PlatformHere {
  return { ...clientOf(running.url), stop: async () => undefined };
}

describe("a callback", () => {
  // A sweep finds the runs of all tests.
  beforeEach(async () => {
    await platform.send("POST", "/_local/reset", {});
    status = 200;
    received = [];
  });

  const asked = (path: string, options: { headers: object; body: unknown }, url = `${CALLBACK}/done?x=1`) =>
    api.call(path, { ...options, headers: { ...options.headers, "x-callback-url": url } });
  const leave = { reason: "探亲", days: 3, startsOn: "2026-12-01" };

  it("is sent by the sweep once the run has ended, signed, and once", async () => {
    const { body } = await asked("/api/demo/leave/start", { headers: LOGIN, body: leave });
    expect(await sweep()).toMatchObject({ called: 0 });
    const [instance] = await platform.instances();
    const task = instance?.tasks[0]?.id;
    await platform.send("POST", `/_local/instances/${instance?.id}/tasks/${task}`, { action: "reject" });
    expect(await sweep()).toMatchObject({ called: 1 });
    expect(await sweep()).toMatchObject({ called: 0 });
    const [call, ...others] = received;
    expect(others).toEqual([]);
    expect(call?.path).toBe("/done?x=1");
    expect(JSON.parse(call?.body ?? "")).toMatchObject({ response: { uid: body.uid, state: "declined", code: 1006 } });
    const given = readSignature(String(call?.headers["x-signature"]));
    const parts = { at: given?.at ?? "", method: "POST", path: "/done", query: "", key: "", body: call?.body ?? "" };
    expect(given?.v1).toBe(signatureOf(LOCAL_SYNC.callbackKey, parts));
  });

  it("that is not taken is sent again, later and later, and given up in the end", async () => {
    status = 302;
    await asked("/api/demo/flows/hello", { headers: TOKEN, body: {} });
    expect(await sweep()).toMatchObject({ called: 0, givenUp: 0 });
    await sweep();
    expect(received).toHaveLength(1);
    const answers: unknown[] = [];
    for (let at = 1; at < 10; at += 1) {
      await later(at * 21_600_000 * 2);
      answers.push(await sweep());
    }
    expect(received).toHaveLength(10);
    expect(received.every(({ path }) => path === "/done?x=1")).toBe(true);
    expect(answers.at(-1)).toMatchObject({ givenUp: 1 });
  });

  it("goes to configured origins only", async () => {
    for (const url of ["http://127.0.0.1:4002/x", `${CALLBACK}@evil.example/`, "file:///etc/passwd", "x"]) {
      const answer = await asked("/api/demo/flows/hello", { headers: TOKEN, body: {} }, url);
      expect(answer).toMatchObject({ status: 400, body: { error: { code: "requestError.invalidParams" } } });
    }
    expect(await platform.instances()).toEqual([]);
  });
});
