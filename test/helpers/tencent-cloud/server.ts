/** A stand-in for Tencent Cloud's API on loopback: the real CLI, and `npm run deploy`, deploy to it. Signatures are checked. */
import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { authorization } from "../../../scripts/tencent-cloud-api";
import { ACTIONS, type Account, type Params, Refusal } from "./account";

export const KEYS = { secretId: "AKIDstand0in0for0tests", secretKey: "canary-tencent-cloud-key" } as const;
export const ENV_ID = "env-test1";

export interface TencentCloud extends Account {
  /** What was asked for, in order: `<host> <action> <function>`. */
  calls: string[];
  /** For which the calls were. */
  regions: Set<string>;
  /** Once there was a call that ends with it, such as `<action> <function>`. */
  called(end: string): Promise<void>;
  /** Once so many processes are there that could call. */
  joined(count: number): Promise<void>;
  /** Once none of them is left. */
  left(): Promise<void>;
  /** Environment of a process whose https requests all come here. */
  variables: Record<string, string>;
  stop(): Promise<void>;
}

export async function startTencentCloud(): Promise<TencentCloud> {
  const account: Account = {
    envId: ENV_ID,
    functions: new Map(),
    paths: new Map(),
    failures: new Map(),
    stuck: new Map(),
    changes: new Map(),
  };
  const calls: string[] = [];
  const regions = new Set<string>();
  const arrivals = new EventEmitter();
  const present = new Set<ServerResponse>();
  const server = createServer(async (request, response) => {
    if (request.url === "/presence") {
      present.add(response);
      arrivals.emit("process");
      response.on("close", () => present.delete(response));
      return;
    }
    const body = await text(request);
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({ Response: { RequestId: `r-${calls.length}`, ...answer(account, request, body, calls) } }),
    );
    regions.add(String(request.headers["x-tc-region"]));
    arrivals.emit("call");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const preload = resolve("test", "helpers", "tencent-cloud", "redirect.cjs");
  return {
    ...account,
    calls,
    regions,
    async called(end) {
      while (!calls.some((call) => call.endsWith(end))) await once(arrivals, "call");
    },
    async joined(count) {
      while (present.size < count) await once(arrivals, "process");
    },
    async left() {
      for (const response of present) await once(response, "close");
    },
    variables: { STARTFLOW_TEST_TENCENT_CLOUD: url, NODE_OPTIONS: `--require ${JSON.stringify(preload)}` },
    stop: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

function answer(account: Account, request: IncomingMessage, body: string, calls: string[]): object {
  const { host = "", "x-tc-action": action } = request.headers;
  const params = paramsOf(body);
  const { FunctionName: name = params.Name ?? "" } = params;
  calls.push(`${host} ${String(action)} ${name}`.trim());
  try {
    if (!request.headers["x-tc-region"]) throw new Refusal("MissingParameter", "no region");
    checkSignature(request, host, body);
    const failure = account.failures.get(`${action}:${name}`) ?? account.failures.get(String(action));
    if (failure !== undefined) throw new Refusal(failure, `refused: ${failure}`);
    const act = ACTIONS[String(action)];
    if (act === undefined) throw new Refusal("InvalidAction", `no ${action}`);
    return act(account, params);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { Error: { Code: error.code, Message: error.message } };
  }
}

function paramsOf(body: string): Params {
  try {
    return JSON.parse(body) as Params;
  } catch {
    return {};
  }
}

/** https://cloud.tencent.com/document/api/213/30654 */
function checkSignature({ headers }: IncomingMessage, host: string, body: string): void {
  const given = headers.authorization ?? "";
  if (!given.includes(`Credential=${KEYS.secretId}/`)) {
    throw new Refusal(
      "AuthFailure.SecretIdNotFound",
      "The SecretId is not found, please ensure that your SecretId is correct.",
    );
  }
  const signed = {
    service: host.split(".")[0] ?? "",
    host,
    contentType: headers["content-type"] ?? "",
    body,
    timestamp: Number(headers["x-tc-timestamp"]),
  };
  if (given.replace(/,\s*/g, ", ") !== authorization(signed, KEYS)) {
    throw new Refusal("AuthFailure.SignatureFailure", "The provided credentials could not be validated.");
  }
}
