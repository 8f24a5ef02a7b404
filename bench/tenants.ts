// `npm run bench -- tenants`: each kind of page with 200 tenants, 5,000 people and 1,000 clusters behind it, beside the same page on the first day.
import { globSync } from "node:fs";
import { dirname } from "node:path";
import type { BrowserContext } from "playwright-core";
import { launchBrowser, signedIn } from "../e2e/lib/browser.ts";
import { pageScope } from "../server/portal/routes.ts";
import { type Load, load } from "./load.ts";
import { median } from "./stats.ts";
import { type Portal, startDatabase, startPortal } from "./tenants/portal.ts";
import { cluster, company, firstDay, node, seedCompany } from "./tenants/seed.ts";

const loads = Number(process.env.KINDLING_BENCH_LOADS ?? 5);
/** Only pages whose path contains this. */
const only = process.env.KINDLING_BENCH_ONLY ?? "";
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** sam is the site's administrator, tina the large tenant's, dana a member with ten clusters. */
const people = {
  sam: ["site", "self"],
  tina: ["tenant-admin", "tenant-member"],
  dana: ["self", "tenant-member"],
} as const;

/** Those that lead on to another one have nothing to measure. */
const leading = ["/", "/go/[cluster]/[endpoint]", "/sign-in"];
const folders = globSync("app/**/page.tsx")
  .map((file) => `/${dirname(file).replace(/^app\/?/, "")}`)
  .filter((folder) => !leading.includes(folder))
  .sort();

async function timed<T>(what: string, work: Promise<T>): Promise<T> {
  const from = performance.now();
  const result = await work;
  say(`${((performance.now() - from) / 1000).toFixed(1).padStart(6)} s  ${what}`);
  return result;
}

/** Hosts go on telling of what runs there, as they do every few seconds: the rows change, and nothing is "silent". */
function keepHeard(portals: readonly Portal[]): () => void {
  const timer = setInterval(() => {
    for (const { client } of portals)
      void client
        .query(`UPDATE "Host" SET "observedAt" = now() AT TIME ZONE 'utc'`)
        .then(() => client.query(`UPDATE "Node" SET "observedAt" = now() AT TIME ZONE 'utc' WHERE observed->>'state' = 'running'`))
        .catch(() => undefined);
  }, 4000);
  return () => clearInterval(timer);
}

const stopDatabase = await startDatabase();
const portals: Portal[] = [];
const browser = await launchBrowser();
let silence = (): void => undefined;
try {
  for (const size of [firstDay, company]) {
    const made = await startPortal();
    portals.push(made);
    for (const person of Object.keys(people)) await (await signedIn(browser, made, person)).context.close();
    await timed(`${size.clusters} clusters, ${size.tenants} tenants, ${size.people} people`, seedCompany(made.client, size));
  }
  silence = keepHeard(portals);
  const [small, large] = portals;
  if (!small || !large) throw new Error("two portals");
  const host = String((await small.client.query<{ name: string }>(`SELECT name FROM "Host"`)).rows[0]?.name);
  const address = (folder: string): string =>
    folder.replace("[tenant]", "analytics").replace("[id]", cluster).replace("[node]", node).replace("[host]", host);
  say(`\n${loads} loads each, one here, one there; milliseconds. "÷" is this company's median over the first day's\n`);
  say(`${" ".repeat(50)}largest paint: median worst    ÷   settled: median worst    ÷   answer`);
  let slowest = 0;
  for (const [person, scopes] of Object.entries(people)) {
    const contexts: BrowserContext[] = [];
    for (const one of [small, large]) contexts.push((await signedIn(browser, one, person)).context);
    for (const folder of folders.filter((one) => scopes.some((scope) => scope === pageScope(one)) && one.includes(only))) {
      const seen: [Load[], Load[]] = [[], []];
      // The first of each is for the caches.
      for (let index = -1; index < loads; index++)
        for (const [which, portal] of [small, large].entries()) {
          const context = contexts[which];
          if (!context) continue;
          const found = await load(context, portal.portal + address(folder));
          if (index >= 0) seen[which]?.push(found);
        }
      const [few, many] = seen;
      const of = (rows: readonly Load[], what: "largest" | "settled" | "answer"): number[] => rows.map((row) => row[what]);
      const cells = (["largest", "settled"] as const).map((what) => {
        const middle = median(of(many, what));
        const ratio = middle / median(of(few, what));
        slowest = Math.max(slowest, ratio);
        return `${middle.toFixed(0).padStart(6)} ${Math.max(...of(many, what))
          .toFixed(0)
          .padStart(6)} ${ratio.toFixed(2).padStart(5)}`;
      });
      const answers = `${median(of(few, "answer")).toFixed(0).padStart(5)} → ${median(of(many, "answer")).toFixed(0)}`;
      say(`${person.padEnd(5)} ${address(folder).padEnd(52)} ${cells.join("          ")}   ${answers}`);
    }
    for (const context of contexts) await context.close();
  }
  say(`\nlargest ÷: ${slowest.toFixed(2)}, wanted ≤ 2`);
} finally {
  silence();
  await browser.close();
  for (const portal of portals) await portal.stop();
  await stopDatabase();
}
