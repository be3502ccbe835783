/** A method in the console: its form, what came of it, its instance, its paste section. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeEach, expect, it } from "vitest";
import { HOOK_MS } from "../browser";
import type { Desk } from "../desk";
import {
  button,
  choose,
  chooseLeave,
  copied,
  ended,
  isFocused,
  openInstance,
  outcome,
  startLeave,
  submit,
  title,
} from "./acts";
import { violations } from "./axe";

export function methodTests(desk: Desk): void {
  beforeEach(desk.fresh, HOOK_MS);

  /** A leave whose answer is lost. */
  async function submitUnanswered(): Promise<void> {
    const { page, platform } = desk;
    await platform.send("PUT", "/_local/faults", { weda: { kind: "lost-after", times: 1 } });
    await desk.open();
    await chooseLeave(page);
    await submit(page);
    await outcome(page, "unknown").waitFor();
  }

  it("takes a leave from the form to its end: StartParams, diagram, both approvers", async () => {
    const { page, platform } = desk;
    await desk.open();
    await startLeave(page, "5");
    await openInstance(page);
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
    await ended(page, "已完成");
    expect(await platform.instances()).toMatchObject([
      { state: "completed", variables: { reason: "回家探亲", days: 5 } },
    ]);
    expect(desk.troubles).toEqual([]);
  });

  it("declines a leave when its approver rejects it", async () => {
    const { page, platform } = desk;
    await desk.open();
    await startLeave(page);
    await openInstance(page);
    await page.getByRole("button", { name: "拒绝" }).click();
    await ended(page, "已拒绝");
    expect(await platform.instances()).toMatchObject([{ state: "declined" }]);
  });

  it("marks wrong fields in place, says what is wrong, and goes to the first of them", async () => {
    const { page } = desk;
    await desk.open();
    await chooseLeave(page);
    await page.getByLabel("事由").fill("");
    await page.getByLabel("天数").fill("61");
    await submit(page);
    await outcome(page, "rejected").waitFor();
    const reason = page.getByLabel("事由");
    expect(await reason.getAttribute("aria-invalid")).toBe("true");
    expect(await page.getByText("请填写「事由」。").count()).toBeGreaterThan(0);
    expect(await page.getByText("「天数」不能大于 60。").count()).toBeGreaterThan(0);
    await isFocused(page, reason);
    await reason.fill("探亲");
    await page.getByLabel("天数").fill("3");
    await submit(page);
    await outcome(page, "started").waitFor();
  });

  it("says, where the answer was lost, that nobody knows, and not to submit again", async () => {
    const { page } = desk;
    await submitUnanswered();
    await page.getByText("请不要再次提交。", { exact: false }).first().waitFor();
    const id = await page.getByTestId("submission-id").first().textContent();
    expect(await outcome(page, "unknown").textContent()).toContain(id);
  });

  it("looks again, and shows what an operator found out meanwhile", async () => {
    const { page, platform } = desk;
    await submitUnanswered();
    const look = button(page, "再看一次");
    await Promise.all([page.waitForResponse("**/submission-status/test"), look.click()]);
    await page.getByText("用时").waitFor();
    await outcome(page, "unknown").waitFor();
    const id = (await page.getByTestId("submission-id").first().textContent()) ?? "";
    const [instance] = await platform.instances();
    const found = ["resolve", id, "--started", instance?.id ?? "", "--url", platform.url];
    await promisify(execFile)(process.execPath, ["scripts/run.mjs", "submissions", ...found]);
    await look.click();
    await outcome(page, "started").waitFor();
    await page.getByRole("link", { name: `查看流程实例 ${instance?.id}` }).waitFor();
    expect(await platform.instances()).toHaveLength(1);
    expect(desk.troubles).toEqual([]);
  });

  it("uploads the files of a contract and runs its parallel review", async () => {
    const { page, platform } = desk;
    await desk.open();
    await choose(page, /发起合同审批/);
    await page
      .getByLabel("附件")
      .setInputFiles({ name: "合同.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7") });
    await page.getByText("合同.pdf").first().waitFor();
    await submit(page);
    await outcome(page, "started").waitFor();
    const [instance] = await platform.instances();
    expect(instance).toMatchObject({
      variables: { contract: { attachments: [expect.stringMatching(/^cloud:\/\//)] } },
    });
    expect(instance?.tasks).toHaveLength(2);
    expect(desk.troubles).toEqual([]);
  });

  it("speaks English when it is asked to, and remembers it", async () => {
    const { page } = desk;
    await desk.open();
    await button(page, "English").click();
    await button(page, "中文").waitFor();
    await page.reload();
    await choose(page, /Start leave approval/);
    await page.getByLabel("Reason").fill("");
    await button(page, "Submit").click();
    await page.getByText('Fill in "Reason".').first().waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
  });

  it("copies the input and output parameters for WeDa's console, in both languages", async () => {
    const { page } = desk;
    await desk.open();
    await chooseLeave(page);
    await page.getByText("复制到微搭控制台").click();
    const section = page.getByTestId("paste");
    await section.getByText("method_5b12595a75119").waitFor();
    const input = JSON.parse(await copied(page, section.getByRole("button", { name: "复制入参" }))) as {
      properties: object;
    };
    expect(Object.keys(input.properties)).toEqual(["reason", "days", "startsOn", "submissionId"]);
    expect(await violations(page)).toEqual([]);
    await button(page, "English").click();
    const output = section.getByRole("button", { name: "Copy: Output parameters (出参)" });
    expect(await copied(page, output, "Copied")).toContain('"x-enumObj"');
    await desk.open("#/methods/lookup-customer");
    await title(page, "Look a customer up").waitFor();
    await page.getByText("Copy for the WeDa console").click();
    await section.getByText("there is no file to paste").waitFor();
    await desk.open("#/methods/official-sample");
    await title(page, /official-sample/).waitFor();
    expect(await section.count()).toBe(0);
    expect(desk.troubles).toEqual([]);
  });
}
