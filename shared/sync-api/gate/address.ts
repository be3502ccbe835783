/** Where a request comes from, as far as the platform says so, and which addresses a route admits. */
import { BlockList, isIP } from "node:net";
import { integerSetting } from "../../base/environment";

/**
 * `requestContext.sourceIp` where the platform gives it; no page names it for CloudBase (assumption: docs/parity.md). Else
 * the header that proxies add to: as many entries from its end as there are proxies of one's own, never its beginning, which
 * the caller writes. `undefined` where nobody says.
 */
export function sourceAddress(sourceIp: unknown, forwardedFor: string | undefined): string | undefined {
  if (typeof sourceIp === "string" && isIP(sourceIp) !== 0) return sourceIp;
  const hops = forwardedFor === undefined ? 0 : proxyHops();
  if (hops === 0 || forwardedFor === undefined) return undefined;
  const entry = forwardedFor.split(",").at(-hops)?.trim() ?? "";
  return isIP(entry) === 0 ? undefined : entry;
}

const PROXY_HOPS = { min: 0, max: 10, fallback: 0 };

/** How many proxies of one's own add to `x-forwarded-for`. @throws StartflowError NOT_CONFIGURED */
function proxyHops(): number {
  return integerSetting("STARTFLOW_SYNC_PROXY_HOPS", PROXY_HOPS);
}

const lists = new WeakMap<readonly string[], BlockList>();

/** An IPv4 address in its IPv6 form counts as the IPv4 address. */
export function admits(allowFrom: readonly string[], address: string | undefined): boolean {
  if (address === undefined) return false;
  let list = lists.get(allowFrom);
  if (list === undefined) {
    list = listOf(allowFrom);
    lists.set(allowFrom, list);
  }
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return list.check(mapped ?? address, isIP(mapped ?? address) === 6 ? "ipv6" : "ipv4");
}

export function isAddressList(allowFrom: readonly string[]): boolean {
  try {
    listOf(allowFrom);
    return true;
  } catch {
    return false;
  }
}

/** @throws where an entry is neither an address nor a network */
function listOf(allowFrom: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of allowFrom) {
    const [address = "", bits, ...more] = entry.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else if (/^\d{1,3}$/.test(bits) && more.length === 0) list.addSubnet(address, Number(bits), family);
    else throw new Error(`${entry} is no network`);
  }
  return list;
}
