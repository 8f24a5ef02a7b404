import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import type { Installation } from "./installation.ts";

const chromiumOfTests = fileURLToPath(new URL("./chromium.pl", import.meta.url));

/** Debian's Chromium, which hears of no network that comes or goes; as root it needs --no-sandbox. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumOfTests,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** Fills the sign-in form and sends it. */
export async function submitSignIn(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
}

/** A browser of a person's own, signed in. */
export async function signedIn(
  browser: Browser,
  installation: Pick<Installation, "portal" | "passwords">,
  username: string,
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  await page.goto(`${installation.portal}/sign-in`);
  await submitSignIn(page, username, installation.passwords[username] ?? "");
  await page.waitForURL((url) => url.pathname.startsWith("/t/") || url.pathname.startsWith("/site"));
  return { context, page };
}
