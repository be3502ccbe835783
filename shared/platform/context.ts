/** What the platform gives custom code: `context`, which a deployed function makes for itself of node-sdk, and the error it knows. */
import type tcb from "@cloudbase/node-sdk";
import type { StartflowError } from "../base/errors";
import { sendTimeoutMs } from "./time-limits";

export interface WorkflowCall {
  action: string;
  data: unknown;
}
export interface DataSourceCall {
  name?: string;
  dataSourceName?: string;
  methodName: string;
  params?: unknown;
}
export interface WedaApiCall extends WorkflowCall {
  /** Upper-cases the first letter of the top-level keys of `data`. Default true, on the platform's side. */
  capitalizeDataKey?: boolean;
}

/** What `auth().getUserInfo()` tells; all empty where nobody is signed in. */
export interface UserInfo {
  openId?: string;
  uid?: string;
  customUserId?: string;
  isAnonymous?: boolean;
}

/** The members that methods of this bundle use; the platform gives more. https://cloud.tencent.com/document/product/1301/68440 */
export interface MethodContext {
  callWorkflow(call: WorkflowCall): Promise<unknown>;
  auth?: { getUserInfo(): UserInfo };
  /** The document database; one page calls it an object, another an API, so a function that gives it is taken too. */
  database?: unknown;
  /** node-sdk's app: of it functions are called, files are stored, and the address of a stored file is asked. */
  app?: {
    getTempFileURL(options: { fileList: string[] }): Promise<unknown>;
    /** @param options `timeout` in milliseconds; the SDK's own default is 15,000 */
    callFunction?(call: { name: string; data: unknown }, options?: { timeout?: number }): Promise<unknown>;
    uploadFile?(file: { cloudPath: string; fileContent: Buffer }): Promise<unknown>;
  };
}

/** All documented members. */
export interface WedaContext extends MethodContext {
  callWedaApi(call: WedaApiCall): Promise<unknown>;
  callConnector(call: DataSourceCall): Promise<unknown>;
  callModel(call: DataSourceCall): Promise<unknown>;
  callDataSource(call: DataSourceCall): Promise<unknown>;
  callWxOpenApi(call: Record<string, unknown>): Promise<unknown>;
  auth: { getUserInfo(): UserInfo };
  database: unknown;
  app: tcb.CloudBase;
  cloudbase: typeof tcb;
}

type Environment = "preview" | "production";

/**
 * Custom code has no documented flag for its environment; `IS_PREVIEW` is what the platform's own SDK reads
 * (@cloudbase/weda-cloud-sdk, types/basic-api.d.ts).
 */
export function currentEnvironment(): Environment {
  return process.env.IS_PREVIEW === "true" ? "preview" : "production";
}

const CLOUD_FUNCTIONS = { preview: "lowcode-datasource-preview", production: "lowcode-datasource" } as const;
const ENV_TYPES = { preview: "pre", production: "prod" } as const;

/** Loads node-sdk, which is large, when it is first needed. */
export function contextFromSdk(environment = currentEnvironment()): WedaContext {
  const sdk: typeof tcb = require("@cloudbase/node-sdk");
  return createContext(sdk, sdk.init({ env: sdk.SYMBOL_CURRENT_ENV }), environment);
}

/** @throws what the SDK throws, and an error with the platform's `code` where a call resolves with one that is not 0 */
export function createContext(sdk: typeof tcb, app: tcb.CloudBase, environment: Environment): WedaContext {
  const invoke = async (data: Record<string, unknown>) => {
    const options = { timeout: sendTimeoutMs() };
    const answer = await app.callFunction(
      { name: CLOUD_FUNCTIONS[environment], data: { ...data, envType: ENV_TYPES[environment] } },
      options,
    );
    return unwrapAnswer(answer.result);
  };
  // `c` is the common service; the useful part of its answer is `data.Data`.
  const callWedaApi = async (params: WedaApiCall) => {
    const data = await invoke({ methodName: "callWedaApi", params, mode: "c" });
    return (data as { Data?: unknown } | undefined)?.Data ?? data;
  };
  const callDataSource = ({ name, dataSourceName = name, methodName, params }: DataSourceCall) =>
    invoke({ dataSourceName, methodName, params });
  return {
    callWorkflow: ({ action, data }) => callWedaApi({ action, data }),
    callWedaApi,
    callConnector: callDataSource,
    callModel: callDataSource,
    callDataSource,
    callWxOpenApi: (call) => app.callWxOpenApi(call as unknown as Parameters<typeof app.callWxOpenApi>[0]),
    auth: app.auth() as { getUserInfo(): UserInfo },
    database: app.database(),
    app,
    cloudbase: sdk,
  };
}

/** The SDK resolves also where the function's own result is a failure: `{code: not 0, message}`. */
function unwrapAnswer(result: unknown): unknown {
  const { code, message, data, requestId } = (result ?? {}) as Record<string, unknown>;
  if (code === undefined || code === 0 || code === "0" || code === "") return data === undefined ? result : data;
  throw Object.assign(new Error(typeof message === "string" ? message : String(code)), { code, requestId });
}

declare const TCBError: (new (code: string, message: string) => Error) | undefined;

/** `TCBError` is a global of custom code. https://cloud.tencent.com/document/product/1301/68440 */
export function asPlatformError(error: StartflowError): Error {
  if (typeof TCBError !== "function") return error;
  return Object.assign(new TCBError(error.code, error.fullText), { details: error.toBody(), cause: error });
}
