import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { AxeBuilder } from "@axe-core/playwright";
import type { BrowserContext, Page } from "playwright-core";

export interface View {
  /** CSS pixels. */
  width: number;
  theme: "light" | "dark";
}

export interface Finding {
  /** The picture's name without its ending. */
  name: string;
  path: string;
  /** Scripts of the first load, gzipped, in kB of 1000 bytes. */
  kilobytes: number;
  /** One sentence each; empty: nothing wrong. */
  problems: string[];
}

/** Turns a path into a file's name. */
export function nameOf(path: string, { width, theme }: View): string {
  const plain = path.replaceAll(/[^a-z0-9]+/gi, "_").replaceAll(/^_|_$/g, "");
  return `${plain || "start"}-${width}-${theme}`;
}

/** What a machine can see of the page as it stands. */
export async function examine(page: Page): Promise<string[]> {
  const problems: string[] = [];
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) problems.push(`scrolls sideways by ${wide} px`);
  // A third of the time: our pages have no frames, for which the other mode opens a page of its own each time, and what passes needs no description.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ resultTypes: ["violations"] })
    .analyze();
  for (const { id, nodes } of violations) {
    const [first] = nodes;
    problems.push(`axe ${id}: ${nodes.length} × ${first?.target.join(" ")} ${first?.failureSummary?.split("\n")[1]?.trim() ?? ""}`);
  }
  return problems;
}

/** Waits until nothing on the page says that it is still loading. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.waitForFunction(() => !document.querySelector("main [aria-busy=true]"));
}

/** Where pictures go, and of which pages: of all, or of those alone that something is wrong with. */
export interface Pictures {
  folder: string;
  of: "all" | "wrong";
}

/** Takes the page's picture where one is wanted. */
export async function picture(page: Page, { folder, of }: Pictures, finding: Finding, options: { fullPage?: boolean } = {}): Promise<void> {
  if (of === "wrong" && finding.problems.length === 0) return;
  await page.screenshot({ path: join(folder, `${finding.name}.png`), ...options });
}

/** Opens each page, takes its picture, and says what is wrong with it. */
export async function look(
  context: BrowserContext,
  base: string,
  paths: readonly string[],
  { view, pictures }: { view: View; pictures: Pictures },
): Promise<Finding[]> {
  const page = await context.newPage();
  let heard: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") heard.push(`console: ${message.text().slice(0, 300)}`);
  });
  page.on("pageerror", (error) => heard.push(`error: ${error.message.slice(0, 300)}`));
  const sizes = new Map<string, number>();
  const findings: Finding[] = [];
  for (const path of paths) {
    heard = [];
    const response = await page.goto(base + path, { waitUntil: "load" });
    await settled(page);
    const name = nameOf(path, view);
    const kilobytes = await firstLoad(context, base, (await response?.text()) ?? "", sizes);
    const missing = response?.status() === 404;
    const problems = [...(await examine(page)), ...heard.filter((line) => !(missing && line.includes("status of 404")))];
    if (kilobytes > budget(path)) problems.push(`first load is ${kilobytes.toFixed(0)} kB, the budget is ${budget(path)}`);
    const finding = { name, path, kilobytes, problems };
    await picture(page, pictures, finding, { fullPage: true });
    findings.push(finding);
  }
  await page.close();
  return findings;
}

/** What the first load's scripts may weigh, kB gzipped. */
function budget(path: string): number {
  if (path === "/sign-in") return 150;
  return path.endsWith("/clusters/new") ? 310 : 260;
}

/** The scripts that the HTML itself asks for, without those for old browsers; each is fetched once per run. What is fetched ahead does not count. */
async function firstLoad(context: BrowserContext, base: string, html: string, sizes: Map<string, number>): Promise<number> {
  const tags = [...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => !/nomodule/i.test(tag));
  const scripts = new Set(tags.map((tag) => /\bsrc="([^"]+)"/.exec(tag)?.[1]).filter((src) => src !== undefined));
  let total = 0;
  for (const script of scripts) {
    let size = sizes.get(script);
    if (size === undefined) {
      size = gzipSync(await (await context.request.get(new URL(script, base).href)).body()).length;
      sizes.set(script, size);
    }
    total += size;
  }
  return total / 1000;
}
