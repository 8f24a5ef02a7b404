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
  const { violations } = await new AxeBuilder({ page }).analyze();
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

/** Opens each page, takes its picture, and says what is wrong with it. */
export async function look(context: BrowserContext, base: string, paths: readonly string[], view: View, out: string): Promise<Finding[]> {
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
    await page.goto(base + path, { waitUntil: "load" });
    await settled(page);
    const name = nameOf(path, view);
    await page.screenshot({ path: join(out, `${name}.png`), fullPage: true });
    const kilobytes = await firstLoad(page, sizes);
    const problems = [...(await examine(page)), ...heard];
    findings.push({ name, path, kilobytes, problems });
  }
  await page.close();
  return findings;
}

/** Scripts that the page has loaded by now; each is fetched once per run. */
async function firstLoad(page: Page, sizes: Map<string, number>): Promise<number> {
  const scripts = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .map(({ name }) => name)
      .filter((name) => /\.js(\?|$)/.test(name)),
  );
  let total = 0;
  for (const script of new Set(scripts)) {
    let size = sizes.get(script);
    if (size === undefined) {
      size = gzipSync(await (await page.context().request.get(script)).body()).length;
      sizes.set(script, size);
    }
    total += size;
  }
  return total / 1000;
}
