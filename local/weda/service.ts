/** The cloud functions `lowcode-datasource` and `lowcode-datasource-preview`, by which everything of WeDa is called. */
import { randomUUID } from "node:crypto";
import * as z from "zod";
import { parseExactJson } from "../../shared/base/exact-json";
import { ConnectionFault } from "../connection-fault";
import type { RequestRow } from "../console/wire";
import type { FaultKind } from "../faults";
import { underFault } from "../under-fault";
import { actionNamed } from "./actions";
import { type ActionCall, type Caller, parseData } from "./actions/action";
import { callModel, isModelMethod, type Models } from "./models";
import { PassedOnError, passedOn, WedaError, type WedaErrorKind } from "./weda-error";

/** The environment is that of the function; `envType` in the data is not looked at (@cloudbase/weda-cloud-sdk). */
const ENVIRONMENTS = new Map<string, ActionCall["environment"]>([
  ["lowcode-datasource", "production"],
  ["lowcode-datasource-preview", "preview"],
]);

/** A success, or a failure: both are what the cloud function returns (@cloudbase/weda-cloud-sdk, basic-api.js). */
export type WedaAnswer =
  | { code: 0; data: unknown; requestId: string }
  | { code: string | number; message: string; requestId: string };

/** A method of an API of the bundle. What it throws with a `code` comes back as that failure. */
export interface MethodCall {
  dataSourceName: string;
  methodName: string;
  params: unknown;
  environment: ActionCall["environment"];
  caller: Caller;
}

export interface ServiceParts extends Pick<ActionCall, "instances" | "slots" | "engine" | "clock"> {
  drawFault: () => FaultKind | undefined;
  models: Models;
  callMethod: (call: MethodCall) => Promise<unknown>;
  onRequest: (row: Omit<RequestRow, "headers">) => void;
}

const apiParams = z.looseObject({
  action: z.string().min(1),
  data: z.unknown().optional(),
  capitalizeDataKey: z.boolean().default(true),
});
const payloadSchema = z.looseObject({
  methodName: z.string().min(1).max(200),
  mode: z.string().optional(),
  dataSourceName: z.string().max(200).optional(),
  params: z.unknown().optional(),
});

export function createService(parts: ServiceParts) {
  return async function invokeWeda(functionName: string, requestDataText: string, caller: Caller): Promise<WedaAnswer> {
    const requestId = randomUUID();
    const at = parts.clock.now();
    let body: unknown;
    let status = 200;
    try {
      body = parseBody(requestDataText);
      return { code: 0, data: await dispatch(parts, functionName, body, caller), requestId };
    } catch (error) {
      if (error instanceof ConnectionFault) {
        status = 0;
        throw error;
      }
      return { ...failureOf(error), requestId };
    } finally {
      parts.onRequest({ at, engine: "weda", method: "POST", path: `/${functionName}`, query: {}, body, status });
    }
  };
}

function parseBody(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    throw new WedaError("notJson");
  }
}

async function dispatch(parts: ServiceParts, functionName: string, body: unknown, caller: Caller): Promise<unknown> {
  const environment = ENVIRONMENTS.get(functionName);
  if (environment === undefined) throw new WedaError("functionUnknown");
  const { methodName, mode, dataSourceName = "", params } = parseData(payloadSchema, body);
  if (mode === "c" && methodName === "callWedaApi") {
    return { Data: await callWedaApi(parts, environment, params, caller) };
  }
  if (mode !== undefined) throw new WedaError("modeUnknown");
  try {
    if (isModelMethod(methodName)) return await callModel(parts.models, dataSourceName, methodName, params);
    return await parts.callMethod({ dataSourceName, methodName, params, environment, caller });
  } catch (error) {
    throw passedOn(error);
  }
}

async function callWedaApi(
  parts: ServiceParts,
  environment: ActionCall["environment"],
  params: unknown,
  caller: Caller,
): Promise<unknown> {
  const { action, data = {}, capitalizeDataKey } = parseData(apiParams, params);
  const call: ActionCall = { ...parts, environment, caller, received: data };
  return await underFault({
    fault: parts.drawFault(),
    refusal,
    work: () => actionNamed(action).run(capitalizeDataKey ? capitalized(data) : data, call),
    worksInStall: true,
  });
}

/** Only the first level is turned into UpperCamel: the items of StartParams stay as they are. */
function capitalized(data: unknown): unknown {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key.charAt(0).toUpperCase() + key.slice(1), value]),
  );
}

const REFUSALS: Partial<Record<FaultKind, WedaErrorKind>> = {
  reject: "rejected",
  "rate-limit": "rateLimited",
  "token-revoked": "tokenRevoked",
  "no-scope": "noScope",
  "flow-disabled": "flowDisabled",
  "error-before": "internal",
  "error-after": "internal",
};

function refusal(fault: FaultKind): WedaError | undefined {
  const kind = REFUSALS[fault];
  return kind && new WedaError(kind);
}

function failureOf(error: unknown): { code: string | number; message: string } {
  if (error instanceof WedaError || error instanceof PassedOnError) return { code: error.code, message: error.message };
  console.error("WeDa stand-in:", error);
  const { code, message } = new WedaError("internal");
  return { code, message };
}
