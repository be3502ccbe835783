/** One route of the sync API -> its description; runs inside the bundle of all functions. */
import * as z from "zod";
import type { ApiDescription } from "../shared/sync-api/routes/description";
import { LIMITS, type Route } from "../shared/sync-api/routes/route";

export function describeApi(route: Route): ApiDescription {
  const { space, module, function: name, title, method, auth, enabled, run, debug, output, credentials } = route;
  const { kind, processKey } = run.target;
  return {
    space,
    module,
    function: name,
    title,
    method,
    auth,
    enabled,
    mode: route.mode ?? "sync",
    waitMs: route.waitMs ?? LIMITS.waitMs,
    raw: route.raw ?? false,
    keyRequired: route.keyRequired ?? false,
    inputSchema: z.toJSONSchema(run.input, { io: "input", unrepresentable: "any" }) as Record<string, unknown>,
    debug,
    ...(output === undefined ? {} : { output }),
    target: { kind, processKey },
    credentials,
  };
}
