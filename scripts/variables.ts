/** Every environment variable of the deployed functions: which are secrets, and who cannot work without which. */

interface Variable {
  isSecret: boolean;
  /** Functions, and kinds of target, that refuse every call without it. Nobody: it has a default, or switches something on. */
  requiredBy: readonly string[];
  /** Another variable that does instead. */
  or?: string;
  /** The local platform's value is what a real environment may have, too. */
  isLocalValueReal: boolean;
}

const optional: Variable = { isSecret: false, requiredBy: [], isLocalValueReal: false };
const secret: Variable = { ...optional, isSecret: true };
const requiredBy = (...names: string[]): Variable => ({ ...optional, requiredBy: names });
const secretOf = (...names: string[]): Variable => ({ ...secret, requiredBy: names });

/** Their meaning stands in .env.example, in both languages; test/scripts/variables.test.ts holds the two together. */
const TABLE = {
  CLOUDBASE_ENV_ID: optional,
  TENCENTCLOUD_SECRETID: secret,
  TENCENTCLOUD_SECRETKEY: secret,
  STARTFLOW_EXTRA_USER_ID: optional,
  STARTFLOW_EXTRA_USER_SOURCE: { ...optional, isLocalValueReal: true },
  STARTFLOW_SEND_TIMEOUT_MS: optional,
  STARTFLOW_TIME_LIMIT_MS: optional,
  STARTFLOW_WINDOW_MS: optional,
  STARTFLOW_SETTLE_MS: optional,
  STARTFLOW_RETENTION_DAYS: optional,
  STARTFLOW_NOTICE_URL: secret,
  STARTFLOW_OPERATOR_KEY: secret,
  STARTFLOW_FEISHU_DOMAIN: optional,
  STARTFLOW_FEISHU_APP_ID: requiredBy("apaas-flow", "corehr-process"),
  STARTFLOW_FEISHU_APP_SECRET: secretOf("apaas-flow", "corehr-process"),
  STARTFLOW_APAAS_OPERATOR_ID: { ...requiredBy("apaas-flow"), or: "STARTFLOW_APAAS_OPERATOR_EMAIL" },
  STARTFLOW_APAAS_OPERATOR_EMAIL: optional,
  STARTFLOW_APAAS_KEY_WINDOW_MS: optional,
  STARTFLOW_COREHR_INITIATOR_ID: optional,
  // Which of the next four the routes need is read from the routes.
  STARTFLOW_SYNC_TOKEN: secret,
  STARTFLOW_SYNC_USER: optional,
  STARTFLOW_SYNC_PASSWORD: secret,
  STARTFLOW_SYNC_HMAC_KEY: secret,
  STARTFLOW_SYNC_PUBLIC: optional,
  STARTFLOW_SYNC_PROXY_HOPS: { ...optional, isLocalValueReal: true },
  STARTFLOW_SYNC_CALLBACK_ORIGINS: optional,
  STARTFLOW_SYNC_CALLBACK_KEY: secret,
  STARTFLOW_QYWX_URL: optional,
  STARTFLOW_QYWX_ALLOW_PRIVATE: optional,
  STARTFLOW_QYWX_CORPID: requiredBy("notify-approved"),
  STARTFLOW_QYWX_CORPSECRET: secretOf("notify-approved"),
  STARTFLOW_QYWX_AGENTID: requiredBy("notify-approved"),
  STARTFLOW_CRM_SYSTEM_URL: requiredBy("lookup-customer"),
  STARTFLOW_CRM_SYSTEM_ALLOW_PRIVATE: optional,
  STARTFLOW_CRM_SYSTEM_KEY: secretOf("lookup-customer"),
  STARTFLOW_DINGTALK_URL: optional,
  STARTFLOW_DINGTALK_ALLOW_PRIVATE: optional,
  STARTFLOW_DINGTALK_APPKEY: optional,
  STARTFLOW_DINGTALK_APPSECRET: secret,
  STARTFLOW_DINGTALK_AGENT_ID: optional,
  STARTFLOW_EXTERNAL_SYSTEM_URL: optional,
  STARTFLOW_EXTERNAL_SYSTEM_ALLOW_PRIVATE: optional,
  STARTFLOW_EXTERNAL_SYSTEM_TOKEN: secret,
  STARTFLOW_FEISHU_URL: optional,
  STARTFLOW_FEISHU_ALLOW_PRIVATE: optional,
} satisfies Record<string, Variable>;

export const VARIABLES: ReadonlyMap<string, Variable> = new Map(Object.entries(TABLE));

/** By its name, where the table does not have it. */
const SECRET_NAME = /SECRET|PASSWORD|TOKEN|KEY$/;

export function isSecret(name: string): boolean {
  return VARIABLES.get(name)?.isSecret ?? SECRET_NAME.test(name);
}

export interface Reader {
  name: string;
  /** Kind of the target that it starts; undefined: none. */
  targetKind: string | undefined;
  /** Variables with the credentials of its enabled routes. */
  credentials: ReadonlySet<string>;
}

/** A variable that the table does not have was listed by somebody: it is needed. */
export function isRequired(name: string, reader: Reader): boolean {
  const row = VARIABLES.get(name);
  if (row === undefined || reader.credentials.has(name)) return true;
  return row.requiredBy.includes(reader.name) || row.requiredBy.includes(reader.targetKind ?? "");
}
