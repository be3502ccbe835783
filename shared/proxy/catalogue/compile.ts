/** The catalogue, checked whole when it is loaded, in the form that calls are made from: each name is looked up once. */
import * as z from "zod";
import { labelsOf } from "../../form/labels";
import { nameTable } from "../names";
import { configProblem } from "../problem";
import { headerNameProblem } from "../request/headers";
import { pathTemplate } from "../request/path";
import { type Interface, type Platform, platformSchema } from "./catalogue";
import { checkInstances } from "./check-instances";
import { checkArguments, checkFixedParts } from "./check-interface";
import type { CompiledArgument, CompiledInterface, CompiledPlatform } from "./compiled";

/** @throws InterfaceError config that names platform and member */
export function compiledCatalogue(catalogue: readonly unknown[]): ReadonlyMap<string, CompiledPlatform> {
  const platforms = new Map<string, CompiledPlatform>();
  for (const input of catalogue) {
    const compiled = compiledPlatform(input);
    const key = compiled.platform.platform_key;
    if (platforms.has(key)) {
      throw configProblem(
        { platform: key },
        "目录里有两个平台用了这个 platform_key，请改掉一个。",
        "two platforms of the catalogue have this platform_key. Change one.",
      );
    }
    platforms.set(key, compiled);
  }
  return platforms;
}

function compiledPlatform(input: unknown): CompiledPlatform {
  const platform = parsedPlatform(input);
  const defaultInstance = checkInstances(platform);
  const taken = takenByAuth(platform);
  const interfaces = new Map<string, CompiledInterface>();
  for (const [key, definition] of Object.entries(platform.interfaces)) {
    const compiled = compiledInterface(platform, key, definition);
    checkArguments(platform, compiled, taken);
    checkFixedParts(platform, compiled, taken);
    interfaces.set(key, compiled);
  }
  return {
    platform,
    names: nameTable(platform.platform_key, [...interfaces.keys()]),
    interfaces,
    instances: new Map(platform.instances.map((instance) => [instance.instance_key, instance])),
    defaultInstance,
    taken,
  };
}

/** What a member should be, where its rule does not say so by itself. */
const EXPECTED: Record<string, { zh: string; en: string }> = {
  baseUrl: {
    zh: "应为 https://主机[:端口][/前缀]，不含账号、? 和 #",
    en: "https://host[:port][/prefix] without user, ? or #",
  },
  path: { zh: "应以 / 开头，不含 ?、#、\\、@ 和空格", en: "it begins with / and has no ?, #, \\, @ or spaces" },
  secrets: {
    zh: "应为环境变量的名称（大写），而不是密钥本身",
    en: "the name of an environment variable in capitals, never the secret itself",
  },
  variables: { zh: "应为环境变量的名称（大写）", en: "the name of an environment variable in capitals" },
  platform_key: { zh: "由字母（含汉字）、数字和 _ 组成", en: "letters of any script, digits and _" },
  interfaces: { zh: "名称由字母（含汉字）、数字和 _ 组成", en: "its names have letters of any script, digits and _" },
};

function parsedPlatform(input: unknown): Platform {
  const parsed = platformSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const key = (input as { platform_key?: unknown } | null | undefined)?.platform_key;
  const platform = typeof key === "string" ? key.slice(0, 64) : "?";
  const found = parsed.error.issues[0] as z.core.$ZodIssue;
  const member = found.path.map(String).join(".");
  const hints = [...found.path].reverse().map((part) => EXPECTED[String(part)]);
  const hint = hints.find((one) => one !== undefined);
  throw configProblem(
    { platform },
    `目录成员 ${member} 不对：${hint?.zh ?? found.message}。`,
    `the catalogue's member ${member} is wrong: ${hint?.en ?? found.message}.`,
    parsed.error,
  );
}

function compiledInterface(platform: Platform, key: string, definition: Interface): CompiledInterface {
  const where = { platform: platform.platform_key, interface: key };
  const args = definition.args.map((argument): CompiledArgument => {
    const wire = argument.as ?? argument.name;
    return {
      name: argument.name,
      in: argument.in,
      wire: argument.in === "header" ? wire.toLowerCase() : wire,
      bodyPath: argument.in === "body" && wire !== "" ? wire.split(".") : [],
      schema: argument.schema,
      default: argument.default,
      labels: labelsOf(z.object({ [argument.name]: argument.schema })),
    };
  });
  return { key, definition, args, path: pathTemplate(where, definition.path) };
}

/** @throws InterfaceError config where the authentication has a header that cannot be sent */
function takenByAuth({ auth, platform_key: platform }: Platform): CompiledPlatform["taken"] {
  const taken = { headers: new Set<string>(), query: new Set<string>() };
  if (["basic", "bearer", "oauth2", "function"].includes(auth.kind)) taken.headers.add("authorization");
  if (auth.kind === "apiKey" || auth.kind === "twoStep") {
    if (auth.place.in === "header") taken.headers.add(auth.place.name.toLowerCase());
    else taken.query.add(auth.place.name);
  }
  if (auth.kind === "hmac") for (const name of Object.values(auth.headers)) taken.headers.add(name.toLowerCase());
  for (const name of taken.headers) {
    const problem = headerNameProblem(name, new Set());
    if (problem !== undefined) throw configProblem({ platform }, `auth：${problem.zh}。`, `its auth: ${problem.en}.`);
  }
  return taken;
}
