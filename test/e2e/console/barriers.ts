/** Every kind of page on every kind of screen: no barrier that axe finds, and no sideways scroll. */
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { MethodRow } from "../../../local/console/wire";
import { HOOK_MS, PHONE, WIDE } from "../browser";
import type { Desk } from "../desk";
import { button, title } from "./acts";
import { openApi, rows, run } from "./api-acts";
import { expectNoBarrier } from "./axe";

const NARROW = { width: 1280, height: 900 };
const TABLET = { width: 820, height: 1180 };

export function barrierTests(desk: Desk): void {
  describe("of methods, instances and help", () => methodPages(desk));
  describe("of sync APIs", () => apiPages(desk));
}

function methodPages(desk: Desk): void {
  /** Where each page is, with the title that it must show. */
  const pages: [route: string, name: string][] = [];
  beforeAll(async () => {
    await desk.fresh();
    const methods = await desk.platform.get<MethodRow[]>("/_local/methods");
    for (const { name, sample } of methods) {
      if (name.startsWith("start-")) await desk.platform.test(name, { params: sample });
    }
    const shown = [
      "start-leave",
      "start-contract",
      "start-apaas-flow",
      "start-corehr-process",
      "official-sample",
    ] as const;
    for (const name of shown) {
      const method = methods.find((row) => row.name === name);
      pages.push([`#/methods/${name}`, method?.title.zh ?? "none"]);
    }
    const instances = await desk.platform.instances();
    expect(new Set(instances.map(({ engine }) => engine))).toEqual(new Set(["weda", "apaas", "corehr"]));
    for (const { id, name } of instances) pages.push([`#/instances/${id}`, name]);
    pages.push(["#/processes", "流程版本"], ["#/form-side", "表单侧接入"]);
    await desk.open();
  }, HOOK_MS);

  it.each([
    ["wide", WIDE],
    ["phone", PHONE],
  ])("have none on a %s screen", async (_, size) => {
    const { page } = desk;
    await page.setViewportSize(size);
    for (const [route, name] of pages) {
      await desk.open(route);
      await title(page, name).waitFor();
      if (route.includes("instances")) {
        await page
          .locator("#main code", { hasText: route.slice("#/instances/".length) })
          .first()
          .waitFor();
        await page.locator('.canvas[data-drawn="true"]').waitFor();
      }
      await expectNoBarrier(page, route);
    }
    expect(desk.troubles).toEqual([]);
  });
}

function apiPages(desk: Desk): void {
  const names = ["demo/flows/approval", "demo/flows/broken", "demo/notices/send", "demo/records/delete"];
  beforeAll(async () => {
    await desk.fresh();
    for (const name of names) {
      await openApi(desk, name);
      await run(desk.page);
      await desk.page.locator("[data-answer]").waitFor();
    }
  }, HOOK_MS);
  /** A test that failed may have left the page in English. */
  beforeEach(async () => {
    const chinese = button(desk.page, "中文");
    if ((await chinese.count()) > 0) await chinese.click();
  }, HOOK_MS);

  it.each([
    ["wide", NARROW],
    ["phone", PHONE],
    ["tablet", TABLET],
  ])("have none, also with an answer and in English: %s", async (_, size) => {
    const { page } = desk;
    await page.setViewportSize(size);
    await desk.open("#/apis");
    await rows(page).first().waitFor();
    await expectNoBarrier(page, "list");
    for (const name of names) {
      await openApi(desk, name);
      await page.locator("[data-answer]").waitFor();
      await expectNoBarrier(page, name);
    }
    await button(page, "English").click();
    await page.getByLabel("Output (JSON)").fill("{");
    await page.getByText("This is not valid JSON", { exact: false }).waitFor();
    await expectNoBarrier(page, "English");
    expect(desk.troubles).toEqual([]);
  });
}
