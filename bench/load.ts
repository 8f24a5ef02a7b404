import type { BrowserContext } from "playwright-core";
import { settled } from "../e2e/lib/look.ts";

export interface Load {
  /** Milliseconds until the largest part was painted. */
  largest: number;
  /** Milliseconds until nothing on the page said any more that it was loading. */
  settled: number;
  /** Milliseconds until the server's answer was there, all of it. */
  answer: number;
  /** Sum of layout shifts, without a unit. */
  shift: number;
}

/** Opens a page of its own, as somebody would who types the address, and measures. @throws when the answer is not a good one */
export async function load(context: BrowserContext, url: string): Promise<Load> {
  const page = await context.newPage();
  try {
    await page.addInitScript(() => {
      const seen = { largest: 0, shift: 0 };
      Reflect.set(window, "seen", seen);
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) seen.largest = entry.startTime;
      }).observe({ type: "largest-contentful-paint", buffered: true });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) seen.shift += Number(Reflect.get(entry, "value"));
      }).observe({ type: "layout-shift", buffered: true });
    });
    const answer = await page.goto(url, { waitUntil: "load" });
    if (!answer?.ok()) throw new Error(`${url} answered ${answer?.status()}`);
    await settled(page);
    const at = await page.evaluate(() => performance.now());
    // The browser reports a paint after the frame that follows it.
    const seen: Pick<Load, "largest" | "shift" | "answer"> = await page.evaluate(
      () =>
        new Promise((resolve) =>
          requestAnimationFrame(() =>
            setTimeout(() => {
              const [navigation] = performance.getEntriesByType("navigation");
              resolve({ ...Reflect.get(window, "seen"), answer: Number(Reflect.get(Object(navigation), "responseEnd")) });
            }, 100),
          ),
        ),
    );
    return { ...seen, settled: at };
  } finally {
    await page.close();
  }
}
