/** Who may call: every kind of credentials as a caller sends them, and every way in which they are wrong. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkCredentials } from "../../../../shared/sync-api/gate/credentials";
import { signatureOf } from "../../../../shared/sync-api/gate/signature";
import type { CredentialVariables } from "../../../../shared/sync-api/routes/route";
import type { AuthKind } from "../../../../shared/sync-api/routes/route-kinds";
import { refusal } from "../../../../shared/sync-api/wire/envelope";
import { readEvent } from "../../../../shared/sync-api/wire/request";
import { requestOf, VARIABLES } from "../calls";

type Headers = Record<string, string>;

let printed: string[];
beforeEach(() => {
  printed = [];
  const keep = (line: unknown) => void printed.push(String(line));
  vi.spyOn(console, "log").mockImplementation(keep);
  vi.spyOn(console, "error").mockImplementation(keep);
  vi.stubEnv("TEST_TOKEN", "123456");
  vi.stubEnv("TEST_USER", "botman");
  vi.stubEnv("TEST_PASSWORD", "123456");
  vi.stubEnv("TEST_HMAC_KEY", SECRET);
});
afterEach(() => {
  // What is compared is in no log line.
  expect(printed.join("\n")).not.toMatch(/123456|botman|canary/);
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const SECRET = "canary-hmac-key-of-32-characters";
const OK = { ok: true };
const check = (auth: AuthKind, headers: Headers, variables: CredentialVariables = VARIABLES) =>
  checkCredentials(auth, variables, requestOf({ headers }));
const basic = (text: string): Headers => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });
/** As it comes over HTTP, in whatever letters. */
const headersOf = (headers: Headers) => readEvent({ httpMethod: "POST", path: "/v1", headers })?.headers as Headers;

describe("no authentication", () => {
  it("lets everybody in, whatever he sends and whatever is configured", () => {
    vi.stubEnv("TEST_TOKEN", "");
    const sent: Headers[] = [{}, { token: "x" }, { user: "a", password: "b" }];
    for (const headers of sent) expect(check("none", headers, {})).toEqual(OK);
  });
});

describe("a token", () => {
  it.each([
    [{ token: "123456" }],
    [{ Token: "123456" }],
    [{ TOKEN: "123456" }],
    [{ Authorization: "Bearer 123456" }],
    [{ authorization: "bearer   123456" }],
    [{ AUTHORIZATION: "BEARER 123456 " }],
    [{ token: "123456", authorization: "Bearer wrong" }],
  ])("sent as %j is taken", (headers) => expect(check("token", headersOf(headers as Headers))).toEqual(OK));

  it.each([
    [{}],
    [{ token: "" }],
    [{ user: "botman", password: "123456" }],
    [{ authorization: "123456" }],
    [{ authorization: "Basic MTIzNDU2" }],
    [{ authorization: "Bearer" }],
    [{ authorization: "" }],
  ])("that is missing in %j is answered with the published text, and does not count as an attempt", (headers) => {
    const verdict = check("token", headers as Headers);
    expect(verdict).toEqual({ ok: false, kind: "tokenRequired", bad: false });
    expect(JSON.stringify(refusal("tokenRequired").body)).toBe(
      '{"response":{"error":{"code":"requestError.invalidParams","message":"Token is required"}}}',
    );
  });

  it.each([["1234567"], ["12345"], ["023456"], ["123457"], ["x"], ["123456 "], ["１２３４５６"], ["123456,123456"]])(
    "%j is wrong, and counts as an attempt",
    (token) => {
      expect(check("token", { token })).toEqual({ ok: false, kind: "tokenWrong", bad: true });
    },
  );

  it("that is wrong is not put right by another header", () => {
    expect(check("token", { token: "wrong", authorization: "Bearer 123456" })).toMatchObject({ kind: "tokenWrong" });
  });
});

describe("user and password", () => {
  it.each([
    [{ user: "botman", password: "123456" }],
    [{ User: "botman", PASSWORD: "123456" }],
    [{ Authorization: "Basic Ym90bWFuOjEyMzQ1Ng==" }],
    [{ authorization: "basic  Ym90bWFuOjEyMzQ1Ng==" }],
  ])("sent as %j are taken", (headers) => expect(check("password", headersOf(headers as Headers))).toEqual(OK));

  it("may hold a colon in the password", () => {
    vi.stubEnv("TEST_PASSWORD", "a:b:c");
    expect(check("password", basic("botman:a:b:c"))).toEqual(OK);
    expect(check("password", basic("botman:a"))).toMatchObject({ kind: "loginWrong" });
  });

  it.each([
    [{}],
    [{ user: "botman" }],
    [{ password: "123456" }],
    [{ user: "botman", password: "" }],
    [{ user: "", password: "123456" }],
    [{ token: "123456" }],
    [{ authorization: "Bearer 123456" }],
    [{ authorization: "Basic" }],
    [basic("botman")],
    [basic("botman:")],
    [basic(":123456")],
    [{ user: "botman", ...basic("botman:123456") }],
  ])("that are missing in %j are answered with the published text, and do not count as an attempt", (headers) => {
    expect(check("password", headers as Headers)).toEqual({ ok: false, kind: "loginRequired", bad: false });
    expect(JSON.stringify(refusal("loginRequired").body)).toBe(
      '{"response":{"error":{"code":"requestError.invalidParams","message":"User/Password is required"}}}',
    );
  });

  it("that are wrong get the very same refusal, whichever of the two it is", () => {
    const wrong = [
      { user: "nobody", password: "123456" },
      { user: "botman", password: "654321" },
      { user: "nobody", password: "654321" },
      { user: "Botman", password: "123456" },
      { user: "123456", password: "botman" },
      basic("nobody:123456"),
      basic("botman:654321"),
    ];
    for (const headers of wrong)
      expect(check("password", headers as Headers)).toStrictEqual({ ok: false, kind: "loginWrong", bad: true });
  });
});

describe("two secrets", () => {
  it.each(["canary-old-token-of-32-characters", "canary-new-token-of-32-characters"])(
    "are both taken while they are changed: %s",
    (token) => {
      vi.stubEnv("TEST_TOKEN", "canary-old-token-of-32-characters, canary-new-token-of-32-characters");
      expect(check("token", { token })).toEqual(OK);
      expect(check("token", { token: `${token},x` })).toMatchObject({ kind: "tokenWrong" });
      expect(check("token", { token: token.slice(0, -1) })).toMatchObject({ kind: "tokenWrong" });
    },
  );

  it("of user and of password are taken in any pair", () => {
    vi.stubEnv("TEST_USER", "old,new");
    vi.stubEnv("TEST_PASSWORD", "canary-1,canary-2");
    for (const user of ["old", "new"])
      for (const password of ["canary-1", "canary-2"]) expect(check("password", { user, password })).toEqual(OK);
    expect(check("password", { user: "old,new", password: "canary-1" })).toMatchObject({ kind: "loginWrong" });
  });

  it("that are the same are one", () => {
    vi.stubEnv("TEST_TOKEN", "canary-1,canary-1");
    expect(check("token", { token: "canary-1" })).toEqual(OK);
  });

  it("change with the environment: the old one is taken no more", () => {
    expect(check("token", { token: "123456" })).toEqual(OK);
    vi.stubEnv("TEST_TOKEN", "canary-other");
    expect(check("token", { token: "123456" })).toMatchObject({ kind: "tokenWrong" });
    expect(check("token", { token: "canary-other" })).toEqual(OK);
  });
});

describe("a variable", () => {
  const UNUSABLE = [
    "",
    "{{env.STARTFLOW_SYNC_TOKEN}}",
    "{{env.X}},{{env.Y}}",
    "canary-1,",
    ",canary-1",
    ",",
    "canary 1",
    "canary-1,canary-2,canary-3",
    "x".repeat(201),
  ];

  it.each(UNUSABLE)("of %j lets nobody in, also not the one who sends just that", (value) => {
    const headers = { token: value || "x", user: value || "x", password: value || "x" };
    const refused = { ok: false, kind: "notConfigured", bad: false };
    for (const name of ["TEST_TOKEN", "TEST_PASSWORD"]) vi.stubEnv(name, value);
    expect(check("token", headers)).toEqual(refused);
    expect(check("token", { token: "" })).toMatchObject({ ok: false });
    expect(check("password", { ...headers, user: "botman" })).toEqual(refused);
    vi.stubEnv("TEST_PASSWORD", "123456");
    vi.stubEnv("TEST_USER", value);
    expect(check("password", { ...headers, password: "123456" })).toEqual(refused);
    vi.stubEnv("TEST_HMAC_KEY", value);
    expect(check("hmac", { "x-signature": `t=1764547200,v1=${"0".repeat(64)}` })).toEqual(refused);
    expect(printed.join("\n")).toContain("has no secret");
  });

  it.each(["token", "password", "hmac"] as const)("that nobody has set lets nobody in by %s", (auth) => {
    const headers = { token: "undefined", user: "undefined", password: "undefined", "x-signature": "t=1,v1=2" };
    const absent = { token: "TEST_ABSENT", user: "TEST_ABSENT", password: "TEST_ABSENT", hmacKey: "TEST_ABSENT" };
    for (const variables of [absent, {}])
      expect(check(auth, headers, variables)).toEqual({ ok: false, kind: "notConfigured", bad: false });
  });

  it("that is missing is told in the log by its name", () => {
    check("token", { token: "x" }, { token: "TEST_ABSENT" });
    expect(printed.join("\n")).toContain("TEST_ABSENT");
  });

  it("with a short secret is warned of once, and a user's name is not", () => {
    vi.stubEnv("TEST_USER", "canary-user-17");
    vi.stubEnv("TEST_PASSWORD", "canary-short-17");
    for (let at = 0; at < 3; at += 1) check("password", { user: "a", password: "b" });
    expect(printed.filter((line) => line.includes("is short"))).toHaveLength(1);
    expect(printed.join("\n")).toContain("TEST_PASSWORD");
  });
});

const AT = 1_764_547_200;

describe("a signed request", () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ["Date"], now: AT * 1_000 }));

  const signed = {
    at: String(AT),
    method: "POST",
    path: "/v1/api/demo/staff/transfer",
    query: "",
    key: "",
    body: '{"reason":"部门调动"}',
  };
  const request = requestOf({ path: signed.path, body: signed.body });
  const header = (parts: Partial<typeof signed> = {}, secret = SECRET) => {
    const whole = { ...signed, ...parts };
    return { "x-signature": `t=${whole.at},v1=${signatureOf(secret, whole)}` };
  };
  const sent = (change: Parameters<typeof requestOf>[0] = {}, headers: Headers = header()) =>
    checkCredentials("hmac", VARIABLES, { ...request, ...change, headers: { ...headers, ...change.headers } });
  const WRONG = { ok: false, kind: "signatureWrong", bad: true };

  it("is let in, and its signature is the key of its run", () => {
    expect(sent()).toEqual({ ok: true, key: signatureOf(SECRET, signed) });
  });

  it("that is sent again gives the same key, another one another", () => {
    expect(sent()).toEqual(sent());
    const other = sent({ body: "{}" }, header({ body: "{}" }));
    expect(other).toMatchObject({ ok: true });
    expect(other).not.toEqual(sent());
  });

  it.each([
    ["body", { body: '{"reason":"部门 调动"}' }],
    ["method", { method: "GET" }],
    ["path", { path: "/v1/api/demo/staff/transfers" }],
    ["path in other letters", { path: "/v1/api/demo/staff/Transfer" }],
    ["query", { query: { urgent: "true" } }],
    ["Idempotency-Key that was added", { headers: { "idempotency-key": "k-1" } }],
  ])("with another %s is refused", (_, change) => expect(sent(change)).toEqual(WRONG));

  it("with another Idempotency-Key than was signed is refused, and so is one without it", () => {
    const headers = header({ key: "k-1" });
    expect(sent({ headers: { "idempotency-key": "k-1" } }, headers)).toMatchObject({ ok: true });
    expect(sent({ headers: { "idempotency-key": "k-2" } }, headers)).toEqual(WRONG);
    expect(sent({}, headers)).toEqual(WRONG);
  });

  it("of GET has its query signed, in whatever order it comes", () => {
    const get = { method: "GET", body: "", query: { b: "2", a: ["1", "x"] } };
    const headers = header({ method: "GET", body: "", query: "a=1&a=x&b=2" });
    expect(sent(get, headers)).toMatchObject({ ok: true });
    expect(sent({ ...get, query: { a: ["1", "x"], b: "2" } }, headers)).toMatchObject({ ok: true });
    expect(sent({ ...get, query: { b: "3", a: ["1", "x"] } }, headers)).toEqual(WRONG);
    expect(sent({ ...get, query: { b: "2", a: ["x", "1"] } }, headers)).toEqual(WRONG);
    expect(sent({ ...get, query: {} }, headers)).toEqual(WRONG);
  });

  it("of POST without a body has its query signed too, as that is its input", () => {
    const post = { body: "", query: { reason: "x" } };
    expect(sent(post, header({ body: "" }))).toEqual(WRONG);
    expect(sent(post, header({ body: "", query: "reason=x" }))).toMatchObject({ ok: true });
  });

  it("is signed over its bytes, also where they travel as base64", () => {
    const body = Buffer.from(signed.body).toString("base64");
    expect(sent({ body, isBase64: true })).toMatchObject({ ok: true });
    expect(sent({ body, isBase64: false })).toEqual(WRONG);
  });

  it.each([0, 300, -300])("is fresh %i seconds from now", (seconds) => {
    const at = String(AT + seconds);
    expect(sent({}, header({ at }))).toMatchObject({ ok: true });
  });

  it.each([301, -301, 86_400, -86_400])("is too far off %i seconds from now, though it is signed", (seconds) => {
    const at = String(AT + seconds);
    expect(sent({}, header({ at }))).toEqual(WRONG);
  });

  it("whose time was moved is refused", () => {
    const { "x-signature": value } = header({ at: String(AT - 1_000) });
    expect(sent({}, { "x-signature": value.replace(/t=\d+/, `t=${AT}`) })).toEqual(WRONG);
  });

  it("is refused where another secret signed it", () => {
    expect(sent({}, header({}, "another-key-of-some-32-characters"))).toEqual(WRONG);
  });

  it("is let in by either of two secrets", () => {
    vi.stubEnv("TEST_HMAC_KEY", "canary-1-of-some-32-characters-xx,canary-2-of-some-32-characters-xx");
    for (const secret of ["canary-1-of-some-32-characters-xx", "canary-2-of-some-32-characters-xx"])
      expect(sent({}, header({}, secret))).toMatchObject({ ok: true });
    expect(sent()).toEqual(WRONG);
  });

  it.each([[{}], [{ "x-signature": "" }], [{ token: "123456" }]])(
    "is asked for where %j has no signature",
    (headers) => {
      const found = sent({}, headers as Headers);
      expect(found).toEqual({ ok: false, kind: "signatureRequired", bad: false });
    },
  );

  it.each(["x", "t=1764547200", `v1=${"0".repeat(64)}`, `t=1764547200,v1=${"0".repeat(63)}`])(
    "has %j for a wrong signature",
    (value) => expect(sent({}, { "x-signature": value })).toEqual(WRONG),
  );
});
