/** One Chromium, one built platform and one page for a whole file of tests; `fresh` makes them what they were at first. */
import { rmSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { type PlatformProcess, platformProcess, temporaryFolder } from "../helpers/platform";
import { HOOK_MS, launch, openPage, WIDE } from "./browser";

export interface Desk {
  readonly page: Page;
  readonly platform: PlatformProcess;
  /** What the page did wrong since it was fresh. */
  readonly troubles: string[];
  /** Nothing that an earlier test did is left, in the platform and in the browser. */
  fresh(): Promise<void>;
  /** The console, loaded anew. */
  open(route?: string): Promise<void>;
  /** Kills the platform, and starts another on what it left. */
  restart(): Promise<void>;
}

export function openDesk(): Desk {
  let data: string;
  let platform: PlatformProcess;
  let browser: Browser | undefined;
  let page: Page;
  let troubles: string[];
  beforeAll(async () => {
    data = temporaryFolder();
    platform = await platformProcess(data);
    browser = await launch();
    ({ page, troubles } = await openPage(browser, (url) => url.startsWith(platform.url)));
  }, HOOK_MS);
  afterAll(async () => {
    await browser?.close();
    await platform?.kill();
    rmSync(data, { recursive: true, force: true });
  }, HOOK_MS);
  return {
    get page() {
      return page;
    },
    get platform() {
      return platform;
    },
    get troubles() {
      return troubles;
    },
    async fresh() {
      await page.unrouteAll();
      // A document of the same origin that runs nothing: what the last page asked for ends before it is taken away.
      await page.goto(`${platform.url}/_local/clock`);
      await page.evaluate(() => {
        localStorage.clear();
        sessionStorage.clear();
      });
      await page.setViewportSize(WIDE);
      await platform.send("POST", "/_local/reset", {});
      troubles.length = 0;
    },
    async open(route = "") {
      await page.goto(`${platform.url}/${route}`);
    },
    async restart() {
      await platform.kill();
      platform = await platformProcess(data);
    },
  };
}
