/** Who is served: the page's own origin and scripts on this machine, with the right content type, and nobody else. */
import { request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type PlatformHere, platformHere, temporaryFolder } from "../helpers/platform";

const data = temporaryFolder();
let platform: PlatformHere;
beforeAll(async () => {
  platform = await platformHere(data);
});
afterAll(() => platform.stop());

interface Answer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}

/** With node:http, because fetch does not let a caller choose Host and Origin. */
function call(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((settle, reject) => {
    const sent = request(
      platform.url + path,
      { method: options.method ?? "GET", headers: options.headers ?? {} },
      (answer) => {
        let body = "";
        answer.on("data", (chunk: Buffer) => {
          body += chunk.toString();
        });
        answer.on("end", () => settle({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
      },
    );
    sent.on("error", reject);
    sent.end(options.body);
  });
}

const json = { "content-type": "application/json" };

describe("a request", () => {
  it.each(["evil.example", "startflow.evil.example:4000", "127.0.0.1.evil.example", "169.254.0.23"])(
    "with the Host %j is refused",
    async (host) => {
      expect(await call("/_local/methods", { headers: { host } })).toMatchObject({ status: 403 });
      expect(await call("/admin", { method: "POST", headers: { host, ...json }, body: "{}" })).toMatchObject({
        status: 403,
      });
    },
  );

  it.each(["127.0.0.1:4000", "localhost:4000", "[::1]:4000", "localhost"])(
    "with the Host %s is served",
    async (host) => {
      expect(await call("/_local/methods", { headers: { host } })).toMatchObject({ status: 200 });
    },
  );

  it.each(["http://evil.example", "null", "https://127.0.0.1:4000", "http://127.0.0.1:1"])(
    "from the origin %s is refused",
    async (origin) => {
      expect(await call("/_local/reset", { method: "POST", headers: { origin, ...json }, body: "{}" })).toMatchObject({
        status: 403,
      });
    },
  );

  it("from the page's own origin is served", async () => {
    expect(await call("/_local/faults", { headers: { origin: platform.url } })).toMatchObject({ status: 200 });
  });

  it("that a browser says comes from another site is refused", async () => {
    expect(await call("/_local/methods", { headers: { "sec-fetch-site": "cross-site" } })).toMatchObject({
      status: 403,
    });
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])(
    "that changes something with the content type %j is refused",
    async (type) => {
      const headers: Record<string, string> = type === "" ? {} : { "content-type": type };
      expect(await call("/_local/reset", { method: "POST", headers, body: "{}" })).toMatchObject({ status: 415 });
      expect(await call("/_local/files?name=a", { method: "POST", headers, body: "{}" })).toMatchObject({
        status: 415,
      });
    },
  );

  it.each([
    ["POST", "/_local/methods/start-leave/test", "{", 400, "BODY_NOT_JSON"],
    ["POST", "/_local/methods/start-leave/test", '{"params":{},"env":"staging"}', 400, "BODY_INVALID"],
    ["POST", "/_local/methods/start-leave/test", '{"params":{},"entry":"other"}', 400, "BODY_INVALID"],
    ["POST", "/_local/methods/none/test", '{"params":{}}', 404, "METHOD_NOT_FOUND"],
    ["POST", "/_local/methods/official-sample/test", '{"params":{},"entry":"main"}', 404, "ENTRY_NOT_FOUND"],
    ["POST", "/_local/instances/1/tasks/2", '{"action":"agree"}', 404, "INSTANCE_NOT_FOUND"],
    ["POST", "/_local/instances/1/tasks/2", '{"action":"delete"}', 400, "BODY_INVALID"],
    ["POST", "/_local/publish", '{"processKey":"none"}', 404, "PROCESS_NOT_FOUND"],
    ["PUT", "/_local/faults", '{"weda":{"kind":"explode"}}', 400, "BODY_INVALID"],
    ["PUT", "/_local/faults", '{"weda":{"kind":"reject","rate":2}}', 400, "BODY_INVALID"],
    ["PUT", "/_local/clock", '{"rate":-1}', 400, "BODY_INVALID"],
    ["GET", "/_local/instances/1", "", 404, "INSTANCE_NOT_FOUND"],
    ["GET", "/_local/none", "", 404, "NOT_FOUND"],
    ["GET", "/none", "", 404, "NOT_FOUND"],
    ["GET", "/..%2f..%2fpackage.json", "", 404, "NOT_FOUND"],
    ["GET", "/%E0%A4%A", "", 404, "NOT_FOUND"],
  ])("%s %s %s is answered %i %s, in both languages", async (method, path, body, status, code) => {
    const answer = await call(path, { method, headers: json, body });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({
      error: { code, message: { zh: expect.any(String), en: expect.any(String) } },
    });
  });

  it("of more than 6 MB is refused", async () => {
    const body = `{"params":"${"x".repeat(6 * 1024 * 1024)}"}`;
    expect(await call("/_local/methods/start-leave/test", { method: "POST", headers: json, body })).toMatchObject({
      status: 413,
    });
  });
});

describe("every answer", () => {
  it.each(["/", "/_local/methods", "/none", "/admin"])(
    "of %s tells the browser to load nothing from elsewhere",
    async (path) => {
      const { headers } = await call(path);
      expect(headers["content-security-policy"]).toContain("default-src 'none'");
      expect(headers["content-security-policy"]).not.toContain("unsafe");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    },
  );
});

it.each([
  "/admin",
  "/open-apis/auth/v3/tenant_access_token/internal",
  "/interfaces/crm_system/customers",
  "/_local/faults",
])("a caller that goes away in the middle of its body, at %s, is no line in the log", async (path) => {
  const printed = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { host, port } = new URL(platform.url);
  const head = `POST ${path} HTTP/1.1\r\nHost: ${host}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`;
  for (let times = 0; times < 3; times += 1) {
    const socket = connect(Number(port), "127.0.0.1");
    await new Promise((sent) => socket.write(head, sent));
    // It is read by then.
    await call("/_local/faults");
    socket.resetAndDestroy();
    await call("/_local/faults");
  }
  expect(printed.mock.calls).toEqual([]);
  printed.mockRestore();
});

it("listens on 127.0.0.1 only", () => expect(platform.url).toMatch(/^http:\/\/127\.0\.0\.1:/));

it("a second platform on the same state folder says who has it, also after a reset", async () => {
  const { startPlatform } = await import("../../local/platform");
  const second = () => startPlatform({ port: 0, data, distDir: "dist", configFile: "cloudbaserc.json" });
  await expect(second()).rejects.toThrow(`${data} is in use by another startflow (process ${process.pid})`);
  expect(await call("/_local/reset", { method: "POST", headers: json, body: "{}" })).toMatchObject({ status: 200 });
  await expect(second()).rejects.toThrow(`${data} is in use by another startflow (process ${process.pid})`);
});

it("a second platform on the same port says what to do", async () => {
  const { startPlatform } = await import("../../local/platform");
  const port = Number(new URL(platform.url).port);
  const second = startPlatform({ port, data: temporaryFolder(), distDir: "dist", configFile: "cloudbaserc.json" });
  await expect(second).rejects.toThrow(`port ${port} is taken`);
});
