/** The methods that start something in Feishu, in the console: from the form to the instance. */
import type { Page } from "playwright-core";
import { beforeEach, expect, it } from "vitest";
import { HOOK_MS } from "../browser";
import type { Desk } from "../desk";
import { choose, ended, isFocused, openInstance, outcome, submit } from "./acts";

const rowOf = (page: Page, code: string) =>
  page.locator(".params tbody", { has: page.getByRole("cell", { name: code, exact: true }) });

export function feishuTests(desk: Desk): void {
  beforeEach(desk.fresh, HOOK_MS);

  it("takes a CoreHR process from the form to its end: flow_data, diagram, approver, state", async () => {
    const { page, platform } = desk;
    await desk.open();
    await choose(page, /发起飞书人事流程/);
    await page.getByText(/飞书人事 · corehr-process → people_/).waitFor();
    await page.getByLabel("事由").fill("回总部");
    await submit(page);
    await outcome(page, "started").waitFor();
    await openInstance(page);
    await page.locator('.canvas[data-drawn="true"]').waitFor();
    await page.getByRole("table", { name: "收到的 flow_data" }).waitFor();
    expect(await rowOf(page, "reason").textContent()).toContain("回总部text_value");
    expect(await rowOf(page, "items").textContent()).toContain('"number_value": "1"');
    expect(await rowOf(page, "attachments").textContent()).toContain("未发送");
    await page.getByRole("button", { name: "同意" }).click();
    await ended(page, "已完成");
    expect(await platform.instances()).toMatchObject([{ engine: "corehr", state: "completed" }]);
    expect(desk.troubles).toEqual([]);
  });

  it("says how a CoreHR process stands, where a submission is looked at", async () => {
    const { page } = desk;
    await desk.open();
    await choose(page, /发起飞书人事流程/);
    await submit(page);
    await outcome(page, "started").waitFor();
    const id = (await page.getByTestId("submission-id").textContent()) ?? "";
    await choose(page, /查询一份提交的结果/);
    await page.getByLabel("提交编号").fill(id);
    await submit(page);
    await outcome(page, "started").getByText("流程现在：审批中").waitFor();
  });

  it("shows the status that aPaaS answered, and the params that it got", async () => {
    const { page } = desk;
    await desk.open();
    await choose(page, /执行飞书低代码平台流程/);
    await submit(page);
    await outcome(page, "started").getByText("引擎答复的状态：end").waitFor();
    await openInstance(page);
    await page.getByRole("table", { name: "收到的 params" }).waitFor();
    const row = await rowOf(page, "variable_rgrtgqworiginal").textContent();
    expect(row).toContain("记录编号（_id）");
    expect(row).toContain('"_id": 5454545');
    expect(await page.getByRole("link", { name: /删除记录/ }).textContent()).toContain("飞书低代码平台");
    expect(desk.troubles).toEqual([]);
  });

  it("says when to come again where Feishu takes no more calls, and asks for no correction", async () => {
    const { page, platform } = desk;
    await platform.send("PUT", "/_local/faults", { apaas: { kind: "rate-limit" } });
    await desk.open();
    await choose(page, /执行飞书低代码平台流程/);
    await submit(page);
    const card = outcome(page, "rejected");
    await card.getByText("内容不用修改", { exact: false }).waitFor();
    expect((await card.textContent())?.match(/约 \d+ 秒/g)).toHaveLength(1);
  });

  it("sends ready variables as the JSON that was typed, and nothing while that is incomplete", async () => {
    const { page, platform } = desk;
    await desk.open();
    await choose(page, /发起飞书人事流程/);
    const ready = page.getByLabel("现成的变量（flow_data）");
    await ready.fill('[{"variable_api_name": "title"');
    await submit(page);
    await isFocused(page, ready);
    expect(await ready.getAttribute("aria-invalid")).toBe("true");
    expect(await platform.instances()).toEqual([]);
    await ready.fill('[{"variable_api_name": "title", "variable_value": {"i18n_value": {"zh_cn": "北京"}}}]');
    await submit(page);
    await outcome(page, "started").waitFor();
    expect(await platform.instances()).toMatchObject([{ variables: { title: { zh_cn: "北京" } } }]);
  });
}
