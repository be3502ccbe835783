/** The console's pages of the sync APIs, in a real browser: the list and its switches, one API and a run of it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ApiRow } from "../../local/console/wire";
import { hasChromium } from "../helpers/built";
import { type PlatformProcess, platformProcess, temporaryFolder } from "../helpers/platform";
import { launch, openPage, PHONE } from "./browser";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describe.skipIf(!hasChromium)("the console, for sync APIs", () => {
  let browser: Browser;
  let platform: PlatformProcess;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    platform = await platformProcess(temporaryFolder());
  });
  afterEach(() => platform.kill());

  const apiNow = async (name: string) =>
    (await platform.get<ApiRow[]>("/_local/apis")).find(
      (row) => `${row.space}/${row.module}/${row.function}` === name,
    ) as ApiRow;
  const open = async (route: string, options: BrowserContextOptions = {}) => {
    const watched = await openPage(browser, platform.url, options);
    await watched.page.goto(`${platform.url}/${route}`);
    await watched.page.getByRole("heading", { level: 1 }).waitFor();
    return watched;
  };
  const openApi = async (name: string, options: BrowserContextOptions = {}) => {
    const watched = await open(`#/apis/${name}`, options);
    await watched.page.getByLabel("调试数据（JSON）").waitFor();
    return watched;
  };
  const run = (page: Page, name = "运行") => page.getByRole("button", { name, exact: true }).click();
  const answer = (page: Page, kind: string) => page.locator(`[data-answer="${kind}"]`);
  const rows = (page: Page) => page.locator(".apis tbody tr");
  const focusedId = (page: Page) => page.evaluate(() => document.activeElement?.id);

  it("lists them, found by text and by state, each with its URL to copy and the way to its page", async () => {
    const { page, troubles } = await openPage(browser, platform.url, {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await page.getByRole("navigation", { name: "导航" }).getByRole("link", { name: "同步 API" }).click();
    await rows(page).first().waitFor();
    const all = (await platform.get<ApiRow[]>("/_local/apis")).length;
    expect(await rows(page).count()).toBe(all);
    const leave = rows(page).filter({ hasText: "demo/leave/start" });
    expect(await leave.getByRole("cell").allTextContents()).toEqual(
      expect.arrayContaining(["leave", "POST", "账号密码", "微搭 → flow_012"]),
    );
    await page.getByLabel("模块、函数或名称").fill("flows 审批");
    await page.getByText(`显示 1 个，共 ${all} 个`).waitFor();
    await page.getByRole("button", { name: "复制 demo/flows/approval 的 URL" }).click();
    await page.getByText("已复制").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      `${platform.url}/v1/api/demo/flows/approval`,
    );
    await page.getByLabel("启用状态").selectOption("disabled");
    await page.getByText("没有符合条件的接口。").waitFor();
    await page.getByLabel("模块、函数或名称").fill("");
    await page.getByRole("link", { name: "demo/notices/send" }).click();
    await page.getByRole("heading", { level: 1, name: "发送通知（未启用）" }).waitFor();
    expect(page.url()).toBe(`${platform.url}/#/apis/demo/notices/send`);
    expect(troubles).toEqual([]);
  });

  it("switches one off, which a run then says, and on again", async () => {
    const { page, troubles } = await open("#/apis");
    const name = "启用 demo/flows/hello";
    await page.getByRole("checkbox", { name }).uncheck();
    await rows(page).filter({ hasText: "demo/flows/hello" }).getByText("已改动：启用").waitFor();
    expect(await apiNow("demo/flows/hello")).toMatchObject({ enabled: false, overridden: ["enabled"] });
    await page.getByRole("link", { name: "demo/flows/hello" }).click();
    await page.getByText("接口未启用：", { exact: false }).waitFor();
    await run(page);
    const refused = answer(page, "refused");
    await refused.getByText("requestError.notEnabled").waitFor();
    expect(await refused.textContent()).toContain("接口未启用");
    await page.getByText("HTTP 403").waitFor();
    await page.getByRole("checkbox", { name }).check();
    await page.getByText("接口未启用：", { exact: false }).waitFor({ state: "detached" });
    await run(page);
    await answer(page, "ended").waitFor();
    await page.getByLabel("回答的内容").getByText('"name": "hello world"').waitFor();
    await platform.send("POST", "/_local/reset", {});
    await page.getByText("已改动", { exact: false }).waitFor({ state: "detached" });
    expect(troubles).toEqual([]);
  });

  it("shows whom a run waits for, and leads to its instance", async () => {
    const { page, troubles } = await openApi("demo/flows/approval");
    await run(page);
    const waiting = answer(page, "waiting");
    await waiting.getByText("停在「主管审批」，处理人：主管").waitFor();
    await waiting.getByText("1003").waitFor();
    await page.getByText("HTTP 202").waitFor();
    const [instance] = await platform.instances();
    await waiting.getByRole("link", { name: `查看流程实例 ${instance?.id}` }).click();
    await page.getByRole("button", { name: "同意" }).click();
    await page.getByText("没有待办。").waitFor();
    await page.goBack();
    await waiting.getByText("已完成").waitFor();
    expect(troubles).toEqual([]);
  });

  it.each([
    ["demo/flows/quiet", "ended", "0"],
    ["demo/flows/broken", "failed", "失败的节点：没有出口"],
    ["demo/customers/get", "ended", "0"],
    ["demo/staff/transfer", "waiting", "人事审批"],
    ["demo/leave/start", "waiting", "处理人：主管"],
  ])("runs %s with its debug data: %s", async (name, kind, text) => {
    const { page } = await openApi(name);
    await run(page);
    expect(await answer(page, kind).textContent()).toContain(text);
  });

  it("runs asynchronously, by the button or by the API's own mode, and finds the instance later", async () => {
    const { page } = await openApi("demo/flows/quiet");
    await run(page, "异步运行");
    await answer(page, "accepted")
      .getByRole("link", { name: /查看流程实例/ })
      .waitFor();
    await page.goto(`${platform.url}/#/apis/demo/records/delete`);
    await page.getByText("异步：立即返回运行编号").waitFor();
    await page.getByText("必填", { exact: true }).waitFor();
    await run(page);
    await answer(page, "accepted")
      .getByRole("link", { name: /查看流程实例/ })
      .waitFor();
    expect(await platform.instances()).toMatchObject([{ engine: "apaas" }, { engine: "workflow" }]);
  });

  it("cannot be run twice at a time, and goes to the answer afterwards", async () => {
    const { page } = await openApi("demo/flows/hello");
    let letGo = () => {};
    const held = new Promise<void>((done) => {
      letGo = done;
    });
    await page.route("**/run", async (route) => {
      await held;
      await route.continue();
    });
    await run(page);
    const busy = page.getByRole("button", { name: "正在运行…" });
    await busy.waitFor();
    expect(await busy.isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: "异步运行" }).isDisabled()).toBe(true);
    letGo();
    await answer(page, "ended").waitFor();
    await expect.poll(() => focusedId(page)).toBe("answer-title");
    expect(await platform.instances()).toHaveLength(1);
  });

  it("says what is wrong with JSON, and sends nothing", async () => {
    const { page } = await openApi("demo/flows/hello");
    await page.getByLabel("调试数据（JSON）").fill('{"name":');
    await run(page);
    expect(await focusedId(page)).toBe("api-debug");
    await page.getByLabel("输出（JSON）").fill("hello");
    await page.getByRole("button", { name: "保存" }).click();
    expect(await focusedId(page)).toBe("api-output");
    expect(await page.getByText("JSON 不完整或有误", { exact: false }).count()).toBe(2);
    expect(await platform.instances()).toEqual([]);
    expect((await apiNow("demo/flows/hello")).overridden).toEqual([]);
  });

  it("changes the output, which a run then answers; null is none", async () => {
    const { page, troubles } = await openApi("demo/flows/hello");
    const output = page.getByLabel("输出（JSON）");
    await page.getByText("现在：运行自己的输出。").waitFor();
    expect(await output.inputValue()).toBe("");
    await output.fill('{"code":0,"msg":"ok"}');
    await page.getByRole("button", { name: "保存" }).click();
    await page.getByText("现在：下面这个固定的输出。").waitFor();
    await page.getByText("已保存。").waitFor();
    await page.getByText("已改动：输出").waitFor();
    await run(page);
    await page.getByLabel("回答的内容").getByText('"msg": "ok"').waitFor();
    await output.fill("null");
    await page.getByRole("button", { name: "保存" }).click();
    await page.getByText("现在：没有输出", { exact: false }).waitFor();
    await run(page);
    await page.getByLabel("回答的内容").getByText('"data": ""').waitFor();
    expect(await apiNow("demo/flows/hello")).toMatchObject({ output: null, overridden: ["output"] });
    expect(troubles).toEqual([]);
  });

  it("changes method and authentication, and copies a command that is good now", async () => {
    const { page, troubles } = await openApi("demo/flows/hello", {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await page.getByLabel("请求方法").selectOption("GET");
    await page.getByLabel("认证方式").selectOption("hmac");
    await page.getByText("已改动：", { exact: false }).waitFor();
    await expect.poll(() => apiNow("demo/flows/hello")).toMatchObject({ method: "GET", auth: "hmac" });
    await page.getByLabel("curl 命令").getByText("x-signature", { exact: false }).waitFor();
    await page.locator("section", { hasText: "curl 命令" }).getByRole("button", { name: "复制", exact: true }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const [, signature = "", url = ""] = /^curl -H 'x-signature: (\S+)' '(\S+)'$/.exec(copied) ?? [];
    expect((await fetch(url, { headers: { "x-signature": signature } })).status).toBe(200);
    await run(page);
    await answer(page, "ended").waitFor();
    expect(troubles).toEqual([]);
  });

  it("takes a switch back where the platform cannot be reached, and says so", async () => {
    const { page } = await open("#/apis");
    const toggle = page.getByRole("checkbox", { name: "启用 demo/flows/hello" });
    await page.route("**/_local/apis/demo/flows/hello", (route) => route.abort());
    await toggle.click();
    await page.getByText("连接不到本地平台", { exact: false }).first().waitFor();
    await expect.poll(() => toggle.isChecked()).toBe(true);
    expect((await apiNow("demo/flows/hello")).enabled).toBe(true);
  });

  it("can be switched and run with the keyboard alone; the focus is never lost", async () => {
    const { page } = await open("#/apis");
    await page.getByLabel("启用状态").selectOption("disabled");
    await page.getByRole("checkbox", { name: "启用 demo/notices/send" }).focus();
    await page.keyboard.press("Space");
    await page.getByText("没有符合条件的接口。").waitFor();
    expect(await focusedId(page)).toBe("apis-state");
    expect((await apiNow("demo/notices/send")).enabled).toBe(true);
    await page.goto(`${platform.url}/#/apis/demo/flows/quiet`);
    await page.getByLabel("调试数据（JSON）").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await answer(page, "ended").waitFor();
    await expect.poll(() => focusedId(page)).toBe("answer-title");
  });

  it("says which API there is not", async () => {
    const { page } = await open("#/apis/demo/flows/none");
    await page.getByText("没有名为 demo/flows/none 的接口。").waitFor();
    await page.getByRole("link", { name: "全部接口" }).click();
    await rows(page).first().waitFor();
  });

  it.each(["wide", "phone", "tablet"])("has no barrier that axe finds, and no sideways scroll: %s", async (size) => {
    const viewport = { phone: PHONE, tablet: { width: 820, height: 1180 } }[size] ?? { width: 1280, height: 900 };
    // A button that fades from one colour to the other has less contrast for a moment.
    const { page, troubles } = await open("#/apis", { viewport, reducedMotion: "reduce" });
    await rows(page).first().waitFor();
    await check(page, "list");
    for (const name of ["demo/flows/approval", "demo/flows/broken", "demo/notices/send", "demo/records/delete"]) {
      await page.goto(`${platform.url}/#/apis/${name}`);
      await run(page);
      await page.locator("[data-answer]").waitFor();
      await check(page, name);
    }
    await page.getByRole("button", { name: "English" }).click();
    await page.getByLabel("Output (JSON)").fill("{");
    await page.getByText("This is not valid JSON", { exact: false }).waitFor();
    await check(page, "English");
    expect(troubles).toEqual([]);
  });

  /** Evaluated by the driver, so that the page's own policy stays as it is. */
  async function check(page: Page, at: string): Promise<void> {
    const sideways = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    expect({ at, sideways: await page.evaluate(sideways) }).toEqual({ at, sideways: 0 });
    await page.evaluate(AXE);
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      const found = await axe.run();
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`);
    });
    expect({ at, violations }).toEqual({ at, violations: [] });
  }
});
