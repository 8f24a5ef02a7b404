import type { BrowserContext } from "playwright-core";

/** Links of a page that stay in the portal and lead to pages, without their queries. */
async function linksOf(context: BrowserContext, base: string, path: string): Promise<string[]> {
  const page = await context.newPage();
  await page.goto(base + path, { waitUntil: "load" });
  const found = await page.evaluate(() => [...document.querySelectorAll<HTMLAnchorElement>("a[href]")].map((link) => link.href));
  await page.close();
  return found
    .map((href) => new URL(href))
    .filter((url) => url.origin === base && !url.pathname.startsWith("/api/") && !url.pathname.startsWith("/go/"))
    .map((url) => url.pathname);
}

/** One of those that a site administrator sees, who begins at the site. */
async function firstTenant(context: BrowserContext, base: string): Promise<string | null> {
  const found = (await linksOf(context, base, "/site/tenants")).map((path) => /^\/site\/tenants\/([^/]+)$/.exec(path)?.[1]);
  const slug = found.find((one) => one !== undefined);
  return slug === undefined ? null : `/t/${slug}`;
}

/**
 * Every page that this person can reach: what the sidebar offers, the form, the account, and of the clusters one in each state with all its tabs and
 * its first node. A page that nobody can find by links does not exist.
 */
export async function pagesOf(context: BrowserContext, base: string, start: string): Promise<string[]> {
  const pages = new Set([start, "/me"]);
  for (const path of await linksOf(context, base, start)) pages.add(path);
  const tenant = /^\/t\/[^/]+/.exec(start)?.[0] ?? (pages.has("/site/tenants") ? await firstTenant(context, base) : null);
  if (tenant) {
    if (!start.startsWith(tenant)) for (const path of await linksOf(context, base, tenant)) pages.add(path);
    pages.add(`${tenant}/clusters/new`);
    const cluster = new RegExp(`^${tenant}/clusters/(?!new$)[^/]+$`);
    for (const path of await linksOf(context, base, `${tenant}/clusters`)) if (cluster.test(path)) pages.add(path);
    for (const path of [...pages].filter((one) => cluster.test(one))) {
      for (const inner of await linksOf(context, base, path)) if (inner.startsWith(`${path}/`)) pages.add(inner);
    }
  }
  if (pages.has("/site")) for (const path of await linksOf(context, base, "/site")) if (path.startsWith("/site")) pages.add(path);
  pages.delete("/");
  return [...pages, "/no-such-page"].sort();
}
