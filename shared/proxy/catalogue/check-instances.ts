/** The instances of a platform: one is the default, each has an address, and each names the secrets that the platform needs. */

import { configProblem } from "../problem";
import type { Auth, Instance, Platform } from "./catalogue";

/** @returns the default instance. @throws InterfaceError config */
export function checkInstances({ platform_key: platform, instances, auth }: Platform): Instance {
  const keys = new Set<string>();
  for (const instance of instances) {
    const where = { platform, instance: instance.instance_key };
    if (keys.has(instance.instance_key)) {
      throw configProblem(
        where,
        `有两个实例的 instance_key 都是 ${instance.instance_key}，请改掉一个。`,
        `two instances have the instance_key ${instance.instance_key}. Change one.`,
      );
    }
    keys.add(instance.instance_key);
    if (instance.baseUrl === undefined && instance.baseUrlVariable === undefined) {
      throw configProblem(
        where,
        `实例 ${instance.instance_key} 没有地址，请写 baseUrl 或 baseUrlVariable。`,
        `the instance ${instance.instance_key} has no address. Give it baseUrl or baseUrlVariable.`,
      );
    }
    for (const secret of secretsOf(auth)) {
      if (Object.hasOwn(instance.secrets, secret)) continue;
      throw configProblem(
        where,
        `实例 ${instance.instance_key} 的 secrets 里缺少 ${secret}，鉴权要用它。`,
        `the instance ${instance.instance_key} names no secret ${secret}, which the authentication needs.`,
      );
    }
  }
  return defaultOf(platform, instances);
}

function defaultOf(platform: string, instances: readonly Instance[]): Instance {
  const marked = instances.length === 1 ? instances : instances.filter((instance) => instance.isDefault);
  const [only, ...more] = marked;
  if (only !== undefined && more.length === 0) return only;
  throw configProblem(
    { platform },
    `有 ${instances.length} 个实例，其中 ${marked.length} 个标为默认；请只给一个写 isDefault: true。`,
    `of its ${instances.length} instances, ${marked.length} are the default. Give isDefault: true to one of them.`,
  );
}

/** The members of an authentication that name secrets. */
function secretsOf(auth: Auth): string[] {
  switch (auth.kind) {
    case "basic":
      return [auth.user, auth.password];
    case "bearer":
      return [auth.token];
    case "apiKey":
      return [auth.key];
    case "oauth2":
      return [auth.clientId, auth.clientSecret];
    case "twoStep":
      return Object.values(auth.params);
    case "hmac":
      return auth.keyId === undefined ? [auth.secret] : [auth.secret, auth.keyId];
    default:
      return [];
  }
}
