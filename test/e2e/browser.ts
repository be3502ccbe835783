/** A real Chromium for the tests of the page: what it prints, requests and refuses is watched from the first moment. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** Nothing of the browser's own goes to a network. */
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? "", args: ARGS });
}

export interface WatchedPage {
  page: Page;
  /** Console errors, page errors, violations of the content policy, requests to elsewhere. */
  troubles: string[];
}

export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: WIDE, locale: "zh-CN", ...options });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") troubles.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith("data:"))
      troubles.push(`request: ${request.url()}`);
  });
  await page.goto(`${url}/`);
  return { page, troubles };
}
