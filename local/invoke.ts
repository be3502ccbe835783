/** What CloudBase's "invoke function" reaches: the bundle's functions, the two of WeDa, and the one that runs workflows. */
import { WORKFLOW_FUNCTION } from "../shared/engines/workflow/wire";
import type { FunctionCaller } from "./cloudbase/admin";
import { CloudError } from "./cloudbase/cloud-error";
import type { Functions } from "./functions/functions";
import type { RequestLog } from "./requests";
import type { MethodCall } from "./weda/service";
import type { Weda } from "./weda/weda";
import { PassedOnError, WedaError } from "./weda/weda-error";
import type { Workflows } from "./workflow/workflows";

const WEDA_FUNCTIONS = new Set(["lowcode-datasource", "lowcode-datasource-preview"]);

/** A script that calls a function by hand is a test, like the console's: it starts the saved flow. */
const SCRIPT_ENVIRONMENT = "preview";

interface InvokeParts {
  functions: Functions;
  requests: RequestLog;
  weda: Weda;
  workflows: Workflows;
}

/** Who calls is known by the session token of the calling function's own call; a script has none. */
export function createInvoke({ functions, requests, weda, workflows }: InvokeParts) {
  return async function invoke(name: string, requestData: string, { sessionToken }: FunctionCaller): Promise<string> {
    const caller = functions.callerOf(sessionToken);
    const userId = caller?.userId ?? null;
    const during = (call: () => Promise<unknown>) =>
      caller === undefined ? call() : requests.during(caller.callId, call);
    if (WEDA_FUNCTIONS.has(name)) {
      return JSON.stringify(await during(() => weda.invokeWeda(name, requestData, { userId })));
    }
    if (name === WORKFLOW_FUNCTION) return JSON.stringify(await during(() => workflows.invoke(requestData, userId)));
    if (!functions.has(name, "main")) {
      throw new CloudError(
        "FUNCTION_NOT_FOUND",
        `[ResourceNotFound.Function] there is no function ${name.slice(0, 60)}`,
      );
    }
    const reply = await functions.call(name, {
      route: "main",
      text: requestData,
      userId,
      environment: caller?.environment ?? SCRIPT_ENVIRONMENT,
    });
    if (reply.error === undefined) return reply.resultText ?? "null";
    if (String(reply.error.code).startsWith("FUNCTIONS_"))
      throw new CloudError(String(reply.error.code), reply.error.message);
    // What SCF returns where a function threw (the CLI's copy of its bootstrap).
    return JSON.stringify({
      errorCode: 1,
      errorMessage: "user code exception caught",
      stackTrace: reply.error.stack ?? reply.error.message,
    });
  };
}

/** `context.callConnector`: the other methods of the bundle, by the name of their function. */
export function createCallMethod(functions: Functions) {
  return async function callMethod({ methodName, params, environment, caller }: MethodCall): Promise<unknown> {
    if (!functions.has(methodName, "code")) throw new WedaError("methodUnknown", methodName);
    const reply = await functions.call(methodName, {
      route: "code",
      text: JSON.stringify(params ?? {}),
      userId: caller.userId,
      environment,
    });
    if (reply.error === undefined) return JSON.parse(reply.resultText ?? "null");
    throw Object.assign(new Error(reply.error.message), { code: reply.error.code ?? PassedOnError.name });
  };
}
