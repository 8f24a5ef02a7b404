// `npm run bench -- pages`: how long each page takes to show its largest part, and how much it moves, in a real browser.
import { apiOf, untilGone, untilImages, untilPhase } from "../e2e/lib/api.ts";
import { launchBrowser, signedIn } from "../e2e/lib/browser.ts";
import { startInstallation } from "../e2e/lib/installation.ts";
import { pagesOf } from "../e2e/lib/pages.ts";
import { type Load, load } from "./load.ts";
import { quantile } from "./stats.ts";

const loads = Number(process.env.KINDLING_BENCH_LOADS ?? 8);
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const installation = await startInstallation("10.74.0.0/18");
const browser = await launchBrowser();
try {
  const api = await apiOf(installation, "dana");
  await untilImages(api, "analytics");
  const { id } = await api.clusters.create.mutate({ tenant: "analytics", name: "pages", workerCount: 1 });
  await untilPhase(api, { tenant: "analytics", cluster: id }, "ready");
  say(`${loads} loads each; milliseconds until the largest part is painted, and layout shift`);
  say("                                                      median     p75   worst   shift");
  let worst = 0;
  for (const person of ["dana", "sam"]) {
    const { context, page } = await signedIn(browser, installation, person);
    const start = new URL(page.url()).pathname;
    await page.close();
    // Whoever is signed in does not get to see the sign-in page.
    const stranger = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    for (const path of [...(person === "dana" ? ["/sign-in"] : []), ...(await pagesOf(context, installation.portal, start))]) {
      const seen: Load[] = [];
      const who = path === "/sign-in" ? stranger : context;
      for (let index = 0; index < loads; index++) seen.push(await load(who, installation.portal + path));
      const times = seen.map(({ largest }) => largest);
      worst = Math.max(worst, quantile(times, 0.75));
      const shown = path.replaceAll(id, "…").slice(0, 46).padEnd(46);
      const shift = Math.max(...seen.map((one) => one.shift));
      say(
        `${person.padEnd(5)} ${shown} ${[0.5, 0.75, 1].map((part) => quantile(times, part).toFixed(0).padStart(7)).join(" ")}   ${shift.toFixed(3)}`,
      );
    }
    await stranger.close();
    await context.close();
  }
  say(`\nslowest page's p75: ${worst.toFixed(0)} ms, wanted ≤ 1000`);
  await api.clusters.delete.mutate({ tenant: "analytics", cluster: id, confirm: "pages" });
  await untilGone(api, { tenant: "analytics", cluster: id });
} finally {
  await browser.close();
  await installation.stop();
  await installation.remove();
}
