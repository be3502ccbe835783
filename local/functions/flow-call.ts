/** What a flow's service task reaches: a function of the bundle, as the cloud calls it, on behalf of who started the process. */
import { setTimeout as sleep } from "node:timers/promises";
import type { CallOutcome, EngineCall } from "../engine/workflow-engine";
import type { CallFunction } from "../instances/calls";
import type { InstanceRecord } from "../instances/records";
import type { Functions } from "./functions";
import type { CallReply } from "./protocol";

/** For one call with its wait for a free process; then the flow goes on. */
const CALL_TIMEOUT_MS = 10_000;

export function createFlowCall(functions: Functions): CallFunction {
  return async (call, record) => {
    const outcome = await outcomeOf(functions, call, record);
    if (outcome.failure !== undefined) {
      console.error(`startflow: ${call.functionName}, called by ${record.processKey} ${record.id}: ${outcome.failure}`);
    }
    return outcome;
  };
}

async function outcomeOf(functions: Functions, call: EngineCall, record: InstanceRecord): Promise<CallOutcome> {
  const { functionName, params } = call;
  if (!functions.has(functionName, "main")) return { failure: `没有函数 There is no function ${functionName}` };
  const late = new AbortController();
  const answered = functions.call(functionName, {
    route: "main",
    // Who started it is known to the platform, and never a variable of the flow.
    text: JSON.stringify({ ...params, userId: record.startedBy }),
    userId: record.startedBy,
    environment: record.environment ?? "production",
  });
  const timedOut = sleep(CALL_TIMEOUT_MS, undefined, { signal: late.signal }).catch(() => undefined);
  const reply = await Promise.race([answered, timedOut]);
  late.abort();
  if (reply === undefined) return { failure: `${CALL_TIMEOUT_MS / 1_000} 秒内没有结果。 No answer within this time.` };
  return { failure: failureIn(reply) };
}

/** Both languages, and what a system said in its own words. */
const MAX_CHARS = 800;

/** A function that failed answers a code that is not 0; one that threw, or was killed, has an error in its place. */
function failureIn({ error, resultText = "null" }: CallReply): string | undefined {
  if (error !== undefined) return `${error.code ?? error.name}: ${error.message}`.slice(0, MAX_CHARS);
  const answer: unknown = JSON.parse(resultText);
  if (typeof answer !== "object" || answer === null) return undefined;
  const { code, message } = answer as { code?: unknown; message?: unknown };
  return code === undefined || code === 0 ? undefined : `${String(code)}: ${String(message)}`.slice(0, MAX_CHARS);
}
