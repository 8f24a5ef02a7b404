import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { examine, type Finding, nameOf, settled, type View } from "./look.ts";

interface Overlay {
  name: string;
  on: string;
  open(page: Page, phone: boolean): Promise<void>;
}

const all: Overlay[] = [
  {
    name: "palette",
    on: "start",
    async open(page) {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Go to anything" }).waitFor();
    },
  },
  {
    name: "help",
    on: "start",
    async open(page) {
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
    },
  },
  {
    name: "person",
    on: "start",
    async open(page, phone) {
      if (phone) {
        await page.getByRole("button", { name: "Menu" }).click();
        await page.getByRole("dialog", { name: "Menu" }).waitFor();
      }
      await page
        .getByRole("button", { name: /dministrator|^\S+ \S+/ })
        .last()
        .click();
      await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
    },
  },
  {
    name: "token",
    on: "/me",
    async open(page) {
      await page.getByRole("button", { name: "Create a token" }).click();
      await page.getByRole("dialog", { name: "Create a token" }).waitFor();
      await page.getByLabel("Expires after").click();
      await page.getByRole("option", { name: "90 days" }).waitFor();
    },
  },
];

/** Pop-ups, opened as a person would, with the same questions asked of them. */
export async function overlays(context: BrowserContext, base: string, start: string, view: View, out: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, on, open } of all) {
    const page = await context.newPage();
    await page.goto(base + (on === "start" ? start : on), { waitUntil: "load" });
    await settled(page);
    await open(page, view.width < 640);
    // Fading is part of opening; contrast is measured when it is over.
    await page.evaluate(() =>
      Promise.all(
        document
          .getAnimations()
          .filter((one) => one.effect?.getTiming().iterations === 1)
          .map((one) => one.finished.catch(() => undefined)),
      ).then(() => undefined),
    );
    const file = nameOf(`overlay ${name}`, view);
    await page.screenshot({ path: join(out, `${file}.png`) });
    findings.push({ name: file, path: on, kilobytes: 0, problems: await examine(page) });
    await page.close();
  }
  return findings;
}
