/** A route as it is switched now, and what is known of its caller before he is let in. */

import { StartflowError } from "../../base/errors";
import type { MethodContext } from "../../platform/context";
import { databaseOf } from "../../platform/database";
import { callerKeyOf, type Gate } from "../gate/admission";
import { lockKeyOf } from "../gate/lockout";
import type { CallParts } from "../runs/api-call";
import { type Reply, refusal } from "../wire/envelope";
import type { ApiRequest } from "../wire/request";
import { overridden, readState } from "./overrides";
import { type Route, routeName } from "./route";
import type { StateCache } from "./state-cache";

/** The context is made when it is needed: making it loads the SDK. */
export interface ApiCall extends Omit<CallParts, "context"> {
  context(): MethodContext;
}

/** What is served, and what is known of it for a moment. */
export interface Served {
  routes: readonly Route[];
  states: StateCache;
}

export interface OpenRoute {
  route: Route;
  gate: Gate;
}

/** @throws StartflowError where nobody can tell whether it is enabled */
export async function opened(
  { states }: Served,
  declared: Route,
  request: ApiRequest,
  call: ApiCall,
): Promise<OpenRoute> {
  const { environment } = call;
  const context = call.context();
  const name = routeName(declared);
  const lockKey = lockKeyOf(environment, name, callerKeyOf(request));
  return await known(async () => {
    const { override, lockedForMs } = await states.get(lockKey, () => readState(databaseOf(context), name, lockKey));
    const onFailure = () => states.forget(lockKey);
    return { route: overridden(declared, override), gate: { context, environment, lockKey, lockedForMs, onFailure } };
  });
}

/** @throws StartflowError STORE_UNREACHABLE */
export async function known<Result>(look: () => Promise<Result>): Promise<Result> {
  try {
    return await look();
  } catch (cause) {
    throw new StartflowError("STORE_UNREACHABLE", { cause });
  }
}

export function wrongMethod(method: string): Reply {
  const detail = { zh: `请用 ${method}`, en: `send a ${method} request` };
  return refusal("methodNotAllowed", { detail, headers: { allow: method } });
}

export function notFound({ path }: ApiRequest): Reply {
  const isName = /^[\w/.-]{1,200}$/.test(path);
  return refusal("notFound", isName ? { detail: { zh: path, en: path } } : {});
}
