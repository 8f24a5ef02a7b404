// Every page at two widths in two themes, as pictures to look at, with what a machine can see: axe's violations, sideways scroll, errors in the
// console (the content policy's among them) and the weight of the first load. Used by the suite and by hand:
//   KINDLING_URL=http://localhost:3000 KINDLING_USER=sam KINDLING_PASSWORD=… SHOTS_DIR=/tmp/shots node e2e/shots.ts
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { launchBrowser, submitSignIn } from "./lib/browser.ts";
import { type Finding, look, type Pictures, type View } from "./lib/look.ts";
import { overlays } from "./lib/overlays.ts";
import { pagesOf } from "./lib/pages.ts";

export interface ShotsOptions {
  /** The portal's origin. */
  base: string;
  username: string;
  password: string;
  pictures: Pictures;
  /** Only pages whose path contains this. */
  only?: string;
  /** Widths and themes; all four unless told. */
  views?: View[];
}

export const views: View[] = [
  { width: 1440, theme: "light" },
  { width: 1440, theme: "dark" },
  { width: 390, theme: "light" },
  { width: 390, theme: "dark" },
];

type State = Exclude<BrowserContextOptions["storageState"], string | undefined>;

async function signInOnce(browser: Browser, { base, username, password }: ShotsOptions): Promise<{ state: State; start: string }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${base}/sign-in`);
  await submitSignIn(page, username, password);
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  await page.waitForLoadState("load");
  const start = new URL(page.url()).pathname;
  const state = await context.storageState();
  await context.close();
  return { state, start };
}

function contextOptions({ width }: View, state: State | undefined): BrowserContextOptions {
  const phone = width < 640;
  return {
    viewport: { width, height: phone ? 844 : 1024 },
    hasTouch: phone,
    isMobile: phone,
    timezoneId: "Europe/Berlin",
    permissions: ["clipboard-read", "clipboard-write"],
    ...(state ? { storageState: state } : {}),
  };
}

/** Looks at everything that this person can see. What is wrong comes back, one finding per page and view; pictures are in the folder. */
export async function takeShots(browser: Browser, options: ShotsOptions): Promise<Finding[]> {
  const { base, pictures, only = "" } = options;
  const wanted = options.views ?? views;
  await mkdir(pictures.folder, { recursive: true });
  const { state, start } = await signInOnce(browser, options);
  const findings: Finding[] = [];
  let pages: string[] | null = null;
  for (const view of wanted) {
    const theme = { name: "theme", value: view.theme, url: base };
    const stranger = await browser.newContext(contextOptions(view, undefined));
    await stranger.addCookies([theme]);
    findings.push(
      ...(await look(
        stranger,
        base,
        ["/sign-in"].filter((path) => path.includes(only)),
        { view, pictures },
      )),
    );
    await stranger.close();

    const context = await browser.newContext(contextOptions(view, state));
    await context.addCookies([theme]);
    pages ??= (await pagesOf(context, base, start)).filter((path) => path.includes(only));
    findings.push(...(await look(context, base, pages, { view, pictures })));
    if (only === "") {
      const cluster = pages.find((path) => /^\/t\/[^/]+\/clusters\/c[^/]+$/.test(path)) ?? null;
      findings.push(...(await overlays(context, base, { start, cluster, view, pictures })));
    }
    await context.close();
  }
  return findings;
}

function need(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`Set ${name}.`);
  return value;
}

if (import.meta.main) {
  const browser = await launchBrowser();
  try {
    const found = await takeShots(browser, {
      base: need("KINDLING_URL").replace(/\/$/, ""),
      username: need("KINDLING_USER"),
      password: need("KINDLING_PASSWORD"),
      pictures: { folder: process.env.SHOTS_DIR ?? join(import.meta.dirname, "..", "test-results", "shots"), of: "all" },
      ...(process.env.SHOTS_ONLY ? { only: process.env.SHOTS_ONLY } : {}),
    });
    const wrong = found.filter((finding) => finding.problems.length > 0);
    for (const { name, kilobytes, problems } of found) {
      process.stdout.write(`${problems.length === 0 ? "ok " : "BAD"} ${name} ${kilobytes.toFixed(0)} kB\n`);
      for (const problem of problems) process.stdout.write(`      ${problem}\n`);
    }
    process.stdout.write(`${found.length} pictures, ${wrong.length} with problems\n`);
    if (wrong.length > 0) process.exitCode = 1;
  } finally {
    await browser.close();
  }
}
