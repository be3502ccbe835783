/** Direct calls of `$proxy`: names, positional arguments, instances, and that nothing that is asked of any object is a trap. */
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { createProxy } from "../../../shared/proxy/client";
import { answerJson, type ScriptedServer } from "../../helpers/scripted-server";
import { thrownBy } from "./prepared";
import { $proxy, ENVIRONMENT, openSample } from "./sample-platform";

let server: ScriptedServer;
beforeAll(async () => {
  server = await openSample();
});
afterAll(() => server.close());
beforeEach(() => {
  server.received.length = 0;
});

/** As a script without types calls it. */
// biome-ignore lint/complexity/noBannedTypes: any method
const untyped = $proxy as unknown as (key: unknown, options?: unknown) => Record<string, Function>;
// biome-ignore lint/complexity/noBannedTypes: any method
const method = (name: string, options?: object) => untyped("sample", options)[name] as Function;

describe("a direct call", () => {
  it("sends its arguments in declared order, with the fixed members, and gives back the answer", async () => {
    expect(await $proxy("sample").get_item("a/b", "name,phone", "t-1")).toEqual({ ok: true });
    const [request] = server.received;
    expect(request).toMatchObject({ method: "GET", path: "/base/items/a%2Fb?v=1&fields=name%2Cphone" });
    expect(request?.headers).toMatchObject({ "x-api-key": "key-of-the-sample", "x-tenant": "acme", "x-trace": "t-1" });
  });

  it("goes by both spellings of a name, and by a Chinese one", async () => {
    await $proxy("sample").getItem("1");
    await $proxy("sample").get_item("1");
    await $proxy("sample").查询("甲");
    expect(server.received.map(({ path }) => path)).toEqual([
      "/base/items/1?v=1",
      "/base/items/1?v=1",
      `/base/${encodeURIComponent("查询")}/${encodeURIComponent("甲")}`,
    ]);
  });

  it("leaves out what is optional, and takes the default for what is undefined", async () => {
    await $proxy("sample").listItems();
    await $proxy("sample").listItems(undefined, ["a", "b c"]);
    expect(server.received.map(({ path }) => path)).toEqual([
      "/base/t/acme/items?page=1",
      "/base/t/acme/items?page=1&tag=a&tag=b%20c",
    ]);
  });

  it("puts body arguments into the fixed body, where a variable can be a number", async () => {
    await $proxy("sample").sendText("U1", "您好");
    expect(String(server.received[0]?.body)).toBe(
      '{"msgtype":"text","agentid":1000002,"text":{"tenant":"acme","content":"您好"},"touser":"U1"}',
    );
    expect(server.received[0]?.headers["content-type"]).toBe("application/json; charset=utf-8");
  });

  it("gives back the part of the answer that the interface picks", async () => {
    server.answer = (_, response) => answerJson(response, 200, { data: { items: [{ id: "7" }] } });
    expect(await $proxy("sample").pickData()).toEqual({ id: "7" });
    server.answer = (_, response) => answerJson(response, 200, { ok: true });
    expect(await $proxy("sample").pickData()).toBeUndefined();
  });

  it.each<[string, string, unknown[], RegExp, RegExp]>([
    [
      "too many arguments",
      "getItem",
      ["1", "2", "3", "4"],
      /最多 3 个参数（id、fields、trace），却给了 4 个/,
      /at most 3 arguments \(id, fields, trace\), but got 4/,
    ],
    ["any argument where there is none", "pickData", ["1"], /最多 0 个参数，/, /at most 0 arguments, but got 1/],
    ["a required argument missing", "getItem", [], /参数「id」不对：请填写「id」/, /Fill in "id"/],
    ["undefined in the middle", "sendText", [undefined, "x"], /「to」/, /Fill in "to"/],
    ["an argument of a wrong type", "getItem", [12345678], /「id」应为文字/, /"id" must be text/],
    [
      "an argument that is too long",
      "sendText",
      ["U", "secret words"],
      /「text」最多 10 个字/,
      /"text" takes at most 10/,
    ],
    [
      "a wrong member of a list",
      "listItems",
      [1, ["a", 13800138000]],
      /「tags 第 2 行」应为文字/,
      /"tags, row 2" must be text/,
    ],
  ])("with %s sends nothing, and names the argument, never its value", async (_, name, values, zh, en) => {
    const failure = await thrownBy(() => method(name, { caller: "form" })(...values));
    expect(failure).toMatchObject({ kind: "param", platform: "sample", instance: "main", caller: "form" });
    expect(failure.text.zh).toMatch(zh);
    expect(failure.text.en).toMatch(en);
    expect(failure.message).not.toMatch(/12345678|secret|13800138000/);
    expect(server.received).toEqual([]);
  });

  it("refuses data that has itself in it, and blames the catalogue for a schema that fails", async () => {
    const data: Record<string, unknown> = {};
    data.self = [data];
    expect(await thrownBy(() => method("putAny")(data))).toMatchObject({ kind: "param", interface: "put_any" });
    const throws = z.unknown().transform(() => {
      throw new Error("13800138000");
    });
    const args = [{ name: "a", in: "query", schema: throws, default: undefined }] as const;
    const interfaces = { a: { method: "GET", path: "/a", args } } as const;
    const instances = [{ instance_key: "main", baseUrl: "https://a.example.com" }];
    const broken = () =>
      createProxy([{ platform_key: "broken", title: { zh: "坏", en: "Broken" }, instances, interfaces }]);
    expect((await thrownBy(broken)).kind).toBe("config");
  });

  it("rejects, and does not throw past a catch", async () => {
    await expect(method("getItem")().catch(() => "caught")).resolves.toBe("caught");
  });
});

describe("what does not exist", () => {
  it.each<[string, () => unknown, RegExp]>([
    ["a platform", () => untyped("smaple"), /no platform "smaple". Did you mean "sample"\? There are: sample/],
    ["no platform at all", () => untyped(undefined), /no platform "undefined". There are: sample/],
    ["an instance", () => untyped("sample", { instance_key: "prod" }), /no instance "prod". There are: main, second/],
    [
      "an option",
      () => untyped("sample", { instanceKey: "main" }),
      /no option "instanceKey". Did you mean "instance_key"/,
    ],
    ["options that are none", () => untyped("sample", "second"), /no option "second". There are: instance_key, caller/],
    [
      "an interface",
      () => method("getItems"),
      /no interface "getItems". Did you mean "getItem"\? There are: get_item, getItem,/,
    ],
    ["a step", () => method("$querry"), /no interface "\$querry"/],
  ])("%s is told with what does", async (_, run, told) => {
    const failure = await thrownBy(run);
    expect(failure.kind).toBe("param");
    expect(failure.text.en).toMatch(told);
    expect(failure.text.zh).toMatch(/已有：/);
  });

  it("a caller that would break a log line is refused", async () => {
    for (const caller of ["a\nb", "", 7, "x".repeat(65)]) {
      expect(await thrownBy(() => untyped("sample", { caller }))).toMatchObject({ kind: "param" });
    }
  });
});

describe("an instance", () => {
  const before = { ...ENVIRONMENT };
  afterEach(() => {
    Object.assign(process.env, before, { SAMPLE_URL: `${server.url}/base`, SAMPLE_SECOND_URL: `${server.url}/second` });
  });

  it("is the default one, or the one that is named", async () => {
    await $proxy("sample", { instance_key: "second" }).getItem("1");
    expect(server.received[0]?.path).toBe("/second/items/1?v=1");
  });

  it("is read from the environment with each call", async () => {
    process.env.SAMPLE_KEY = "another-key";
    process.env.SAMPLE_TENANT = "a/b";
    await $proxy("sample").listItems();
    expect(server.received[0]?.headers["x-api-key"]).toBe("another-key");
    expect(server.received[0]?.path).toBe("/base/t/a%2Fb/items?page=1");
  });

  it.each<[string, string | undefined, RegExp]>([
    ["SAMPLE_KEY", undefined, /variable SAMPLE_KEY is not set/],
    ["SAMPLE_KEY", "", /variable SAMPLE_KEY is not set/],
    ["SAMPLE_KEY", "{{env.SAMPLE_KEY}}", /variable SAMPLE_KEY is not set/],
    ["SAMPLE_KEY", "s3cret\n", /variable SAMPLE_KEY has a line break/],
    ["SAMPLE_URL", undefined, /variable SAMPLE_URL is not set/],
    ["SAMPLE_URL", "https://u:s3cret@crm.example.com", /variable SAMPLE_URL\) is wrong/],
    ["SAMPLE_URL", "https://crm.example.com/a/../b", /variable SAMPLE_URL\) is wrong/],
    ["SAMPLE_URL", "https://crm.example.com/?key=s3cret", /variable SAMPLE_URL\) is wrong/],
    ["SAMPLE_URL", "file:///etc/passwd", /variable SAMPLE_URL\) is wrong/],
    ["SAMPLE_ALLOW_PRIVATE", "false", /variable SAMPLE_URL\) must be https/],
    ["SAMPLE_ALLOW_PRIVATE", "yes", /SAMPLE_ALLOW_PRIVATE must be true or false/],
    ["SAMPLE_AGENT", "s3cret", /variable agent must be a number/],
    ["SAMPLE_TENANT", "中文", /header "X-Tenant" has Chinese/],
    ["SAMPLE_TENANT", "..", /"tenant" must not be empty, \. or \.\./],
  ])("with %s = %j sends nothing, and names the variable without its value", async (name, value, told) => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
    const call = () =>
      $proxy("sample")
        .listItems()
        .then(() => $proxy("sample").sendText("U", "x"));
    const failure = await thrownBy(call);
    expect(failure).toMatchObject({ kind: "config", platform: "sample", instance: "main" });
    expect(failure.text.en).toMatch(told);
    expect(failure.message).not.toMatch(/s3cret/);
    expect(server.received.filter(({ method }) => method === "POST")).toEqual([]);
  });
});

describe("a proxy", () => {
  it("can be awaited, and stays what it is", async () => {
    const proxy = $proxy("sample");
    expect((await proxy) === proxy).toBe(true);
    expect((await Promise.all([proxy]))[0] === proxy).toBe(true);
  });

  it("can be shown, turned into text and JSON, and looked into", () => {
    const proxy = $proxy("sample");
    expect(inspect(proxy)).toMatch(/^\$proxy\(sample: get_item, list_items/);
    expect(String(proxy)).toMatch(/^\$proxy\(sample/);
    expect(JSON.stringify({ proxy })).toBe('{"proxy":{}}');
    expect(Object.keys(proxy)).toEqual(expect.arrayContaining(["get_item", "查询"]));
    expect("getItem" in proxy).toBe(true);
    expect("$api" in proxy).toBe(true);
    expect("nothing" in proxy).toBe(false);
    expect({ ...proxy }.get_item).toBeTypeOf("function");
    expect(Symbol.iterator in proxy).toBe(false);
    expect(proxy instanceof Promise).toBe(false);
  });

  it("cannot be changed", () => {
    const proxy = $proxy("sample") as unknown as Record<string, unknown>;
    expect(() => {
      proxy.getItem = () => "mine";
    }).toThrow(TypeError);
    expect(() => delete proxy.get_item).toThrow(TypeError);
    expect(() => Object.defineProperty(proxy, "x", { value: 1 })).toThrow(TypeError);
    expect(() => Object.freeze(proxy)).toThrow(TypeError);
  });

  it("keeps its methods apart from it", async () => {
    const { getItem } = $proxy("sample");
    expect(await getItem("1")).toEqual({ ok: true });
  });
});
