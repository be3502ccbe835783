/** One interface of the catalogue: each argument has its place, and what is always sent can be sent. */

import { configProblem, type Where } from "../problem";
import { headerNameProblem } from "../request/headers";
import type { Platform } from "./catalogue";
import type { CompiledArgument, CompiledInterface, CompiledPlatform } from "./compiled";
import { namesIn, partsOf, textsIn } from "./template";

type Taken = CompiledPlatform["taken"];

/** @throws InterfaceError config */
export function checkArguments({ platform_key }: Platform, compiled: CompiledInterface, taken: Taken): void {
  const where = { platform: platform_key, interface: compiled.key };
  compiled.args.forEach((argument, at) => {
    const problem =
      twinProblem(argument, compiled.args.slice(0, at)) ??
      placeProblem(argument, compiled, taken) ??
      defaultProblem(argument);
    if (problem === undefined) return;
    const { name } = argument;
    throw configProblem(where, `参数「${name}」：${problem.zh}。`, `the argument "${name}": ${problem.en}.`);
  });
}

interface Problem {
  zh: string;
  en: string;
}

function twinProblem(argument: CompiledArgument, before: readonly CompiledArgument[]): Problem | undefined {
  for (const other of before) {
    if (other.name === argument.name) return { zh: "名称重复，请改一个", en: "its name is used twice. Rename one" };
    if (other.in !== argument.in) continue;
    const isSame = argument.in === "body" ? overlap(other, argument) : other.wire === argument.wire;
    if (isSame) {
      return {
        zh: `与参数「${other.name}」占同一个位置，请改 as`,
        en: `"${other.name}" has the same place. Change its as`,
      };
    }
  }
  return undefined;
}

/** Whether one lies in the other: the whole body has all others in it. */
function overlap(first: CompiledArgument, second: CompiledArgument): boolean {
  const length = Math.min(first.bodyPath.length, second.bodyPath.length);
  return first.bodyPath.slice(0, length).join(".") === second.bodyPath.slice(0, length).join(".");
}

function placeProblem(argument: CompiledArgument, compiled: CompiledInterface, taken: Taken): Problem | undefined {
  const { wire } = argument;
  if (argument.in === "path" && !compiled.path.names.has(wire)) {
    return {
      zh: `path 里没有 {${wire}}，请补上或改参数的 in`,
      en: `its path has no {${wire}}. Add it, or change its in`,
    };
  }
  if (argument.in === "header") return headerNameProblem(wire, taken.headers);
  if (argument.in === "query") {
    if (wire === "") return { zh: "as 不能为空", en: "its as must not be empty" };
    if (taken.query.has(wire)) return { zh: `查询参数 ${wire} 由鉴权填写`, en: `the authentication fills in ${wire}` };
  }
  if (argument.in !== "body") return undefined;
  if (compiled.definition.method === "GET") {
    return { zh: "GET 没有请求体，请改 in", en: "GET has no body. Change its in" };
  }
  if (argument.bodyPath.includes("")) return { zh: "as 里有空的一段", en: "its as has an empty part" };
  if (compiled.definition.contentType === "text" && argument.bodyPath.length > 0) {
    return { zh: '文本请求体只能整个给出，请写 as: ""', en: 'a text body is given whole. Write as: ""' };
  }
  return undefined;
}

function defaultProblem(argument: CompiledArgument): Problem | undefined {
  try {
    // A schema that needs to wait throws here, and not on the first call.
    const parsed = argument.schema.safeParse(argument.default);
    if (argument.default === undefined || parsed.success) return undefined;
    return { zh: "default 不符合它自己的 schema", en: "its default does not fit its own schema" };
  } catch {
    return { zh: "schema 自己会出错，或者是异步的", en: "its schema fails by itself, or is asynchronous" };
  }
}

/** @throws InterfaceError config */
export function checkFixedParts(platform: Platform, compiled: CompiledInterface, taken: Taken): void {
  const where = { platform: platform.platform_key, interface: compiled.key };
  const { definition, path, args } = compiled;
  for (const name of [...Object.keys(platform.headers), ...Object.keys(definition.headers)]) {
    const problem = headerNameProblem(name.toLowerCase(), taken.headers);
    if (problem !== undefined) throw configProblem(where, `headers：${problem.zh}。`, `its headers: ${problem.en}.`);
  }
  for (const name of Object.keys(definition.query)) {
    if (!taken.query.has(name)) continue;
    throw configProblem(where, `query：${name} 由鉴权填写。`, `its query: the authentication fills in ${name}.`);
  }
  checkBody(where, compiled);
  const inPath = args.filter((argument) => argument.in === "path").map((argument) => argument.wire);
  const elsewhere = textsIn([platform.headers, definition.headers, definition.query, definition.body]);
  const names = elsewhere.flatMap((text) => namesIn(partsOf(text)));
  checkNames(where, platform, [...[...path.names].filter((name) => !inPath.includes(name)), ...names]);
}

function checkBody(where: Where, { definition, args }: CompiledInterface): void {
  const { method, contentType, body } = definition;
  const isWhole = args.some((argument) => argument.in === "body" && argument.bodyPath.length === 0);
  if (method === "GET" && (body !== undefined || contentType !== "json")) {
    throw configProblem(
      where,
      "GET 没有请求体，请删除 body 和 contentType。",
      "GET has no body. Remove body and contentType.",
    );
  }
  if (body !== undefined && (contentType === "text" || isWhole)) {
    throw configProblem(
      where,
      "请求体由参数整个给出，请删除 body。",
      "its body is given whole by the caller. Remove its fixed body.",
    );
  }
}

/** What no argument fills in is a variable of every instance. */
function checkNames(where: Where, platform: Platform, names: readonly string[]): void {
  for (const name of new Set(names)) {
    const without = platform.instances.find((instance) => !Object.hasOwn(instance.variables, name));
    if (without === undefined) continue;
    const key = without.instance_key;
    throw configProblem(
      where,
      `没有东西填写 {${name}}：请加一个参数，或在实例 ${key} 的 variables 里写上它。`,
      `nothing fills in {${name}}. Add an argument, or name it among the variables of the instance ${key}.`,
    );
  }
}
