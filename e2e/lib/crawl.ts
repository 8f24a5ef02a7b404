import type { Page } from "playwright-core";

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

interface Answer {
  status: number;
  url: string;
  html: string | null;
}

/** Asks as the page itself would, with its cookies and its way of finding *.localhost. */
function ask(page: Page, url: string): Promise<Answer> {
  return page.evaluate(async (address) => {
    const response = await fetch(address, { cache: "no-store" });
    const isPage = (response.headers.get("content-type") ?? "").includes("text/html");
    return { status: response.status, url: response.url, html: isPage ? await response.text() : null };
  }, url);
}

/** Follows every link of a service within its origin, beginning where the page is. */
export async function crawl(page: Page, limit = 400): Promise<Crawled> {
  const start = page.url();
  const { origin } = new URL(start);
  const queue: { url: string; from: string }[] = [{ url: start, from: "start" }];
  const seen = new Set([start]);
  const result: Crawled = { visited: [], broken: [], privateLinks: [] };
  for (let next = queue.shift(); next && result.visited.length < limit; next = queue.shift()) {
    const path = next.url.slice(origin.length);
    result.visited.push(path);
    const answer = await ask(page, next.url).catch((error: unknown) => {
      // A redirect to another origin is refused by the browser itself.
      result.privateLinks.push(`${path} cannot be followed (from ${next.from}): ${error}`);
      return null;
    });
    if (!answer) continue;
    if (answer.status >= 400) result.broken.push(`${answer.status} ${path} (from ${next.from})`);
    if (answer.html === null) continue;
    const { html } = answer;
    const links = [...html.matchAll(/(?:href|src|action)\s*=\s*["']([^"'#]+)/g)].map(([, link = ""]) => link.replaceAll("&amp;", "&"));
    for (const [match] of links.join("\n").matchAll(privateAddress)) result.privateLinks.push(`${match} (on ${path})`);
    for (const link of links) {
      if (/^(javascript|mailto|data):/.test(link) || harmful.test(link)) continue;
      const url = new URL(link, answer.url);
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
