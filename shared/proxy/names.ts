/** The names of interfaces: each is called by its key, and a `snake_case` key in camelCase too. */
import { configProblem } from "./problem";

/** `get_customer_detail` -> `getCustomerDetail`. The type `CamelCase` says the same. */
export function camelCase(key: string): string {
  const [first = "", ...rest] = key.split("_");
  return first + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

/** What `await`, `JSON.stringify`, `console.log` and promises ask of any object: an interface of such a name would be called by them. */
const RESERVED: readonly string[] = [
  "then",
  "catch",
  "finally",
  "toJSON",
  "inspect",
  "prototype",
  ...Object.getOwnPropertyNames(Object.prototype),
];

/**
 * Both spellings of each key -> the key.
 * @throws InterfaceError config where a name is reserved, or stands for two interfaces
 */
export function nameTable(platform: string, keys: readonly string[]): ReadonlyMap<string, string> {
  const table = new Map<string, string>();
  for (const key of keys) {
    for (const name of new Set([key, camelCase(key)])) {
      const where = { platform, interface: key };
      if (RESERVED.includes(name)) {
        throw configProblem(
          where,
          `名称 ${name} 是保留的，请给接口换一个名称。`,
          `the name ${name} is reserved. Give the interface another one.`,
        );
      }
      const other = table.get(name);
      if (other !== undefined) {
        throw configProblem(
          where,
          `与接口 ${other} 都可以用 ${name} 调用，请给其中一个换名称。`,
          `${other} is also called by the name ${name}. Rename one of the two.`,
        );
      }
      table.set(name, key);
    }
  }
  return table;
}
