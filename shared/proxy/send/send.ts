/** Sends a prepared call and tells how it ended: an answer or one error, and always one line in the log. */
import { monotonicMs } from "../../base/clock";
import { deadlineIn } from "../../base/deadline";
import { isName, log } from "../../base/log";
import type { PreparedCall, RawAnswer } from "../call";
import { InterfaceError } from "../error";
import { attempted, isRepeatable, type Progress } from "./attempts";
import { CallFailure, type Failure } from "./call-failure";
import { maskedBy } from "./secrets";

/** @throws InterfaceError */
export async function send(call: PreparedCall): Promise<RawAnswer> {
  const startedMs = monotonicMs();
  const progress: Progress = { attempts: 0 };
  try {
    const { http, body } = await attempted(call, deadlineIn(call.timeoutMs), progress);
    const ms = Math.round(monotonicMs() - startedMs);
    logged(call, { status: http.status, attempts: progress.attempts, ms, outcome: "ok" });
    const { status } = http;
    return {
      status,
      body,
      ms,
      attempts: progress.attempts,
      get headers() {
        return http.headers();
      },
    };
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    const ms = Math.round(monotonicMs() - startedMs);
    const failed = interfaceError(call, error.failure, progress.attempts, ms);
    const { status, code, attempts, kind } = failed;
    logged(call, { status, code, attempts, ms, outcome: kind });
    throw failed;
  }
}

function interfaceError(call: PreparedCall, failure: Failure, attempts: number, ms: number): InterfaceError {
  const { platform, instance, interfaceKey, caller } = call;
  const { kind, text, status, code, isTransient = false, isUnsent = false, isUndone = false, cause } = failure;
  const at = `${platform.platform_key}.${interfaceKey}`;
  return new InterfaceError({
    kind,
    text: { zh: `${at}：${text.zh}`, en: `${at}: ${text.en}` },
    platform: platform.platform_key,
    interface: interfaceKey,
    instance: instance.key,
    caller,
    status,
    code,
    attempts,
    ms,
    // What may have been done is not to be done again.
    retryable: isTransient && (isUnsent || isUndone || isRepeatable(call)),
    cause,
  });
}

interface Ending {
  status?: number | undefined;
  code?: string | number | undefined;
  attempts: number;
  ms: number;
  outcome: string;
}

const MAX_CALLER = 64;

function logged(call: PreparedCall, ending: Ending): void {
  const { platform, instance, interfaceKey, definition } = call;
  const caller = call.caller === undefined ? undefined : maskedBy(instance)(call.caller).slice(0, MAX_CALLER);
  log(ending.outcome === "ok" ? "info" : "warn", "interface call", {
    caller,
    platform: platform.platform_key,
    instance: instance.key,
    interface: interfaceKey,
    method: definition.method,
    target: shownTarget(call),
    ...ending,
  });
}

/** The path of the catalogue and the names of the query that look like a program's: anything else may have been typed. */
function shownTarget({ definition, target, instance }: PreparedCall): string {
  const at = target.indexOf("?");
  if (at < 0) return definition.path;
  const names = target
    .slice(at + 1)
    .split("&")
    .map((pair) => pair.replace(/=.*/s, ""));
  return maskedBy(instance)(`${definition.path}?${names.map((name) => (isName(name) ? name : "…")).join("&")}`);
}
