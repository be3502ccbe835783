/** `createProxy(catalogue)` makes `$proxy`, by which scripts call the interfaces of the catalogue. */

import type { PlatformInput } from "./catalogue/catalogue";
import { compiledCatalogue } from "./catalogue/compile";
import type { CompiledInterface, CompiledPlatform } from "./catalogue/compiled";
import { answered, stepsOf } from "./chain";
import { EMPTY_DRAFT } from "./draft";
import type { InterfaceError } from "./error";
import { notThere, paramProblem } from "./problem";
import { draftOf } from "./request/arguments";
import { type Bound, preparedCall, unknownInterface, whereOf } from "./request/build";
import { isPlain } from "./request/data";
import { surfaceOf } from "./surface";
import type { InterfaceProxy } from "./types";

type Platforms = ReadonlyMap<string, CompiledPlatform>;

/** @throws InterfaceError config where the catalogue is wrong: it is checked whole, here and once */
export function createProxy<const C extends readonly PlatformInput[]>(catalogue: C): InterfaceProxy<C> {
  const platforms = compiledCatalogue(catalogue);
  const $proxy = (platformKey: unknown, options?: unknown) => proxyOf(boundTo(platforms, platformKey, options));
  return $proxy as unknown as InterfaceProxy<C>;
}

function boundTo(platforms: Platforms, platformKey: unknown, options: unknown): Bound {
  const compiled = platforms.get(platformKey as string);
  if (compiled === undefined) {
    const { zh, en } = notThere({ zh: "平台", en: "platform" }, platformKey, [...platforms.keys()]);
    throw paramProblem({ platform: "$proxy" }, zh, en);
  }
  const { instance_key, caller } = checkedOptions(compiled, options);
  const instance =
    instance_key === undefined ? compiled.defaultInstance : compiled.instances.get(instance_key as string);
  if (instance !== undefined) return { compiled, instance, caller };
  const { zh, en } = notThere({ zh: "实例", en: "instance" }, instance_key, [...compiled.instances.keys()]);
  throw paramProblem({ platform: compiled.platform.platform_key, caller }, zh, en);
}

const OPTIONS = ["instance_key", "caller"];
/** It stands in every log line. */
const CALLER = /^[^\p{Cc}\p{Surrogate}]{1,64}$/u;

function checkedOptions({ platform }: CompiledPlatform, options: unknown): { instance_key?: unknown; caller?: string } {
  if (options === undefined) return {};
  const where = { platform: platform.platform_key };
  const unknown = isPlain(options) ? Object.keys(options).find((key) => !OPTIONS.includes(key)) : undefined;
  if (!isPlain(options) || unknown !== undefined) {
    const { zh, en } = notThere({ zh: "选项", en: "option" }, unknown ?? options, OPTIONS);
    throw paramProblem(where, zh, en);
  }
  const { instance_key, caller } = options;
  if (caller === undefined) return { instance_key };
  if (typeof caller === "string" && CALLER.test(caller)) return { instance_key, caller };
  throw paramProblem(
    where,
    "caller 应为 1 到 64 个字的文字，不含换行。",
    "caller must be text of 1 to 64 characters without a line break.",
  );
}

/** Direct calls by name, and the steps of a chain. */
function proxyOf(bound: Bound): object {
  const { platform, names, interfaces } = bound.compiled;
  const keys = [...interfaces.keys()];
  return surfaceOf({
    label: `$proxy(${platform.platform_key}: ${keys.join(", ")})`,
    steps: stepsOf(bound, undefined, EMPTY_DRAFT),
    keys,
    memberOf(name) {
      const compiled = interfaces.get(names.get(name) ?? "");
      return compiled && directCall(bound, compiled);
    },
    notThere: (name) => unknownInterface(bound, name) as InterfaceError,
  });
}

function directCall(bound: Bound, compiled: CompiledInterface) {
  // `async`, so that what is wrong with the arguments rejects, and never throws past a `.catch`.
  return async (...values: unknown[]): Promise<unknown> => {
    const draft = draftOf(whereOf(bound, compiled.key), compiled, values);
    return answered(preparedCall(bound, compiled, draft));
  };
}
