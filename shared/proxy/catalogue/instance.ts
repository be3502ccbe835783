/** An instance with its environment read: address, secrets, variables. A value is never repeated in an error. */

import type { ResolvedInstance } from "../call";
import { configProblem, type Where } from "../problem";
import { parsedUrl } from "../send/guard";
import type { Instance } from "./catalogue";

/** What was read last, and what came of it: the environment of a warm function does not change, but a test's does. */
interface Reading {
  values: readonly (string | undefined)[];
  resolved: ResolvedInstance;
}
const readings = new WeakMap<Instance, Reading>();

/** @throws InterfaceError config that names the environment variable */
export function resolvedInstance(where: Where, instance: Instance): ResolvedInstance {
  const values = variablesOf(instance).map((name) => process.env[name]);
  const last = readings.get(instance);
  if (last?.values.every((value, at) => value === values[at])) return last.resolved;
  const resolved = read(where, instance);
  readings.set(instance, { values, resolved });
  return resolved;
}

const variableLists = new WeakMap<Instance, readonly string[]>();

function variablesOf(instance: Instance): readonly string[] {
  const known = variableLists.get(instance);
  if (known !== undefined) return known;
  const { baseUrlVariable, allowPrivateVariable, secrets, variables } = instance;
  const names = [baseUrlVariable, allowPrivateVariable, ...Object.values(secrets), ...Object.values(variables)];
  const list = names.filter((name) => name !== undefined);
  variableLists.set(instance, list);
  return list;
}

function read(where: Where, instance: Instance): ResolvedInstance {
  const allowPrivate = privateAllowed(where, instance);
  return {
    key: instance.instance_key,
    baseUrl: baseUrlOf(where, instance, allowPrivate),
    allowPrivate,
    secrets: valuesOf(where, instance.secrets),
    variables: valuesOf(where, instance.variables),
  };
}

/** A template that nobody filled in, as in `{{env.CORP_ID}}` of a cloudbaserc.json. */
const TEMPLATE = /\{\{/;

function setting(name: string): string | undefined {
  const value = process.env[name];
  return value === undefined || value === "" || TEMPLATE.test(value) ? undefined : value;
}

function privateAllowed(where: Where, { allowPrivate, allowPrivateVariable: name }: Instance): boolean {
  const value = name === undefined ? undefined : setting(name);
  if (value === undefined) return allowPrivate;
  if (value === "true" || value === "false") return value === "true";
  throw configProblem(
    where,
    `环境变量 ${name} 应为 true 或 false。`,
    `the environment variable ${name} must be true or false.`,
  );
}

/** Origin and prefix: no user, no query, and nothing that a URL parser would read as something else. */
const BASE_URL = /^(https?):\/\/[\w.\-[\]:]+(\/[\w\-.~%!$&'()*+,;=:/]*)?$/;

function baseUrlOf(where: Where, instance: Instance, allowPrivate: boolean): string {
  const { baseUrl, baseUrlVariable: name } = instance;
  const text = (name === undefined ? undefined : setting(name)) ?? baseUrl;
  if (text === undefined) throw missing(where, name ?? "baseUrl");
  const shown =
    name === undefined || setting(name) === undefined ? "baseUrl" : `环境变量 / environment variable ${name}`;
  const given = BASE_URL.exec(text);
  const url = given === null ? undefined : parsedUrl(text);
  const path = withoutSlash(url?.pathname ?? "");
  // A parser takes `..` and its like away: then the address is not what it looks like.
  if (url === undefined || path.includes("//") || withoutSlash(given?.[2] ?? "") !== path) {
    throw configProblem(
      where,
      `地址不对（${shown}）：应为 https://主机[:端口][/前缀]，不含账号、? 和 #。`,
      `the address (${shown}) is wrong: it is https://host[:port][/prefix] without user, ? or #.`,
    );
  }
  if (url.protocol !== "https:" && !allowPrivate) {
    throw configProblem(
      where,
      `地址（${shown}）应以 https 开头；只有允许内网地址（allowPrivate）的实例可以用 http。`,
      `the address (${shown}) must be https; only an instance that allows private addresses (allowPrivate) may use http.`,
    );
  }
  return `${url.origin}${path}`;
}

function withoutSlash(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : path;
}

function valuesOf(where: Where, names: Readonly<Record<string, string>>): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [key, name] of Object.entries(names)) {
    const value = setting(name);
    if (value === undefined) throw missing(where, name);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (/[\u0000-\u001f\u007f]|^\s|\s$/.test(value)) {
      throw configProblem(
        where,
        `环境变量 ${name} 的首尾有空格，或含有换行，请重新填写。`,
        `the environment variable ${name} has a line break in it, or a space at its ends. Set it again.`,
      );
    }
    values[key] = value;
  }
  return values;
}

function missing(where: Where, name: string) {
  return configProblem(
    where,
    `没有设置环境变量 ${name}，什么也没有发送。请联系管理员设置。`,
    `the environment variable ${name} is not set, so nothing was sent. Tell the administrator.`,
  );
}
