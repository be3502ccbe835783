/** Requests to the sync API that nobody should send: a right one of any route, spoiled in up to three places. */
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { routes } from "../../functions/sync-api/routes";
import { type Route, routeName } from "../../shared/sync-api/route";
import { SIGNATURE, signatureOf, signedQuery } from "../../shared/sync-api/signature";

export interface Secrets {
  token: string;
  user: string;
  password: string;
  hmacKey: string;
}

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

export const NASTY = [
  "",
  " ",
  "\0",
  "\t",
  "\x7f",
  "\x1b[2J",
  "a\r\nX-Injected: 1",
  "a\r\n\r\nHTTP/1.1 200 OK\r\nX-Injected: 1\r\n\r\n",
  "\nX-Injected: 1",
  "a\r X-Injected: 1",
  "%0d%0aX-Injected:%201",
  "\u{560a}\u{560d}X-Injected: 1",
  "..",
  "../../_local/instances",
  "%2e%2e%2f",
  "..\\",
  "%00",
  "%",
  "%zz",
  "%c0%ae",
  "%ff",
  "//",
  "{{7*7}}",
  `\${jndi:ldap://x}`,
  "' or 1=1 --",
  '"',
  "__proto__",
  "constructor",
  "toString",
  "$where",
  "张三",
  "🙂",
  "é",
  "\ud800",
  "\ufeff",
  "\u202e",
  "a".repeat(201),
  "a".repeat(3_000),
  "1".repeat(400),
];

const units = fc.oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0, max: 0xffff }));
export const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme" }) },
  { weight: 2, arbitrary: fc.array(units, { maxLength: 12 }).map((codes) => String.fromCharCode(...codes)) },
);

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

export type BodyRecipe =
  | { kind: "text"; text: string }
  | { kind: "json"; json: string }
  | { kind: "bytes"; base64: string }
  | { kind: "deep"; open: string; close: string; levels: number }
  | { kind: "sized"; bytes: number; of: string }
  | { kind: "wide"; members: number; isList: boolean }
  | { kind: "parts"; count: number; nested: number; isFile: boolean }
  | { kind: "pairs"; count: number };

export function bodyOf(recipe: BodyRecipe): Buffer {
  switch (recipe.kind) {
    case "text":
      return Buffer.from(recipe.text);
    case "json":
      return Buffer.from(recipe.json);
    case "bytes":
      return Buffer.from(recipe.base64, "base64");
    case "deep":
      return Buffer.from(`${recipe.open.repeat(recipe.levels)}1${recipe.close.repeat(recipe.levels)}`);
    case "sized":
      return Buffer.alloc(recipe.bytes, recipe.of);
    case "wide": {
      const members = Array.from({ length: recipe.members }, (_, at) => (recipe.isList ? "1" : `"k${at}":1`));
      return Buffer.from(recipe.isList ? `[${members.join(",")}]` : `{${members.join(",")}}`);
    }
    case "parts":
      return Buffer.from(partsOf(recipe));
    case "pairs":
      return Buffer.from("a=1&".repeat(recipe.count));
  }
}

export const BOUNDARY = "x";

/** As `multipart/form-data; boundary=x`. */
function partsOf({ count, nested, isFile }: { count: number; nested: number; isFile: boolean }): string {
  const name = isFile ? 'name="f"; filename="../../a\\..;.txt"' : 'name="a"';
  const part = `--${BOUNDARY}\r\nContent-Disposition: form-data; ${name}\r\n\r\n1\r\n`;
  const inner = `Content-Type: multipart/mixed; boundary=${BOUNDARY}y\r\n\r\n--${BOUNDARY}y\r\n`;
  return `${part.repeat(count)}--${BOUNDARY}\r\n${inner.repeat(nested)}--${BOUNDARY}--\r\n`;
}

const JSONS = [
  "",
  " ",
  "null",
  "NaN",
  "-0",
  "1e999",
  "[Infinity]",
  "{",
  '{"a":1',
  "{'a':1}",
  '{"a":1,}',
  "{a:1}",
  "{}{}",
  "{}\0",
  '"\\ud800"',
  '{"a":"\\udfff","b":"\\u0000"}',
  '{"a":1,"a":2}',
  '{"__proto__":{"isAdmin":true}}',
  '{"constructor":{"prototype":{"isAdmin":true}}}',
  '{"a":{"__proto__":null}}',
  '{"data":{"data":{"data":{}}}}',
  '{"ExtraUserInfo":{"UserId":"1"},"UserId":"1"}',
  '{"submissionId":"00000000-0000-4000-8000-000000000000","name":1}',
  '{"$where":"1","$set":{"state":"started"},"_id":{"$gt":""}}',
  '{"toJSON":"x","then":1,"length":1e9}',
  `[${"1234567890123456789,".repeat(50)}1]`,
  `${"9".repeat(400)}`,
  "\ufeff{}",
  "/* */{}",
  "<x/>",
];
const BYTES = [
  Buffer.from([0xff, 0xfe, 0x7b, 0x00]),
  Buffer.from([0xc0, 0xae]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xf8, 0x88, 0x80, 0x80, 0x80]),
  Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 3]),
  Buffer.from([0x80]),
  Buffer.from([0]),
  Buffer.from('"\xff"', "latin1"),
];

const sizes = fc.constantFrom(
  ...[1_000_000, 6_000_000].flatMap((limit) => [limit - 2, limit - 1, limit, limit + 1, limit + 2]),
);
const small: fc.Arbitrary<BodyRecipe> = fc.oneof(
  fc.constantFrom(...JSONS).map((json) => ({ kind: "json" as const, json })),
  fc.json({ maxDepth: 4 }).map((json) => ({ kind: "json" as const, json })),
  text.map((one) => ({ kind: "text" as const, text: one })),
  fc.constantFrom(...BYTES).map((bytes) => ({ kind: "bytes" as const, base64: bytes.toString("base64") })),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => {
    return { kind: "bytes" as const, base64: Buffer.from(bytes).toString("base64") };
  }),
  fc.record({
    kind: fc.constant("parts" as const),
    count: fc.integer({ min: 0, max: 3 }),
    nested: fc.integer({ min: 0, max: 3 }),
    isFile: fc.boolean(),
  }),
);
const levels = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(1_000, 10_000, 100_000));
/** With quotes open or closed, control characters that JSON writes in six, and halves of characters. */
const large: fc.Arbitrary<BodyRecipe> = fc.oneof(
  fc.record({
    kind: fc.constant("sized" as const),
    bytes: sizes,
    of: fc.constantFrom('"', "a", "1", "[", "\x01", "é", "--x\r\n"),
  }),
  fc
    .tuple(fc.constantFrom(["[", "]"], ['{"a":', "}"], ['[{"a":', "}]"], ["[", ""]), levels)
    .map(([[open = "", close = ""], depth]) => ({ kind: "deep" as const, open, close, levels: depth })),
  fc.record({
    kind: fc.constant("wide" as const),
    members: fc.constantFrom(1_000, 49_999, 100_000),
    isList: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("parts" as const),
    count: fc.constantFrom(999, 1_001, 18_000, 100_000),
    nested: fc.constantFrom(0, 1_000),
    isFile: fc.constant(false),
  }),
  fc.record({ kind: fc.constant("pairs" as const), count: fc.constantFrom(1_000, 249_999, 1_500_000) }),
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

type Filled = [name: string, value: string][];
interface Signed {
  method: string;
  path: string;
  query: string;
  body: Buffer;
}
const basic = (login: string) => `Basic ${Buffer.from(login).toString("base64")}`;
const signed = (key: string, parts: Signed, offsetSeconds = 0, idempotencyKey = "") => {
  const at = String(Math.floor(Date.now() / 1_000) + offsetSeconds);
  return `t=${at},v1=${signatureOf(key, { at, key: idempotencyKey, ...parts })}`;
};

/** Each is refused by every route that asks for any. */
const WRONG: Record<string, (secrets: Secrets, text: string, parts: Signed) => Filled> = {
  none: () => [],
  empty: () => [
    ["token", ""],
    ["user", ""],
    ["password", ""],
    ["authorization", ""],
    [SIGNATURE.header, ""],
  ],
  text: (_, text) => [
    ["token", text],
    ["user", text],
    ["password", text],
    [SIGNATURE.header, text],
  ],
  bearerText: (_, text) => [["authorization", `Bearer ${text}`]],
  basicText: (_, text) => [["authorization", `Basic ${text}`]],
  long: () => [["token", "t".repeat(7_000)]],
  longBearer: () => [["authorization", `Bearer ${"b".repeat(7_000)}`]],
  longLogin: () => [
    ["user", "u".repeat(3_500)],
    ["password", "p".repeat(3_500)],
  ],
  onlyUser: ({ user }) => [["user", user]],
  onlyPassword: ({ password }) => [["password", password]],
  wrongPassword: ({ user }) => [
    ["user", user],
    ["password", "x"],
  ],
  wrongUser: ({ password }) => [
    ["user", "x"],
    ["password", password],
  ],
  swapped: ({ user, password }) => [
    ["user", password],
    ["password", user],
  ],
  more: ({ token, user, password }) => [
    ["token", `${token}x`],
    ["user", user],
    ["password", `${password}x`],
  ],
  less: ({ token, user, password }) => [
    ["token", token.slice(1)],
    ["user", user],
    ["password", password.slice(1)],
  ],
  twiceInOne: ({ token, user, password }) => [
    ["token", `${token},${token}`],
    ["user", `${user},${user}`],
    ["password", `${password},${password}`],
  ],
  wideDigits: ({ token }) => [
    ["token", token.replace(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0))],
  ],
  bearerTwice: ({ token }) => [["authorization", `Bearer Bearer ${token}`]],
  bearerComma: ({ token }) => [["authorization", `Bearer ${token}, Bearer ${token}`]],
  bearerNothing: () => [["authorization", "Bearer"]],
  wrongScheme: ({ token }) => [["authorization", `Token ${token}`]],
  wrongBeforeRight: ({ token }) => [
    ["token", "x"],
    ["authorization", `Bearer ${token}`],
  ],
  tokenWrongThenRight: ({ token }) => [
    ["token", "x"],
    ["token", token],
  ],
  bearerWrongThenRight: ({ token }) => [
    ["authorization", "Bearer x"],
    ["authorization", `Bearer ${token}`],
  ],
  basicNoColon: ({ user }) => [["authorization", basic(user)]],
  basicNoUser: ({ password }) => [["authorization", basic(`:${password}`)]],
  basicNoPassword: ({ user }) => [["authorization", basic(`${user}:`)]],
  basicBad: () => [["authorization", "Basic !!!===%%%"]],
  basicPlain: ({ user, password }) => [["authorization", `Basic ${user}:${password}`]],
  basicMore: ({ user, password }) => [["authorization", basic(`${user}:${password}:${password}`)]],
  basicNul: ({ user, password }) => [["authorization", basic(`${user}\0:${password}\0`)]],
  basicOfToken: ({ token }) => [["authorization", basic(`${token}:${token}`)]],
  keyAsToken: ({ hmacKey }) => [
    ["token", hmacKey],
    ["user", hmacKey],
    ["password", hmacKey],
  ],
  unsigned: () => [[SIGNATURE.header, `t=${Math.floor(Date.now() / 1_000)},v1=${"0".repeat(64)}`]],
  signedOld: ({ hmacKey }, _, parts) => [[SIGNATURE.header, signed(hmacKey, parts, -301)]],
  signedEarly: ({ hmacKey }, _, parts) => [[SIGNATURE.header, signed(hmacKey, parts, 302)]],
  signedWrong: (_, text, parts) => [[SIGNATURE.header, signed(`x${text}`, parts)]],
  signedOther: ({ hmacKey }, _, parts) => [
    [SIGNATURE.header, signed(hmacKey, { ...parts, body: Buffer.from("other") })],
  ],
  signedPath: ({ hmacKey }, _, parts) => [[SIGNATURE.header, signed(hmacKey, { ...parts, path: "/v1/api/x/y" })]],
  signedUpper: ({ hmacKey }, _, parts) => [[SIGNATURE.header, signed(hmacKey, parts).toUpperCase()]],
  signedTwice: ({ hmacKey }, _, parts) => [[SIGNATURE.header, `${signed(hmacKey, parts)}, ${signed(hmacKey, parts)}`]],
  signedMany: () => [[SIGNATURE.header, `t=${"1".repeat(10)},${"v1=0,".repeat(1_000)}`]],
};

function rightCredentials(route: Route, secrets: Secrets, parts: Signed, key: string): Filled {
  switch (route.auth) {
    case "none":
      return [];
    case "token":
      return [["token", secrets.token]];
    case "password":
      return [
        ["user", secrets.user],
        ["password", secrets.password],
      ];
    case "hmac":
      return [[SIGNATURE.header, signed(secrets.hmacKey, parts, 0, key)]];
  }
}

/** What is sent to the disabled route is refused; the others run where nothing is spoiled. */
const apis = new Map(routes.map((route) => [routeName(route), route]));
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
  const route = apis.get(recipe.api) as Route;
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

function rightQuery({ method, debug }: Route): string {
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

function bodyOfRequest({ spoiled, body }: Recipe, { method, debug }: Route): Buffer {
  if (spoiled.includes("body")) return bodyOf(body);
  return method === "GET" ? Buffer.alloc(0) : Buffer.from(JSON.stringify(debug));
}

/** As the body would be read, so that half of what is spoiled is looked at. */
function typeOf({ spoiled, body }: Recipe): string {
  if (!spoiled.includes("body")) return "application/json";
  if (body.kind === "parts") return `multipart/form-data; boundary=${BOUNDARY}`;
  return body.kind === "pairs" ? "application/x-www-form-urlencoded" : "application/json";
}
