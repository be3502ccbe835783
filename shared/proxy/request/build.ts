/** A caller's draft -> the one request that it means: the same bytes, however the call was written. */
import { shownKey } from "../../base/objects";
import type { Body, PreparedCall, ResolvedInstance } from "../call";
import type { Instance } from "../catalogue/catalogue";
import type { CompiledInterface, CompiledPlatform } from "../catalogue/compiled";
import { type Fixed, fixedOf } from "../catalogue/fixed";
import { resolvedInstance } from "../catalogue/instance";
import type { Draft, Values } from "../draft";
import { notThere, paramProblem, type Where } from "../problem";
import { checkedValue } from "./arguments";
import { bodyOf } from "./body";
import { copyOf, emptyObject, isPlain, memberAt, mergeInto, putAt } from "./data";
import { checkedHeaderName, headerText } from "./headers";
import { pathOf } from "./path";
import { queryOf } from "./query";

/** A platform as one caller has it. */
export interface Bound {
  compiled: CompiledPlatform;
  instance: Instance;
  caller: string | undefined;
}

export function whereOf({ compiled, instance, caller }: Bound, key?: string): Where {
  return { platform: compiled.platform.platform_key, interface: key, instance: instance.instance_key, caller };
}

/** @throws InterfaceError param or config: nothing has been sent */
export function preparedCall(bound: Bound, compiled: CompiledInterface, draft: Draft): PreparedCall {
  const where = whereOf(bound, compiled.key);
  const { platform, taken } = bound.compiled;
  const { definition, key } = compiled;
  const instance = resolvedInstance(where, bound.instance);
  const fixed = fixedOf(where, platform, compiled, instance);
  const query = ordered(where, compiled, "query", fixed.query, draft.query);
  const headers = ordered(where, compiled, "header", fixed.headers, draft.header);
  const target = pathAt(where, compiled, instance, draft.path) + queryOf(where, query, taken.query);
  checkAddress(where, instance.baseUrl, target);
  const body = bodyWith(where, compiled, headers, draft, bodyValue(where, compiled, fixed, draft.body));
  return {
    platform,
    instance,
    interfaceKey: key,
    definition,
    caller: bound.caller,
    target,
    headers: headersOf(where, headers, taken.headers),
    body,
    timeoutMs: definition.timeoutMs ?? platform.timeoutMs,
  };
}

/** Fixed members first, then the declared ones in declared order, then the others as they were given. */
function ordered(
  where: Where,
  { args }: CompiledInterface,
  place: "query" | "header",
  fixed: Values,
  given: Values,
): Map<string, unknown> {
  const members = new Map(fixed);
  for (const argument of args) {
    if (argument.in !== place) continue;
    const value = checkedValue(where, argument, given.get(argument.wire));
    if (value !== undefined) members.set(argument.wire, value);
  }
  const declared = args.filter((argument) => argument.in === place).map((argument) => argument.wire);
  for (const [name, value] of given) if (!declared.includes(name)) members.set(name, value);
  return members;
}

function pathAt(where: Where, { args, path }: CompiledInterface, instance: ResolvedInstance, given: Values): string {
  const values = new Map<string, unknown>();
  for (const argument of args) {
    if (argument.in === "path") values.set(argument.wire, checkedValue(where, argument, given.get(argument.wire)));
  }
  for (const name of given.keys()) {
    if (values.has(name)) continue;
    const { zh, en } = notThere({ zh: "路径参数", en: "path parameter" }, name, [...values.keys()]);
    throw paramProblem(where, zh, en);
  }
  return pathOf(where, path, (name) => (values.has(name) ? values.get(name) : instance.variables[name]));
}

/** The last look: a URL parser must find in it what was put together. */
function checkAddress(where: Where, baseUrl: string, target: string): void {
  const address = baseUrl + target;
  if (new URL(address).href === address) return;
  throw paramProblem(
    where,
    "拼出来的地址会被改写，所以没有发送。请检查路径参数。",
    "the address would be rewritten on its way, so nothing was sent. See the path parameters.",
  );
}

function headersOf(where: Where, members: Values, taken: ReadonlySet<string>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of members) {
    const checked = checkedHeaderName(where, name, taken);
    headers[checked] = headerText(where, checked, value);
  }
  return headers;
}

/** What the body is to say, before it is written; `undefined` for none. */
function bodyValue(where: Where, { args, definition }: CompiledInterface, fixed: Fixed, body: unknown): unknown {
  if (definition.method === "GET" && body !== undefined) {
    throw paramProblem(where, "GET 没有请求体，请不要用 $body。", "GET has no body. Leave $body out.");
  }
  const declared = args.filter((argument) => argument.in === "body");
  const [first] = declared;
  if (first?.bodyPath.length === 0) return checkedValue(where, first, body);
  const given = copyOf(body);
  const whole = (copyOf(fixed.body) ?? emptyObject()) as Record<string, unknown>;
  for (const argument of declared) {
    const value = checkedValue(where, argument, memberAt(given, argument.bodyPath));
    if (value !== undefined) putAt(whole, argument.bodyPath, value);
    // What was not given and has no default makes no empty objects on its way.
    const isThere = value !== undefined || memberAt(given, argument.bodyPath) !== undefined;
    if (isThere && isPlain(given)) putAt(given, argument.bodyPath, value);
  }
  if (given !== undefined && !isPlain(given)) return given;
  if (given !== undefined) mergeInto(whole, given);
  const isNone = given === undefined && fixed.body === undefined && Object.keys(whole).length === 0;
  return isNone ? undefined : whole;
}

/** @param headers its content type is taken out, and goes with the body */
function bodyWith(
  where: Where,
  { definition }: CompiledInterface,
  headers: Map<string, unknown>,
  draft: Draft,
  value: unknown,
): Body | undefined {
  const type = headers.get("content-type");
  headers.delete("content-type");
  const isRefused = value === undefined || definition.contentType === "multipart";
  if (isRefused && draft.header.has("content-type")) {
    throw paramProblem(
      where,
      "这里不能填写请求头 content-type：没有请求体，或者由 multipart 自己设置。",
      "content-type cannot be given here: there is no body, or multipart sets its own.",
    );
  }
  if (value === undefined) return undefined;
  const body = bodyOf(where, definition.contentType, value);
  return type === undefined || isRefused ? body : { ...body, type: headerText(where, "content-type", type) };
}

/** A name from outside, for an error that lists what there is. */
export function unknownInterface(bound: Bound, name: unknown): Error {
  const shown = typeof name === "string" ? shownKey(name) : name;
  const { zh, en } = notThere({ zh: "接口", en: "interface" }, shown, [...bound.compiled.names.keys()]);
  return paramProblem(whereOf(bound), zh, en);
}
