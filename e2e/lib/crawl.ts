import type { BrowserContext } from "playwright-core";

export interface Crawled {
  visited: string[];
  /** Pages that answered 400 or more, as "404 /path (from /other)". */
  broken: string[];
  /** Addresses in links or redirects that nobody outside can reach. */
  privateLinks: string[];
}

const privateAddress = /https?:\/\/(?:10\.\d+\.\d+\.\d+|[\w-]+\.bdlocal)[:/][^\s"'<]*/g;

/** What a crawler must not press: a kill link ends somebody's work, a log-out page ends ours. */
const harmful = /\/kill\/|[?&]terminate=|logout/;

/**
 * Follows every link of a service, as a browser that is signed in, within its origin.
 * @param start absolute address of the first page
 */
export async function crawl(context: BrowserContext, start: string, limit = 400): Promise<Crawled> {
  const { origin } = new URL(start);
  const queue: { url: string; from: string }[] = [{ url: start, from: "start" }];
  const seen = new Set([start]);
  const result: Crawled = { visited: [], broken: [], privateLinks: [] };
  for (let next = queue.shift(); next && result.visited.length < limit; next = queue.shift()) {
    const response = await context.request.get(next.url, { maxRedirects: 5, timeout: 30_000 });
    const path = next.url.slice(origin.length);
    result.visited.push(path);
    if (response.status() >= 400) result.broken.push(`${response.status()} ${path} (from ${next.from})`);
    if (!response.url().startsWith(origin)) result.privateLinks.push(`${path} leads to ${response.url()}`);
    if (!(response.headers()["content-type"] ?? "").includes("text/html")) continue;
    const html = await response.text();
    const links = [...html.matchAll(/(?:href|src|action)\s*=\s*["']([^"'#]+)/g)].map(([, link = ""]) => link.replaceAll("&amp;", "&"));
    for (const [match] of links.join("\n").matchAll(privateAddress)) result.privateLinks.push(`${match} (on ${path})`);
    for (const link of links) {
      if (/^(javascript|mailto|data):/.test(link) || harmful.test(link)) continue;
      const url = new URL(link, response.url());
      url.hash = "";
      // The same table sorted and paged in every way is still the same page.
      for (const name of [...url.searchParams.keys()])
        if (/\.(sort|desc|page|pageSize|prevPageSize)$/.test(name)) url.searchParams.delete(name);
      if (url.origin !== origin || seen.has(url.href)) continue;
      seen.add(url.href);
      queue.push({ url: url.href, from: path });
    }
  }
  return result;
}
