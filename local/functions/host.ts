/** Runs one built function in a process of its own, one call at a time, as the platform's host does. */
import { format } from "node:util";
import type tcb from "@cloudbase/node-sdk";
import { createContext } from "../../shared/platform/context";
import { markRequests } from "./call-header";
import type { CallMessage, CallReply, ThrownError } from "./protocol";

/** WeDa's global for failures of custom code. https://cloud.tencent.com/document/product/1301/68440 */
class TCBError extends Error {
  override readonly name = "TCBError";
  constructor(
    readonly code: string | number,
    message: string,
  ) {
    super(message);
  }
}
Object.assign(globalThis, { TCBError });

let callId = "";
const platformUrl = process.env.STARTFLOW_FEISHU_DOMAIN;
if (platformUrl !== undefined) markRequests(new URL(platformUrl).host, () => callId);

let logs: string[] = [];
for (const level of ["log", "info", "warn", "error", "debug"] as const) {
  console[level] = (...values: unknown[]) => logs.push(format(...values));
}

type Code = ((params: unknown, context: unknown) => unknown) & {
  main?: (event: unknown, context: unknown) => unknown;
  dryRun?: (params: unknown, context: unknown) => unknown;
};

process.on("message", (message: CallMessage) => {
  // The platform may be gone when the answer is there: then nobody waits for it.
  void answer(message).then((reply) => process.send?.(reply, undefined, undefined, () => undefined));
});
// The platform went away: nobody waits for this process any more.
process.on("disconnect", () => process.exit(0));

async function answer(message: CallMessage): Promise<CallReply> {
  logs = [];
  callId = message.variables.TCB_SEQID ?? "";
  Object.assign(process.env, message.variables);
  try {
    const parsed: unknown = message.text === "" ? {} : JSON.parse(message.text);
    const params = message.member === undefined ? parsed : (parsed as Record<string, unknown>)[message.member];
    const result = await run(message, params);
    // undefined becomes null, as on SCF; what JSON cannot hold throws here, inside the function's own call.
    return { id: message.id, resultText: JSON.stringify(result) ?? "null", logs };
  } catch (error) {
    // Whatever was thrown: nothing but JSON goes out.
    return { id: message.id, error: JSON.parse(JSON.stringify(thrown(error))) as ThrownError, logs };
  }
}

async function run(message: CallMessage, params: unknown): Promise<unknown> {
  const code: Code = require(message.file);
  if (message.route === "main") {
    if (typeof code.main !== "function") throw new Error("exports.main is not a function");
    return code.main(params, scfContext(message));
  }
  const call = message.route === "dryRun" ? code.dryRun : code;
  if (typeof call !== "function") throw new Error("this code has no dry run: it is no method of this bundle");
  return call(params, customCodeContext(message));
}

/** Loaded with the first call that needs it; the built context is the one that a deployed function makes for itself. */
function customCodeContext({ sdk: file, environment }: CallMessage) {
  const sdk: typeof tcb = require(file);
  return createContext(sdk, sdk.init({ env: sdk.SYMBOL_CURRENT_ENV }), environment);
}

/** https://cloud.tencent.com/document/product/583/11060 */
function scfContext(message: CallMessage) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    request_id: message.variables.TCB_SEQID,
    function_name: process.env.SCF_FUNCTIONNAME,
    function_version: "$LATEST",
    namespace: process.env.SCF_NAMESPACE,
    memory_limit_in_mb: Number(process.env.SCF_FUNCTION_MEMORY_SIZE),
    time_limit_in_ms: Number(process.env.SCF_FUNCTION_TIMEOUT_MS),
    tencentcloud_region: process.env.TENCENTCLOUD_REGION,
    environment: JSON.stringify(message.variables),
    environ: Object.entries(message.variables)
      .map(([name, value]) => `${name}=${value}`)
      .join(";"),
  };
}

function thrown(error: unknown): ThrownError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { code, details, text } = error as { code?: string | number; details?: unknown; text?: unknown };
  const body = (error as { toBody?: () => unknown }).toBody;
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(details !== undefined ? { details } : text !== undefined && body ? { details: body.call(error) } : {}),
  };
}
