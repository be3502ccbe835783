/** `npm run interface -- import`: what it writes compiles, reaches a server, and holds no secret of its input. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { corrected } from "../../scripts/biome";
import type { InterfaceResult } from "../../shared/proxy/types";
import { type Command, openCommand } from "../helpers/command";
import { answerJson, openScriptedServer, type ScriptedServer } from "../helpers/scripted-server";

mkdirSync(join("dist", "test"), { recursive: true });
const folder = mkdtempSync(join("dist", "test", "interface-"));
const OPENAPI = join("test", "fixtures", "openapi");
const POSTMAN = join("test", "fixtures", "postman", "helpdesk.json");
let server: ScriptedServer;
let command: Command;
beforeAll(async () => {
  command = await openCommand("interface");
  server = await openScriptedServer();
  server.answer = (_, response) => answerJson(response, 200, { code: 200, data: "ok" });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  command.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

const run = (args: string[], input = "") => command.run(args, { input });
const imported = (args: string[], input?: string) => run(["import", "--print", ...args], input);

type Methods = Record<string, (...args: unknown[]) => Promise<InterfaceResult>>;

/** Writes the file, loads it as a function would, and gives its methods; the instance is pointed at the loopback server. */
async function methodsOf(name: string, args: string[], env: Record<string, string> = {}): Promise<Methods> {
  const file = join(folder, `${name}.ts`);
  const { exitCode, stderr } = await run(["import", "--out", file, "--key", name, ...args]);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const entry = join(folder, `${name}.entry.ts`);
  const client = resolve("shared", "proxy", "client");
  writeFileSync(
    entry,
    `import { createProxy } from ${JSON.stringify(client)};\nimport * as all from "./${name}";\nexport const $proxy = createProxy(Object.values(all));\n`,
  );
  const outfile = resolve(folder, `${name}.mjs`);
  await build({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm", packages: "external" });
  const prefix = `STARTFLOW_${name.toUpperCase()}`;
  const variables = { [`${prefix}_URL`]: server.url, [`${prefix}_ALLOW_PRIVATE`]: "true", ...env };
  for (const [variable, value] of Object.entries(variables)) vi.stubEnv(variable, value);
  const { $proxy } = (await import(pathToFileURL(outfile).href)) as { $proxy: (key: string) => Methods };
  server.received.length = 0;
  return $proxy(name);
}
const lastReceived = () => {
  const { method, path, headers, body } = server.received.at(-1) ?? expect.fail("nothing was received");
  return { method, path, headers, body: body.toString() };
};

describe("an OpenAPI description", () => {
  it("becomes a file whose calls reach the server, with the token of the environment", async () => {
    const proxy = await methodsOf("orders", [join(OPENAPI, "orders.json")], {
      STARTFLOW_ORDERS_TOKEN: "token-of-the-environment",
      STARTFLOW_ORDERS_SANDBOX_TOKEN: "another",
    });
    expect(await proxy.getOrder?.("9007199254740993", "state,total", "r-1")).toEqual({ code: 200, data: "ok" });
    expect(lastReceived()).toMatchObject({
      method: "GET",
      path: "/orders/9007199254740993?fields=state%2Ctotal",
      headers: { authorization: "Bearer token-of-the-environment", "x-request-id": "r-1" },
    });
    await proxy.listOrders2?.("张三", [{ sku: "a", count: null }], "card");
    expect(JSON.parse(lastReceived().body)).toEqual({
      customer: "张三",
      lines: [{ sku: "a", count: null }],
      "pay-by": "card",
    });
    await proxy.list_orders?.(undefined, "open", ["1", "2"]);
    expect(lastReceived().path).toBe("/orders?page=1&state=open&ids=1&ids=2");
    await expect(proxy.listOrders2?.("张三", [])).rejects.toMatchObject({ kind: "param" });
  });

  it("names what it does not import, and what it calls otherwise", async () => {
    const { stderr } = await imported([join(OPENAPI, "orders.json")]);
    for (const said of [
      "not imported: adminKey",
      "GET /orders/{orderId}: cookie debug: not imported",
      "DELETE /orders/{orderId}: wants another authentication (adminKey)",
      "session_token: its default is left out",
      "size: its default is left out",
      "holds itself",
      "POST /orders/import: not imported: a body of the type application/xml",
      "HEAD /orders/{orderId}/invoice: not imported",
      "the name list_orders is taken; it is called list_orders_2",
    ]) {
      expect(stderr).toContain(said);
    }
  });

  it("with OAuth2 gets its token below the base URL; a form is sent as a form; a Chinese title is a key", async () => {
    const { stdout, stderr } = await imported([join(OPENAPI, "ledger.json")]);
    expect(stdout).toContain('platform_key: "总账服务"');
    expect(stdout).toContain('tokenPath: "/oauth/token"');
    expect(stderr).toContain("STARTFLOW_LEDGER_CLIENT_SECRET");
    server.answer = ({ path }, response) => {
      if (path === "/oauth/token")
        answerJson(response, 200, { access_token: "t-1", token_type: "Bearer", expires_in: 7200 });
      else response.end("written");
    };
    const secrets = { STARTFLOW_LEDGER_CLIENT_ID: "id", STARTFLOW_LEDGER_CLIENT_SECRET: "secret-of-ledger" };
    const proxy = await methodsOf("ledger", [join(OPENAPI, "ledger.json")], secrets);
    expect(await proxy.postEntries?.(12.5, "午餐")).toBe("written");
    expect(lastReceived()).toMatchObject({
      headers: { authorization: "Bearer t-1", "content-type": expect.stringContaining("x-www-form-urlencoded") },
      body: `amount=12.5&note=${encodeURIComponent("午餐")}`,
    });
    server.answer = (_, response) => answerJson(response, 200, { code: 200, data: "ok" });
  });

  it("is read in YAML too; without a server it asks for the address", async () => {
    const file = join(OPENAPI, "weather.yaml");
    expect(await imported([file])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("--base-url") });
    const { stdout } = await imported([file, "--base-url", "https://weather.example.com/v1/"]);
    expect(stdout).toContain('baseUrl: "https://weather.example.com/v1"');
    expect(stdout).toContain('place: { in: "query", name: "appid" }');
  });
});

describe("a Postman collection", () => {
  it("becomes a file whose calls reach the server; no value of its samples is in it", async () => {
    const proxy = await methodsOf("helpdesk", [POSTMAN], { STARTFLOW_HELPDESK_TOKEN: "token-of-the-environment" });
    await proxy.getTicket?.("77", "comments", 5);
    expect(lastReceived()).toMatchObject({
      path: "/api/tickets/77?expand=comments&limit=5",
      headers: { authorization: "Bearer token-of-the-environment", "accept-language": "zh-CN" },
    });
    await proxy.createTicket?.("打印机坏了", 2, ["it"]);
    expect(JSON.parse(lastReceived().body)).toEqual({ title: "打印机坏了", priority: 2, tags: ["it"] });
    await proxy.attach?.("77", { fileName: "a.txt", bytes: Buffer.from("hello") }, "see file");
    expect(lastReceived().body).toMatch(/filename="a\.txt"[\s\S]*hello[\s\S]*see file/);
    expect(readFileSync(join(folder, "helpdesk.ts"), "utf8")).not.toContain("canary");
  });

  it("names scripts, switched-off parts, other hosts and numbered names", async () => {
    const { stderr } = await imported([POSTMAN]);
    expect(stderr).not.toContain("canary");
    for (const said of [
      "scripts are not imported",
      "X-Old, debug",
      "Elsewhere: not imported",
      "it is called get_ticket_2",
    ]) {
      expect(stderr).toContain(said);
    }
  });
});

describe("a curl command", () => {
  const BROWSER = [
    "curl 'https://api.acme.example/v1/customers/12345/orders?access_token=canary-in-query&page=2' \\",
    "  -H 'accept: application/json' -H 'X-Request-ID: 7' -H 'cookie: sid=canary-in-cookie' \\",
    `  --data-raw $'{"name":"canary-it\\'s","lines":[{"sku":"a","n":1}]}' --compressed -k`,
  ].join("\n");

  it("becomes a file whose call reaches the server, with numbers of the path as arguments", async () => {
    const proxy = await methodsOf("acme", [BROWSER], { STARTFLOW_ACME_KEY: "key-of-the-environment" });
    await proxy.postV1CustomersOrders?.("9 9", 2, "张三", [{ sku: "b", n: 2 }], "r-2");
    expect(lastReceived()).toMatchObject({ method: "POST", headers: { "x-request-id": "r-2" } });
    expect(lastReceived().path).toBe("/v1/customers/9%209/orders?page=2&access_token=key-of-the-environment");
    expect(JSON.parse(lastReceived().body)).toEqual({ name: "张三", lines: [{ sku: "b", n: 2 }] });
  });

  it.each([
    ["a bearer token", `curl https://a.example/x -H 'Authorization: Bearer canary-token'`, 'kind: "bearer"'],
    ["user and password", `curl -ubob:canary-password https://a.example/x`, 'kind: "basic"'],
    ["user and password in the address", `curl https://bob:canary-password@a.example/x`, 'kind: "basic"'],
    ["a key in a header", `curl https://a.example/x -H 'X-Api-Key: canary-key'`, 'name: "X-Api-Key"'],
    [
      "a key in the query of -G",
      `curl -G https://a.example/x -d api_key=canary-key --data-urlencode 'q=a b'`,
      'name: "api_key"',
    ],
    ["another scheme", `curl https://a.example/x -H 'Authorization: Token canary-key'`, 'prefix: "Token "'],
    ["a key in the path", `curl https://a.example/hook/canaryAbC123xyz456`, 'path: "/hook/{hook_id}"'],
    ["a password in a form", `curl https://a.example/login -d 'user=bob&password=canary'`, 'contentType: "form"'],
  ])("with %s: the file has its place, and never its value", async (_, text, expected) => {
    const { exitCode, stdout, stderr } = await imported([text]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(expected);
    expect(stdout + stderr).not.toMatch(/canary/i);
  });

  it("is read from the standard input, and as words that a shell has taken apart", async () => {
    const text = "$ curl -s -XDELETE 'https://a.example/items/7'";
    const fromInput = await imported(["-"], text);
    expect(fromInput.stdout).toContain('path: "/items/{item_id}"');
    const words = await imported(["curl", "-s", "-XDELETE", "https://a.example/items/7"]);
    expect(words.stdout).toBe(fromInput.stdout);
  });

  it.each([
    ["two commands", "curl https://a.example/x; curl https://a.example/y", "one command"],
    ["an unquoted &", "curl https://a.example/x?a=1&b=2", "quotes about the address"],
    ["an option that is not known", "curl --unheard-of https://a.example/x", "--unheard-of is not known"],
    ["no address", "curl -X POST", "one address, not 0"],
  ])("with %s is refused in words", async (_, text, expected) => {
    expect(await imported([text])).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringContaining(expected),
    });
  });
});

describe("the command", () => {
  it("says and ends the same as a process of its own", async () => {
    expect(command.help).toMatchObject({ stdout: expect.stringMatching(/^npm run interface /), stderr: "" });
    const [args, input] = [["import", "--print", "-"], "curl https://a.example/x"];
    expect(await command.start(args, { input })).toEqual(await run(args, input));
  });

  it("overwrites nothing but by --force, and says where the file belongs", async () => {
    const file = join(folder, "once.ts");
    const args = ["import", "curl https://once.example/x", "--out", file];
    expect((await run(args)).stderr).toContain("shared/proxy/platforms/index.ts");
    expect(await run(args)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("--force") });
    expect(await run([...args, "--force"])).toMatchObject({ exitCode: 0 });
  });

  it.each([
    [["export"], 'no command "export"'],
    [["import"], "import what?"],
    [["import", "nowhere.json"], "there is no file nowhere.json"],
    [["import", "package.json"], "no OpenAPI 3 description"],
    [["import", "README.md"], "no OpenAPI 3 description|that can be read"],
    [["import", POSTMAN, "--key", "../x"], "--key"],
  ])("%j is refused in words", async (args, expected) => {
    expect(await run(args)).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(expected) });
  });
});

it("what is written compiles, is formatted as the others, and a misspelt interface or argument does not compile", async () => {
  const misuse = [
    `import { createProxy } from ${JSON.stringify(resolve("shared", "proxy", "client"))};`,
    'import { orders } from "./orders";',
    'import { helpdesk } from "./helpdesk";',
    'import { acme } from "./acme";',
    'import { ledger } from "./ledger";',
    "const $proxy = createProxy([orders, helpdesk, acme, ledger]);",
    'void $proxy("orders").getOrder(1, "total");',
    'void $proxy("ledger").postEntries(1);',
    "// @ts-expect-error misspelt",
    'void $proxy("orders").getOrdr(1, "total");',
    "// @ts-expect-error no number",
    'void $proxy("helpdesk").getTicket("1", 2, 3);',
    "",
  ];
  writeFileSync(join(folder, "use.ts"), misuse.join("\n"));
  const project = { extends: resolve("tsconfig.json"), compilerOptions: { types: ["node"] }, include: ["use.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(project));
  // More checkers share the work, and do some of it twice.
  const args = [resolve("node_modules/typescript/bin/tsc"), "--noEmit", "--checkers", "1", "-p", folder];
  const said = await new Promise<string>((settle) => {
    execFile(process.execPath, args, (_, stdout, stderr) => settle(stdout + stderr));
  });
  expect(said).toBe("");
  const { stdout } = await imported([join(OPENAPI, "orders.json"), "--key", "orders"]);
  const place = join("shared", "proxy", "platforms", "orders.ts");
  expect(corrected(stdout, place)).toBe(stdout);
});
