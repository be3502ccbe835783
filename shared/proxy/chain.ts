/** Chained calls: `$proxy("crm_system").$api("get_customer_detail").$path({ id }).$call()`, in any order. */

import type { PreparedCall, RawAnswer } from "./call";
import type { CompiledInterface } from "./catalogue/compiled";
import { type Draft, withBody, withMembers } from "./draft";
import { notThere, paramProblem } from "./problem";
import { type Bound, preparedCall, unknownInterface, whereOf } from "./request/build";
import { memberAt } from "./request/data";
import { maskedCall } from "./request/mask";
import { send } from "./send/send";
import { surfaceOf } from "./surface";

/** The methods of a chain. @param compiled the interface, where it was named already */
export function stepsOf(bound: Bound, compiled: CompiledInterface | undefined, draft: Draft): object {
  const where = whereOf(bound, compiled?.key);
  const next = (to: Draft) => chainOf(bound, compiled, to);
  // `async`, so that what is wrong with the call rejects, and never throws past a `.catch`.
  const prepared = async (): Promise<PreparedCall> => {
    if (compiled === undefined) throw unnamed(bound);
    return preparedCall(bound, compiled, draft);
  };
  return {
    $api: (name: unknown) => chainOf(bound, interfaceOf(bound, name), draft),
    $path: (params: unknown) => next(withMembers(where, draft, "path", params)),
    $query: (params: unknown) => next(withMembers(where, draft, "query", params)),
    $header: (headers: unknown) => next(withMembers(where, draft, "header", headers)),
    $body: (data: unknown) => next(withBody(where, draft, data)),
    $call: async () => answered(await prepared()),
    $callRaw: async (): Promise<RawAnswer> => send(await prepared()),
    $dryRun: async () => maskedCall(await prepared()),
  };
}

const STEPS = ["$api", "$path", "$query", "$header", "$body", "$call", "$callRaw", "$dryRun"];

function chainOf(bound: Bound, compiled: CompiledInterface | undefined, draft: Draft): object {
  const where = whereOf(bound, compiled?.key);
  return surfaceOf({
    label: `$proxy(${where.platform})${compiled === undefined ? "" : `.$api(${compiled.key})`}`,
    steps: stepsOf(bound, compiled, draft),
    keys: [],
    memberOf: () => undefined,
    notThere: (name) => {
      const { zh, en } = notThere({ zh: "链式调用的方法", en: "step of a chain" }, name, STEPS);
      return paramProblem(where, `${zh}发送请用 $call()。`, `${en} $call() sends it.`);
    },
  });
}

/** Sends it. @returns the part of the answer that the interface picks */
export async function answered(call: PreparedCall): Promise<unknown> {
  const { body } = await send(call);
  const { pick } = call.definition.response;
  return pick === undefined ? body : memberAt(body, pick.split("."));
}

/** @param name in either spelling. @throws InterfaceError param that lists what there is */
export function interfaceOf(bound: Bound, name: unknown): CompiledInterface {
  const { names, interfaces } = bound.compiled;
  const compiled = interfaces.get(names.get(name as string) ?? "");
  if (compiled === undefined) throw unknownInterface(bound, name);
  return compiled;
}

function unnamed(bound: Bound): Error {
  const keys = [...bound.compiled.interfaces.keys()].join(", ");
  return paramProblem(
    whereOf(bound),
    `还没有用 $api(名称) 指定接口。已有：${keys}。`,
    `no interface was named: use $api(name). There are: ${keys}.`,
  );
}
