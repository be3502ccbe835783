/** One contract for every function: found by folder listing, run on what was built. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type * as z from "zod";
import type { RequestRow } from "../../local/console/wire";
import type { Method } from "../../shared/method";
import { copyAlone, functionNames, pasteNames, runScript, startingMethods, startingNames } from "../helpers/built";
import { type RecordingContext, recordingContext } from "../helpers/context";
import { type PlatformHere, platformHere, temporaryFolder } from "../helpers/platform";

type AnyMethod = Method<z.ZodType, unknown>;
const require = createRequire(import.meta.url);
const folders: string[] = [];
function alone(from: string, packages: string[]): string {
  const folder = copyAlone(from, packages);
  folders.push(folder);
  return folder;
}
const deployed = (name: string) => require(resolve("dist", "functions", name, "index.js")) as AnyMethod;

it("finds the same functions in the sources, in what was built, and in cloudbaserc.json", () => {
  const entries = readdirSync("functions", { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const sources = entries.map((entry) => entry.name).sort();
  const { functions } = JSON.parse(readFileSync("cloudbaserc.json", "utf8")) as { functions: { name: string }[] };
  expect(functionNames).toEqual(sources);
  expect(functions.map(({ name }) => name).sort()).toEqual(sources);
});

describe.each(functionNames)("function %s", (name) => {
  it("exports the custom-code entry itself, and the cloud-function entry as main", () => {
    const method = deployed(name);
    expect(method).toBeTypeOf("function");
    expect(method.main).toBeTypeOf("function");
  });

  it("has a title in both languages, and a label in both for every field", () => {
    const methods = JSON.parse(readFileSync(join("dist", "methods.json"), "utf8")) as {
      name: string;
      title: object;
      inputSchema: object;
    }[];
    const described = methods.find((row) => row.name === name);
    expect(described?.title).toMatchObject({ zh: expect.stringMatching(/./), en: expect.stringMatching(/./) });
    for (const field of fieldsOf(described?.inputSchema)) {
      expect(field).toMatchObject({ title: expect.stringMatching(/./), "x-title-en": expect.stringMatching(/./) });
    }
  });

  it("needs nothing beside its own folder, and loads no SDK before the cloud-function entry is called", async () => {
    const folder = alone(join("dist", "functions", name), []);
    const environment = { TENCENTCLOUD_RUNENV: "SCF", TENCENTCLOUD_REGION: "ap-shanghai", SCF_NAMESPACE: "env" };
    const { stdout, exitCode } = await runScript(
      folder,
      `const m = require("./index.js/index.js");
      console.log(typeof m, typeof m.main, Object.keys(require.cache).length);
      Object.assign(process.env, ${JSON.stringify(environment)});
      m.main({ noSuchField: 1 }).then((r) => console.log(r.code, r.outcome));`,
    );
    expect(stdout).toMatch(/^function function 2\n/);
    expect(stdout).toContain("INVALID_PARAMS rejected");
    expect(exitCode).toBe(0);
  });
});

interface WorkflowContext extends RecordingContext {
  /** Of other functions, as a CloudBase workflow is one. */
  functionCalls: unknown[];
}

function workflowContext(): WorkflowContext {
  const functionCalls: unknown[] = [];
  const app: RecordingContext["app"] = {
    getTempFileURL: async () => ({ fileList: [] }),
    async callFunction(call) {
      functionCalls.push(structuredClone(call));
      return { result: { name: "hello world" }, requestId: "request-1" };
    },
  };
  return { ...recordingContext(), app, functionCalls };
}

/** How a start of each kind of target is seen: by the context's recorder, or by the stand-in that received it. */
const RECEIVED: Record<string, (context: WorkflowContext) => Promise<unknown[]>> = {
  "weda-process": async ({ calls }) => calls,
  "cloudbase-workflow": async ({ functionCalls }) => functionCalls,
  "apaas-flow": () => feishuStarts(/\/execute$/),
  "corehr-process": () => feishuStarts(/\/process_start$/),
};

let platform: PlatformHere;
beforeAll(async () => {
  const data = temporaryFolder();
  folders.push(data);
  platform = await platformHere(data);
  vi.stubEnv("STARTFLOW_FEISHU_DOMAIN", platform.url);
  const { appId, appSecret } = await platform.get<{ appId: string; appSecret: string }>("/_local/feishu");
  vi.stubEnv("STARTFLOW_FEISHU_APP_ID", appId);
  vi.stubEnv("STARTFLOW_FEISHU_APP_SECRET", appSecret);
  vi.stubEnv("STARTFLOW_APAAS_OPERATOR_ID", "1111");
  vi.stubEnv("STARTFLOW_COREHR_INITIATOR_ID", "ou_91791271921729102012");
});
afterAll(async () => {
  await platform.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function feishuStarts(path: RegExp): Promise<unknown[]> {
  const rows = (await platform.get<RequestRow[]>("/_local/requests")).filter((row) => path.test(row.path));
  return rows.map(({ method, path, query, body }) => ({ method, path, query, body }));
}

describe.each(startingMethods)("function %s", (name, kind) => {
  const received = async (context: WorkflowContext) => (await RECEIVED[kind]?.(context)) ?? [];

  it("starts one process with its own sample", async () => {
    const context = workflowContext();
    const before = (await received(context)).length;
    const { sample } = deployed(name).definition;
    const params = { ...(sample as object), submissionId: "contract-0000-0000" };
    const answer = await deployed(name)(params, context);
    // A workflow's run has no id that its call would answer.
    const processId = kind === "cloudbase-workflow" ? null : expect.stringMatching(/^\d{16,19}$/);
    expect(answer).toMatchObject({ outcome: "started", processId, target: kind });
    // The stand-ins tell the newest first, also those of other methods of the kind.
    const all = await received(context);
    const sent = all.slice(0, all.length - before);
    expect(sent).toHaveLength(1);
    expect(sent).toMatchSnapshot();
  });

  it("refuses an empty form, and lists what is missing", async () => {
    const context = workflowContext();
    const before = await received(context);
    const error: unknown = await deployed(name)({}, context).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "INVALID_PARAMS", outcome: "rejected" });
    expect((error as { issues: { code: string }[] }).issues.every(({ code }) => code === "required")).toBe(true);
    expect(await received(context)).toEqual(before);
  });
});

describe.each(pasteNames)("paste file %s", (name) => {
  it("runs where only node-fetch and @cloudbase/node-sdk can be required", async () => {
    const folder = alone(join("dist", "paste", `${name}.js`), ["node-fetch", "@cloudbase/node-sdk"]);
    const { stdout, stderr } = await runScript(
      folder,
      `globalThis.TCBError = class TCBError extends Error { constructor(code, message) { super(message); this.code = code; } };
       const method = require("./index.js");
       const sent = [];
       const callFunction = async (call) => { sent.push(call); return { result: {}, requestId: "1" }; };
       const context = { callWorkflow: async (call) => { sent.push(call); return { InstanceId: "1" }; }, app: { callFunction }, auth: { getUserInfo: () => ({ uid: "u" }) } };
       (async () => {
         const none = { collection: () => ({ doc: () => ({ get: async () => ({ data: [] }) }), add: async () => ({}), where: () => ({ update: async () => ({ updated: 1 }) }) }), serverDate: () => 0, command: { in: (values) => values } };
         context.database = none;
         const answer = await method(method.definition.sample, context);
         const refused = await method({}, context).catch((error) => error);
         console.log("RESULT " + JSON.stringify([answer.outcome || "answered", sent.length, refused instanceof TCBError, refused.code]));
       })();`,
    );
    expect(stderr).toBe("");
    const [outcome, sent] = startingNames.includes(name) ? ["started", 1] : ["answered", 0];
    expect(stdout).toContain(`RESULT ${JSON.stringify([outcome, sent, true, "INVALID_PARAMS"])}`);
  });

  it("is one file of old syntax that requires nothing else", () => {
    const source = readFileSync(join("dist", "paste", `${name}.js`), "utf8");
    const required = [...source.matchAll(/require\("([^"]+)"\)/g)].map(([, path]) => path);
    expect(new Set(required)).toEqual(new Set(["crypto", "@cloudbase/node-sdk"]));
    expect(source).not.toMatch(/\?\.[a-zA-Z_$[(]|\?\?/);
  });
});

it("every method without secrets has a paste file, and no other", () => {
  const methods = JSON.parse(readFileSync(join("dist", "methods.json"), "utf8")) as {
    name: string;
    secrets: string[];
  }[];
  for (const { name, secrets } of methods) {
    expect(existsSync(join("dist", "paste", `${name}.js`))).toBe(secrets.length === 0);
  }
});

function fieldsOf(schema: unknown): object[] {
  const { properties = {}, items } = (schema ?? {}) as { properties?: Record<string, object>; items?: object };
  const own = Object.values(properties);
  return [...own, ...own.flatMap(fieldsOf), ...(items === undefined ? [] : fieldsOf(items))];
}
