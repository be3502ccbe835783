/** The console without a mouse: everything is reached with Tab, and the focus is never lost. */
import type { Page } from "playwright-core";
import { beforeEach, expect, it } from "vitest";
import { HOOK_MS } from "../browser";
import type { Desk } from "../desk";
import { button, ended, isFocused, outcome, title } from "./acts";
import { answer, apiNow } from "./api-acts";

export function keyboardTests(desk: Desk): void {
  beforeEach(desk.fresh, HOOK_MS);

  it("can be used with the keyboard alone, from the form to the end of the process", async () => {
    const { page, platform } = desk;
    await desk.open();
    await isFocused(page, title(page, "发起请假审批"));
    await tabTo(page, /发起请假审批/);
    await page.keyboard.press("Enter");
    await tabTo(page, /事由/);
    await page.keyboard.press("Control+A");
    await page.keyboard.type("键盘");
    await tabTo(page, /^[^|]*\|提交\|/);
    await page.keyboard.press("Enter");
    await outcome(page, "started").waitFor();
    await isFocused(page, page.locator("#result-title"));
    await tabTo(page, /查看流程实例/);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "同意" }).waitFor();
    await tabTo(page, /\|同意/);
    await page.keyboard.press("Enter");
    await ended(page, "已完成");
    expect(await platform.instances()).toMatchObject([{ state: "completed", variables: { reason: "键盘" } }]);
  });

  it("can switch and run an API with the keyboard alone; the focus is never lost", async () => {
    const { page, platform } = desk;
    await desk.open("#/apis");
    await page.getByLabel("启用状态").selectOption("disabled");
    await page.getByRole("checkbox", { name: "启用 demo/notices/send" }).focus();
    await page.keyboard.press("Space");
    await page.getByText("没有符合条件的接口。").waitFor();
    await isFocused(page, page.locator("#apis-state"));
    expect((await apiNow(platform, "demo/notices/send")).enabled).toBe(true);
    await desk.open("#/apis/demo/flows/quiet");
    await page.getByLabel("调试数据（JSON）").focus();
    await page.keyboard.press("Tab");
    await isFocused(page, button(page, "运行"));
    await page.keyboard.press("Enter");
    await answer(page, "ended").waitFor();
    await isFocused(page, page.locator("#answer-title"));
  });
}

/** @param name of the label, the text or the aria-label of what has the focus, in this order, with a bar between */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    const label = await page.evaluate(() => {
      const at = document.activeElement as HTMLInputElement | null;
      // The body holds every text there is, and has the focus where nothing has it.
      if (at === null || at === document.body) return "||";
      return `${at.labels?.[0]?.textContent ?? ""}|${at.textContent}|${at.getAttribute("aria-label") ?? ""}`;
    });
    if (name.test(label)) return;
  }
  throw new Error(`Tab does not reach ${name}`);
}
