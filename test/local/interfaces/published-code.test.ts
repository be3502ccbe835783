/** The published page's code, unchanged, with `$proxy` and what else it finds in scope, against the stand-ins. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createProxy } from "../../../shared/proxy/client";
import { catalogue } from "../../../shared/proxy/platforms/index";
import { definePlatform } from "../../../shared/proxy/types";
import { standIns } from "./open-interfaces";

const platform = standIns();

/** What the lines about the syntax name: a platform and an interface of exactly these names. */
const named = definePlatform({
  platform_key: "平台标识",
  title: { zh: "平台", en: "Platform" },
  auth: { kind: "bearer", token: "token" },
  instances: [
    {
      instance_key: "main",
      isDefault: true,
      baseUrlVariable: "STARTFLOW_EXTERNAL_SYSTEM_URL",
      allowPrivateVariable: "STARTFLOW_EXTERNAL_SYSTEM_ALLOW_PRIVATE",
      secrets: { token: "STARTFLOW_EXTERNAL_SYSTEM_TOKEN" },
    },
  ],
  interfaces: {
    接口方法名: { method: "GET", path: "/some-api", args: [{ name: "参数", in: "query", schema: z.string() }] },
  },
});
const $proxy = createProxy([...catalogue, named]);

const printed: unknown[][] = [];
const quiet = { log: (...values: unknown[]) => printed.push(values), error: () => undefined };
const scope = {
  $proxy,
  console: quiet,
  form: { customerId: "12345" },
  options: { caller: "表单脚本" },
  参数: "值",
  generateRequestId: () => "request-1",
};

type AsyncRun = (...given: unknown[]) => Promise<unknown>;
const AsyncFunction = (async () => undefined).constructor as new (...source: string[]) => AsyncRun;

/** @param ending a line behind the code, that calls or returns what it declares */
async function run(file: string, ending: string, changes: Partial<typeof scope> = {}): Promise<unknown> {
  const code = readFileSync(`test/fixtures/interfaces/${file}.js`, "utf8");
  const all = { ...scope, ...changes };
  return await new AsyncFunction(...Object.keys(all), `${code}\n${ending}`)(...Object.values(all));
}

const CUSTOMER = {
  name: "华星科技",
  phone: "021-55550123",
  email: "service@huaxing.example",
  address: "上海市浦东新区",
};

describe("the published code", () => {
  it("calls an interface by its Chinese name", async () => {
    expect(await run("syntax", "return result;")).toMatchObject({ data: { query: { 参数: "值" } } });
  });

  it("sends a message directly, with the arguments in their order", async () => {
    expect(await run("direct-call", "return result;")).toMatchObject({ errcode: 0, msgid: expect.any(String) });
    expect((await platform.current.received()).at(-1)).toMatchObject({
      engine: "qywx",
      method: "POST",
      path: "/interfaces/qywx/cgi-bin/message/send",
      body: { touser: "UserID", msgtype: "text", agentid: 1_000_002, text: { content: "这是一条测试消息" } },
    });
  });

  it("calls in a chain, with a path, a query and a header", async () => {
    expect(await run("chained-call", "return result;")).toEqual({
      code: 200,
      message: "ok",
      data: { name: CUSTOMER.name, phone: CUSTOMER.phone },
    });
    const [row] = await platform.current.received();
    expect(row).toMatchObject({ path: "/interfaces/crm_system/customers/12345", query: { fields: "name,phone" } });
    expect(row?.headers["x-custom"]).toBe("value");
  });

  it("looks a customer up directly, and prints him", async () => {
    printed.length = 0;
    expect(await run("customer-info", "return customerInfo;")).toEqual({ id: "12345", ...CUSTOMER });
    expect(printed).toEqual([
      ["客户名称:", CUSTOMER.name],
      ["联系电话:", CUSTOMER.phone],
    ]);
  });

  it("looks a customer up in a chain", async () => {
    expect(await run("customer-info", "return getCustomerInfoChain(customerId);")).toEqual(CUSTOMER);
  });

  it("throws the system's own words where it has no such customer", async () => {
    await expect(run("customer-info", "", { form: { customerId: "1" } })).rejects.toThrow("客户不存在");
  });

  it("sends headers of its own", async () => {
    expect(await run("custom-headers", "return callApiWithCustomHeaders();")).toMatchObject({
      headers: { "x-request-id": "request-1", "x-client-version": "1.0.0" },
    });
  });

  it("is all of these files", () => {
    expect(readdirSync("test/fixtures/interfaces").filter((name) => name.endsWith(".js"))).toEqual([
      "chained-call.js",
      "custom-headers.js",
      "customer-info.js",
      "direct-call.js",
      "syntax.js",
    ]);
  });
});

describe("a direct call and a chained one with equal arguments", () => {
  it("send the same request", async () => {
    await $proxy("crm_system").getCustomerDetail("12345", "name,phone");
    const chain = $proxy("crm_system").$api("get_customer_detail");
    await chain.$query({ fields: "name,phone" }).$path({ id: "12345" }).$call();
    await $proxy("qywx").sendTextMessage("zhangsan", "通过");
    await $proxy("qywx")
      .$api("sendTextMessage")
      .$body({ touser: "zhangsan", text: { content: "通过" } })
      .$call();
    const rows = (await platform.current.received()).filter(({ path }) => !path.endsWith("/gettoken"));
    const sent = rows.map(({ at: _, ...row }) => row);
    expect(sent).toHaveLength(4);
    expect(sent[1]).toEqual(sent[0]);
    expect(sent[3]).toEqual(sent[2]);
  });
});
