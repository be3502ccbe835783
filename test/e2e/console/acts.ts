/** What a person does and looks for in the console. A step ends when its effect is seen, so that the next one meets it. */
import type { Locator, Page } from "playwright-core";
import { PATIENCE_MS } from "../browser";

export const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
export const title = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });
export const submit = (page: Page) => button(page, "提交").click();
export const outcome = (page: Page, name: string) => page.locator(`[data-outcome="${name}"]`);

/** Opens a method by its link. */
export async function choose(page: Page, name: RegExp): Promise<void> {
  await page.getByRole("link", { name }).first().click();
  await title(page, name).waitFor();
}

export const chooseLeave = (page: Page) => choose(page, /发起请假审批/);

export async function startLeave(page: Page, days = "3"): Promise<void> {
  await chooseLeave(page);
  await page.getByLabel("事由").fill("回家探亲");
  await page.getByLabel("天数").fill(days);
  await submit(page);
  await outcome(page, "started").waitFor();
}

export const openInstance = (page: Page) => page.getByRole("link", { name: /查看流程实例/ }).click();

/** The instance that is shown has come to its end: no task is left, and its state says so. */
export async function ended(page: Page, state: "已完成" | "已拒绝"): Promise<void> {
  await page.getByText("没有待办。").waitFor();
  await page.locator("#page-title + span", { hasText: state }).waitFor();
}

export const isFocused = (page: Page, what: Locator) => what.and(page.locator(":focus")).waitFor();

/** Presses a copy button. What it says goes away by itself, so that is looked for from before the click. */
export async function copied(page: Page, copy: Locator, said = "已复制"): Promise<string> {
  const seen = page.evaluate(
    ({ said, patienceMs }) =>
      new Promise<void>((settle, reject) => {
        const look = () => {
          const places = [...document.querySelectorAll(".copied")];
          if (places.some((place) => place.textContent === said && place.checkVisibility())) settle();
        };
        new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
        setTimeout(() => reject(new Error(`nothing says ${said}`)), patienceMs);
      }),
    { said, patienceMs: PATIENCE_MS },
  );
  await Promise.all([seen, copy.click()]);
  return await page.evaluate(() => navigator.clipboard.readText());
}
