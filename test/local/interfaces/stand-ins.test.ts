/** What the stand-ins of the third-party systems answer: their tokens, their codes, their faults, and what is logged. */
import { describe, expect, it } from "vitest";
import { $proxy } from "../../../shared/proxy/platforms/index";
import { standIns } from "./open-interfaces";

const platform = standIns();
const HOURS_MS = 3_600_000;
const QYWX = "/qywx/cgi-bin/gettoken?corpid=wwstartflow&corpsecret=startflow-corpsecret";
const MESSAGE = { touser: "zhangsan", msgtype: "text", agentid: 1_000_002, text: { content: "通过" } };
const faults = (switches: object) => platform.current.send("PUT", "/_local/faults", switches);
const qywxToken = async () => (await platform.current.call("GET", QYWX)).json.access_token as string;
const send = async (body: unknown, token?: string) => {
  const used = token ?? (await qywxToken());
  return await platform.current.call("POST", `/qywx/cgi-bin/message/send?access_token=${used}`, { body });
};

describe("WeCom", () => {
  it("gives the same token until it is over, and says wrong secrets with HTTP 200", async () => {
    const { call } = platform.current;
    const first = await call("GET", QYWX);
    expect(first).toMatchObject({ status: 200, json: { errcode: 0, errmsg: "ok", expires_in: 7_200 } });
    expect(first.json.access_token).toMatch(/^[\w-]{64}$/);
    expect((await call("GET", QYWX)).json.access_token).toBe(first.json.access_token);
    const wrong = await call("GET", "/qywx/cgi-bin/gettoken?corpid=wwstartflow&corpsecret=x");
    expect(wrong).toMatchObject({ status: 200, json: { errcode: 40001, errmsg: /^invalid credential, hint: / } });
    expect((await call("GET", "/qywx/cgi-bin/gettoken?corpid=x&corpsecret=y")).json.errcode).toBe(40013);
  });

  it("knows a token that is over from one that it never gave", async () => {
    const token = await qywxToken();
    await platform.current.send("PUT", "/_local/clock", { offsetMs: 3 * HOURS_MS });
    expect(await send(MESSAGE, token)).toMatchObject({ status: 200, json: { errcode: 42001 } });
    expect((await send(MESSAGE, "other")).json.errcode).toBe(40014);
    expect((await send(MESSAGE, "")).json.errcode).toBe(41001);
    expect((await send(MESSAGE)).json.errcode).toBe(0);
  });

  it.each([
    ["an agent id as text", { ...MESSAGE, agentid: "1000002" }, 40056],
    ["another agent", { ...MESSAGE, agentid: 1 }, 40056],
    ["no text", { ...MESSAGE, text: { content: "" } }, 44004],
    ["another kind", { ...MESSAGE, msgtype: "image" }, 40008],
    ["nobody to send to", { ...MESSAGE, touser: "" }, 82001],
    ["no member to send to", { ...MESSAGE, touser: "nobody" }, 81013],
    ["no JSON", "hello", 47001],
  ])("refuses %s with HTTP 200 and its code", async (_, body, errcode) => {
    expect(await send(body)).toMatchObject({ status: 200, json: { errcode } });
  });

  it("sends to those whom it knows, and names the others", async () => {
    const answer = await send({ ...MESSAGE, touser: "zhangsan|Nobody|lisi" });
    expect(answer.json).toMatchObject({ errcode: 0, invaliduser: "nobody", msgid: expect.any(String) });
  });

  it("reads a member", async () => {
    expect(await $proxy("qywx").getUser("zhangsan")).toMatchObject({ userid: "zhangsan" });
    await expect($proxy("qywx").getUser("nobody")).rejects.toMatchObject({ kind: "business", code: 60111 });
  });
});

describe("$proxy and WeCom", () => {
  it("asks for one token for many calls, also after one that ended before its time", async () => {
    const all = () => Promise.all(Array.from({ length: 50 }, (_, at) => $proxy("qywx").sendTextMessage("u", `${at}`)));
    // The token of another test may be held still: it is over for sure.
    await platform.current.send("PUT", "/_local/clock", { offsetMs: 30 * HOURS_MS });
    await all();
    const rows = await platform.current.received();
    expect(rows.filter(({ path }) => path.endsWith("/gettoken"))).toHaveLength(1);
    await faults({ qywx: { kind: "token-revoked", times: 1 } });
    const before = (await platform.current.received()).length;
    await $proxy("qywx").sendTextMessage("u", "again");
    const after = (await platform.current.received()).slice(before).map(({ path }) => path.split("/").at(-1));
    expect(after).toEqual(["send", "gettoken", "send"]);
  });

  it("leaves no secret in the request log", async () => {
    await $proxy("qywx").sendTextMessage("u", "x");
    await $proxy("crm_system").getCustomerDetail("12345");
    await $proxy("external_system").someApi();
    await $proxy("dingtalk").sendWorkNotice("u", "x");
    const log = JSON.stringify(await platform.current.received());
    expect(log).not.toMatch(/startflow-(corpsecret|crm-key|external-token|appsecret)/);
    expect(log).not.toContain(await qywxToken());
  });
});

describe("DingTalk", () => {
  it("takes a work notice, and tells a bad token with 88 and a code below", async () => {
    expect(await $proxy("dingtalk").sendWorkNotice("u1", "通过")).toMatchObject({
      errcode: 0,
      task_id: expect.any(Number),
    });
    const path = "/dingtalk/topapi/message/corpconversation/asyncsend_v2?access_token=x";
    const refused = await platform.current.call("POST", path, { body: {} });
    expect(refused).toMatchObject({ status: 200, json: { errcode: 88, sub_code: "40014" } });
    const wrong = await platform.current.call("GET", "/dingtalk/gettoken?appkey=x&appsecret=y");
    expect(wrong).toMatchObject({ status: 200, json: { errcode: 40089 } });
  });
});

describe("Feishu", () => {
  it("takes a message whose content is JSON, with the app's own token", async () => {
    const sent = await $proxy("feishu").sendTextMessage("ou_1", '他说"好"');
    expect(sent).toMatchObject({ code: 0, data: { msg_type: "text", body: { content: '{"text":"他说\\"好\\""}' } } });
    await expect($proxy("feishu").sendMessage("ou_1", "no json")).rejects.toMatchObject({ status: 400 });
    const [token, message] = await platform.current.received();
    expect([token?.engine, message?.query]).toEqual(["feishu", { receive_id_type: "open_id" }]);
  });
});

describe("the customer system", () => {
  const key = { "x-api-key": "startflow-crm-key" };
  const get = (path: string) => platform.current.call("GET", `/crm_system${path}`, { headers: key });

  it("gives the fields that are asked for, those that it has", async () => {
    expect((await get("/customers/12345?fields=name,__proto__,salary")).json.data).toEqual({ name: "华星科技" });
    expect(Object.keys((await get("/customers/12345")).json.data)).toEqual(["id", "name", "phone", "email", "address"]);
  });

  it("has no customer of another id with HTTP 200, and refuses a wrong key with 401", async () => {
    for (const id of ["1", "__proto__", "..%2Fadmin", "%E5%BC%A0"]) {
      expect(await get(`/customers/${id}`)).toEqual({ status: 200, json: { code: 404, message: "客户不存在" } });
    }
    const wrong = await platform.current.call("GET", "/crm_system/customers/12345", { headers: { "x-api-key": "x" } });
    expect(wrong).toMatchObject({ status: 401, json: { code: 401 } });
    expect((await get("/nothing")).status).toBe(404);
    expect((await get("/customers/%E5")).status).toBe(404);
  });

  it("makes customers, lists them in pages, and forgets them when it is reset", async () => {
    const made = await $proxy("crm_system").createCustomer("新客户", "13800000000");
    const id = String((made.data as unknown as { id: string }).id);
    expect((await $proxy("crm_system").getCustomerDetail(id)).data).toMatchObject({ name: "新客户" });
    expect((await $proxy("crm_system").listCustomers(2, 2)).data).toMatchObject({ total: 3, items: [{ id }] });
    await platform.current.send("POST", "/_local/reset", {});
    expect((await $proxy("crm_system").listCustomers()).data).toMatchObject({ total: 2 });
  });
});

describe("a fault switch of a platform's key", () => {
  const look = () => $proxy("crm_system").$api("get_customer_detail").$path({ id: "12345" });

  it.each([
    ["reject", "auth", 403],
    ["rate-limit", "http", 429],
    ["token-revoked", "auth", 401],
    ["error-before", "http", 500],
  ])("%s is an error of kind %s", async (kind, expected, status) => {
    await faults({ crm_system: { kind } });
    await expect(look().$call()).rejects.toMatchObject({ kind: expected, status });
  });

  it("lost-before is tried again where the call is a look, and a message is not sent twice", async () => {
    await faults({ crm_system: { kind: "lost-before", times: 1 } });
    expect(await look().$callRaw()).toMatchObject({ status: 200, attempts: 2 });
    await $proxy("qywx").getUser("u");
    await faults({ qywx: { kind: "lost-after", times: 1 } });
    await expect($proxy("qywx").sendTextMessage("u", "x")).rejects.toMatchObject({ kind: "network", attempts: 1 });
    expect((await platform.current.received()).filter(({ path }) => path.endsWith("/send"))).toHaveLength(1);
  });

  it("hits its own platform only", async () => {
    await faults({ qywx: { kind: "down" } });
    expect(await look().$call()).toMatchObject({ code: 200 });
  });
});

it("a platform that nobody plays is told so", async () => {
  expect(await platform.current.call("GET", "/erp/orders")).toMatchObject({ status: 404, json: { code: 404 } });
});
