/** A run of a sync API in the console: what is answered, whom it waits for, and where its instance is. */
import { beforeAll, beforeEach, expect, it } from "vitest";
import { HOOK_MS } from "../browser";
import type { Desk } from "../desk";
import { button, ended, isFocused } from "./acts";
import { answer, openApi, run } from "./api-acts";

export function apiRunTests(desk: Desk): void {
  beforeEach(desk.fresh, HOOK_MS);

  it("shows whom a run waits for, and leads to its instance", async () => {
    const { page, platform } = desk;
    await openApi(desk, "demo/flows/approval");
    await run(page);
    const waiting = answer(page, "waiting");
    await waiting.getByText("停在「主管审批」，处理人：主管").waitFor();
    await waiting.getByText("1003").waitFor();
    await page.getByText("HTTP 202").waitFor();
    const [instance] = await platform.instances();
    await waiting.getByRole("link", { name: `查看流程实例 ${instance?.id}` }).click();
    await page.getByRole("button", { name: "同意" }).click();
    await ended(page, "已完成");
    await page.goBack();
    await waiting.getByText("已完成").waitFor();
    expect(desk.troubles).toEqual([]);
  });

  it("runs asynchronously, by the button or by the API's own mode, and finds the instance later", async () => {
    const { page, platform } = desk;
    const instance = answer(page, "accepted").getByRole("link", { name: /查看流程实例/ });
    await openApi(desk, "demo/flows/quiet");
    await run(page, "异步运行");
    await instance.waitFor();
    await openApi(desk, "demo/records/delete");
    await page.getByText("异步：立即返回运行编号").waitFor();
    await page.getByText("必填", { exact: true }).waitFor();
    await run(page);
    await instance.waitFor();
    expect(await platform.instances()).toMatchObject([{ engine: "apaas" }, { engine: "workflow" }]);
  });

  it("cannot be run twice at a time, and goes to the answer afterwards", async () => {
    const { page, platform } = desk;
    await openApi(desk, "demo/flows/hello");
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
    expect(await button(page, "异步运行").isDisabled()).toBe(true);
    letGo();
    await answer(page, "ended").waitFor();
    await isFocused(page, page.locator("#answer-title"));
    expect(await platform.instances()).toHaveLength(1);
  });
}

/** Each API keeps what it answered to itself, so these share one document. */
export function eachApiTests(desk: Desk): void {
  beforeAll(async () => {
    await desk.fresh();
    await desk.open();
  }, HOOK_MS);

  it.each([
    ["demo/flows/quiet", "ended", "0"],
    ["demo/flows/broken", "failed", "失败的节点：没有出口"],
    ["demo/customers/get", "ended", "0"],
    ["demo/staff/transfer", "waiting", "人事审批"],
    ["demo/leave/start", "waiting", "处理人：主管"],
  ])("runs %s with its debug data: %s", async (name, kind, text) => {
    const { page } = desk;
    await openApi(desk, name);
    await run(page);
    expect(await answer(page, kind).textContent()).toContain(text);
  });
}
