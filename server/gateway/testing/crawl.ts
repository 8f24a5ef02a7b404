import { isPrivateHost } from "../location.ts";
import { type Answer, asPage } from "./stand.ts";

export interface Finding {
  url: string;
  from: string;
  problem: string;
}

const attribute = /\b(?:href|src|action)\s*=\s*("([^"]*)"|'([^']*)')/gi;
const inData = /https?:\/\/[^\s"'<>\\]+/g;

/** Entities that Spark's pages use in links. */
function plain(text: string): string {
  return text.replaceAll("&amp;", "&").replaceAll("&quot;", '"').replaceAll("&#39;", "'");
}

/** Where an answer leads: a page's links, and whatever absolute address data carries. */
export function linksOf(answer: Answer): string[] {
  const type = answer.headers["content-type"] ?? "";
  const found = new Set<string>();
  if (type.startsWith("text/html")) for (const match of answer.body.matchAll(attribute)) found.add(plain(match[2] ?? match[3] ?? ""));
  // Data only: a page may well show an address as text, for example among an application's settings.
  if (type.startsWith("application/json")) for (const [url] of answer.body.matchAll(inData)) found.add(plain(url));
  return [...found];
}

const naming = new Set(["id", "attempt", "appId", "driverId", "executorId", "logType"]);

/** What a link shows, whatever its order and page: Spark's tables link to themselves in hundreds of ways. */
function subject(path: string): string {
  const url = new URL(path, "http://x");
  return url.pathname + [...url.searchParams].filter(([name]) => naming.has(name)).join("&");
}

/**
 * Follows every link from `start` as a signed-in browser would. Links to other sites are listed only; those that end jobs are
 * not followed.
 */
export async function crawl(
  fetchPath: (path: string, headers: Record<string, string>) => Promise<Answer>,
  origin: string,
  start: string[],
  most = 600,
): Promise<{ visited: Map<string, number>; outside: Set<string>; kills: Set<string>; findings: Finding[] }> {
  const queue = start.map((path) => ({ path, from: "the start" }));
  const visited = new Map<string, number>();
  const outside = new Set<string>();
  const kills = new Set<string>();
  const findings: Finding[] = [];
  const known = new Set<string>();
  for (let next = queue.shift(); next && visited.size < most; next = queue.shift()) {
    const { path, from } = next;
    if (known.has(subject(path))) continue;
    known.add(subject(path));
    // Data is asked for by the pages' scripts, not visited.
    const answer = await fetchPath(path, path.includes("/api/v1/") ? {} : asPage);
    visited.set(path, answer.status);
    if (answer.status >= 400) findings.push({ url: path, from, problem: `status ${answer.status}` });
    const links = answer.headers.location === undefined ? linksOf(answer) : [answer.headers.location];
    for (const link of links) {
      const url = URL.parse(link, origin + path);
      if (!url || link === "" || link.startsWith("#")) continue;
      if (url.protocol !== "http:" && url.protocol !== "https:") continue;
      if (url.origin !== origin) {
        if (isPrivateHost(url.hostname) || url.hostname.endsWith("bdlocal"))
          findings.push({ url: url.href, from: path, problem: "private address" });
        else outside.add(url.href);
      } else if (/\/kill(\/|\?|$)/.test(url.pathname)) kills.add(url.pathname + url.search);
      else queue.push({ path: url.pathname + url.search, from: path });
    }
  }
  return { visited, outside, kills, findings };
}
