/** The client of Feishu's open platform against a server that does everything wrong: what is known of the process after it. */
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import type { StartflowError } from "../../../shared/base/errors";
import type { FeishuApp } from "../../../shared/feishu/app";
import { type FeishuCall, jsonText } from "../../../shared/feishu/call";
import { FEISHU_CODES } from "../../../shared/feishu/codes";
import { ask, request } from "../../../shared/feishu/request";
import { failureOf } from "../../helpers/failure";
import {
  answerJson,
  openScriptedServer,
  type ReceivedRequest,
  type ScriptedServer,
} from "../../helpers/scripted-server";
import { type StillClock, stillClock } from "../../helpers/still-clock";

const SECRET = "canary-app-secret";
const PHONE = "13812345678";
let server: ScriptedServer;
let app: FeishuApp;
let printed: string[];
let clock: StillClock;
beforeAll(async () => {
  server = await openScriptedServer();
});
afterAll(() => server.close());
beforeEach(() => {
  clock = stillClock();
  // An app of its own, so that no test has the token of another.
  app = { domain: server.url, appId: `cli_${randomUUID()}`, appSecret: SECRET };
  server.received = [];
  printed = [];
  for (const level of ["log", "error"] as const)
    vi.spyOn(console, level).mockImplementation((...line: unknown[]) => void printed.push(line.join(" ")));
});
afterEach(() => {
  expect(printed.join("\n")).not.toMatch(/canary-|13812345678/);
  vi.restoreAllMocks();
});

const call: FeishuCall<{ process_id: string }> = {
  method: "POST",
  path: ["corehr", "v2", "process_start"],
  body: jsonText("{}"),
  schema: z.looseObject({ process_id: z.string() }),
  timeoutMs: 2_000,
  starts: true,
};
const look = { ...call, starts: false };
type Answer = (response: ServerResponse, received: ReceivedRequest) => void;

let issued = 0;
/** Tokens are given out as Feishu does; the API itself answers as it is told. */
function serve(api: Answer, expire: number | null = 7_200): void {
  server.answer = (received, response) => {
    if (!received.path.endsWith("/internal")) return api(response, received);
    issued += 1;
    answerJson(response, 200, {
      code: 0,
      msg: "ok",
      tenant_access_token: `t-canary-${issued}`,
      ...(expire === null ? {} : { expire }),
    });
  };
}
const started: Answer = (response) =>
  answerJson(response, 200, { code: 0, msg: "success", data: { process_id: "74" } });
const pathsOf = () => server.received.map(({ path }) => path.split("/").at(-1));
/** Nothing that was typed is in it. */
async function quietFailureOf(work: Promise<unknown>): Promise<StartflowError> {
  const error = await failureOf(work);
  expect(JSON.stringify(error.toBody()) + String(error.cause)).not.toMatch(/canary-|13812345678/);
  return error;
}

describe("the token", () => {
  it("is fetched once for 50 calls at once, and kept for the next", async () => {
    serve(started);
    await Promise.all(Array.from({ length: 50 }, () => request(app, call)));
    await request(app, call);
    expect(pathsOf().filter((path) => path === "internal")).toHaveLength(1);
    expect(server.received).toHaveLength(52);
  });

  it("of another domain or app is another one", async () => {
    serve(started);
    await request(app, call);
    await request({ ...app, appId: `${app.appId}2` }, call);
    await request({ ...app, domain: server.url.replace("127.0.0.1", "localhost") }, call);
    expect(pathsOf().filter((path) => path === "internal")).toHaveLength(3);
  });

  it.each([180, 0, null])("with %s seconds left is used once, and not kept", async (expire) => {
    serve(started, expire);
    await request(app, call);
    await request(app, call);
    expect(pathsOf()).toEqual(["internal", "process_start", "internal", "process_start"]);
  });

  it("that is refused is fetched again once, and the call is sent again once", async () => {
    serve(started);
    await request(app, call);
    const first = server.received[1]?.headers.authorization;
    serve((response, { headers }) => {
      if (headers.authorization === first)
        return answerJson(response, 400, { code: 99991663, msg: "Invalid access token" });
      started(response, server.received[0] as ReceivedRequest);
    });
    server.received = [];
    await Promise.all(Array.from({ length: 20 }, () => request(app, call)));
    expect(pathsOf().filter((path) => path === "internal")).toHaveLength(1);
    expect(pathsOf().filter((path) => path === "process_start")).toHaveLength(40);
  });

  it.each([200, 400])(
    "that is refused with HTTP %s again and again is a refusal, after one more try",
    async (status) => {
      serve((response) => answerJson(response, status, { code: 99991663, msg: "Invalid access token" }));
      const failure = await quietFailureOf(request(app, call));
      expect(failure).toMatchObject({ code: "ENGINE_REFUSED", outcome: "rejected" });
      expect(pathsOf()).toEqual(["internal", "process_start", "internal", "process_start"]);
    },
  );

  it.each([10003, 10014, 10015, 99999999])("that is not given out (%s, HTTP 200) starts nothing", async (code) => {
    server.answer = (_, response) => answerJson(response, 200, { code, msg: `app secret ${SECRET} invalid` });
    const failure = await quietFailureOf(request(app, call));
    expect(failure).toMatchObject({ code: "ENGINE_REFUSED", outcome: "rejected" });
    expect(failure.message).toContain(String(code));
    expect(server.received).toHaveLength(1);
  });

  it("that fails to come is not kept as a failure", async () => {
    server.answer = (_, response) => response.destroy();
    expect(await quietFailureOf(request(app, call))).toMatchObject({ code: "ENGINE_UNREACHABLE", outcome: "rejected" });
    serve(started);
    expect(await request(app, call)).toEqual({ process_id: "74" });
  });
});

const UNKNOWN: [string, Answer][] = [
  ["is never given", () => clock.expire()],
  ["breaks off before its head", (response) => response.destroy()],
  [
    "breaks off in its body",
    (response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
      response.write('{"code":0', () => response.destroy());
    },
  ],
  ["is HTTP 500", (response) => answerJson(response, 500, { code: 5000, msg: "internal error" })],
  ["is HTTP 502 with a page", (response) => response.writeHead(502, { "content-type": "text/html" }).end("<html>")],
  ["is HTTP 500 with a documented refusal", (response) => answerJson(response, 500, { code: 1161001, msg: "x" })],
  ["is an empty 200", (response) => response.end("")],
  ["is a page", (response) => response.end("<html></html>")],
  ["is broken JSON", (response) => response.end('{"code":0,')],
  ["has no code", (response) => answerJson(response, 200, { msg: "ok" })],
  ["has no process id", (response) => answerJson(response, 200, { code: 0, data: {} })],
  ["is code 0 with HTTP 400", (response) => answerJson(response, 400, { code: 0, data: { process_id: "1" } })],
  ["is a refusal that nobody documented", (response) => answerJson(response, 400, { code: 1161999, msg: "odd" })],
  ["is a redirect", (response) => response.writeHead(302, { location: `${server.url}/elsewhere` }).end()],
  ["is a 404 of somebody else", (response) => response.writeHead(404).end("nothing here")],
  [
    "has more than a megabyte",
    (response) => answerJson(response, 200, { code: 0, data: { process_id: "1".repeat(1_100_000) } }),
  ],
];

describe.each(UNKNOWN)("an answer that %s", (_, answer) => {
  it("leaves it unknown whether a start began something", async () => {
    serve(answer);
    const failure = await quietFailureOf(request(app, { ...call, timeoutMs: 300 }));
    expect(failure).toMatchObject({ code: "OUTCOME_UNKNOWN", outcome: "unknown" });
    expect(failure.cause).toBeInstanceOf(Error);
    expect(pathsOf()).toEqual(["internal", "process_start"]);
  });

  it("says of a look that Feishu did not answer it", async () => {
    serve(answer);
    const failure = await quietFailureOf(request(app, { ...look, timeoutMs: 300 }));
    expect(["ENGINE_UNREACHABLE", "ENGINE_REFUSED"]).toContain(failure.code);
  });
});

describe("a refusal", () => {
  it.each(
    Object.keys(FEISHU_CODES)
      .map(Number)
      .filter((code) => code !== 404 && code !== 2200),
  )("%s is told in both languages, with its code and its log id, whatever the HTTP status", async (code) => {
    for (const status of [400, 403, 200]) {
      serve((response) => answerJson(response, status, { code, msg: `bad ${PHONE}` }, { "x-tt-logid": "2026log" }));
      const failure = await quietFailureOf(request(app, call, { phone: PHONE }));
      expect(failure.outcome).toBe("rejected");
      expect(failure.text.zh).toContain(FEISHU_CODES[code]?.zh);
      expect(failure.text.en).toContain(`${code}`);
      expect(failure.text.en).toContain("log_id 2026log");
    }
  });

  it.each(["429 with its code", "400 with its code", "429 with a page"])(
    "by a rate limit (%s) is never unknown",
    async (how) => {
      const headers = { "x-ogw-ratelimit-limit": "20", "x-ogw-ratelimit-reset": "12", "x-tt-logid": "log-1" };
      serve((response) => {
        if (how.endsWith("page")) return response.writeHead(429, headers).end("<html>");
        answerJson(
          response,
          Number(how.slice(0, 3)),
          { code: 99991400, msg: "request trigger frequency limit" },
          headers,
        );
      });
      const failure = await quietFailureOf(request(app, call));
      expect(failure).toMatchObject({ code: "ENGINE_BUSY", retryable: true, retryAfterMs: 12_000 });
      expect(failure.text.zh).toContain("12 秒");
      expect(failure.text.en).toContain("log_id log-1");
    },
  );

  it("with the words of the gateway for an address without an API says so", async () => {
    serve((response) => response.writeHead(404, { "content-type": "text/plain" }).end("404 page not found"));
    expect((await quietFailureOf(request(app, call))).text.en).toContain("STARTFLOW_FEISHU_DOMAIN");
  });

  it("from inside of Feishu (2200) leaves a start unknown, and lets a look come again", async () => {
    serve((response) => answerJson(response, 200, { code: 2200, msg: "internal error" }));
    expect(await quietFailureOf(request(app, call))).toMatchObject({ code: "OUTCOME_UNKNOWN", isUnanswered: false });
    expect(await quietFailureOf(request(app, look))).toMatchObject({ code: "ENGINE_BUSY" });
  });

  it("has the log id of its body where no header has one", async () => {
    serve((response) => answerJson(response, 400, { code: 1161059, msg: "x", error: { log_id: "body-log" } }));
    expect((await quietFailureOf(request(app, call))).text.en).toContain("log_id body-log");
  });

  it("is returned, not thrown, to whoever asks for it", async () => {
    serve((response) => answerJson(response, 400, { code: 2320001, msg: "idempotent_key duplicated" }));
    expect(await ask(app, call)).toMatchObject({
      refusal: { code: 2320001, status: 400, msg: "idempotent_key duplicated" },
    });
  });
});

describe("a request", () => {
  it("reaches nobody where there is no connection: nothing was started", async () => {
    const closed = await openScriptedServer();
    await closed.close();
    const failure = await quietFailureOf(request({ ...app, domain: closed.url }, call));
    expect(failure).toMatchObject({ code: "ENGINE_UNREACHABLE", outcome: "rejected", retryable: true });
  });

  it("follows no redirect, so that the token stays where it belongs", async () => {
    serve((response) => response.writeHead(307, { location: `${server.url}/elsewhere` }).end());
    await quietFailureOf(request(app, call));
    expect(pathsOf()).not.toContain("elsewhere");
  });

  it("encodes every segment and every value, and repeats a name for a list", async () => {
    serve(started);
    const path = ["corehr", "v2", "a/b?c=d#e", "%2e%2e", "中 文"];
    await request(app, { ...call, path, query: { page_token: "a&b=c/ ?", statuses: ["1", "2"], none: [] } });
    const { pathname, searchParams } = new URL(server.url + server.received[1]?.path);
    expect(pathname).toBe("/open-apis/corehr/v2/a%2Fb%3Fc%3Dd%23e/%252e%252e/%E4%B8%AD%20%E6%96%87");
    expect([...searchParams]).toEqual([
      ["page_token", "a&b=c/ ?"],
      ["statuses", "1"],
      ["statuses", "2"],
    ]);
  });

  it.each(["", ".", ".."])("with the segment %j is not sent", async (segment) => {
    serve(started);
    await expect(request(app, { ...call, path: ["corehr", segment] })).rejects.toThrow("segment");
    expect(pathsOf()).toEqual(["internal"]);
  });

  it("keeps every digit of an id that came as a number", async () => {
    serve((response) => response.end('{"code":0,"data":{"process_id":7437118147624175148}}'));
    expect(await request(app, call)).toEqual({ process_id: "7437118147624175148" });
  });
});
