/** The Feishu stand-in on the local platform, and raw calls of it: no SDK, node:http where fetch cannot send it. */
import { rmSync } from "node:fs";
import { request } from "node:http";
import { afterAll, beforeEach } from "vitest";
import type { FeishuSettings } from "../../../local/console/wire";
import { fixture } from "../../helpers/fixtures";
import { type Changes, type Client, platformHere, temporaryFolder } from "../../helpers/platform";

export const NAMESPACE = "package_7344545d87__c";
export const DELETE = "deleteObject_99c656599f";
export const APPROVE = "approveRequest_1a2b3c4d5e";
export const BROKEN = "brokenFlow_0f0f0f0f0f";
export const DEFINITION = "people_7023711013443944467_7437160904904494892";
export const INITIATOR = "ou_91791271921729102012";
export const MINUTE_MS = 60_000;

/** The published examples, as they are printed. */
export const EXECUTE_SAMPLE = fixture<Record<string, unknown>>("feishu/execute-flow-sample.json");
export const START_SAMPLE = fixture<Record<string, unknown>>("feishu/start-process-sample.json");

export interface Answer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  text: string;
  /** The parsed body; `{}` where it is no JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects
  json: any;
}

export interface CallOptions {
  /** Sent as JSON, unless it is text. */
  body?: unknown;
  /** Default: a good token. `null` sends none. */
  authorization?: string | null;
  headers?: Record<string, string>;
}

export interface FeishuClient {
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  token(): Promise<string>;
  execute(flowId: string, body?: object, namespace?: string): Promise<Answer>;
  start(body: object, query?: string): Promise<Answer>;
  settings(change: object): Promise<FeishuSettings>;
  /** The clock, from now on. */
  moveClock(offsetMs: number): Promise<unknown>;
}

export const APP = { app_id: "cli_startflow", app_secret: "startflow-secret" };
export const OPERATOR = '{"_id": 1111}';

function rawCall(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: string | undefined,
): Promise<Answer> {
  return new Promise((settle, reject) => {
    const sent = request(url, { method, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("end", () => {
        const isJson = /json/.test(answer.headers["content-type"] ?? "");
        settle({ status: answer.statusCode ?? 0, headers: answer.headers, text, json: isJson ? JSON.parse(text) : {} });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** On a platform that runs already. */
export function feishuOf(platform: Client): FeishuClient {
  const client: FeishuClient = {
    async call(method, path, { body, authorization, headers = {} } = {}) {
      const bearer = authorization === undefined ? `Bearer ${await client.token()}` : authorization;
      const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
      const all: Record<string, string> = {
        "content-type": "application/json",
        ...(text === undefined ? {} : { "content-length": String(Buffer.byteLength(text)) }),
        ...(bearer === null ? {} : { authorization: bearer }),
        ...headers,
      };
      return await rawCall(platform.url + path, method, all, text);
    },
    async token() {
      const { json } = await client.call("POST", TOKEN, { body: APP, authorization: null });
      return json.tenant_access_token;
    },
    execute: (flowId, body = { operator: OPERATOR }, namespace = NAMESPACE) =>
      client.call("POST", executePath(flowId, namespace), { body }),
    start: (body, query = "") => client.call("POST", `${START}${query}`, { body }),
    settings: (change) => platform.send("PUT", "/_local/feishu", change),
    moveClock: (offsetMs) => platform.send("PUT", "/_local/clock", { offsetMs }),
  };
  return client;
}

export const TOKEN = "/open-apis/auth/v3/tenant_access_token/internal";
export const START = "/open-apis/corehr/v2/process_start";
export const PROCESSES = "/open-apis/corehr/v2/processes";
export const executePath = (flowId: string, namespace = NAMESPACE) =>
  `/open-apis/apaas/v1/applications/${namespace}/flows/${flowId}/execute`;

/** A platform of the test file's own, in this process: as shipped before each test, and stopped after the last. */
export async function openFeishuPlatform({ limits = true, ...changes }: Changes & { limits?: boolean } = {}) {
  const data = temporaryFolder();
  const platform = await platformHere(data, changes);
  const feishu = feishuOf(platform);
  beforeEach(async () => {
    await platform.send("POST", "/_local/reset", {});
    if (!limits) await feishu.settings({ limits });
  });
  afterAll(async () => {
    await platform.stop();
    rmSync(data, { recursive: true });
  });
  return { platform, feishu };
}

/** The body of a start with these variables. */
export const startOf = (flowData: unknown[], more: object = {}) => ({
  flow_definition_id: DEFINITION,
  system_initiator: true,
  flow_data: flowData,
  ...more,
});

export const variable = (name: string, value: object, subValues?: unknown[]) => ({
  variable_api_name: name,
  variable_value: value,
  ...(subValues === undefined ? {} : { sub_values: subValues }),
});

/** `out_params` without losing a digit. */
export const outParams = ({ json }: Answer): { api_name: string; value: unknown }[] => JSON.parse(json.data.out_params);
