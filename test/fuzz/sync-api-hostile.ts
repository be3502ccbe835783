/** Requests to the sync API that nobody should send: a right one of any route, spoiled in up to three places. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { ApiRow } from "../../local/console/wire";
import { signedQuery } from "../../shared/sync-api/gate/signature";
import { routeName } from "../../shared/sync-api/routes/route";
import { BOUNDARY, type BodyRecipe, bodyOf, large, small } from "./sync-api-bodies";
import { type Filled, rightCredentials, type Secrets, WRONG } from "./sync-api-credentials";
import { text } from "./sync-api-text";

export interface HostileRequest {
  method: string;
  /** With the query; raw. */
  target: string;
  headers: [name: string, value: string][];
  body: Buffer;
  /** Its credentials, its method and its path are right: all else may be wrong, and it may run. */
  mayRun: boolean;
}

/** What is drawn: small, so that a hundred thousand of them cost nothing. */
export interface Recipe {
  api: string;
  spoiled: Spoiled[];
  text: string;
  method: string;
  path: string;
  credentials: string;
  contentType: string;
  body: BodyRecipe;
  header: [name: string, value: string];
  query: string;
}

const SPOILED = ["method", "path", "credentials", "contentType", "body", "header", "query"] as const;
type Spoiled = (typeof SPOILED)[number];

const METHODS = [
  ..."GET POST PUT PATCH DELETE HEAD OPTIONS TRACE PROPFIND MKCOL M-SEARCH SEARCH LINK PURGE QUERY".split(" "),
  // Neither Node's HTTP server nor anybody else knows these.
  ..."get Post CONNECT1 FOO GETGET __proto__ constructor GET\tPOST ".split(" "),
  "G E T",
  "GET\r\nX-Injected: 1",
  "A".repeat(21),
  "A".repeat(500),
];

/** Of a path as it is right; none of them leads to a route. */
const PATHS: ((right: string) => string)[] = [
  () => "/v1",
  () => "/v1/",
  () => "/v1/api",
  () => "/v1/openapi.json/x",
  () => "/v1/api/botman",
  () => "/v1/api/test/sync",
  () => "/v1/api/__proto__/constructor/toString",
  () => "/v1/api/botman/test/sync/extra",
  () => "/v1/api/botman/test/sync/sync/sync",
  () => "/v1/runs",
  () => "/v1/runs/",
  () => `/v1/api/${"a/".repeat(900)}`,
  () => `/v1/api/${"a".repeat(1_990)}`,
  () => `/v1/api/${"a".repeat(2_100)}`,
  (right) => `${right}%00`,
  (right) => `${right}%20`,
  (right) => `${right}%0d%0aX-Injected:1`,
  (right) => `${right}/%2e%2e%2fx`,
  (right) => `${right};a=b`,
  (right) => `${right}%2f`,
  (right) => `${right}.json`,
  (right) => right.replace("/api/", "/api/%2e%2e%2f"),
  (right) => right.replace("/api/", "/api//"),
  (right) => right.replace("/api/", "/API/"),
  (right) => right.replace("/api/", "/%c1%a1pi/"),
  (right) => right.replace("/api/", "/api/%25"),
  (right) => right.replaceAll("/", "%2f").replace("%2fv1%2f", "/v1/"),
  (right) => right.replace(/.$/, (last) => last.toUpperCase()),
];
const UIDS = [
  "0".repeat(14),
  "0".repeat(15),
  "9".repeat(18),
  "9".repeat(20),
  "9".repeat(21),
  "9".repeat(1_900),
  "-99999999999999999",
  "99999999999999999e1",
  "0x9999999999999999",
  "99999999999999999%0a",
  "９９９９９９９９９９９９９９９９９９",
  "%39".repeat(18),
  "..",
  "%2e%2e",
  "__proto__",
  "[object%20Object]",
  "undefined",
  "NaN",
  "*",
];
const RUN_PATHS = UIDS.flatMap((uid) =>
  ["", "/", "/cancel", "/cancel/", "/cancel/x", "/x"].map((end) => `${uid}${end}`),
);

const CONTENT_TYPES = [
  "",
  "application/json; charset=utf-16",
  "application/json; charset=",
  'application/json; charset="utf-8',
  "application/json;;;;",
  "application/json, text/html",
  "APPLICATION/JSON",
  "text/plain",
  "text/html",
  "application/xml",
  "application/x-www-form-urlencoded",
  "application/x-www-form-urlencoded; charset=gbk",
  "multipart/form-data",
  "multipart/form-data; boundary=",
  `multipart/form-data; boundary=${BOUNDARY}`,
  `multipart/form-data; boundary="${BOUNDARY}"`,
  `multipart/form-data; boundary=${BOUNDARY}; boundary=y`,
  `multipart/form-data; boundary=${"b".repeat(100)}`,
  "multipart/form-data; boundary=张",
  "multipart/mixed; boundary=x",
  "__proto__",
  "constructor",
  "toString; charset=utf-8",
  "*/*",
];

const PLAIN_HEADERS: [string, string[]][] = [
  ["prefer", ["wait=0", "wait=1", "wait=-1", "wait=99999", "wait=999999", "wait=1e3", 'wait="1"', "respond-async"]],
  ["prefer", ["respond-async; wait=0, respond-async", ",;,;", "wait", "wait=", "return=minimal", "wait=0x1"]],
  ["idempotency-key", ["k1", "k2", '"k1"', '""', '"', "k 1", "a".repeat(200), "a".repeat(201), "k1, k2", "键"]],
  ["x-callback-url", ["http://127.0.0.1:4001/x", "http://127.0.0.1:4002/x", "http://127.0.0.1:4001@evil.example/"]],
  [
    "x-callback-url",
    ["http://u:p@127.0.0.1:4001/", "file:///etc/passwd", "javascript:1", "//127.0.0.1:4001", "http://["],
  ],
  [
    "x-callback-url",
    ["http://0x7f.1:4001/", "http://127.0.0.1:4001\\@evil.example", `http://127.0.0.1:4001/${"a".repeat(2_000)}`],
  ],
  ["origin", ["null", "https://evil.example", "http://127.0.0.1.evil.example", "http://localhost:1", "*", "https://"]],
  [
    "x-forwarded-for",
    ["1.2.3.4", "evil", "1.2.3.4, 5.6.7.8", ",,,", "::1", "fe80::1%eth0", `${"1.1.1.1,".repeat(500)}`],
  ],
  ["content-encoding", ["gzip", "br", "identity"]],
  ["accept", ["text/html", "application/xml;q=1"]],
  ["x-http-method-override", ["DELETE", "GET", "POST"]],
  ["x-original-url", ["/v1/api/botman/test/sync", "/_local/reset"]],
  ["x-forwarded-host", ["evil.example"]],
  ["x-request-id", ["a", "b".repeat(300)]],
  ["cookie", ["a=b", "token=x"]],
  ["range", ["bytes=0-1"]],
  ["sec-fetch-site", ["cross-site"]],
];
const HEADER_NAMES = ["prefer", "idempotency-key", "x-callback-url", "origin", "x-forwarded-for", "__proto__", "x"];
const header: fc.Arbitrary<[string, string]> = fc.oneof(
  fc.constantFrom(...PLAIN_HEADERS).chain(([name, values]) => fc.tuple(fc.constant(name), fc.constantFrom(...values))),
  fc.tuple(fc.constantFrom(...HEADER_NAMES), text),
  fc.tuple(text, text),
);

const QUERIES = [
  "dry_run=1",
  "a=1&a=2&a=3",
  "__proto__=1&constructor=2&__proto__[x]=3",
  "customerId=&style=x",
  "customerId[]=1&customerId[$gt]=",
  "%00=%00",
  "%zz=%",
  "=&&&==&",
  "a=%ed%a0%80",
  `q=${"a".repeat(3_000)}`,
  "a&".repeat(2_000),
  "token=x&authorization=y",
  "?",
  "a+b=%2b",
];

/** What is sent to the disabled route is refused; the others run where nothing is spoiled. */
type Api = Pick<ApiRow, "space" | "module" | "function" | "method" | "auth" | "enabled" | "keyRequired" | "debug">;
const apis = new Map(
  (JSON.parse(readFileSync(join("dist", "apis.json"), "utf8")) as Api[]).map((api) => [routeName(api), api]),
);
/** Those whose runs take no time; of the others, every request is spoiled in what keeps it from running. */
const QUICK = [...apis.keys()].filter((name) => !/^demo\/flows\/(approval|slow|broken)$/.test(name));

/** @param largeWeight how many of a thousand bodies that are spoiled are large */
export function recipes(largeWeight: number): fc.Arbitrary<Recipe> {
  return fc.record({
    api: fc.constantFrom(...QUICK),
    spoiled: fc.oneof(
      { weight: 9, arbitrary: fc.subarray<Spoiled>([...SPOILED], { minLength: 1, maxLength: 3 }) },
      { weight: 1, arbitrary: fc.constant<Spoiled[]>([]) },
    ),
    text,
    method: fc.oneof(fc.constantFrom(...METHODS), text),
    path: fc.oneof(
      fc.nat(PATHS.length - 1).map((at) => `=${at}`),
      fc.constantFrom(...RUN_PATHS).map((path) => `/v1/runs/${path}`),
      text.map((one) => `/v1/api/${one}`),
      text.map((one) => `/v1/api/botman/test/x${one}`),
    ),
    credentials: fc.constantFrom(...Object.keys(WRONG)),
    contentType: fc.oneof(fc.constantFrom(...CONTENT_TYPES), text),
    body: fc.oneof({ weight: 1_000 - largeWeight, arbitrary: small }, { weight: largeWeight, arbitrary: large }),
    header,
    query: fc.oneof(fc.constantFrom(...QUERIES), text),
  });
}

/** Of `recipe`, what stands in `spoiled` alone. */
export function hostile(recipe: Recipe, secrets: Secrets): HostileRequest {
  const route = apis.get(recipe.api) as Api;
  const { spoiled } = recipe;
  const isSpoiled = (what: Spoiled) => spoiled.includes(what);
  const right = `/v1/api/${recipe.api}`;
  const method = isSpoiled("method") ? recipe.method : route.method;
  const path = isSpoiled("path") ? pathOf(recipe.path, right) : right;
  const query = isSpoiled("query") ? recipe.query : rightQuery(route);
  const body = bodyOfRequest(recipe, route);
  const headers: Filled = [];
  if (body.length > 0) headers.push(["content-type", isSpoiled("contentType") ? recipe.contentType : typeOf(recipe)]);
  if (isSpoiled("header")) headers.push(recipe.header);
  const key = headers.find(([name]) => name === "idempotency-key")?.[1] ?? (route.keyRequired ? randomUUID() : "");
  if (key !== "" && !headers.some(([name]) => name === "idempotency-key")) headers.push(["idempotency-key", key]);
  const parts = { method, path, query: method === "GET" ? queryToSign(query) : "", body };
  const credentials = isSpoiled("credentials")
    ? (WRONG[recipe.credentials] as (typeof WRONG)[string])(secrets, recipe.text, parts)
    : rightCredentials(route, secrets, parts, key);
  const isAdmitted = route.auth === "none" || !isSpoiled("credentials");
  return {
    method,
    target: query === "" ? path : `${path}?${query}`,
    headers: [...headers, ...credentials],
    body,
    mayRun: isAdmitted && route.enabled && method.toUpperCase() === route.method && path === right,
  };
}

function pathOf(recipe: string, right: string): string {
  return recipe.startsWith("=") ? (PATHS[Number(recipe.slice(1))] as (right: string) => string)(right) : recipe;
}

function rightQuery({ method, debug }: Api): string {
  return method === "GET" ? signedQuery(debug as Record<string, string>) : "";
}

function queryToSign(query: string): string {
  return signedQuery(parametersOf(query));
}

/** As a platform hands them over: a name that is given twice is a list. */
export function parametersOf(query: string): Record<string, string | string[]> {
  const named = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = named.get(name);
    if (Array.isArray(before)) before.push(value);
    else named.set(name, before === undefined ? value : [before, value]);
  }
  return Object.fromEntries(named);
}

function bodyOfRequest({ spoiled, body }: Recipe, { method, debug }: Api): Buffer {
  if (spoiled.includes("body")) return bodyOf(body);
  return method === "GET" ? Buffer.alloc(0) : Buffer.from(JSON.stringify(debug));
}

/** As the body would be read, so that half of what is spoiled is looked at. */
function typeOf({ spoiled, body }: Recipe): string {
  if (!spoiled.includes("body")) return "application/json";
  if (body.kind === "parts") return `multipart/form-data; boundary=${BOUNDARY}`;
  return body.kind === "pairs" ? "application/x-www-form-urlencoded" : "application/json";
}
