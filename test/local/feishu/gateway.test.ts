/** What stands before every API: address, token, scope, body; and the shape of every answer. */
import { describe, expect, it } from "vitest";
import type { RequestRow } from "../../../local/console/wire";
import { ROUTES } from "../../../local/feishu/routes";
import {
  DELETE,
  EXECUTE_SAMPLE,
  executePath,
  openFeishuPlatform,
  PROCESSES,
  START,
  START_SAMPLE,
  TOKEN,
} from "./open-feishu";

const { platform, feishu } = await openFeishuPlatform();

const LOG_ID = /^\d{14}[0-9A-F]{18}$/;

/** Every address that needs a token, with something in the place of its named parts. */
const GUARDED = ROUTES.filter(({ scope }) => scope !== null).map(
  ({ method, path, scope }) => [method, `/open-apis${path.replace(/:\w+/g, "x1")}`, scope] as const,
);

describe("an address", () => {
  it.each([
    ["GET", TOKEN],
    ["POST", "/open-apis/none"],
    ["POST", "/open-apis/"],
    ["GET", START],
    ["PUT", PROCESSES],
    ["POST", "/open-apis/apaas/v1/applications/x/flows//execute"],
    ["POST", "/open-apis/apaas/v1/applications/x/execute"],
    ["POST", "/open-apis/apaas/v1/applications/x/flows/%E0%A4%A/execute"],
    ["GET", `${PROCESSES}/1/2`],
    ["POST", `${START}/`],
  ])("that is none, %s %s, is 404 in plain text before anything else is looked at", async (method, path) => {
    const answer = await feishu.call(method, path, { authorization: null, body: "{" });
    expect([answer.status, answer.text]).toEqual([404, "404 page not found"]);
    expect(answer.headers["content-type"]).toMatch(/^text\/plain/);
    expect(answer.headers["x-tt-logid"]).toMatch(LOG_ID);
  });

  it("may begin with two slashes, and the token's may end with one", async () => {
    for (const path of [`/${TOKEN}`, `${TOKEN}/`, `/${TOKEN}/`]) {
      const body = { app_id: "cli_startflow", app_secret: "startflow-secret" };
      expect((await feishu.call("POST", path, { authorization: null, body })).json.code).toBe(0);
    }
    expect((await feishu.call("POST", `/${START}`, { body: START_SAMPLE })).json.code).toBe(0);
  });

  it("is served to this machine's own pages and scripts only", async () => {
    expect((await feishu.call("POST", TOKEN, { headers: { host: "evil.example" } })).status).toBe(403);
    expect((await feishu.call("POST", TOKEN, { headers: { origin: "http://evil.example" } })).status).toBe(403);
  });
});

describe.each(GUARDED)("%s %s", (method, path, scope) => {
  const refused = async (authorization: string | null, code: number) => {
    const { status, json, headers } = await feishu.call(method, path, { authorization, body: "no JSON" });
    expect([status, json.code]).toEqual([400, code]);
    expect(json.error.log_id).toBe(headers["x-tt-logid"]);
    expect(json.error.troubleshooter).toContain(json.error.log_id);
    return json;
  };

  it("needs a token before its body is looked at, and says what is wrong with it", async () => {
    for (const none of [null, "", "Bearer", "Bearer ", "Basic YTpi", "t-1"]) await refused(none, 99991661);
    await refused("Bearer t-7f1bcd13fc57d46bac21793a18e560", 99991663);
    await refused("Bearer u-1", 99991668);
    await refused("Bearer eyJhbGciOiJIUzI1NiJ9", 99991668);
    await refused("Bearer startflow-secret", 99991671);
  });

  it("needs its scope, which is looked at after the token", async () => {
    const token = await feishu.token();
    await feishu.settings({ scopes: [] });
    await refused("Bearer t-7f1bcd13fc57d46bac21793a18e560", 99991663);
    const json = await refused(`Bearer ${token}`, 99991672);
    expect(json.error.permission_violations).toEqual([{ type: "action_scope_required", subject: scope }]);
    expect(json.msg).toContain(`[${scope}]`);
    await feishu.settings({ scopes: [scope] });
    expect((await feishu.call(method, path, { body: "no JSON" })).json.code).not.toBe(99991672);
  });

  it("needs one scope more where users are named by user_id", async () => {
    await feishu.settings({ scopes: [scope] });
    const json = (await feishu.call(method, `${path}?user_id_type=user_id`, { body: {} })).json;
    expect(json.error.permission_violations).toMatchObject([{ subject: "contact:user.employee_id:readonly" }]);
  });

  it("refuses what is neither JSON nor a form", async () => {
    const { status, json } = await feishu.call(method, path, { body: '{"a":' });
    expect([status, json.code]).toEqual([400, 9499]);
  });
});

describe("a request", () => {
  it("may have a content type without a charset, and a GET may have a body", async () => {
    const { json } = await feishu.start(START_SAMPLE);
    const get = await feishu.call("GET", `${PROCESSES}/${json.data.process_id}?user_id_type=open_id`, { body: "{}" });
    expect(get.json).toMatchObject({ code: 0, data: { process_id: json.data.process_id } });
    expect(get.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(get.headers["x-tt-logid"]).toMatch(LOG_ID);
  });

  it("without the members that an API requires is refused by the gateway, which names them", async () => {
    const { status, json } = await feishu.call("POST", executePath(DELETE), { body: {} });
    expect([status, json.code, json.msg]).toEqual([400, 99992402, "field validation failed"]);
    expect(json.error.field_violations).toEqual([{ field: "operator", description: expect.any(String) }]);
    const wrong = { ...EXECUTE_SAMPLE, is_async: "yes", loop_masks: Array(21).fill("a") };
    const { json: both } = await feishu.call("POST", executePath(DELETE), { body: wrong });
    expect(both.error.field_violations.map(({ field }: { field: string }) => field)).toEqual([
      "is_async",
      "loop_masks",
    ]);
    const type = await feishu.start(START_SAMPLE, "?user_id_type=name");
    expect(type.json).toMatchObject({ code: 99992402, error: { field_violations: [{ field: "user_id_type" }] } });
  });

  it("without any body is one without members", async () => {
    expect((await feishu.call("POST", executePath(DELETE))).json.code).toBe(99992402);
  });
});

describe("the request log", () => {
  const rows = () => platform.get<RequestRow[]>("/_local/requests");

  it("has every request with its engine, raw path, query, body and status, and no credentials", async () => {
    await feishu.execute(DELETE, EXECUTE_SAMPLE);
    await feishu.call("POST", executePath(DELETE), { authorization: "Bearer t-abcdef123456", body: "nonsense" });
    await feishu.call("GET", `${PROCESSES}?statuses=1&statuses=2&page_size=%31`, {});
    await feishu.call("GET", "/open-apis/none", { authorization: null });
    const [none, list, , invalid, execute, token] = await rows();
    expect(none).toMatchObject({ engine: "feishu", path: "/open-apis/none", status: 404 });
    expect(list).toMatchObject({ engine: "corehr", path: PROCESSES, status: 400 });
    expect(list?.query).toEqual({ statuses: ["1", "2"], page_size: "1" });
    expect(invalid).toMatchObject({ engine: "apaas", body: "nonsense", status: 400 });
    expect(execute).toMatchObject({ engine: "apaas", method: "POST", status: 200, query: {}, body: EXECUTE_SAMPLE });
    expect(execute?.headers).toMatchObject({ authorization: "***", "content-type": "application/json" });
    expect(token).toMatchObject({
      engine: "feishu",
      path: TOKEN,
      body: { app_id: "cli_startflow", app_secret: "***" },
    });
    expect(JSON.stringify(await rows())).not.toMatch(/startflow-secret|t-[0-9a-f]{12}/);
  });

  it("shows a deep body whole, and of one of more than 200 KB its outline", async () => {
    await feishu.start(START_SAMPLE);
    expect((await rows())[0]?.body).toEqual(START_SAMPLE);
    await feishu.execute(DELETE, { ...EXECUTE_SAMPLE, params: JSON.stringify({ filler: "x".repeat(200_000) }) });
    expect((await rows())[0]?.body).toMatchObject({ operator: expect.stringMatching(/^string\(\d+\)$/) });
  });
});
