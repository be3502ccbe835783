/** Who is let in: lock-out, pages of other origins, production, plain calls, and the API's own description. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { LOCAL_CREDENTIALS, LOCAL_ENV_ID } from "../../../local/functions/environment";
import { type PlatformHere, platformHere, temporaryFolder } from "../../helpers/platform";
import { tcb } from "../../helpers/sdk";
import { type Api, apiOf, LOGIN, TOKEN } from "./open-api";

let platform: PlatformHere;
let api: Api;
beforeAll(async () => {
  platform = await platformHere(temporaryFolder());
  api = apiOf(platform);
});
afterAll(() => platform.stop());
afterEach(() => platform.send("POST", "/_local/reset", {}));

const hello = (headers: object) => api.call("/api/demo/flows/hello", { headers: { ...TOKEN, ...headers }, body: {} });

describe("credentials", () => {
  it("are taken as Bearer and Basic as well", async () => {
    const bearer = await api.call("/api/admin/test/sync", { headers: { authorization: "Bearer 123456" } });
    expect(bearer.status).toBe(200);
    const basic = { authorization: `Basic ${Buffer.from("botman:123456").toString("base64")}` };
    const body = { reason: "探亲", days: 3, startsOn: "2026-12-01" };
    expect((await api.call("/api/demo/leave/start", { headers: basic, body })).status).toBe(202);
  });

  it("that are wrong say the same whichever of the two is wrong", async () => {
    const call = (headers: Record<string, string>) => api.call("/api/demo/leave/start", { headers, body: {} });
    const wrongUser = await call({ ...LOGIN, user: "nobody" });
    const wrongPassword = await call({ ...LOGIN, password: "654321" });
    expect(wrongUser.status).toBe(401);
    expect({ ...wrongUser, headers: 0 }).toEqual({ ...wrongPassword, headers: 0 });
  });

  it("that fail twenty times shut the caller out of that API, the right ones too, for ten minutes", async () => {
    for (let at = 0; at < 20; at += 1) expect((await hello({ token: `wrong-${at}` })).status).toBe(401);
    const locked = await hello({});
    expect(locked).toMatchObject({ status: 429, body: { error: { code: "requestError.rateLimited" } } });
    expect(Number(locked.headers.get("retry-after"))).toBeGreaterThan(500);
    // A forged entry in front is nobody's address.
    expect((await hello({ "x-forwarded-for": "9.9.9.9" })).status).toBe(429);
    expect((await api.call("/api/admin/test/sync", { headers: TOKEN })).status).toBe(200);
    expect(await platform.instances()).toHaveLength(1);
  });

  it("never reach the run, its record or the log", async () => {
    await hello({});
    const shown = JSON.stringify([await platform.instances(), await platform.get("/_local/requests")]);
    expect(shown).not.toContain("123456");
  });
});

describe("a page", () => {
  it("of another origin is refused, and of the API's own host served", async () => {
    expect(await hello({ origin: "https://evil.example" })).toMatchObject({ status: 403 });
    expect(await hello({ origin: platform.url })).toMatchObject({ status: 200 });
    expect(await platform.instances()).toHaveLength(1);
  });

  it("of a foreign host name does not reach the function", async () => {
    // fetch sets the host itself, so it is asked for through a proxy's absolute path.
    const { request } = await import("node:http");
    const status = await new Promise((settle) => {
      const options = { headers: { host: "evil.example", ...TOKEN } };
      request(`${platform.url}/v1/api/admin/test/sync`, options, (answer) => settle(answer.statusCode)).end();
    });
    expect(status).toBe(403);
  });
});

describe("the function called plainly", () => {
  it("by app.callFunction answers the envelope itself", async () => {
    const app = tcb.init({ env: LOCAL_ENV_ID, serviceUrl: `${platform.url}/admin`, ...LOCAL_CREDENTIALS });
    const call = async (data: object) => (await app.callFunction({ name: "sync-api", data })).result as unknown;
    expect(await call({ api: "admin/test/sync", headers: TOKEN })).toMatchObject({
      response: { data: { code: 0, msg: "ok" }, code: 0 },
    });
    expect(await call({ api: "admin/test/sync" })).toEqual({
      response: { error: { code: "requestError.invalidParams", message: "Token is required" } },
    });
    expect(await call({ api: "demo/flows/broken", data: {}, headers: TOKEN })).toMatchObject({
      response: { code: 1001 },
    });
    expect(await call({ api: "demo/customers/get", data: { customerId: "12345" }, headers: TOKEN })).toMatchObject({
      response: { data: { id: "12345" } },
    });
  });

  it("in production runs nothing through `none` that is not consented to twice", async () => {
    const params = { api: "botman/test/sync", data: {} };
    const { result } = await platform.test("sync-api", { params, env: "production", entry: "main" });
    expect(result).toMatchObject({ response: { error: { code: "serverError.notConfigured" } } });
    expect(JSON.stringify(result)).toContain("STARTFLOW_SYNC_PUBLIC");
    expect(await platform.instances()).toEqual([]);
    const preview = await platform.test("sync-api", { params, entry: "main" });
    expect(preview.result).toMatchObject({ response: { data: "botman.cc" } });
  });
});

describe("the description", () => {
  it("has every route as it is switched now", async () => {
    await api.change("admin/test/sync", { method: "POST", auth: "password", enabled: false });
    const document = await platform.get<{ openapi: string; paths: Record<string, Record<string, unknown>> }>(
      "/v1/openapi.json",
    );
    const rows =
      await platform.get<{ space: string; module: string; function: string; method: string }[]>("/_local/apis");
    expect(document.openapi).toBe("3.1.0");
    for (const { space, module, function: name, method } of rows) {
      expect(Object.keys(document.paths[`/v1/api/${space}/${module}/${name}`] ?? {})).toEqual([method.toLowerCase()]);
    }
    expect(document.paths["/v1/api/admin/test/sync"]?.post).toMatchObject({
      security: [{ user: [], password: [] }, { basic: [] }],
      "x-enabled": false,
    });
    expect(document.paths["/v1/api/demo/leave/start"]?.post).toMatchObject({
      requestBody: { content: { "application/json": { schema: { required: ["reason", "days", "startsOn"] } } } },
    });
  });
});

describe("files", () => {
  it("of a multipart body are stored, and the run gets their ids", async () => {
    const form = new FormData();
    form.set("name", "contract");
    form.set("file", new File(["hello"], "../合同 1.txt", { type: "text/plain" }));
    const answer = await fetch(`${platform.url}/v1/api/demo/flows/hello`, {
      method: "POST",
      headers: TOKEN,
      body: form,
    });
    expect(answer.status).toBe(200);
    const [instance] = await platform.instances();
    expect(instance?.variables).toMatchObject({
      trigger: { name: "contract", file: expect.stringMatching(/^cloud:\/\/[^/]+\/sync-api\/[\w-]{36}\/[^/]+$/) },
    });
  });
});
