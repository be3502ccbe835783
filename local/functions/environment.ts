/** The environment variables of a function's process: exactly those of SCF, pointed at the local platform. */
import { readFileSync } from "node:fs";
import * as z from "zod";
import { catalogue } from "../../shared/proxy/platforms/index";

export const LOCAL_ENV_ID = "startflow-local";
export const LOCAL_CREDENTIALS = { secretId: "startflow-local-id", secretKey: "startflow-local-key" } as const;
const REGION = "ap-shanghai";

/** The one app that the Feishu stand-in knows. */
export const LOCAL_FEISHU_APP = { appId: "cli_startflow", appSecret: "startflow-secret" } as const;

/** The one app, the keys and the tokens that the stand-ins of the interfaces know. */
export const LOCAL_QYWX = { corpid: "wwstartflow", corpsecret: "startflow-corpsecret", agentid: "1000002" } as const;
export const LOCAL_DINGTALK = {
  appkey: "dingstartflow",
  appsecret: "startflow-appsecret",
  agentId: "2000002",
} as const;
export const LOCAL_CRM_SYSTEM = { key: "startflow-crm-key" } as const;
/** The published examples of the sync API call with these. */
export const LOCAL_SYNC = {
  token: "123456",
  user: "botman",
  password: "123456",
  hmacKey: "startflow-hmac-key",
  callbackKey: "startflow-callback-key",
} as const;
export const LOCAL_EXTERNAL_SYSTEM = { token: "startflow-external-token" } as const;

/** What a developer's `.env` would say, on the local platform: the users of the published samples. .env.example repeats it. */
export const LOCAL_VALUES: Readonly<Record<string, string>> = {
  STARTFLOW_EXTRA_USER_ID: "1000000000000000000",
  STARTFLOW_EXTRA_USER_SOURCE: "4",
  STARTFLOW_FEISHU_APP_ID: LOCAL_FEISHU_APP.appId,
  STARTFLOW_FEISHU_APP_SECRET: LOCAL_FEISHU_APP.appSecret,
  STARTFLOW_APAAS_OPERATOR_ID: "1111",
  STARTFLOW_APAAS_OPERATOR_EMAIL: "apaas@bytedance.com",
  STARTFLOW_COREHR_INITIATOR_ID: "ou_91791271921729102012",
  STARTFLOW_QYWX_CORPID: LOCAL_QYWX.corpid,
  STARTFLOW_QYWX_CORPSECRET: LOCAL_QYWX.corpsecret,
  STARTFLOW_QYWX_AGENTID: LOCAL_QYWX.agentid,
  STARTFLOW_DINGTALK_APPKEY: LOCAL_DINGTALK.appkey,
  STARTFLOW_DINGTALK_APPSECRET: LOCAL_DINGTALK.appsecret,
  STARTFLOW_DINGTALK_AGENT_ID: LOCAL_DINGTALK.agentId,
  STARTFLOW_CRM_SYSTEM_KEY: LOCAL_CRM_SYSTEM.key,
  STARTFLOW_SYNC_TOKEN: LOCAL_SYNC.token,
  STARTFLOW_SYNC_USER: LOCAL_SYNC.user,
  STARTFLOW_SYNC_PASSWORD: LOCAL_SYNC.password,
  STARTFLOW_SYNC_HMAC_KEY: LOCAL_SYNC.hmacKey,
  STARTFLOW_SYNC_PROXY_HOPS: "1",
  STARTFLOW_SYNC_CALLBACK_KEY: LOCAL_SYNC.callbackKey,
  STARTFLOW_SYNC_CALLBACK_ORIGINS: "http://127.0.0.1:4001,http://localhost:4001",
  STARTFLOW_EXTERNAL_SYSTEM_TOKEN: LOCAL_EXTERNAL_SYSTEM.token,
};

/** The members that node-sdk takes from the environment only when they are listed (its src/utils/tcbcontext.ts). */
const CONTEXT_KEYS = ["TCB_ENV", "TCB_SEQID", "TCB_SESSIONTOKEN", "TCB_SOURCE", "TCB_UUID", "TCB_ISANONYMOUS_USER"];

const functionSchema = z.looseObject({
  name: z.string(),
  timeout: z.number().int().min(1).max(900).default(20),
  memorySize: z.number().int().default(256),
  envVariables: z.record(z.string(), z.string()).default({}),
});
export type FunctionConfig = z.infer<typeof functionSchema>;
const configSchema = z.looseObject({ functions: z.array(functionSchema) });

/** The rows of cloudbaserc.json, by name. @throws Error that names the file and what is wrong in it */
export function readFunctionConfigs(file: string): Map<string, FunctionConfig> {
  const parsed = configSchema.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  return new Map(parsed.data.functions.map((row) => [row.name, row]));
}

const CLOUD_KEYS = ["TENCENTCLOUD_SECRETID", "TENCENTCLOUD_SECRETKEY", "TENCENTCLOUD_SESSIONTOKEN", "CLOUDBASE_APIKEY"];

/** @throws Error where the function's own variables hold cloud keys: it would talk to a real environment */
export function functionEnvironment(config: FunctionConfig, adminUrl: string): Record<string, string> {
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(config.envVariables)) {
    own[name] = value.replace(/\{\{\s*env\.(\w+)\s*\}\}/g, (_, key: string) => LOCAL_VALUES[key] ?? "");
    if (CLOUD_KEYS.includes(name) || /\bAKID[0-9A-Za-z]{13,}/.test(own[name])) {
      throw new Error(
        `${config.name}: ${name} holds cloud keys; the local platform runs no function that could reach a real environment`,
      );
    }
  }
  return {
    ...own,
    ...sdkVariables(adminUrl),
    // Always, whatever the row says: a test must not reach a real tenant.
    STARTFLOW_FEISHU_DOMAIN: new URL(adminUrl).origin,
    ...interfaceVariables(new URL(adminUrl).origin),
    TCB_CONTEXT_KEYS: CONTEXT_KEYS.join(","),
    TCB_ENV: LOCAL_ENV_ID,
    SCF_FUNCTIONNAME: config.name,
    SCF_FUNCTION_TIMEOUT_MS: String(config.timeout * 1_000),
    SCF_FUNCTION_MEMORY_SIZE: String(config.memorySize),
    TZ: "UTC",
    LANG: "C.UTF-8",
    HOME: "/tmp",
    PATH: "/usr/local/bin:/usr/bin:/bin",
    // The SDK's slow-query timer would keep a process alive and print a wrong warning.
    SILENCE: "true",
  };
}

/** Every instance of the catalogue that can be pointed elsewhere is pointed at its stand-in, in this private network. */
export function interfaceVariables(origin: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const { platform_key, instances } of catalogue) {
    for (const { baseUrlVariable, allowPrivateVariable } of instances) {
      variables[baseUrlVariable] = `${origin}/interfaces/${platform_key}`;
      variables[allowPrivateVariable] = "true";
    }
  }
  return variables;
}

/** The variables with which the real SDK, started by hand, talks to the local platform. */
export function sdkVariables(adminUrl: string): Record<string, string> {
  return {
    TENCENTCLOUD_RUNENV: "SCF",
    TENCENTCLOUD_REGION: REGION,
    SCF_NAMESPACE: LOCAL_ENV_ID,
    TENCENTCLOUD_SECRETID: LOCAL_CREDENTIALS.secretId,
    TENCENTCLOUD_SECRETKEY: LOCAL_CREDENTIALS.secretKey,
    TCB_CONTEXT_CNFG: JSON.stringify({ URL: adminUrl }),
  };
}
