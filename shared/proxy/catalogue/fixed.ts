/** What an interface always sends, with the variables of the instance filled in: made once for an instance. */
import type { ResolvedInstance } from "../call";
import { InterfaceError } from "../error";
import { configProblem, type Where } from "../problem";
import { headerText } from "../request/headers";
import { pathValue } from "../request/path";
import type { Platform } from "./catalogue";
import type { CompiledInterface } from "./compiled";
import { filled, filledValue } from "./template";

export interface Fixed {
  query: ReadonlyMap<string, unknown>;
  /** Lower-case names. */
  headers: ReadonlyMap<string, unknown>;
  /** Never changed: each call copies it. */
  body: unknown;
}

const known = new WeakMap<ResolvedInstance, Map<CompiledInterface, Fixed>>();

/** @throws InterfaceError config */
export function fixedOf(
  where: Where,
  platform: Platform,
  compiled: CompiledInterface,
  instance: ResolvedInstance,
): Fixed {
  let ofInstance = known.get(instance);
  if (ofInstance === undefined) {
    ofInstance = new Map();
    known.set(instance, ofInstance);
  }
  let fixed = ofInstance.get(compiled);
  if (fixed === undefined) {
    fixed = filledFor(where, platform, compiled, instance.variables);
    ofInstance.set(compiled, fixed);
  }
  return fixed;
}

type Variables = Readonly<Record<string, string>>;

/** No caller is to blame for what is wrong here. */
function filledFor(where: Where, platform: Platform, compiled: CompiledInterface, variables: Variables): Fixed {
  try {
    checkPath(where, compiled, variables);
    return fill(where, platform, compiled, variables);
  } catch (error) {
    if (!(error instanceof InterfaceError)) throw error;
    throw new InterfaceError({ ...where, kind: "config", text: error.text });
  }
}

function checkPath(where: Where, { args, path }: CompiledInterface, variables: Variables): void {
  for (const name of path.names) {
    const isArgument = args.some((argument) => argument.in === "path" && argument.wire === name);
    if (!isArgument) pathValue(where, name, variables[name]);
  }
}

function fill(where: Where, platform: Platform, { definition }: CompiledInterface, variables: Variables): Fixed {
  const valueFor = (name: string) => variables[name] ?? "";
  const headers = new Map<string, unknown>([
    ["accept", definition.response.type === "json" ? "application/json" : "*/*"],
  ]);
  for (const [name, text] of [...Object.entries(platform.headers), ...Object.entries(definition.headers)]) {
    headers.set(name.toLowerCase(), headerText(where, name, filled(text, valueFor)));
  }
  const query = new Map<string, unknown>();
  for (const [name, value] of Object.entries(definition.query)) {
    query.set(name, typeof value === "string" ? filled(value, valueFor) : value);
  }
  return {
    query,
    headers,
    body: filledValue(definition.body, valueFor, (name) => numberOf(where, name, valueFor(name))),
  };
}

function numberOf(where: Where, name: string, text: string): number {
  const number = Number(text);
  if (/^-?\d{1,15}(\.\d+)?$/.test(text) && Number.isFinite(number)) return number;
  throw configProblem(
    where,
    `变量 ${name} 应为数字，请检查它的环境变量。`,
    `the variable ${name} must be a number. See its environment variable.`,
  );
}
