import type { BrowserContext, Locator, Page } from "playwright-core";
import { alive, pressFor } from "./keyboard.ts";
import { examine, type Finding, nameOf, type Pictures, picture, settled, type View } from "./look.ts";

interface Overlay {
  name: string;
  on: string;
  open(page: Page, phone: boolean): Promise<void>;
}

const button = (page: Page, name: string) => page.locator("main").getByRole("button", { name, exact: true }).first();

async function click(thing: Locator): Promise<void> {
  await alive(thing);
  await thing.click();
}

const all: Overlay[] = [
  {
    name: "palette",
    on: "start",
    async open(page) {
      await pressFor(page, "Control+k", page.getByRole("combobox", { name: "Go to anything" }));
    },
  },
  {
    name: "help",
    on: "start",
    async open(page) {
      await pressFor(page, "?", page.getByRole("dialog", { name: "Keyboard" }));
    },
  },
  {
    name: "person",
    on: "start",
    async open(page, phone) {
      if (phone) {
        await click(page.getByRole("button", { name: "Menu" }));
        await page.getByRole("dialog", { name: "Menu" }).waitFor();
      }
      await click(page.getByRole("button", { name: /dministrator|^\S+ \S+/ }).last());
      await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
    },
  },
  {
    name: "resize",
    on: "cluster",
    async open(page) {
      await click(button(page, "Resize"));
      await page.getByRole("dialog", { name: /^Resize / }).waitFor();
      await page.getByRole("dialog").getByRole("textbox", { name: "Workers" }).fill("90");
      await page.getByText("Does not fit now").waitFor();
    },
  },
  {
    name: "share",
    on: "cluster",
    async open(page) {
      await click(button(page, "Share"));
      await page
        .getByRole("dialog", { name: /^Share / })
        .getByText("Who may do what")
        .waitFor();
    },
  },
  {
    name: "delete",
    on: "cluster",
    async open(page) {
      await click(button(page, "Delete"));
      await page.getByRole("alertdialog", { name: /^Delete / }).waitFor();
    },
  },
  {
    name: "commands",
    on: "cluster",
    async open(page) {
      await click(button(page, "Show command"));
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "token",
    on: "/me",
    async open(page) {
      await click(page.getByRole("button", { name: "Create a token" }));
      await page.getByRole("dialog", { name: "Create a token" }).waitFor();
      await page.getByLabel("Expires after").click();
      await page.getByRole("option", { name: "90 days" }).waitFor();
    },
  },
];

/** Pop-ups, opened as a person would, with the same questions asked of them. @param cluster path of a cluster that runs, null: none does */
export async function overlays(
  context: BrowserContext,
  base: string,
  { start, cluster, view, pictures }: { start: string; cluster: string | null; view: View; pictures: Pictures },
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, on, open } of all) {
    const path = on === "start" ? start : on === "cluster" ? cluster : on;
    if (path === null) continue;
    const page = await context.newPage();
    await page.goto(base + path, { waitUntil: "load" });
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
    const finding = { name: nameOf(`overlay ${name}`, view), path, kilobytes: 0, problems: await examine(page) };
    await picture(page, pictures, finding);
    findings.push(finding);
    await page.close();
  }
  return findings;
}
