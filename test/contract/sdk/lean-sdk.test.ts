/** The SDK that is deployed against the one that is published: the same requests, the same results, and clear words for the rest. */
import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sdkVariables } from "../../../local/functions/environment";
import { LEFT_OUT } from "../../../scripts/lean-sdk/plugin";
import { runScript } from "../../helpers/built";
import { temporaryFolder } from "../../helpers/platform";
import { openCloud, SEQUENCE_ID } from "./server";

const LEAN = resolve("dist", "functions", "start-leave", "cloudbase.js");
const PUBLISHED = resolve("node_modules", "@cloudbase", "node-sdk");

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  results: Record<string, { value?: unknown; code?: string; message?: string }>;
  requests: unknown[];
}

type Variables = Record<string, string>;

async function run(sdk: string, variables: Variables): Promise<Run> {
  const { server, sent } = await openCloud();
  const env = { PATH: "/usr/bin:/bin", SILENCE: "true", ...sdkVariables(`${server.url}/admin`), ...variables };
  const script = resolve("test", "contract", "sdk", "calls.cjs");
  const { stdout } = await promisify(execFile)(process.execPath, [script, sdk], { env });
  await server.close();
  // The address of a failed call is in its message.
  const lasting = (text: string) =>
    JSON.parse(text.replaceAll(server.url, "http://cloud").replace(SEQUENCE_ID, "$1<time>"));
  return { results: lasting(stdout), requests: lasting(JSON.stringify(sent())) };
}

/** The words of one failure are its parser's own: that it fails is compared. */
function said({ results }: Run): Run["results"] {
  const { "uploadFile: no XML": noXml, ...others } = results;
  return { ...others, "uploadFile: no XML": { ...noXml, message: typeof noXml?.message } };
}

const SIGNED_IN = {
  TCB_CONTEXT_KEYS: "TCB_UUID,TCB_SOURCE,TCB_SESSIONTOKEN,TCB_SEQID",
  TCB_UUID: "user-1",
  TCB_SOURCE: "wx_http",
  TCB_SESSIONTOKEN: "session-1",
  TCB_SEQID: "seq",
};

const leanRuns = new Map<Variables, Promise<Run>>();
function leanRun(variables: Variables): Promise<Run> {
  const started = leanRuns.get(variables) ?? run(LEAN, variables);
  leanRuns.set(variables, started);
  return started;
}

describe.each<[string, Variables]>([
  ["in a cloud function", {}],
  ["for a user who is signed in", SIGNED_IN],
  ["outside SCF, where connections are kept alive", { TENCENTCLOUD_RUNENV: "", TENCENTCLOUD: "true", TCB_ENV: "e" }],
  ["with a key instead of a signature", { CLOUDBASE_APIKEY: "key-1" }],
])("%s", (_, variables) => {
  it("sends what the published SDK sends, and gives what it gives", async () => {
    const [lean, published] = [await leanRun(variables), await run(PUBLISHED, variables)];
    expect(published.requests.length).toBeGreaterThan(30);
    expect(lean.requests).toEqual(published.requests);
    expect(said(lean)).toEqual(said(published));
  });
});

it("the calls that are compared do work, but for those that are refused on purpose", async () => {
  const { results } = await leanRun(SIGNED_IN);
  const failed = Object.keys(results).filter((name) => results[name]?.message !== undefined);
  expect(failed).toEqual([
    "database: a refusal",
    "callFunction that is refused",
    "callFunction: HTTP 500",
    "callFunction: no JSON",
    "callFunction: too slow",
    "uploadFile that is refused",
    "uploadFile: no XML",
  ]);
  expect(results.uploadFile).toEqual({ value: { fileID: "cloud://e.1/sync/合同.pdf" } });
  expect(results["uploadFile that is refused"]?.message).toContain('in our records: "a&b" 合');
  expect(results.user).toMatchObject({ value: { uid: "user-1" } });
});

const REACHED: Record<string, string> = {
  "app.ai().createModel('x')": "@cloudbase/ai",
  "app.database().collection('c').where({}).watch({ onChange() {}, onError() {} })":
    "@cloudbase/database/realtime/websocket-client",
  "app.requestClient.get('http://127.0.0.1')": "axios",
  "app.models.leave.list({})": "@cloudbase/wx-cloud-client-sdk",
  "app.mysql()": "@cloudbase/wx-cloud-client-sdk",
  "app.rdb()": "@cloudbase/wx-cloud-client-sdk",
  "tcb.init({ env: 'e', credentials: { env_id: 'e', private_key: 'k', private_key_id: 'i' } }).auth().createTicket('user')":
    "jsonwebtoken",
  "app.callCompatibleWxOpenApi({ apiName: 'a', requestData: Buffer.from('b') })": "form-data",
  "tcb.init({ env: 'e', proxy: 'http://127.0.0.1:1', serviceUrl: 'http://127.0.0.1:1' }).callFunction({ name: 'f' })":
    "http-proxy-agent",
  "tcb.init({ env: 'e', proxy: 'http://127.0.0.1:1', serviceUrl: 'https://127.0.0.1:1' }).callFunction({ name: 'f' })":
    "https-proxy-agent",
};

describe("a call of what is not in the bundle", () => {
  let said: Record<string, string>;
  beforeAll(async () => {
    const calls = Object.keys(REACHED).map((call) => `[${JSON.stringify(call)}, (app) => ${call}]`);
    const { stdout, stderr } = await runScript(
      folder,
      `const tcb = require(${JSON.stringify(LEAN)});
       const said = {};
       (async () => {
         for (const [call, run] of [${calls.join(", ")}]) {
           const made = (async () => run(tcb.init({ env: "e" })))();
           said[call] = await made.then(() => "it answered", (error) => error.message);
         }
         process.stdout.write(JSON.stringify(said), () => process.exit(0));
       })();`,
      sdkVariables("http://127.0.0.1:1/admin"),
    );
    if (stdout === "") throw new Error(`nothing was said: ${stderr}`);
    said = JSON.parse(stdout);
  });

  it.each(Object.entries(REACHED))("%s says that %s is not there", (call, name) => {
    expect(said[call]).toContain(`${name} is not in this bundle`);
  });
});

it("everything that is left out is reached by one of these, or stands behind the first of them", () => {
  const behindAi = ["@cloudbase/app", "web-streams-polyfill"];
  const names = LEFT_OUT.map(({ of, path }) => (path.startsWith(".") ? of + path.slice(1) : path));
  const reached = [...Object.values(REACHED), ...behindAi];
  // bson's binary form has no way in at all: node-sdk hands nobody its bson.
  expect(names.filter((name) => !reached.includes(name) && !name.startsWith("bson/"))).toEqual([]);
});
