/** A real Chromium for the tests of the page: what it prints, requests and refuses is watched from the first moment. */
import { type Browser, chromium, type Page } from "playwright-core";

/** Nothing of the browser's own goes to a network, and no process is kept ready for sites that nobody visits. */
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--renderer-process-limit=1",
];

/** How long anything is waited for. What takes longer on the slowest machine is broken; nothing waits this long when all is well. */
export const PATIENCE_MS = 120_000;
/** For what is done before and after tests, which is several waits. */
export const HOOK_MS = 5 * PATIENCE_MS;

export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? "", args: ARGS, timeout: PATIENCE_MS });
}

/** @param isOwn whether an address is the page's own; a request to any other is a trouble */
export async function openPage(
  browser: Browser,
  isOwn: (url: string) => boolean,
): Promise<{ page: Page; troubles: string[] }> {
  const context = await browser.newContext({
    viewport: WIDE,
    locale: "zh-CN",
    permissions: ["clipboard-read", "clipboard-write"],
    // A click waits until a button stands still, and a colour that fades in has less contrast for a moment.
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  return { page, troubles: watch(page, isOwn) };
}

/** Console errors, page errors, violations of the content policy, requests to elsewhere. */
function watch(page: Page, isOwn: (url: string) => boolean): string[] {
  const troubles: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") troubles.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (!isOwn(request.url()) && !request.url().startsWith("data:")) troubles.push(`request: ${request.url()}`);
  });
  return troubles;
}
