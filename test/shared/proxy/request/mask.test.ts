/** Secrets out of everything that is shown: dry runs, errors and log lines, in every form in which they travel. */
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { describeError } from "../../../../shared/base/log";
import type { PlatformInput } from "../../../../shared/proxy/catalogue/catalogue";
import { maskedCall } from "../../../../shared/proxy/request/mask";
import { maskerOf } from "../../../../shared/proxy/send/secrets";
import { send } from "../../../../shared/proxy/send/send";
import { answerJson, openScriptedServer, type ScriptedServer } from "../../../helpers/scripted-server";
import { failureOf, json, prepared } from "../prepared";

/** Everything that some encoding changes. */
const SECRET = 'Canary/s3cret+"(é密)~ =';
const FORMS: [string, string][] = [
  ["plain", SECRET],
  ["URL-encoded", encodeURIComponent(SECRET)],
  ["URL-encoded in lower case", encodeURIComponent(SECRET).replace(/%../g, (hex) => hex.toLowerCase())],
  ["form-encoded", new URLSearchParams({ a: SECRET }).toString().slice(2)],
  ["base64", Buffer.from(SECRET).toString("base64")],
  ["base64, URL-encoded", encodeURIComponent(Buffer.from(SECRET).toString("base64"))],
  ["base64url", Buffer.from(SECRET).toString("base64url")],
  ["JSON-escaped", JSON.stringify(SECRET).slice(1, -1)],
  ["JSON-escaped twice", JSON.stringify(JSON.stringify(SECRET)).slice(3, -3)],
];

describe("a secret", () => {
  it.each(FORMS)("is masked wherever it stands: %s", (_, form) => {
    expect(maskerOf([SECRET])(`a=${form}&b=${form}; ${form}`)).toBe("a=***&b=***; ***");
  });

  it("is masked inside of longer base64, as in a Basic header, wherever it begins", () => {
    for (const before of ["", "u", "us", "use"]) {
      const encoded = Buffer.from(`${before}:${SECRET}:after`).toString("base64");
      expect(maskerOf([SECRET])(encoded)).toContain("***");
      expect(maskerOf([SECRET])(encoded).length).toBeLessThan(encoded.length - 20);
    }
  });

  it("that is part of another is masked with it", () => {
    expect(maskerOf(["abc", "abcdef"])("abcdef abc")).toBe("*** ***");
    expect(maskerOf(["", "a.c"])("abc a.c")).toBe("abc ***");
  });

  it("is never left over, whatever it is made of", () => {
    const runs = process.env.STARTFLOW_FULL === "1" ? 20_000 : 1_000;
    fc.assert(
      fc.property(fc.string({ minLength: 6, unit: "grapheme" }), fc.string(), fc.string(), (secret, before, after) => {
        const masked = maskerOf([secret]);
        const around = (form: string) => masked(`<${before}>${form}<${after}>`);
        for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
          expect(around(form)).toContain(">***<");
        }
        expect(around(Buffer.from(secret).toString("base64"))).toContain(">***<");
      }),
      { numRuns: runs },
    );
  });
});

let server: ScriptedServer;
let printed: string[];
beforeAll(async () => {
  server = await openScriptedServer();
});
afterAll(() => server.close());
beforeEach(() => {
  printed = [];
  vi.spyOn(console, "log").mockImplementation((line: unknown) => void printed.push(String(line)));
});
afterEach(() => vi.restoreAllMocks());

const leaks = (text: string) => [...FORMS.map(([, form]) => form), "s3cret"].filter((form) => text.includes(form));
const platform: Partial<PlatformInput> = {
  auth: { kind: "apiKey", key: "k", place: { in: "query", name: "sig", prefix: "" } },
  success: { code: "errcode", is: [0], message: "errmsg" },
};

describe("a dry run", () => {
  const secrets = { k: SECRET, pin: "20261" };

  it("shows the request as it will be sent, with masks for what is secret", () => {
    const call = prepared({
      baseUrl: "https://api.example.com/v1",
      platform,
      secrets,
      definition: { method: "POST" },
      call: {
        target: `/a/${encodeURIComponent(SECRET)}?x=${encodeURIComponent(SECRET)}`,
        headers: { "x-trace": SECRET, "x-plain": "1", "x-auth-token": "typed" },
        body: json({
          text: `before ${SECRET} after`,
          [SECRET]: 1,
          password: "typed",
          pin: 20261,
          n: 3,
          deep: [{ a: [SECRET] }],
        }),
      },
    });
    const shown = maskedCall(call);
    expect(leaks(JSON.stringify(shown))).toEqual([]);
    expect(shown).toEqual({
      method: "POST",
      url: "https://api.example.com/v1/a/***?x=***&sig=***",
      headers: {
        "x-trace": "***",
        "x-plain": "1",
        "x-auth-token": "***",
        "content-type": "application/json; charset=utf-8",
      },
      body: { text: "before *** after", "***": 1, password: "***", pin: "***", n: 3, deep: [{ a: ["***"] }] },
    });
  });

  it.each<[string, PlatformInput["auth"], object]>([
    ["basic", { kind: "basic", user: "k", password: "k" }, { authorization: "Basic ***" }],
    ["bearer", { kind: "bearer", token: "k" }, { authorization: "Bearer ***" }],
    ["hmac", { kind: "hmac", secret: "k", headers: {} }, { "x-signature": "***", "x-timestamp": "***" }],
    [
      "apiKey",
      { kind: "apiKey", key: "k", place: { in: "header", name: "X-Key", prefix: "Key " } },
      { "x-key": "Key ***" },
    ],
  ])("shows where the credentials will stand: %s", (_, auth, headers) => {
    expect(maskedCall(prepared({ baseUrl: server.url, platform: { auth }, secrets }))).toMatchObject({ headers });
    expect(server.received).toEqual([]);
  });

  it("shows forms and texts masked, and of bytes their number", () => {
    const shown = (type: string, content: string | readonly Uint8Array[]) =>
      maskedCall(prepared({ baseUrl: server.url, secrets, call: { body: { type, content } } })) as { body: unknown };
    const form = new URLSearchParams({ a: SECRET, access_token: "typed" }).toString();
    expect(shown("application/x-www-form-urlencoded", form).body).toBe("a=***&access_token=***");
    expect(shown("text/plain", `x ${SECRET}`).body).toBe("x ***");
    expect(shown("multipart/form-data; boundary=x", [Buffer.from(SECRET), Buffer.from("1")]).body).toMatch(
      /^<\d+ bytes>$/,
    );
  });
});

describe("a failure", () => {
  const message = FORMS.map(([name, form]) => `${name}: ${form}`).join(" | ");

  it("has no form of a secret in its text, its causes or the log, whatever the platform says", async () => {
    for (const status of [200, 401, 500]) {
      server.answer = (_, response) => answerJson(response, status, { errcode: 1, errmsg: message });
      const failure = await failureOf(send(prepared({ baseUrl: server.url, platform, secrets: { k: SECRET } })));
      expect(failure.message).toContain("plain: ***");
      expect(leaks(`${failure.stack} ${JSON.stringify(describeError(failure))} ${printed.join()}`)).toEqual([]);
    }
  });

  it("of the connection has no address in it, which holds the secret", async () => {
    const answers = [() => {}, (response: { destroy(): void }) => response.destroy()];
    for (const answer of answers) {
      server.answer = (_, response) => answer(response);
      const wanted = { baseUrl: server.url, platform: { ...platform, attemptTimeoutMs: 100 }, secrets: { k: SECRET } };
      const failure = await failureOf(send(prepared(wanted)));
      const all = `${failure.stack} ${JSON.stringify(describeError(failure))} ${printed.join()}`;
      expect(leaks(all)).toEqual([]);
      expect(all).not.toMatch(/http:\/\/|customers\/12345/);
    }
  });

  it("tells the log of a caller that is a secret without it", async () => {
    server.answer = (_, response) => answerJson(response, 200, { errcode: 0 });
    const call = { caller: `form ${SECRET}`, target: `/a?${encodeURIComponent(SECRET)}=1` };
    await send(prepared({ baseUrl: server.url, platform, secrets: { k: SECRET }, call }));
    expect(leaks(printed.join())).toEqual([]);
  });
});
