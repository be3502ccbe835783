/** The official SDK and our client on one stand-in for Feishu, and what each of them is told: what the contract tests share. */
import { Client, LoggerLevel } from "@larksuiteoapi/node-sdk";
import { afterAll, afterEach } from "vitest";
import type { FeishuSettings, RequestRow } from "../../local/console/wire";
import type { FaultKind } from "../../local/faults";
import { StartflowError } from "../../shared/base/errors";
import type { FeishuApp } from "../../shared/feishu/app";
import type { FeishuAnswer } from "../../shared/feishu/call";
import { platformHere, temporaryFolder } from "../helpers/platform";
import { EXECUTE, START } from "./feishu-operations";

/** What Feishu answered. */
export interface Outcome {
  status: number;
  code: number;
  /** Absent where our client gives Feishu's words as part of its own error only. */
  msg?: string;
  data?: unknown;
}

type SdkOptions = Partial<Omit<ConstructorParameters<typeof Client>[0], "appId" | "appSecret">>;

/** A stand-in of this test file's own, without limits, and with its switches as shipped after each test. */
export async function openContract() {
  const platform = await platformHere(temporaryFolder());
  const { appId, appSecret, scopes } = await platform.get<FeishuSettings>("/_local/feishu");
  const app: FeishuApp = { domain: platform.url, appId, appSecret };
  const switches = (change: Partial<FeishuSettings>) => platform.send("PUT", "/_local/feishu", change);
  await switches({ limits: false });
  afterEach(async () => {
    await platform.send("PUT", "/_local/faults", {});
    await switches({ disabledFlows: [], rateLimitStatus: 429, scopes });
  });
  afterAll(() => platform.stop());
  return {
    platform,
    app,
    scopes,
    switches,
    sdk: (change: Partial<FeishuApp> = {}, options: SdkOptions = {}) => sdkOf({ ...app, ...change }, options),
    fault: (engine: string, kind: FaultKind) => platform.send("PUT", "/_local/faults", { [engine]: { kind, rate: 1 } }),
    /** What was received meanwhile, but for tokens: without headers, and without the body that the SDK sends with a GET. */
    async received<Said>(work: () => Promise<Said>): Promise<{ rows: Partial<RequestRow>[]; said: Said }> {
      const before = (await platform.get<RequestRow[]>("/_local/requests")).length;
      const said = await work();
      const all = await platform.get<RequestRow[]>("/_local/requests");
      const rows = all.slice(0, all.length - before).reverse();
      return { said, rows: rows.filter(({ path }) => !path.includes("tenant_access_token")).map(comparable) };
    },
  };
}
export type Contract = Awaited<ReturnType<typeof openContract>>;

function comparable({ method, path, query, body, status }: RequestRow): Partial<RequestRow> {
  return { method, path: path.replace(/\?.*$/, ""), query, ...(method === "GET" ? {} : { body }), status };
}

/** A client of its own: the SDK's own cache is one for the whole process, by app id alone. */
function sdkOf({ domain, appId, appSecret }: FeishuApp, options: SdkOptions): Client {
  const kept = new Map<unknown, unknown>();
  const quiet = () => undefined;
  return new Client({
    domain,
    appId,
    appSecret,
    cache: {
      get: async (key: unknown) => kept.get(key),
      set: async (key: unknown, value: unknown) => kept.set(key, value).has(key),
    } as unknown as NonNullable<SdkOptions["cache"]>,
    logger: { error: quiet, warn: quiet, info: quiet, debug: quiet, trace: quiet },
    loggerLevel: LoggerLevel.error,
    ...options,
  });
}

/** The SDK hides a refusal in an AxiosError, or resolves with it. */
export async function saidToSdk(work: Promise<unknown>): Promise<Outcome> {
  try {
    const answer = (await work) as { code?: number; msg?: string; data?: unknown };
    // `upload` gives the data alone.
    return answer.code === undefined
      ? { status: 200, code: 0, msg: "success", data: answer }
      : { status: 200, code: answer.code, msg: answer.msg ?? "", data: answer.data };
  } catch (error) {
    const { response } = error as { response?: { status: number; data: { code: number; msg: string } } };
    if (response === undefined) throw error;
    return { status: response.status, code: response.data.code, msg: response.data.msg };
  }
}

/** Our client returns the refusal of a start, and throws that of any other call. */
export async function saidToUs(work: Promise<unknown>): Promise<Outcome> {
  try {
    const answer = (await work) as FeishuAnswer<unknown>;
    if ("refusal" in answer) {
      const { status, code, msg } = answer.refusal;
      return { status, code, msg };
    }
    return { status: 200, code: 0, msg: "success", data: "logId" in answer ? answer.data : answer };
  } catch (error) {
    const { cause } = error as { cause?: { code?: unknown; message: string } };
    const status = /with HTTP (\d{3})$/.exec(cause?.message ?? "")?.[1];
    if (!(error instanceof StartflowError) || typeof cause?.code !== "number" || status === undefined) throw error;
    return { status: Number(status), code: cause.code };
  }
}

const KNOWN = new Set(JSON.stringify([EXECUTE, START]).match(/\d{16,19}|[0-9a-f]{24}_[0-9a-f]{32}/g) ?? []);

/** Without the ids that are new with each start. */
export function withoutIds(value: unknown): unknown {
  const text = JSON.stringify(value) ?? "null";
  return JSON.parse(
    text.replace(/\b\d{16}\b|\b\d{19}\b|[0-9a-f]{24}_[0-9a-f]{32}/g, (id) => (KNOWN.has(id) ? id : "ID")),
  );
}
