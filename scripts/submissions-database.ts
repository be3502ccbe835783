/** The document database of a local platform or of a CloudBase environment, through the real SDK; and why it fails. */
import { maskText } from "../shared/base/log";
import { type OperatorDatabase, Refused } from "../shared/once/resolve";

export interface Place {
  /** Of a local platform. */
  url: string;
  /** The environment's id; then `url` does not count. */
  cloud: string | undefined;
}

const KEY_NAMES = ["TENCENTCLOUD_SECRETID", "TENCENTCLOUD_SECRETKEY"] as const;

/** @throws Refused where the environment holds no keys for the cloud */
export async function openDatabase({ url, cloud }: Place): Promise<OperatorDatabase> {
  // The SDK's slow-query timer would keep this process alive.
  process.env.SILENCE = "true";
  if (cloud === undefined) {
    // Nothing of a real account goes to a local address: the SDK would send what it finds.
    delete process.env.TENCENTCLOUD_SESSIONTOKEN;
    delete process.env.CLOUDBASE_APIKEY;
    // Later, because it loads the catalogue of all platforms.
    const { LOCAL_CREDENTIALS, LOCAL_ENV_ID, sdkVariables } = await import("../local/functions/environment");
    Object.assign(process.env, sdkVariables(`${url.replace(/\/+$/, "")}/admin`));
    return databaseAt({ env: LOCAL_ENV_ID, ...LOCAL_CREDENTIALS });
  }
  const [secretId, secretKey] = KEY_NAMES.map((name) => process.env[name] ?? "");
  if (!secretId || !secretKey) throw new Refused(`--cloud needs the environment variables ${KEY_NAMES.join(" and ")}`);
  // What points the SDK at a local platform must not take real keys there.
  delete process.env.TCB_CONTEXT_CNFG;
  const sessionToken = process.env.TENCENTCLOUD_SESSIONTOKEN;
  return databaseAt({ env: cloud, secretId, secretKey, ...(sessionToken ? { sessionToken } : {}) });
}

async function databaseAt(config: Record<string, string>): Promise<OperatorDatabase> {
  // Loaded after the variables are set, and not at all where the command line was wrong.
  const { default: tcb } = await import("@cloudbase/node-sdk");
  return tcb.init(config).database() as unknown as OperatorDatabase;
}

const UNREACHABLE =
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ECONNRESET|ETIMEDOUT|ESOCKETTIMEDOUT|STORE_TIMEOUT|socket hang up/;
const REFUSED =
  /SIGN_PARAM_INVALID|AuthFailure|INVALID_CREDENTIALS?|SECRET_?ID|SignatureFailure|UnauthorizedOperation/i;
const NO_ENVIRONMENT = /INVALID_ENV/;

/** What went wrong, in words; no key is ever in it. */
export function failureText(error: unknown, { url, cloud }: Place): string {
  const { code = "", message = String(error) } = (error ?? {}) as { code?: unknown; message?: string };
  const told = `${String(code)} ${message}`;
  const where = cloud === undefined ? `the local platform at ${url}` : `the environment ${cloud}`;
  if (UNREACHABLE.test(told)) {
    const advice = cloud === undefined ? "start it with npm start, or name its address with --url" : "try again";
    return `${where} cannot be reached; ${advice}`;
  }
  if (REFUSED.test(told)) return `${where} refused the credentials (${withoutKeys(told)})`;
  if (NO_ENVIRONMENT.test(told)) return `${where} is not known to these credentials (${withoutKeys(told)})`;
  return withoutKeys(code === "" ? message : told);
}

function withoutKeys(text: string): string {
  const keys = KEY_NAMES.map((name) => process.env[name] ?? "").filter((key) => key !== "");
  return maskText(keys.reduce((shown, key) => shown.split(key).join("***"), text));
}
