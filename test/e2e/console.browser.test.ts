/** The console as a person uses it, in a real browser: on a wide screen, on a phone, and with the keyboard alone. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { MethodRow } from "../../local/console/wire";
import { hasChromium } from "../helpers/built";
import { type PlatformProcess, platformProcess, temporaryFolder } from "../helpers/platform";
import { launch, openPage, PHONE } from "./browser";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describe.skipIf(!hasChromium)("the console", () => {
  let browser: Browser;
  let data: string;
  let platform: PlatformProcess;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    data = temporaryFolder();
    platform = await platformProcess(data);
  });
  afterEach(() => platform.kill());

  const submit = (page: Page) => page.getByRole("button", { name: "提交", exact: true }).click();
  const outcome = (page: Page, name: string) => page.locator(`[data-outcome="${name}"]`).waitFor();
  const chooseLeave = (page: Page) =>
    page
      .getByRole("link", { name: /发起请假审批/ })
      .first()
      .click();

  async function startLeave(page: Page, days = "3"): Promise<void> {
    await chooseLeave(page);
    await page.getByLabel("事由").fill("回家探亲");
    await page.getByLabel("天数").fill(days);
    await submit(page);
    await outcome(page, "started");
  }

  it("takes a leave from the form to its end: StartParams, diagram, both approvers", async () => {
    const { page, troubles } = await openPage(browser, platform.url);
    await startLeave(page, "5");
    await page.getByRole("link", { name: /查看流程实例/ }).click();
    await page.locator('.canvas[data-drawn="true"]').waitFor();
    const params = page
      .getByRole("table", { name: "收到的 StartParams" })
      .or(page.locator("section", { hasText: "收到的 StartParams" }));
    await params.getByText("165708798187000001").first().waitFor();
    await params.getByText("回家探亲").first().waitFor();
    await page.getByLabel("意见").fill("同意，注意交接");
    await page.getByRole("button", { name: "同意" }).click();
    await page.getByText("流程停在：人事审批").waitFor();
    await page.getByRole("button", { name: "同意" }).click();
    await page.getByText("没有待办。").waitFor();
    expect(await platform.instances()).toMatchObject([
      { state: "completed", variables: { reason: "回家探亲", days: 5 } },
    ]);
    expect(troubles).toEqual([]);
  });

  it("declines a leave when its approver rejects it", async () => {
    const { page } = await openPage(browser, platform.url);
    await startLeave(page);
    await page.getByRole("link", { name: /查看流程实例/ }).click();
    await page.getByRole("button", { name: "拒绝" }).click();
    await page.getByText("没有待办。").waitFor();
    expect(await platform.instances()).toMatchObject([{ state: "declined" }]);
  });

  it("marks wrong fields in place, says what is wrong, and goes to the first of them", async () => {
    const { page } = await openPage(browser, platform.url);
    await chooseLeave(page);
    await page.getByLabel("事由").fill("");
    await page.getByLabel("天数").fill("61");
    await submit(page);
    await outcome(page, "rejected");
    const reason = page.getByLabel("事由");
    expect(await reason.getAttribute("aria-invalid")).toBe("true");
    expect(await page.getByText("请填写「事由」。").count()).toBeGreaterThan(0);
    expect(await page.getByText("「天数」不能大于 60。").count()).toBeGreaterThan(0);
    expect(await reason.evaluate((input) => input === document.activeElement)).toBe(true);
    await reason.fill("探亲");
    await page.getByLabel("天数").fill("3");
    await submit(page);
    await outcome(page, "started");
  });

  it("says, where the answer was lost, that nobody knows, and not to submit again", async () => {
    await platform.send("PUT", "/_local/faults", { weda: { kind: "lost-after", times: 1 } });
    const { page } = await openPage(browser, platform.url);
    await chooseLeave(page);
    await submit(page);
    await outcome(page, "unknown");
    await page.getByText("请不要再次提交。", { exact: false }).first().waitFor();
    const id = await page.getByTestId("submission-id").first().textContent();
    expect(await page.locator('[data-outcome="unknown"]').textContent()).toContain(id);
  });

  it("looks again, and shows what an operator found out meanwhile", async () => {
    await platform.send("PUT", "/_local/faults", { weda: { kind: "lost-after", times: 1 } });
    const { page, troubles } = await openPage(browser, platform.url);
    await chooseLeave(page);
    await submit(page);
    await outcome(page, "unknown");
    const look = page.getByRole("button", { name: "再看一次" });
    await look.click();
    await page.getByText("用时").waitFor();
    await outcome(page, "unknown");
    const id = (await page.getByTestId("submission-id").first().textContent()) ?? "";
    const [instance] = await platform.instances();
    const found = ["resolve", id, "--started", instance?.id ?? "", "--url", platform.url];
    execFileSync(process.execPath, ["scripts/run.mjs", "submissions", ...found]);
    await look.click();
    await outcome(page, "started");
    await page.getByRole("link", { name: `查看流程实例 ${instance?.id}` }).waitFor();
    expect(await platform.instances()).toHaveLength(1);
    expect(troubles).toEqual([]);
  });

  it("uploads the files of a contract and runs its parallel review", async () => {
    const { page, troubles } = await openPage(browser, platform.url);
    await page
      .getByRole("link", { name: /发起合同审批/ })
      .first()
      .click();
    await page
      .getByLabel("附件")
      .setInputFiles({ name: "合同.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7") });
    await page.getByText("合同.pdf").first().waitFor();
    await submit(page);
    await outcome(page, "started");
    const [instance] = await platform.instances();
    expect(instance).toMatchObject({
      variables: { contract: { attachments: [expect.stringMatching(/^cloud:\/\//)] } },
    });
    expect(instance?.tasks).toHaveLength(2);
    expect(troubles).toEqual([]);
  });

  it("shows its instances again after a kill and a restart", async () => {
    const first = await openPage(browser, platform.url);
    await startLeave(first.page);
    await platform.kill();
    platform = await platformProcess(data);
    const { page } = await openPage(browser, platform.url);
    const [instance] = await platform.instances();
    await page
      .getByRole("link", { name: new RegExp(instance?.id ?? "none") })
      .first()
      .click();
    await page.getByRole("button", { name: "同意" }).click();
    await page.getByText("没有待办。").waitFor();
    expect(await platform.instances()).toMatchObject([{ state: "completed" }]);
  });

  it("speaks English when it is asked to, and remembers it", async () => {
    const { page } = await openPage(browser, platform.url);
    await page.getByRole("button", { name: "English" }).click();
    await page.reload();
    await page
      .getByRole("link", { name: /Start leave approval/ })
      .first()
      .click();
    await page.getByLabel("Reason").fill("");
    await page.getByRole("button", { name: "Submit", exact: true }).click();
    await page.getByText('Fill in "Reason".').first().waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
  });

  it("can be used with the keyboard alone, from the form to the end of the process", async () => {
    const { page } = await openPage(browser, platform.url);
    const tabTo = async (name: RegExp) => {
      for (let presses = 0; presses < 80; presses += 1) {
        await page.keyboard.press("Tab");
        const label = await page.evaluate(() => {
          const at = document.activeElement as HTMLInputElement | null;
          return `${at?.labels?.[0]?.textContent ?? ""}|${at?.textContent ?? ""}|${at?.getAttribute("aria-label") ?? ""}`;
        });
        if (name.test(label)) return;
      }
      throw new Error(`Tab does not reach ${name}`);
    };
    await tabTo(/发起请假审批/);
    await page.keyboard.press("Enter");
    await tabTo(/事由/);
    await page.keyboard.press("Control+A");
    await page.keyboard.type("键盘");
    await tabTo(/^[^|]*\|提交\|/);
    await page.keyboard.press("Enter");
    await outcome(page, "started");
    await tabTo(/查看流程实例/);
    await page.keyboard.press("Enter");
    await tabTo(/\|同意/);
    await page.keyboard.press("Enter");
    await page.getByText("没有待办。").waitFor();
    expect(await platform.instances()).toMatchObject([{ state: "completed", variables: { reason: "键盘" } }]);
  });

  it("copies the input and output parameters for WeDa's console, in both languages", async () => {
    const { page, troubles } = await openPage(browser, platform.url);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await chooseLeave(page);
    await page.getByText("复制到微搭控制台").click();
    const section = page.getByTestId("paste");
    await section.getByText("method_5b12595a75119").waitFor();
    await section.getByRole("button", { name: "复制入参" }).click();
    await section.getByText("已复制").first().waitFor();
    const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as { properties: object };
    expect(Object.keys(copied.properties)).toEqual(["reason", "days", "startsOn", "submissionId"]);
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "English" }).click();
    await section.getByRole("button", { name: "Copy: Output parameters (出参)" }).click();
    await section.getByText("Copied").first().waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('"x-enumObj"');
    await page.goto(`${platform.url}/#/methods/lookup-customer`);
    await page.getByText("Copy for the WeDa console").click();
    await section.getByText("there is no file to paste").waitFor();
    await page.goto(`${platform.url}/#/methods/official-sample`);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    expect(await section.count()).toBe(0);
    expect(troubles).toEqual([]);
  });

  it.each(["wide", "phone"])("has no barrier that axe finds, and no sideways scroll, on a %s screen", async (size) => {
    for (const { name, sample } of await platform.get<MethodRow[]>("/_local/methods")) {
      if (name.startsWith("start-")) await platform.test(name, { params: sample });
    }
    const instances = await platform.instances();
    expect(new Set(instances.map(({ engine }) => engine))).toEqual(new Set(["weda", "apaas", "corehr"]));
    const { page, troubles } = await openPage(browser, platform.url, size === "phone" ? { viewport: PHONE } : {});
    for (const route of [
      "#/methods/start-leave",
      "#/methods/start-contract",
      "#/methods/start-apaas-flow",
      "#/methods/start-corehr-process",
      "#/methods/official-sample",
      ...instances.map(({ id }) => `#/instances/${id}`),
      "#/processes",
      "#/form-side",
    ]) {
      await page.goto(`${platform.url}/${route}`);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      if (route.includes("instances")) await page.locator('.canvas[data-drawn="true"]').waitFor();
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      ).toBe(0);
      expect({ route, violations: await violations(page) }).toEqual({ route, violations: [] });
    }
    expect(troubles).toEqual([]);
  });

  /** Evaluated by the driver, so that the page's own policy stays as it is. */
  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(AXE);
    return page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      const found = await axe.run();
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`);
    });
  }
});
