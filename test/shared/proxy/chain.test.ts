/** Chained calls: any order, nothing is changed by a step, and the same bytes as the direct call. */
import { inspect } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ReceivedRequest, ScriptedServer } from "../../helpers/scripted-server";
import { stillClock } from "../../helpers/still-clock";
import { thrownBy } from "./prepared";
import { $proxy, openSample } from "./sample-platform";

let server: ScriptedServer;
beforeAll(async () => {
  server = await openSample();
});
afterAll(() => server.close());
beforeEach(() => {
  server.received.length = 0;
});

/** Everything that was sent, as it was sent. */
function bytesOf({ method, path, headers, body }: ReceivedRequest): unknown {
  return [method, path, headers, body.toString("latin1")];
}

describe("a chained call", () => {
  it("sends what its steps gave", async () => {
    const result = await $proxy("sample")
      .$api("get_item")
      .$path({ id: "12345" })
      .$query({ fields: "name,phone" })
      .$header({ "X-Custom": "value" })
      .$call();
    expect(result).toEqual({ ok: true });
    expect(server.received[0]).toMatchObject({ method: "GET", path: "/base/items/12345?v=1&fields=name%2Cphone" });
    expect(server.received[0]?.headers["x-custom"]).toBe("value");
  });

  it("sends the same bytes in any order of its steps", async () => {
    const proxy = $proxy("sample");
    await proxy.$api("getItem").$path({ id: "1" }).$query({ b: 2, fields: "x" }).$header({ "x-trace": "t" }).$call();
    await proxy.$header({ "X-TRACE": "t" }).$query({ fields: "x", b: 2 }).$path({ id: "1" }).$api("get_item").$call();
    const [first, second] = server.received.map(bytesOf);
    expect(second).toEqual(first);
  });

  it.each<[string, () => Promise<unknown>, () => Promise<unknown>]>([
    [
      "path, query and header",
      () => $proxy("sample").getItem("../a b", "名", "t"),
      () =>
        $proxy("sample")
          .$api("get_item")
          .$header({ "X-Trace": "t" })
          .$query({ fields: "名" })
          .$path({ id: "../a b" })
          .$call(),
    ],
    ["defaults", () => $proxy("sample").listItems(), () => $proxy("sample").$api("list_items").$call()],
    [
      "a list",
      () => $proxy("sample").listItems(2, ["a", "b"]),
      () =>
        $proxy("sample")
          .$api("list_items")
          .$query({ tag: ["a", "b"], page: 2 })
          .$call(),
    ],
    [
      "a body",
      () => $proxy("sample").sendText("U", "文字", true),
      () =>
        $proxy("sample")
          .$api("send_text")
          .$body({ safe: true, text: { content: "文字" }, touser: "U" })
          .$call(),
    ],
    [
      "a whole body",
      () => $proxy("sample").putAny([1, { b: null }]),
      () =>
        $proxy("sample")
          .$api("put_any")
          .$body([1, { b: null }])
          .$call(),
    ],
    [
      "a form",
      () => $proxy("sample").postForm("张三 & 李四"),
      () => $proxy("sample").$api("post_form").$body({ name: "张三 & 李四" }).$call(),
    ],
  ])("sends the same bytes as the direct call: %s", async (_, direct, chained) => {
    await direct();
    await chained();
    const [first, second] = server.received.map(bytesOf);
    expect(first).toBeDefined();
    expect(second).toEqual(first);
  });

  it("sends equal parts with an equal boundary", async () => {
    const chain = $proxy("sample")
      .$api("post_parts")
      .$body({ a: "1", file: { fileName: "甲.txt", bytes: Buffer.from("x") } });
    await chain.$call();
    await chain.$call();
    const [first, second] = server.received.map(bytesOf);
    expect(second).toEqual(first);
    expect(String(server.received[0]?.body)).toMatch(
      /name="file"; filename="甲.txt"\r\ncontent-type: application\/octet-stream\r\n\r\nx\r\n--/,
    );
  });
});

describe("a chain", () => {
  it("is not changed by its steps, and can be used at the same time and again", async () => {
    const prepared = $proxy("sample").$api("get_item").$query({ a: 1 });
    await Promise.all(["1", "2", "3"].map((id) => prepared.$path({ id }).$query({ a: id }).$call()));
    await prepared.$path({ id: "4" }).$call();
    expect(server.received.map(({ path }) => path).sort()).toEqual([
      "/base/items/1?v=1&a=1",
      "/base/items/2?v=1&a=2",
      "/base/items/3?v=1&a=3",
      "/base/items/4?v=1&a=1",
    ]);
  });

  it("keeps what it was given when that changes later", async () => {
    const data = { touser: "U", text: { content: "before" } };
    const chain = $proxy("sample").$api("send_text").$body(data);
    data.text.content = "after";
    await chain.$call();
    expect(JSON.parse(String(server.received[0]?.body)).text.content).toBe("before");
  });

  it("merges what the same step gives twice: members of objects, else the whole", async () => {
    const chain = $proxy("sample").$api("put_any");
    await chain
      .$body({ a: { b: 1 }, c: 1 })
      .$body({ a: { d: 2 } })
      .$call();
    await chain.$body({ a: 1 }).$body([1]).$call();
    expect(server.received.map(({ body }) => String(body))).toEqual(['{"a":{"d":2},"c":1}', "[1]"]);
  });

  it("gives members beside the fixed body, and in it", async () => {
    const chain = $proxy("sample")
      .$api("send_text")
      .$body({ touser: "U", text: { content: "x" } });
    await chain.$body({ text: { content: "y", extra: 1 }, enable_duplicate_check: 0 }).$call();
    expect(JSON.parse(String(server.received[0]?.body))).toEqual({
      msgtype: "text",
      agentid: 1000002,
      touser: "U",
      text: { tenant: "acme", content: "y", extra: 1 },
      enable_duplicate_check: 0,
    });
  });

  it("tells status, headers, time and attempts with $callRaw", async () => {
    const [clock, { answer }] = [stillClock(), server];
    server.answer = (...exchange) => {
      clock.pass(25);
      answer(...exchange);
    };
    const raw = await $proxy("sample").$api("pick_data").$callRaw();
    server.answer = answer;
    expect(raw).toMatchObject({ status: 200, body: { ok: true }, attempts: 1, ms: 25 });
    expect(raw.headers["content-type"]).toContain("application/json");
  });

  it("shows with $dryRun what would be sent, with secrets masked, and sends nothing", async () => {
    const shown = JSON.stringify(
      await $proxy("sample")
        .$api("send_text")
        .$body({ touser: "U", text: { content: "x" } })
        .$dryRun(),
    );
    expect(shown).toContain("/base/send");
    expect(shown).not.toContain("key-of-the-sample");
    expect(server.received).toEqual([]);
  });

  it("can be awaited and shown, and tells that it was not sent when its answer is read", async () => {
    const chain = $proxy("sample").$api("get_item");
    expect((await chain) === chain).toBe(true);
    expect(inspect(chain)).toBe("$proxy(sample).$api(get_item)");
    expect(JSON.stringify(chain)).toBe("{}");
    const failure = await thrownBy(() => (chain as unknown as { data: unknown }).data);
    expect(failure.text.en).toContain('there is no step of a chain "data"');
    expect(failure.text.en).toContain("$call() sends it");
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      "no interface",
      () => $proxy("sample").$query({ a: 1 }).$call(),
      /no interface was named: use \$api\(name\). There are: get_item/,
    ],
    [
      "an interface that there is not",
      () => $proxy("sample").$api("get_itme" as "get_item"),
      /Did you mean "get_item"/,
    ],
    [
      "a path parameter that there is not",
      () => $proxy("sample").$api("get_item").$path({ id: "1", ids: "2" }).$call(),
      /no path parameter "ids". Did you mean "id"\? There are: id/,
    ],
    ["a path parameter missing", () => $proxy("sample").$api("get_item").$call(), /Fill in "id"/],
    [
      "a path parameter of a wrong type",
      () => $proxy("sample").$api("get_item").$path({ id: 1 }).$call(),
      /"id" must be text/,
    ],
    [
      "a query member of a wrong type",
      () => $proxy("sample").$api("list_items").$query({ page: "x" }).$call(),
      /"page" must be a number/,
    ],
    [
      "a body member of a wrong type",
      () =>
        $proxy("sample")
          .$api("send_text")
          .$body({ touser: "U", text: { content: 7 } })
          .$call(),
      /"text" must be text/,
    ],
    [
      "a body where it has none",
      () => $proxy("sample").$api("get_item").$path({ id: "1" }).$body({}).$call(),
      /GET has no body/,
    ],
    [
      "params that are none",
      () =>
        $proxy("sample")
          .$api("get_item")
          .$query("a=1" as never),
      /\$query takes an object/,
    ],
    [
      "data that has itself in it",
      () => {
        const data: Record<string, unknown> = {};
        data.self = data;
        return $proxy("sample").$api("put_any").$body(data);
      },
      /nested too deep, or has itself in it/,
    ],
  ])("with %s is refused before anything is sent", async (_, run, told) => {
    const failure = await thrownBy(run);
    expect(failure).toMatchObject({ kind: "param", platform: "sample" });
    expect(failure.text.en).toMatch(told);
    expect(server.received).toEqual([]);
  });
});
