/** Names for what is imported: keys of platforms, interfaces and arguments, variables of the environment. */
import { ImportRefused } from "./interface-draft";

const MAX_LENGTH = 60;
/** As in shared/proxy/catalogue/catalogue.ts. */
const NAME = /^[\p{L}_][\p{L}\p{N}_]{0,63}$/u;

/** `getCustomerDetail`, `Get customer-detail` -> `get_customer_detail`. */
export function snakeCase(text: string): string {
  const words = text
    .normalize("NFC")
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1_$2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1_$2")
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "")
    .toLowerCase();
  const name = /^\p{N}/u.test(words) ? `n${words}` : words;
  return [...name].slice(0, MAX_LENGTH).join("").replace(/_+$/, "");
}

/** A client takes `get_user` and `getUser` for one name. */
const alike = (name: string) => name.replaceAll("_", "").toLowerCase();
/** What JavaScript asks of every object: no interface may be called so (`RESERVED` in shared/proxy/names.ts). */
const TAKEN = ["then", "catch", "finally", "toJSON", "inspect", "prototype"];
const RESERVED = [...TAKEN, ...Object.getOwnPropertyNames(Object.prototype)].map(alike);

/** Gives each wish a name that no other has: the second is numbered. */
export function makeNamer(): (wish: string) => { name: string; isNumbered: boolean } {
  const taken = new Set<string>(RESERVED);
  return (wish) => {
    let name = wish;
    for (let count = 2; taken.has(alike(name)); count++) name = `${wish}_${count}`;
    taken.add(alike(name));
    return { name, isNumbered: name !== wish };
  };
}

/** An argument keeps the platform's spelling where that is a name. */
export function argumentName(wire: string): string {
  if (wire === "") return "body";
  if (NAME.test(wire) && wire.length <= MAX_LENGTH && wire !== "__proto__") return wire;
  return snakeCase(wire) || "value";
}

export function platformKey(wish: string | undefined, name: string): string {
  if (wish === undefined) return snakeCase(name) || "imported";
  if (!NAME.test(wish)) throw new ImportRefused(`--key: letters, digits and _, a letter first: ${wish}`);
  return wish;
}

/** Variables of the environment have ASCII letters only: a key of another script gets its first host's name. */
export function variablePrefix(key: string, baseUrl: string): string {
  const ascii = (text: string) => snakeCase(text.replace(/[^\x20-\x7e]/g, " "));
  const part = /^[\w]+$/.test(key) ? ascii(key) : ascii(hostName(baseUrl));
  return `STARTFLOW_${(part || "imported").toUpperCase()}`;
}

/** `api.example.com` -> `example`: what a person would call it. */
export function hostName(url: string): string {
  const { hostname } = new URL(url);
  if (/^[\d.]+$|:|^localhost$/.test(hostname)) return "imported";
  const labels = hostname.split(".").filter((label) => !["www", "api", "open", "openapi"].includes(label));
  return labels[0] ?? "imported";
}
