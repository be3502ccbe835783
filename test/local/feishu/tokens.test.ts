/** The tenant access token: who gets one, how long it is good, and how it ends before its time. */
import { describe, expect, it } from "vitest";
import { APP, MINUTE_MS, openFeishuPlatform, PROCESSES, TOKEN } from "./open-feishu";

const { platform, feishu } = await openFeishuPlatform();

const ask = async (body: unknown = APP) => await feishu.call("POST", TOKEN, { authorization: null, body });
/** The code of a call with this token; 1161001 is that of a process that is not there. */
const codeWith = async (token: string) =>
  (await feishu.call("GET", `${PROCESSES}/1`, { authorization: `Bearer ${token}` })).json.code;
const GOOD = 1161001;
const ENDED = 99991663;

describe("a call for a token", () => {
  it("answers it beside the code, with the seconds that are left", async () => {
    const { status, json } = await ask();
    expect(status).toBe(200);
    expect(json).toEqual({
      code: 0,
      msg: "ok",
      expire: 7200,
      tenant_access_token: expect.stringMatching(/^t-\w{30}$/),
    });
  });

  it.each([
    ["no object", "[]"],
    ["no members", {}],
    ["an empty app id", { ...APP, app_id: "" }],
    ["an app id of another form", { ...APP, app_id: "startflow" }],
    ["an app id that is no text", { ...APP, app_id: 1 }],
    ["no secret", { app_id: APP.app_id }],
  ])("with %s is refused with 10003, with HTTP 200", async (_, body) => {
    const { status, json } = await ask(body);
    expect([status, json]).toEqual([200, { code: 10003, data: {}, msg: "invalid param" }]);
  });

  it("of an app that is not known, or with a wrong secret, is refused with HTTP 200", async () => {
    const unknown = await ask({ ...APP, app_id: "cli_other" });
    expect([unknown.status, unknown.json]).toEqual([200, { code: 10014, msg: "app id not exists" }]);
    const wrong = await ask({ ...APP, app_secret: "startflow-secreT" });
    expect([wrong.status, wrong.json]).toEqual([200, { code: 10015, msg: "app secret invalid" }]);
  });
});

describe("a token", () => {
  it("is the same while it has half an hour left, then a new one, and the old one stays good to its end", async () => {
    const first = (await ask()).json.tenant_access_token;
    await feishu.moveClock(89 * MINUTE_MS);
    const same = (await ask()).json;
    expect(same.tenant_access_token).toBe(first);
    expect(same.expire).toBeGreaterThan(30 * 60);
    expect(same.expire).toBeLessThanOrEqual(31 * 60);
    await feishu.moveClock(91 * MINUTE_MS);
    const second = (await ask()).json;
    expect(second.tenant_access_token).not.toBe(first);
    expect(second.expire).toBe(7200);
    expect(await codeWith(first)).toBe(GOOD);
    await feishu.moveClock(121 * MINUTE_MS);
    expect(await codeWith(first)).toBe(ENDED);
    expect(await codeWith(second.tenant_access_token)).toBe(GOOD);
  });

  it("has the life that is set, from the next call on", async () => {
    const long = (await ask()).json.tenant_access_token;
    await feishu.settings({ tokenLifeS: 200 });
    const short = (await ask()).json;
    expect([short.expire, short.tenant_access_token === long]).toEqual([200, false]);
    expect(await codeWith(long)).toBe(GOOD);
    await feishu.moveClock(201_000);
    expect(await codeWith(short.tenant_access_token)).toBe(ENDED);
  });

  it("ends when all are revoked, and the next call for one gives a new one", async () => {
    const token = await feishu.token();
    expect(await platform.send("POST", "/_local/feishu/revoke-tokens", {})).toEqual({ ok: true });
    expect(await codeWith(token)).toBe(ENDED);
    expect(await feishu.token()).not.toBe(token);
  });
});

describe("the switches", () => {
  it("are shown with the app, change one by one, and go back with a reset", async () => {
    const shipped = await platform.get("/_local/feishu");
    expect(shipped).toEqual({
      appId: "cli_startflow",
      appSecret: "startflow-secret",
      limits: true,
      rateLimitStatus: 429,
      scopes: expect.arrayContaining(["app_engine:flow:write", "corehr:process.instance:write"]),
      tokenLifeS: 7200,
      disabledFlows: [],
    });
    expect(await feishu.settings({ limits: false })).toEqual({ ...(shipped as object), limits: false });
    expect(await feishu.settings({ disabledFlows: ["a"] })).toMatchObject({ limits: false, disabledFlows: ["a"] });
    await platform.send("POST", "/_local/reset", {});
    expect(await platform.get("/_local/feishu")).toEqual(shipped);
  });

  it.each([{ tokenLifeS: 0 }, { appId: "cli_other" }, { scopes: "all" }, { limits: 1 }])(
    "refuse %j and stay as they are",
    async (change) => {
      expect(await feishu.settings(change)).toMatchObject({ error: { code: "BODY_INVALID" } });
      expect(await platform.get("/_local/feishu")).toMatchObject({ appId: "cli_startflow", tokenLifeS: 7200 });
    },
  );
});
