/** What a person does and looks for in the pages of the sync APIs. */
import type { Page } from "playwright-core";
import type { ApiRow } from "../../../local/console/wire";
import type { Client } from "../../helpers/platform";
import type { Desk } from "../desk";
import { button } from "./acts";

export const run = (page: Page, name = "运行") => button(page, name).click();
export const answer = (page: Page, kind: string) => page.locator(`[data-answer="${kind}"]`);
export const rows = (page: Page) => page.locator(".apis tbody tr");
export const debugData = (page: Page) => page.getByLabel("调试数据（JSON）");
export const enabledSwitch = (page: Page, name: string) => page.getByRole("checkbox", { name: `启用 ${name}` });

/** The page of one API; the address may have changed within the document, so it is told by the switch's name. */
export async function openApi(desk: Desk, name: string): Promise<void> {
  await desk.open(`#/apis/${name}`);
  await enabledSwitch(desk.page, name).waitFor();
  await debugData(desk.page).waitFor();
}

export async function apiNow(platform: Client, name: string): Promise<ApiRow> {
  const all = await platform.get<ApiRow[]>("/_local/apis");
  return all.find((row) => `${row.space}/${row.module}/${row.function}` === name) as ApiRow;
}
