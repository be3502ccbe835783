/** The console of a platform that was killed and started again. */
import { beforeEach, expect, it } from "vitest";
import { HOOK_MS } from "../browser";
import type { Desk } from "../desk";
import { ended, startLeave } from "./acts";

export function restartTests(desk: Desk): void {
  beforeEach(desk.fresh, HOOK_MS);

  it("shows its instances again after a kill and a restart", async () => {
    const { page } = desk;
    await desk.open();
    await startLeave(page);
    await desk.restart();
    await desk.open();
    const [instance] = await desk.platform.instances();
    await page
      .getByRole("link", { name: new RegExp(instance?.id ?? "none") })
      .first()
      .click();
    await page.getByRole("button", { name: "同意" }).click();
    await ended(page, "已完成");
    expect(await desk.platform.instances()).toMatchObject([{ state: "completed" }]);
  });
}
