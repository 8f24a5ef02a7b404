import type { Locator, Page, Route } from "playwright-core";
import { eventually } from "./wait.ts";

/** A key is lost on a page whose script is not there yet: a person would press it again. */
export async function pressFor(page: Page, key: string, shown: Locator): Promise<void> {
  for (let tries = 0; tries < 6; tries++) {
    await page.keyboard.press(key);
    if (
      await shown.waitFor({ timeout: 5_000 }).then(
        () => true,
        () => false,
      )
    )
      return;
  }
  await shown.waitFor();
}

/** What has the focus, and whether one can see that it has. */
function focused(page: Page): Promise<{ what: string; seen: boolean; inDialog: boolean }> {
  return page.evaluate(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return { what: "nothing", seen: true, inDialog: false };
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
    const name = (at.getAttribute("aria-label") ?? at.textContent ?? "").trim().slice(0, 40);
    return {
      what: `${at.tagName.toLowerCase()} ${name}`,
      seen: (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none",
      inDialog: at.closest('[role="dialog"],[role="alertdialog"]') !== null,
    };
  });
}

async function loaded(page: Page, address: string): Promise<void> {
  await page.goto(address, { waitUntil: "networkidle" });
}

/** Waits until the page's script has taken over what came with the page: what is pressed before is lost. */
export async function alive(thing: Locator): Promise<void> {
  const taken = () => thing.evaluate((element) => Object.keys(element).some((key) => key.startsWith("__reactProps")));
  await eventually(async () => ((await taken()) ? true : undefined));
}

/** Goes through a page by Tab. What took the focus without showing it comes back. */
async function unseenStops(page: Page): Promise<string[]> {
  const unseen: string[] = [];
  for (let stop = 0; stop < 120; stop += 1) {
    await page.keyboard.press("Tab");
    const { what, seen } = await focused(page);
    if (what === "nothing") break;
    if (!seen) unseen.push(what);
  }
  return unseen;
}

/** Opens a dialog from its button by Enter and leaves it by Escape: the focus goes in and comes back. */
async function inAndOut(page: Page, name: string): Promise<string[]> {
  const button = page.locator("main").getByRole("button", { name, exact: true }).first();
  const dialog = page.locator('[role="dialog"],[role="alertdialog"]');
  await alive(button);
  await button.focus();
  await page.keyboard.press("Enter");
  await dialog.first().waitFor();
  await page.waitForFunction(() => document.activeElement?.closest('[role="dialog"],[role="alertdialog"]') !== null);
  // A single letter is text here, not a key.
  await page.keyboard.press("j");
  await page.keyboard.press("Escape");
  await dialog.first().waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement !== document.body);
  const { what } = await focused(page);
  return what === `button ${name}` ? [] : [`after ${name} the focus was on: ${what}`];
}

/** Types a cluster's name while the page's scripts are still on their way: it is the name, neither lost nor added to the one proposed. */
async function typesEarly(page: Page, address: string): Promise<string[]> {
  const come = Promise.withResolvers<void>();
  const hold = async (route: Route): Promise<void> => {
    await come.promise;
    await route.continue();
  };
  await page.route("**/*.js", hold);
  try {
    await page.goto(address, { waitUntil: "commit" });
    const name = page.getByLabel("Cluster name");
    await name.focus();
    await page.keyboard.type("fli");
    come.resolve();
    await page.waitForLoadState("networkidle");
    await page.keyboard.type("ghts");
    const typed = await name.inputValue();
    return typed === "flights" ? [] : [`"flights", typed early, became the name "${typed}"`];
  } finally {
    come.resolve();
    await page.unroute("**/*.js", hold);
  }
}

/**
 * Walks the pages of one cluster and of its tenant with the keyboard only. What did not work comes back as sentences; a key that leads nowhere
 * ends in the page's time-out.
 */
export async function walkByKeyboard(page: Page, base: string, tenant: string, cluster: string): Promise<string[]> {
  const wrong: string[] = [];
  const home = `/t/${tenant}`;
  const list = `${home}/clusters`;
  const own = `${list}/${cluster}`;
  for (const path of [home, list, `${list}/new`, own, `${own}/nodes`, `${own}/logs`, `${own}/settings`, `${home}/volumes`, "/me"]) {
    await loaded(page, base + path);
    for (const what of await unseenStops(page)) wrong.push(`${path}: ${what} has the focus and does not show it`);
  }
  await loaded(page, base + own);
  for (const name of ["Resize", "Stop", "Delete", "Show command"]) wrong.push(...(await inAndOut(page, name)));
  await page.getByRole("button", { name: "Resize", exact: true }).first().focus();
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await page.waitForURL(base + home);
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await page.waitForURL(base + list);
  await page.getByRole("row").nth(1).waitFor();
  await page.keyboard.press("/");
  if (!/^input Search/.test((await focused(page)).what)) wrong.push("/ does not lead to the search");
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  if (!/^a /.test((await focused(page)).what)) wrong.push("j does not lead to a row after the search was left");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("c");
  await page.waitForURL(`${base + list}/new`);
  await loaded(page, base + home);
  const palette = page.getByRole("combobox", { name: "Go to anything" });
  await pressFor(page, "Control+k", palette);
  // It has the focus a frame after it is there.
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "combobox");
  await page.keyboard.type("volumes");
  await page.keyboard.press("Enter");
  await page.waitForURL(`${base + home}/volumes`);
  wrong.push(...(await typesEarly(page, `${base + list}/new`)));
  return wrong;
}
