/** Where a call may go: the configured origin and prefix, by HTTPS, and to no private address, literal or resolved. */
import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

/** Of the error that a refused address ends a connection with, before anything is sent. */
export const ADDRESS_BLOCKED = "ERR_ADDRESS_BLOCKED";

/** https://www.iana.org/assignments/iana-ipv4-special-registry */
const IPV4: readonly (readonly [network: string, prefix: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  // The metadata service of most clouds is in here: https://cloud.tencent.com/document/product/213/4934
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  // A public address that answers only inside: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
  ["168.63.129.16", 32],
];

/**
 * All but 2000::/3, which alone is given out, and in it what leads elsewhere: Teredo, 6to4, documentation.
 * https://www.iana.org/assignments/ipv6-address-space https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const IPV6: readonly (readonly [network: string, prefix: number])[] = [
  ["::", 3],
  ["4000::", 2],
  ["8000::", 1],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

// Two lists, as a list takes an IPv4 address for the IPv6 one that it is mapped to, which ::/3 holds.
const [notPublic4, notPublic6] = [new BlockList(), new BlockList()];
for (const [network, prefix] of IPV4) notPublic4.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of IPV6) notPublic6.addSubnet(network, prefix, "ipv6");

/** What is no address at all is not public either. @param address may carry a zone: `fe80::1%eth0` */
export function isPublicAddress(address: string): boolean {
  const bare = address.split("%", 1)[0] as string;
  if (isIP(bare) === 4) return !notPublic4.check(bare, "ipv4");
  return isIP(bare) === 6 && !notPublic6.check(bare, "ipv6");
}

export type AddressProblem = "scheme" | "private";

/** What can be told without asking the name service; the connection's own look-up tells the rest. */
export function addressProblem(url: URL, allowPrivate: boolean): AddressProblem | undefined {
  if (allowPrivate) return undefined;
  if (url.protocol !== "https:") return "scheme";
  // The parser has turned 0x7f.1, 2130706433 and 127.1 into 127.0.0.1; no look-up is made for an address.
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.+$/, "");
  if (isIP(host) !== 0) return isPublicAddress(host) ? undefined : "private";
  return host === "localhost" || host.endsWith(".localhost") ? "private" : undefined;
}

/** Backslashes, control characters and spaces: the parser reads them as something else, or leaves them out. */
const NOT_WRITTEN = /[\s\\#\p{Cc}]/u;
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|$)/i;

/** @param target path and query. @returns undefined where the two together lead out of the base URL */
export function finalUrl(baseUrl: string, target: string): URL | undefined {
  const path = target.split("?", 1)[0] as string;
  if (!path.startsWith("/") || NOT_WRITTEN.test(target) || DOT_SEGMENT.test(path)) return undefined;
  const url = parsedUrl(baseUrl + target);
  return url === undefined ? undefined : inside(baseUrl, url);
}

/** Not by `URL.canParse`, which the cloud's Node 18.15 has not. @returns undefined for what is no address */
export function parsedUrl(text: string, base?: URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

/** @returns the address itself where it has the origin of the base URL and begins with its path */
export function inside(baseUrl: string, url: URL): URL | undefined {
  const base = new URL(baseUrl);
  const hasExtras = url.username !== "" || url.password !== "" || url.hash !== "";
  const prefix = base.pathname.replace(/\/$/, "");
  return !hasExtras && url.origin === base.origin && url.pathname.startsWith(`${prefix}/`) ? url : undefined;
}

/** Asks for all addresses of a name. */
export type Resolve = (
  host: string,
  options: { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * The look-up of a connection: it connects to the very addresses that were checked, so a name cannot answer otherwise
 * the second time. One private address among several is enough to refuse them all.
 */
export function guardedLookup(resolve: Resolve = systemLookup): LookupFunction {
  return (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      const first = addresses?.[0];
      if (error !== null) return done(error, options.all === true ? [] : "", 0);
      if (first === undefined || addresses.some(({ address }) => !isPublicAddress(address))) {
        return done(blocked(), options.all === true ? [] : "", 0);
      }
      return options.all === true ? done(null, addresses) : done(null, first.address, first.family);
    });
  };
}

function blocked(): Error {
  return Object.assign(new Error("a private address"), { code: ADDRESS_BLOCKED });
}
