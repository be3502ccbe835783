/** The console's pages of the sync APIs: the list and its switches, and what can be changed in one API. */
import { beforeEach, expect, it } from "vitest";
import type { ApiRow } from "../../../local/console/wire";
import { HOOK_MS } from "../browser";
import type { Desk } from "../desk";
import { button, copied, isFocused, title } from "./acts";
import { answer, apiNow, debugData, enabledSwitch, openApi, rows, run } from "./api-acts";

export function apiTests(desk: Desk): void {
  beforeEach(desk.fresh, HOOK_MS);

  it("lists them, found by text and by state, each with its URL to copy and the way to its page", async () => {
    const { page, platform } = desk;
    await desk.open();
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
    const copy = page.getByRole("button", { name: "复制 demo/flows/approval 的 URL" });
    expect(await copied(page, copy)).toBe(`${platform.url}/v1/api/demo/flows/approval`);
    await page.getByLabel("启用状态").selectOption("disabled");
    await page.getByText("没有符合条件的接口。").waitFor();
    await page.getByLabel("模块、函数或名称").fill("");
    await page.getByRole("link", { name: "demo/notices/send" }).click();
    await title(page, "发送通知（未启用）").waitFor();
    expect(page.url()).toBe(`${platform.url}/#/apis/demo/notices/send`);
    expect(desk.troubles).toEqual([]);
  });

  it("switches one off, which a run then says, and on again", async () => {
    const { page, platform } = desk;
    await desk.open("#/apis");
    const toggle = enabledSwitch(page, "demo/flows/hello");
    await toggle.uncheck();
    await rows(page).filter({ hasText: "demo/flows/hello" }).getByText("已改动：启用").waitFor();
    expect(await apiNow(platform, "demo/flows/hello")).toMatchObject({ enabled: false, overridden: ["enabled"] });
    await page.getByRole("link", { name: "demo/flows/hello" }).click();
    await page.getByText("接口未启用：", { exact: false }).waitFor();
    await run(page);
    const refused = answer(page, "refused");
    await refused.getByText("requestError.notEnabled").waitFor();
    expect(await refused.textContent()).toContain("接口未启用");
    await page.getByText("HTTP 403").waitFor();
    await toggle.check();
    await page.getByText("接口未启用：", { exact: false }).waitFor({ state: "detached" });
    await run(page);
    await answer(page, "ended").waitFor();
    await page.getByLabel("回答的内容").getByText('"name": "hello world"').waitFor();
    await platform.send("POST", "/_local/reset", {});
    await page.getByText("已改动", { exact: false }).waitFor({ state: "detached" });
    expect(desk.troubles).toEqual([]);
  });

  it("says what is wrong with JSON, and sends nothing", async () => {
    const { page, platform } = desk;
    await openApi(desk, "demo/flows/hello");
    await debugData(page).fill('{"name":');
    await run(page);
    await isFocused(page, page.locator("#api-debug"));
    await page.getByLabel("输出（JSON）").fill("hello");
    await button(page, "保存").click();
    await isFocused(page, page.locator("#api-output"));
    const wrong = page.getByText("JSON 不完整或有误", { exact: false });
    await wrong.nth(1).waitFor();
    expect(await wrong.count()).toBe(2);
    expect(await platform.instances()).toEqual([]);
    expect((await apiNow(platform, "demo/flows/hello")).overridden).toEqual([]);
  });

  it("changes the output, which a run then answers; null is none", async () => {
    const { page, platform } = desk;
    await openApi(desk, "demo/flows/hello");
    const output = page.getByLabel("输出（JSON）");
    await page.getByText("现在：运行自己的输出。").waitFor();
    expect(await output.inputValue()).toBe("");
    await output.fill('{"code":0,"msg":"ok"}');
    await button(page, "保存").click();
    await page.getByText("现在：下面这个固定的输出。").waitFor();
    await page.getByText("已保存。").waitFor();
    await page.getByText("已改动：输出").waitFor();
    await run(page);
    await page.getByLabel("回答的内容").getByText('"msg": "ok"').waitFor();
    await output.fill("null");
    await button(page, "保存").click();
    await page.getByText("现在：没有输出", { exact: false }).waitFor();
    await run(page);
    await page.getByLabel("回答的内容").getByText('"data": ""').waitFor();
    expect(await apiNow(platform, "demo/flows/hello")).toMatchObject({ output: null, overridden: ["output"] });
    expect(desk.troubles).toEqual([]);
  });

  it("changes method and authentication, and copies a command that is good now", async () => {
    const { page, platform } = desk;
    await openApi(desk, "demo/flows/hello");
    await page.getByLabel("请求方法").selectOption("GET");
    await page.getByLabel("认证方式").selectOption("hmac");
    await page.getByText(/已改动：(请求方法、认证方式|认证方式、请求方法)/).waitFor();
    expect(await apiNow(platform, "demo/flows/hello")).toMatchObject({ method: "GET", auth: "hmac" });
    await page.getByLabel("curl 命令").getByText("x-signature", { exact: false }).waitFor();
    const section = page.locator("section", { hasText: "curl 命令" });
    const command = await copied(page, section.getByRole("button", { name: "复制", exact: true }));
    const [, signature = "", url = ""] = /^curl -H 'x-signature: (\S+)' '(\S+)'$/.exec(command) ?? [];
    expect((await fetch(url, { headers: { "x-signature": signature } })).status).toBe(200);
    await run(page);
    await answer(page, "ended").waitFor();
    expect(desk.troubles).toEqual([]);
  });

  it("takes a switch back where the platform cannot be reached, and says so", async () => {
    const { page, platform } = desk;
    await desk.open("#/apis");
    const toggle = page.getByRole("checkbox", { name: "启用 demo/flows/hello", checked: true });
    await page.route("**/_local/apis/demo/flows/hello", (route) => route.abort());
    await toggle.click();
    await page.getByText("连接不到本地平台", { exact: false }).first().waitFor();
    await toggle.waitFor();
    expect((await apiNow(platform, "demo/flows/hello")).enabled).toBe(true);
  });

  it("says which API there is not", async () => {
    const { page } = desk;
    await desk.open("#/apis/demo/flows/none");
    await page.getByText("没有名为 demo/flows/none 的接口。").waitFor();
    await page.getByRole("link", { name: "全部接口" }).click();
    await rows(page).first().waitFor();
  });
}
