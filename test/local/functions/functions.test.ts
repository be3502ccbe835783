/** Function processes: exactly SCF's environment, one call at a time, killed for their time, never with real cloud keys. */
import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { functionEnvironment, readFunctionConfigs } from "../../../local/functions/environment";
import { type PlatformHere, platformHere, temporaryFolder } from "../../helpers/platform";

/** One function, so that not each of these has a process of its own. */
const WORKS = {
  environment: "return process.env;",
  user: "return context.auth.getUserInfo();",
  crash: "process.exit(3);",
  throws: "throw new TCBError('OWN_CODE', 'own words');",
  cyclic: "const a = {}; a.a = a; return a;",
  nothing: "",
  published: "return Object.keys(require.cache).some((file) => file.endsWith('node-sdk/dist/index.js'));",
  prints: "console.log('a', { b: 1 }); console.warn('c'); return 1;",
  // None is over before two processes have one.
  meet: `
    const { readdirSync, writeFileSync } = require("node:fs");
    running += 1;
    writeFileSync(params.folder + "/" + process.pid, "");
    do await new Promise((r) => setTimeout(r, 5)); while (readdirSync(params.folder).length < 2);
    running -= 1;
    return { pid: process.pid, beside: running };`,
  members: `
    const { callModel, callConnector, callDataSource, callWedaApi, callWorkflow, database, app, auth, cloudbase } = context;
    const { id } = await callModel({ name: "customer", methodName: "wedaCreateV2", params: { data: { name: "张三", level: 1 } } });
    await callModel({ dataSourceName: "customer", methodName: "wedaUpdateV2", params: { data: { level: 2 }, filter: { where: { _id: { $eq: id } } } } });
    const item = await callModel({ name: "customer", methodName: "wedaGetItemV2", params: { filter: { where: { _id: { $eq: id } } }, select: { $master: true } } });
    const list = await callModel({ name: "customer", methodName: "wedaGetRecordsV2", params: { filter: { where: {} }, select: { $master: true }, getCount: true } });
    const stored = await database.collection("customer").doc(id).get();
    const started = await callConnector({ name: "startflow", methodName: "start-leave", params: { reason: "x", days: 1, startsOn: "2026-12-01" } });
    const details = await callWedaApi({ action: "DescribeProcessInstanceDetails", data: { processInstanceId: started.processId } });
    const called = await app.callFunction({ name: "start-leave", data: {} });
    const removed = await callModel({ name: "customer", methodName: "wedaDeleteV2", params: { filter: { where: { _id: { $eq: id } } } } });
    return { item, list, stored: stored.data, started, details, called: called.result.code, removed,
      kinds: [typeof callDataSource, typeof callWorkflow, typeof auth.getUserInfo, typeof cloudbase.init, typeof context.callWxOpenApi] };`,
};
const CODE = {
  works: `
    let running = 0;
    const WORKS = {
      ${Object.entries(WORKS)
        .map(([name, code]) => `${name}: async (params, context) => {${code}},`)
        .join("\n")}
    };
    module.exports = (params, context) => WORKS[params.work](params, context);`,
  // It takes no step, and no processor.
  hang: "module.exports = async () => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); };",
  syntax: "module.exports = async () => {",
};

let platform: PlatformHere;
const data = temporaryFolder();
beforeAll(async () => {
  vi.stubEnv("STARTFLOW_CANARY", "canary-7f3a");
  platform = await platformHere(data, {
    code: CODE,
    functions: [{ name: "hang", timeout: 1 }],
  });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await platform.stop();
  rmSync(data, { recursive: true });
});

const works = (work: keyof typeof WORKS, { params = {}, ...request }: { params?: object; user?: string | null } = {}) =>
  platform.test("works", { params: { ...params, work }, ...request });

describe("a function's process", () => {
  it("has the environment of SCF, and nothing of the platform's own", async () => {
    const { result } = await works("environment");
    expect(result).toMatchObject({
      TENCENTCLOUD_RUNENV: "SCF",
      SCF_NAMESPACE: "startflow-local",
      TENCENTCLOUD_REGION: "ap-shanghai",
      TZ: "UTC",
    });
    expect(result).not.toHaveProperty("STARTFLOW_CANARY");
    expect(JSON.stringify(result)).not.toContain("canary-7f3a");
  });

  it("knows who is signed in from the platform, for this call only", async () => {
    expect((await works("user", { user: "user-a" })).result).toMatchObject({ uid: "user-a", isAnonymous: false });
    expect((await works("user", { user: null })).result).toMatchObject({ isAnonymous: true });
    const forged = await works("user", { params: { uid: "forged" }, user: "user-b" });
    expect(forged.result).toMatchObject({ uid: "user-b" });
  });

  it("has one call at a time", async () => {
    const folder = temporaryFolder();
    const answers = await Promise.all(Array.from({ length: 12 }, () => works("meet", { params: { folder } })));
    rmSync(folder, { recursive: true });
    const calls = answers.map(({ result }) => result as { pid: number; beside: number });
    expect(calls.map(({ beside }) => beside)).toEqual(calls.map(() => 0));
    expect(new Set(calls.map(({ pid }) => pid)).size).toBeGreaterThan(1);
  });

  it("that ends in the middle of a call is an unknown outcome, and the next call gets a new one", async () => {
    expect(await works("crash")).toMatchObject({
      ok: false,
      error: { code: "FUNCTIONS_EXECUTE_FAIL", outcome: "unknown" },
    });
    expect(await works("nothing")).toMatchObject({ ok: true });
  });

  it("is killed when its time is up", async () => {
    expect(await platform.test("hang", { params: {} })).toMatchObject({
      ok: false,
      error: { code: "FUNCTIONS_TIME_LIMIT_EXCEEDED", outcome: "unknown" },
    });
  });

  it("gives its own code and words where it throws", async () => {
    const error = { code: "OWN_CODE", message: { zh: "own words" } };
    expect(await works("throws")).toMatchObject({ ok: false, error });
  });

  it.each([
    ["gives what JSON cannot hold", () => works("cyclic")],
    ["is no JavaScript", () => platform.test("syntax", { params: {} })],
  ])("that %s says so", async (_, call) => {
    expect(await call()).toMatchObject({ ok: false, error: { code: "FUNCTIONS_EXECUTE_FAIL" } });
  });

  it("has the whole published node-sdk, as custom code that is dropped in", async () =>
    expect(await works("published")).toMatchObject({ ok: true, result: true }));

  it("answers null for nothing", async () => expect(await works("nothing")).toMatchObject({ ok: true, result: null }));

  it("shows what it printed", async () => expect((await works("prints")).logs).toEqual(["a { b: 1 }", "c"]));
});

describe("the context of custom code", () => {
  it("has all documented members, and they work", async () => {
    const { result, error } = await works("members");
    expect(error).toBeUndefined();
    expect(result).toMatchObject({
      item: { name: "张三", level: 2 },
      list: { records: [{ name: "张三" }], total: 1 },
      stored: [{ name: "张三", level: 2 }],
      started: { outcome: "started" },
      called: "INVALID_PARAMS",
      kinds: ["function", "function", "function", "function", "function"],
    });
  });
});

describe("the environment of a function", () => {
  const config = { name: "f", timeout: 20, memorySize: 256 };

  it.each([
    { TENCENTCLOUD_SECRETID: "x" },
    { CLOUDBASE_APIKEY: "x" },
    { MY_ID: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA" },
  ])("is refused with real cloud keys: %j", (envVariables) => {
    expect(() => functionEnvironment({ ...config, envVariables } as never, "http://127.0.0.1:1/admin")).toThrow(
      /cloud keys/,
    );
  });

  it("is that of cloudbaserc.json, with local values for what a deployment reads from .env", () => {
    const [first] = [...readFunctionConfigs("cloudbaserc.json").values()];
    expect(first).toBeDefined();
    if (first !== undefined) {
      expect(functionEnvironment(first, "http://127.0.0.1:1/admin")).toMatchObject({
        STARTFLOW_EXTRA_USER_ID: "1000000000000000000",
      });
    }
  });
});
