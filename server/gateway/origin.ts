import type { IncomingHttpHeaders } from "node:http";

const safe = new Set(["GET", "HEAD", "OPTIONS"]);
// Spark's pages end jobs by a plain link: it counts only when it was followed on Spark's own page.
const killsByLink = /\/(jobs\/job|stages\/stage)\/kill\/?(\?|$)/;

/**
 * Whether a request was sent by this origin's own pages or is an ordinary visit. The browser says so itself; what it does not
 * say (no Sec-Fetch headers on plain http) falls back to Origin and Referer.
 * @returns why it is refused, or null
 */
export function originRefusal(
  request: { method: string; path: string; headers: IncomingHttpHeaders; upgrade: boolean },
  own: string,
): string | null {
  const { headers, method } = request;
  const origin = headers.origin;
  if (origin !== undefined && origin !== own) return "foreign_origin";
  if (origin === undefined && (request.upgrade || !safe.has(method))) return "no_origin";
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") {
    const visit = headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
    if (!visit || !safe.has(method)) return "foreign_site";
  }
  if (killsByLink.test(request.path) && origin === undefined) {
    const here = site === undefined ? URL.parse(headers.referer ?? "")?.origin === own : site === "same-origin";
    if (!here) return "foreign_kill";
  }
  return null;
}

/** Whether a person waits for a page (and may be redirected) rather than a script for data. */
export function isNavigation(method: string, headers: IncomingHttpHeaders): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  const mode = headers["sec-fetch-mode"];
  if (typeof mode === "string") return mode === "navigate";
  return headers.accept?.includes("text/html") === true;
}
